"""Which finished PDF shows a submitted assessment as it is, without laying the page out to find out.

What a scorecard shows is frozen with the submission but for a few rows around it: the proposal and its facts,
the round, the people, the documents cited, the tensions between instruments, the letterhead, the words left out and
the names that give way to letters. Where none of them has changed, the key worked out before still holds.
"""

from __future__ import annotations

import hashlib

from checklist.reporting.scorecard import scorecard_of
from checklist.selectors.around import rows_around
from checklist.selectors.scorecards import read_facts

MOST_KEPT = 5_000
OF_PEOPLE = ("pk", "name", "email", "organisation_name")
_KEPT: dict[str, tuple[str, str]] = {}


def scorecard_key(assessment, *, language, paper, letter=""):
    """(content key, file name) of the scorecard of a submitted assessment, as `assessment_for_reports` loads it,
    with its facts or without.
    """
    state = _state(assessment, language, paper, letter)
    found = _KEPT.get(state)
    if found is None:
        read_facts([assessment])
        card, document = scorecard_of(assessment, language=language, paper=paper, letter=letter)
        if len(_KEPT) >= MOST_KEPT:
            _KEPT.clear()
        found = _KEPT[state] = document.content_key, card.file_name
    return found


def _state(assessment, language, paper, letter):
    """A hash of everything that can still change in the scorecard of a submitted assessment."""
    proposal = assessment.proposal
    rows = [assessment, proposal, proposal.round, proposal.applicant, assessment.assignment]
    values = [_values(row) for row in rows if row is not None]
    person = [getattr(assessment.reviewer, name) for name in OF_PEOPLE]
    shown = (language, paper, letter, values, person, rows_around(assessment))
    return hashlib.sha256(repr(shown).encode()).hexdigest()


def _values(row):
    return [getattr(row, field.attname) for field in row._meta.concrete_fields]
