"""What may be told outside of how a proposal was judged: findings in words, without who said what.

Read from the frozen marks alone. No reviewer, no rationale, no number and no other proposal is looked at,
but for the consensus' own reasons, which are offered to the officer as a beginning and never go out by
themselves.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from statistics import median_low

from django.db.models import Exists, OuterRef

from checklist import presentation, splits
from checklist.enums import AssessmentKind, QuestionState, ResultKind
from checklist.models import ApplicantQuestion, Assessment, FeedbackText, Response, SubmittedScore
from checklist.scoring import MARK_LETTERS, Favourability

from .instruments import sheet

STRONG, WEAK, OPEN = "strong", "weak", "open"
# Flags and coverage are for the inside: they say what was looked for, not what a proposal is worth.
TOLD = (ResultKind.SHARE, ResultKind.PROFILE)
SOUND_FROM = Fraction(2, 3)
STATES = {letter: state for state, letter in MARK_LETTERS.items()}


@dataclass(frozen=True)
class OutsideFinding:
    """One criterion in words. `standing` is strong, weak or open; `mark` the state of its mark."""

    number: str
    title: str
    wording: str
    mark: str
    finding: str
    standing: str
    criterion_pk: int


@dataclass(frozen=True)
class OutsidePart:
    """One instrument with what was found, item by item; never added up."""

    title: str
    source: str
    findings: tuple[OutsideFinding, ...]


def findings_for_outside(proposal, language):
    """([OutsidePart], time of the newest submission or None).

    What counts is the consensus where it is closed; else the middle one of what the reviewers say, of two the
    lower: a finding that somebody gave, never one between two.
    """
    rows = SubmittedScore.objects.filter(assessment__proposal=proposal, version__result_kind__in=TOLD)
    rows = rows.exclude(assessment__kind=AssessmentKind.REFERENCE).order_by("version__number", "pk")
    by_slug = defaultdict(list)
    newest = None
    for row in rows.values("version_id", "version__instrument__slug", "version__result_kind", "marks",
                           "assessment__kind", "assessment__submitted_at"):  # fmt: skip
        by_slug[row["version__instrument__slug"]].append(row)
        newest = max(filter(None, (newest, row["assessment__submitted_at"])))
    in_order = sorted(
        by_slug.values(), key=lambda found: (TOLD.index(found[0]["version__result_kind"]), found[-1]["version_id"])
    )
    return [_part(found, language) for found in in_order], newest


def _part(rows, language):
    agreed = [row for row in rows if row["assessment__kind"] == AssessmentKind.CONSENSUS]
    used = agreed or rows
    shown = sheet(used[-1]["version_id"], language)
    marks = defaultdict(list)
    for row in used:
        for criterion, letter in zip(sheet(row["version_id"]).criteria, row["marks"], strict=True):
            marks[criterion.key].append(letter)
    is_share = used[-1]["version__result_kind"] == ResultKind.SHARE
    findings = tuple(_finding(criterion, marks[criterion.key], is_share) for criterion in shown.criteria)
    return OutsidePart(shown.title, shown.source, tuple(each for each in findings if each.mark != "na"))


def _finding(criterion, letters, is_share):
    top = criterion.spec.answer_kind.top_rank
    places = [place for place in (splits.place_of(letter, top) for letter in letters) if place is not None]
    if not places:
        not_applicable = bool(letters) and set(letters) == {MARK_LETTERS[Favourability.NA]}
        state = Favourability.NA if not_applicable else Favourability.NEI
        mark = presentation.mark_state(state)
        return _told(criterion, mark, presentation.state_word(mark), OPEN)
    middle = median_low(places)
    standing = STRONG if middle >= SOUND_FROM else WEAK
    if any(letter.isdigit() for letter in letters):
        return _told(criterion, "level", criterion.option(str(int(middle * top))).label, standing)
    nearest = (Favourability.ADVERSE, Favourability.PARTLY, Favourability.FAVOURABLE)[int(middle * 2)]
    mark = presentation.mark_state(nearest)
    return _told(criterion, mark, presentation.state_word(mark) if is_share else _label(criterion, nearest), standing)


def _label(criterion, state):
    """The label of the answer that means this."""
    kind, polarity = criterion.spec.answer_kind, criterion.spec.polarity
    said = (each.label for each in criterion.options if kind.favourability(each.code, polarity) is state)
    return next(said, presentation.state_word(presentation.mark_state(state)))


def _told(criterion, mark, finding, standing):
    return OutsideFinding(
        criterion.number, criterion.short_title, criterion.wording, mark, finding, standing, criterion.pk
    )


def consensus_reasons(proposal):
    """{criterion id: the panel's reason} of the closed consensus; {} where there is none."""
    rows = Response.objects.filter(
        assessment__proposal=proposal, assessment__kind=AssessmentKind.CONSENSUS, assessment__state="submitted"
    ).exclude(rationale="")
    return dict(rows.values_list("criterion_id", "rationale"))


def answered_questions(proposal):
    """[(question, answer, day)] of what the applicant answered, in the order asked."""
    rows = ApplicantQuestion.objects.filter(proposal=proposal, state=QuestionState.ANSWERED)
    return list(rows.order_by("position", "pk").values_list("text", "answer", "answered_on"))


def with_feedback(proposals):
    """Those of which an applicant can be told something: somebody has judged them, or an officer worded it."""
    judged = Assessment.objects.submitted().exclude(kind=AssessmentKind.REFERENCE).filter(proposal_id=OuterRef("pk"))
    worded = FeedbackText.objects.filter(proposal_id=OuterRef("pk"))
    return proposals.filter(Exists(judged) | Exists(worded))


def feedback_text(proposal, language):
    """What the officer worded for this applicant, or None."""
    return FeedbackText.objects.filter(proposal=proposal, language=language).first()
