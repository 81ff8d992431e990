"""What people are called in a report: by name, or as A, B, C with nothing in the file that tells who they are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import gettext as _

from checklist.models import Assignment
from checklist.naming import by_letter, letter
from checklist.sensitive import as_typed, as_whole, replaced
from proposals.models import Participation, RoleGrant
from screening.models import User

from .making import LETTERS

# A shorter part of a name is a word like any other.
SHORTEST_PART = 3


@dataclass(frozen=True)
class Calling:
    """Turns people into what the report calls them, and takes their names out of what they wrote.

    `letters` holds {person id: letter} of everybody who was asked. Where `is_hidden`, `words` holds
    {word as it is written: what stands instead}, names in whole and in parts.
    """

    letters: Mapping[int, str]
    is_hidden: bool
    words: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, person):
        """A reviewer: her name, or "Reviewer B"."""
        return self.by_id(person.pk, str(person))

    def by_id(self, pk, name):
        """The same where only id and name were kept."""
        if not self.is_hidden:
            return name
        return by_letter(self.letters[pk]) if pk in self.letters else _("a person of the round")

    def office(self, person, office):
        """Somebody who acts in an office: her name, or the office alone."""
        return office if self.is_hidden or person is None else str(person)

    def text(self, text):
        """What people wrote, without the names of those whom the report calls by letters."""
        if not self.words or not text:
            return text
        return replaced(self._pattern, text, self._instead)

    @cached_property
    def _pattern(self):
        known = sorted(self.words, key=len, reverse=True)
        return re.compile("|".join(map(as_whole, known)))

    def _instead(self, found):
        return self.words[as_typed(found)]


def calling_for(proposal, names):
    """The Calling of a report on one proposal; letters in the order in which reviewers were asked, as on every page."""
    asked = list(Assignment.objects.filter(proposal=proposal).select_related("reviewer").order_by("pk"))
    letters = {each.reviewer_id: letter(index) for index, each in enumerate(asked)}
    if names != LETTERS:
        return Calling(letters, is_hidden=False)
    kept = {str(proposal.applicant or ""), proposal.round.donor_name} | set(
        Participation.objects.filter(proposal=proposal).values_list("organisation__name", flat=True)
    )
    words = _words(_others(proposal.round_id, letters), lambda person: _("(name left out)"), kept)
    words |= _words((each.reviewer for each in asked), lambda person: by_letter(letters[person.pk]), kept)
    return Calling(letters, is_hidden=True, words=words)


def calling_in_round(round_, names):
    """The Calling of a report on a whole round, in which nobody has a letter of her own."""
    if names != LETTERS:
        return Calling({}, is_hidden=False)
    words = _words(_others(round_.pk, {}), lambda person: _("(name left out)"), {round_.donor_name})
    return Calling({}, is_hidden=True, words=words)


def _others(round_pk, letters):
    """Everybody with a role in the round or a proposal of it to assess, but those who have a letter."""
    granted = RoleGrant.objects.filter(round_id=round_pk).values("user_id")
    asked = Assignment.objects.filter(proposal__round_id=round_pk).values("reviewer_id")
    people = User.objects.filter(pk__in=granted) | User.objects.filter(pk__in=asked)
    return people.exclude(pk__in=list(letters)).order_by("pk")


def _words(people, instead, kept):
    """{name, part of a name, address or organisation: what stands instead}; organisations in `kept` are no secret."""
    found = {}
    for person in people:
        parts = [part for part in person.name.split() if len(part) >= SHORTEST_PART]
        organisation = person.organisation_name if person.organisation_name not in kept else ""
        for word in (*parts, person.name, person.email, organisation):
            if word.strip():
                found[as_typed(word)] = instead(person) if word != organisation else _("(organisation left out)")
    return found
