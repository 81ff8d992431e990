"""What submitted assessments have seen and covered, read from their frozen marks; nothing is scored again."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language

from checklist import scoring
from checklist.models import Assessment, SubmittedScore
from checklist.selectors.instruments import CriterionText, sheet

SEEN = scoring.MARK_LETTERS[scoring.SEEN]
STATE_OF_LETTER = {letter: str(state) for state, letter in scoring.MARK_LETTERS.items()} | {"-": "empty"}
# What stands above every score where the criterion is about harm: seen, adverse, the lowest level.
HARMFUL = frozenset({SEEN, scoring.MARK_LETTERS[scoring.Favourability.ADVERSE], "0"})


@dataclass(frozen=True)
class Picture:
    """One instrument of one submitted assessment: its marks as states, or its levels."""

    title: str
    states: tuple[str, ...]
    levels: str


@dataclass(frozen=True)
class SeenHarm:
    """One criterion about harm to people, and (assessment id, reviewer) of everybody who saw it."""

    criterion: CriterionText
    seen_by: tuple[tuple[int, str], ...]


def seen_flags(version_sheet, marks):
    """The criteria that these frozen marks say were seen, in the order of the instrument."""
    return [criterion for criterion, letter in _pairs(version_sheet, marks) if letter == SEEN]


def harm_in(version_sheet, marks):
    """The criteria about harm to people that these frozen marks speak of."""
    return [
        criterion
        for criterion, letter in _pairs(version_sheet, marks)
        if criterion.spec.about_harm and letter in HARMFUL
    ]


def _pairs(version_sheet, marks):
    return zip(version_sheet.criteria, marks, strict=True)


def scores_of_proposal(proposal, user, names):
    """({assessment id: [Picture]}, [SeenHarm]) of the submitted assessments the user may see. One query.

    People are called what `names` (a `naming.Names`) calls them.
    """
    visible = Assessment.objects.visible_to(user).submitted().individual().filter(proposal=proposal)
    scores = SubmittedScore.objects.filter(assessment__in=visible).select_related("assessment__reviewer", "version")
    rows = [
        (each.assessment_id, each.version_id, each.version.result_kind, each.marks, names(each.assessment.reviewer))
        for each in scores
    ]
    pictures: dict[int, list[Picture]] = {}
    harm: dict[tuple[str, str], tuple[CriterionText, list[tuple[int, str]]]] = {}
    for assessment_pk, version_pk, _kind, marks, reviewer in sorted(
        rows, key=lambda row: (row[0], scoring.RESULT_ORDER.index(row[2]), row[1])
    ):
        shown = sheet(version_pk, get_language())
        pictures.setdefault(assessment_pk, []).append(_picture(shown, marks))
        for criterion in harm_in(shown, marks):
            harm.setdefault((shown.slug, criterion.key), (criterion, []))[1].append((assessment_pk, reviewer))
    return pictures, [SeenHarm(criterion, tuple(seen_by)) for criterion, seen_by in harm.values()]


def _picture(version_sheet, marks):
    if any(letter.isdigit() for letter in marks):
        return Picture(version_sheet.short_title, (), " ".join(marks))
    return Picture(version_sheet.short_title, tuple(STATE_OF_LETTER[letter] for letter in marks), "")
