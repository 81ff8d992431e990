"""The steps in which a round is set up, in their order. Plain words; the pages name them."""

STEPS = ("facts", "instruments", "critical", "review", "people", "money", "eligibility", "ready")
# The set-up is complete.
DONE = "done"


def next_step(step: str) -> str:
    """The step after this one; the last one is followed by itself."""
    return STEPS[min(STEPS.index(step) + 1, len(STEPS) - 1)]


def later_step(one: str, other: str) -> str:
    """Whichever is further; "" is before the first."""
    order = ("", *STEPS, DONE)
    return max(one, other, key=order.index)
