"""What the panel reads: who said what on each criterion, the consensus, and the discussion."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import ngettext

from checklist import scoring
from checklist.enums import AssessmentKind, AssessmentState, AssignmentState
from checklist.models import Assessment, Assignment, ConsensusChange, DiscussionEntry
from checklist.scoring import effective_answer
from proposals.enums import AccessLevel
from proposals.models import ProposalAccess
from screening.models import User
from screening.roles import round_roles_with

from .results import load_contents

ASKED = (AssignmentState.ASSIGNED, AssignmentState.DECLARED)


def individual_assessments(proposal):
    """Every submitted assessment of single reviewers, in the order in which they were asked."""
    return (
        Assessment.objects.individual()
        .submitted()
        .filter(proposal=proposal)
        .select_related("reviewer", "assignment", "proposal__round")
        .order_by("assignment_id", "pk")
    )


def readable_assessments(proposal, user):
    """Those of them that this person may read."""
    visible = Assessment.objects.visible_to(user).filter(proposal=proposal)
    return list(individual_assessments(proposal).filter(pk__in=visible.values("pk")))


def consensus_of(proposal):
    """The panel's consensus on a proposal, begun or closed; None before it is begun."""
    rows = Assessment.objects.consensus().select_related("reviewer", "assignment", "proposal__round")
    return rows.filter(proposal=proposal).first()


def closed_before(assessment):
    """When the panel had closed its consensus before a reviewer submitted this; None where it had not. One query."""
    if assessment.kind != AssessmentKind.INDIVIDUAL or not assessment.is_submitted:
        return None
    consensus = Assessment.objects.consensus().submitted().filter(proposal_id=assessment.proposal_id).first()
    return consensus.submitted_at if is_late(assessment, consensus) else None


def consensus_with_round(pk):
    """The same by its own id, with all that its permissions look at."""
    rows = Assessment.objects.consensus().select_related(
        "reviewer", "assignment", "proposal__round", "proposal__applicant"
    )
    return rows.filter(pk=pk).first()


def is_late(assessment, consensus):
    """Whether a reviewer handed this in after the panel had closed its consensus, which so does not rest on it."""
    is_closed = consensus is not None and consensus.is_submitted and assessment.is_submitted
    return is_closed and assessment.submitted_at > consensus.submitted_at


def consensus_obstacle(proposal):
    """Why a consensus cannot begin or be closed yet, as a sentence; "" when it can. Two queries."""
    wanted = max(proposal.round.reviewers_wanted, 1)
    submitted = Assessment.objects.individual().submitted().filter(proposal=proposal).count()
    if submitted < wanted:
        return ngettext(
            "The consensus needs %(wanted)s submitted assessment; %(submitted)s is in.",
            "The consensus needs %(wanted)s submitted assessments; %(submitted)s are in.",
            wanted,
        ) % {"wanted": wanted, "submitted": submitted}
    return ""


# -- Answers side by side -----------------------------------------------------------------------


@dataclass(frozen=True)
class Given:
    """What one reviewer says on one criterion: as it counts, and as she stored it."""

    answer: str | None
    stored: object


def individual_contents(proposal):
    """[AssessmentContent] of every submitted individual assessment; a constant number of queries."""
    assessments = list(individual_assessments(proposal))
    contents = load_contents(assessments)
    return [contents[assessment.pk] for assessment in assessments]


def versions_agreed(contents):
    """Of each instrument the version that most reviewers judged by (the newest of equals), in their order."""
    counts = Counter((each.sheet.slug, each.sheet.pk) for content in contents for each in content.instruments)
    best: dict[str, tuple[int, int]] = {}
    for (slug, pk), count in counts.items():
        best[slug] = max(best.get(slug, (0, 0)), (count, pk))
    return [pk for _count, pk in best.values()]


def given_on(contents, version_pk, key):
    """{assessment id: Given} of those who were asked this criterion in this version."""
    found = {}
    for content in contents:
        for each in content.instruments:
            stored = each.stored.get(key)
            if each.sheet.pk == version_pk:
                answer = effective_answer(each.spec.item(key), stored.answer) if stored else None
                found[content.assessment.pk] = Given(answer, stored)
    return found


def agreed_answer(given):
    """The one answer that all of them gave; None where they differ or somebody gave none."""
    answers = {each.answer for each in given.values()}
    return answers.pop() if len(answers) == 1 else None


def change_needs_reason(before, after, given):
    """Whether the panel has to say why: it changes its own answer, or leaves that of a reviewer.

    "Reason required for a change at consensus" (instruments.md, section 2).
    """
    return before != after and (before is not None or after != agreed_answer(given))


def unexplained(draft, contents, explained):
    """Places whose answer is not what all reviewers say now, without a reason on record.

    `explained` holds the ids of the criteria that have one. It happens where an assessment was
    reopened and changed while the consensus was being written.
    """
    found = []
    for place in draft.places():
        answer = effective_answer(place.instrument.spec.item(place.criterion.key), place.stored.answer)
        given = given_on(contents, place.instrument.sheet.pk, place.criterion.key)
        if answer is not None and answer != agreed_answer(given) and place.criterion.pk not in explained:
            found.append(place)
    return found


def changes_of(consensus):
    """Every reason on record, the newest first."""
    rows = ConsensusChange.objects.filter(assessment=consensus).select_related("by", "criterion")
    return list(rows.order_by("-pk"))


# -- Discussion ---------------------------------------------------------------------------------


def discussion_of(proposal):
    """Every contribution, the oldest first, with author, criterion and who is mentioned. Two queries."""
    rows = DiscussionEntry.objects.filter(proposal=proposal).select_related("by", "criterion")
    return list(rows.prefetch_related("mentions").order_by("pk"))


def people_in_discussion(proposal):
    """Those who may read the discussion: by role, or with their own assessment in. One query."""
    by_role = Q(grants__round_id=proposal.round_id, grants__role__in=round_roles_with("discuss"))
    judged = Assessment.objects.individual().submitted().filter(proposal=proposal).values("reviewer_id")
    closed = ProposalAccess.objects.filter(proposal=proposal, level=AccessLevel.CLOSED).values("user_id")
    owing = Assignment.objects.filter(proposal=proposal, state__in=ASKED).exclude(
        assessment__state=AssessmentState.SUBMITTED
    )
    people = User.objects.filter(by_role | Q(pk__in=judged), is_active=True)
    return list(
        people.exclude(pk__in=closed).exclude(pk__in=owing.values("reviewer_id")).distinct().order_by("name", "pk")
    )


def item_problems(instrument, key, answer):
    """What the rules of one criterion have against an answer (a `scoring.ItemAnswer`)."""
    answers = {key: answer}
    progress = scoring.progress(instrument.spec, answers, instrument.form_length, instrument.context)
    return [problem for own, problem in progress.problems if own == key]
