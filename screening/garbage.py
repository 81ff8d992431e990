"""How often a process that serves or makes documents looks for garbage."""

import gc

# Python looks after every 700 new objects. A report makes a few hundred thousand, of which most are needed to its
# end: to look through them as often is an eighth of its time, and a twentieth of that of a page.
COLLECTED_AFTER = (20_000, 20, 20)


def settle() -> None:
    """Called once all is loaded: that stays, and is not looked through for garbage again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTED_AFTER)
