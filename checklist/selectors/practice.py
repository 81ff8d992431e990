"""Practice in a round: what is practised, who has done it, and how far from the reference."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

from checklist import practising
from checklist.agreement import Statistic
from checklist.enums import AssessmentKind, AssessmentState
from checklist.models import Assessment, Assignment, Decision, Recommendation, Response
from checklist.scoring import effective_answer
from checklist.stands import Stand, stand_of
from proposals.models import Proposal

from .assigning import OPEN_STATES, reviewers_of
from .eligibility import STOPPED
from .instruments import Sheet
from .readiness import rules_of
from .results import InstrumentAnswers, load_contents


def practice_in(round_, user):
    """Practice proposals of the round, but for what a conflict closes to this person."""
    rows = Proposal.objects.visible_to(user).filter(round=round_, is_practice=True)
    return rows.select_related("round").order_by("reference", "pk")


def reference_of(proposal, *, is_published=False):
    """What practice on this proposal is compared with, with all that its pages look at; or None."""
    rows = Assessment.objects.references().select_related("assignment", "reviewer", "proposal__round")
    rows = rows.filter(proposal=proposal)
    return (rows.submitted() if is_published else rows).first()


def is_practised(proposal):
    """Whether a reviewer has handed in her practice."""
    return Assessment.objects.individual().submitted().filter(proposal=proposal).exists()


def practice_refusal(proposal, reviewer):
    """Why she has to practise before she assesses this proposal, as a sentence; "" where she need not.

    Whoever wrote a reference of the round has practised by that.
    """
    if proposal.is_practice or not rules_of(proposal.round).practice_first or _has_practised(proposal.round, reviewer):
        return ""
    first = owed_practice(proposal.round, reviewer)
    if first is None:
        return _(
            "This round asks for practice first, and you were not asked to practise yet. Ask the programme officer."
        )
    return _("This round asks for practice first. Hand in your practice on “%(proposal)s”, then begin here.") % {
        "proposal": first.title
    }


def submission_refusal(assessment):
    """Why an assessment that was begun already cannot be handed in before her practice, as a sentence; "" where it can.

    One that was handed in once is not held back: she had begun to judge before the round asked for practice.
    """
    round_, reviewer = assessment.proposal.round, assessment.reviewer
    if assessment.kind != AssessmentKind.INDIVIDUAL or assessment.submission_number or assessment.proposal.is_practice:
        return ""
    if not rules_of(round_).practice_first or _has_practised(round_, reviewer):
        return ""
    first = owed_practice(round_, reviewer)
    if first is None:
        return _(
            "This round asks for practice first. What you write here is saved, but you can submit it only after "
            "practice, and you were not asked to practise yet. Ask the programme officer."
        )
    return _(
        "This round asks for practice first. What you write here is saved; "
        "you can submit it once you have handed in your practice on “%(proposal)s”."
    ) % {"proposal": first.title}


def _has_practised(round_, reviewer):
    practice = Assessment.objects.filter(proposal__round=round_, proposal__is_practice=True, reviewer=reviewer)
    return practice.references().submitted().exists() or practice.individual().submitted().exists()


def owed_practice(round_, reviewer):
    """The practice proposal on which she was asked to practise first, or None."""
    owed = Assignment.objects.filter(
        proposal__round=round_, proposal__is_practice=True, reviewer=reviewer, state__in=OPEN_STATES
    )
    first = owed.select_related("proposal").order_by("pk").first()
    return first.proposal if first else None


def is_answered(proposal):
    """Whether anybody has said anything on the proposal, in an assessment of whatever kind."""
    concluded = Assessment.objects.filter(proposal=proposal, conclusion_revision__gt=0)
    return Response.objects.filter(assessment__proposal=proposal).exists() or concluded.exists()


def is_advised_on(proposal):
    """Whether anything is recommended or decided on the proposal."""
    return any(model.objects.filter(proposal=proposal).exists() for model in (Recommendation, Decision))


@dataclass(frozen=True)
class Practising:
    """One reviewer on one practice proposal, with where she stands."""

    name: str
    stand: Stand
    assessment_pk: int | None


@dataclass(frozen=True)
class PracticeRow:
    """One practice proposal. `is_owed`: the reader has still to practise on it herself."""

    proposal: Proposal
    reference: Assessment | None
    people: tuple[Practising, ...]
    done: int
    is_owed: bool

    @property
    def asked(self):
        return len(self.people)


def practice_rows(round_, user, today):
    """[PracticeRow] of the round; a constant number of queries."""
    proposals = list(practice_in(round_, user))
    references = {each.proposal_id: each for each in Assessment.objects.references().filter(proposal__in=proposals)}
    asked = defaultdict(list)
    rows = Assignment.objects.filter(proposal__in=proposals, state__in=OPEN_STATES).with_progress()
    for row in rows.select_related("reviewer").order_by("reviewer__name", "pk"):
        asked[row.proposal_id].append(row)
    return [_row(each, references.get(each.pk), asked[each.pk], user, today) for each in proposals]


def _row(proposal, reference, assignments, user, today):
    done = {row.pk: row.assessment.pk for row in assignments if _is_done(row)}
    people = tuple(Practising(str(row.reviewer), stand_of(row, today), done.get(row.pk)) for row in assignments)
    is_owed = any(row.reviewer_id == user.pk and row.pk not in done for row in assignments)
    return PracticeRow(proposal, reference, people, len(done), is_owed)


def _is_done(assignment):
    assessment = getattr(assignment, "assessment", None)
    return assessment is not None and assessment.state == AssessmentState.SUBMITTED


def to_ask(round_, user):
    """(practice proposals, reviewers, {(proposal id, reviewer id)} that are not to be asked).

    Whoever wrote a reference does not practise on it; whoever was asked before is not asked again.
    """
    proposals = list(practice_in(round_, user).exclude(status__in=STOPPED))
    reviewers = list(reviewers_of(round_))
    authors = Assessment.objects.references().filter(proposal__in=proposals).values_list("proposal_id", "reviewer_id")
    asked = Assignment.objects.filter(proposal__in=proposals).values_list("proposal_id", "reviewer_id")
    return proposals, reviewers, {*authors, *asked}


# -- Beside the reference ------------------------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """One instrument of a practice assessment beside the reference.

    `reference` is None where the reference was written on another version; then nothing is compared.
    """

    own: InstrumentAnswers
    reference: InstrumentAnswers | None
    rows: tuple[practising.Beside, ...]

    @property
    def same(self):
        return sum(row.is_same for row in self.rows)


def beside_reference(assessment, reference, language):
    """[Part] of one submitted practice assessment; a constant number of queries."""
    contents = load_contents([assessment, reference], language=language)
    return [_part(own, _by_version(contents[reference.pk])) for own in contents[assessment.pk].instruments]


def _part(own, references):
    reference = references.get(own.sheet.pk)
    rows = practising.beside(_keys(own.sheet), _codes(own), _codes(reference)) if reference else ()
    return Part(own, reference, rows)


@dataclass(frozen=True)
class GroupPart:
    """One instrument over all who practised by it; `reference` as in `Part`."""

    sheet: Sheet
    reference: InstrumentAnswers | None
    rows: tuple[practising.GroupRow, ...]
    reviewers: int
    among: Statistic

    @property
    def same(self):
        return sum(row.same for row in self.rows)

    @property
    def answered(self):
        return sum(row.answered for row in self.rows)


@dataclass(frozen=True)
class Offset:
    """One reviewer beside the reference: answers that are the same, and per cent points of each share."""

    assessment: Assessment
    same: int
    total: int
    shares: tuple[tuple[str, Fraction | None], ...]


def group_of(proposal, language):
    """([GroupPart], [Offset]) of everybody who handed in practice on the proposal; a constant number of queries."""
    reference = reference_of(proposal, is_published=True)
    rows = Assessment.objects.individual().submitted().filter(proposal=proposal)
    done = list(rows.select_related("reviewer", "proposal__round").order_by("reviewer__name", "pk"))
    contents = load_contents([*done, *([reference] if reference else [])], language=language)
    references = _by_version(contents[reference.pk]) if reference else {}
    by_version = defaultdict(list)
    for assessment in done:
        for each in contents[assessment.pk].instruments:
            by_version[each.sheet.pk].append(each)
    parts = [_group_part(given, references.get(pk)) for pk, given in by_version.items()]
    offsets = [_offset(each, contents[each.pk], references) for each in done] if reference else []
    return parts, offsets


def _group_part(given, reference):
    keys, codes = _keys(given[0].sheet), [_codes(each) for each in given]
    rows = practising.group(keys, codes, _codes(reference) if reference else {})
    return GroupPart(given[0].sheet, reference, rows, len(given), practising.among_all(keys, codes))


def _offset(assessment, content, references):
    parts = [part for each in content.instruments if (part := _part(each, references)).reference]
    shares = []
    for part in parts:
        own, other = (getattr(each.result, "share", None) for each in (part.own, part.reference))
        if own is not None and other is not None:
            shares.append((part.own.sheet.short_title, own - other))
    return Offset(assessment, sum(part.same for part in parts), sum(len(part.rows) for part in parts), tuple(shares))


def _by_version(content):
    return {each.sheet.pk: each for each in content.instruments}


def _keys(sheet):
    return [criterion.key for criterion in sheet.criteria]


def _codes(answers):
    """{criterion key: the answer as it counts, or None}"""
    return {key: effective_answer(answers.spec.item(key), stored.answer) for key, stored in answers.stored.items()}
