"""Marks a text for translation where Django must not be imported.

`makemessages` finds the texts by the name `_` of the call; whoever shows one looks it up with
`gettext(text)`, and fills in named places afterwards: `gettext(text) % params`.
"""


def gettext_noop(text: str) -> str:
    """The text itself, unchanged."""
    return text
