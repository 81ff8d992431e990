"""Whose names a reader sees: a reviewer's name, or "Reviewer B" where the round hides names among reviewers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Names:
    """Turns people into what one reader may call them on one proposal.

    `hidden` holds {person id: (letter, her name)} of those whom she sees by a letter alone. The same
    letter stands for the same person on every page, export and PDF of that proposal.
    """

    hidden: Mapping[int, tuple[str, str]] = field(default_factory=dict)

    def __call__(self, person):
        """Her name, or "Reviewer B"."""
        found = self.letter(person.pk)
        return by_letter(found) if found else str(person)

    def letter(self, person_pk):
        """The letter she stands under for this reader; "" where her name is shown."""
        return self.hidden.get(person_pk, ("", ""))[0]

    def in_words(self, text):
        """A text of ours that speaks of people by name, with letters instead."""
        for found, name in self.hidden.values():
            text = text.replace(name, by_letter(found))
        return text


def by_letter(found):
    """How a person is called of whom only the letter is shown."""
    return _("Reviewer %(letter)s") % {"letter": found}


def letter(index):
    """A, B, … Z, AA, AB …"""
    word = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        word = chr(ord("A") + rest) + word
    return word
