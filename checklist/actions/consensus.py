"""The panel's consensus: a record of its own beside the individual assessments, which stay as they are.

It begins with what all reviewers said alike. Every answer that leaves a reviewer's, or changes what
the panel said before, carries who, when and why.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from checklist.enums import AssessmentKind
from checklist.models import Assessment, ConsensusChange
from checklist.rules import can_write_consensus
from checklist.scoring import ItemAnswer, SubAnswer, effective_answer
from checklist.selectors.drafts import load_draft
from checklist.selectors.panels import (
    agreed_answer,
    change_needs_reason,
    consensus_obstacle,
    consensus_of,
    given_on,
    individual_contents,
    item_problems,
    unexplained,
    versions_agreed,
)
from proposals.enums import RoundPhase
from proposals.models import Proposal
from proposals.selectors import refusal_outside
from screening import audit

from .assessments import CannotSubmitAssessment, hold_open, reopen_assessment, submit_assessment
from .responses import GivenResponse, NotAsked, Pointer, clean_text, store_responses


class CannotBeginConsensus(Exception):
    """The consensus cannot begin; the message says why."""


class CannotReopenConsensus(Exception):
    """The consensus stays closed; the message says why."""


class ReasonMissing(Exception):
    """A change without a reason; nothing was saved."""


@transaction.atomic
def begin_consensus(*, proposal, by):
    """Begin the consensus with the answers that all reviewers gave, and return it; led by `by`.

    Asked for a second time it returns the one that is there.
    """
    proposal = Proposal.objects.select_related("round").select_for_update(of=("self",)).get(pk=proposal.pk)
    if not can_write_consensus(by, proposal):
        raise CannotBeginConsensus(_("Only somebody who leads the panel can begin its consensus."))
    existing = consensus_of(proposal)
    if existing is not None:
        return existing
    obstacle = refusal_outside(proposal.round, RoundPhase.PANEL, timezone.localdate()) or consensus_obstacle(proposal)
    if obstacle:
        raise CannotBeginConsensus(obstacle)
    contents = individual_contents(proposal)
    assessment = Assessment.objects.create(
        kind=AssessmentKind.CONSENSUS, proposal=proposal, reviewer=by, language=by.language
    )
    versions = versions_agreed(contents)
    assessment.versions.set(versions)
    audit.record(
        "consensus_started",
        assessment,
        by=by,
        thread=proposal.thread,
        round_id=proposal.round_id,
        after={"versions": versions},
        label=str(proposal),
    )
    given = [each for place in load_draft(assessment).places() if (each := _taken_over(place, contents))]
    note = _("All reviewers gave this answer.")
    store_responses(assessment=assessment, given=given, by=by, event="consensus_changed", note=note)
    return assessment


@transaction.atomic
def set_consensus_answer(*, assessment, given, by, reason=""):
    """Save what the panel says on one criterion (a GivenResponse) and return the SaveOutcome.

    Raises ReasonMissing where a reason is required, ResponseConflict where it was saved elsewhere in the
    meantime, AssessmentClosed, NotAnAnswer.
    """
    held = hold_open(assessment, by)
    place = load_draft(held).place(given.criterion_pk)
    if place is None:
        raise NotAsked(_("This question is not part of the assessment."))
    reason = clean_text(reason)
    outcome = store_responses(assessment=held, given=[given], by=by, event="consensus_changed", note=reason)
    if outcome.conflicts:
        raise outcome.conflicts[0]
    now = outcome.draft.place(given.criterion_pk)
    before, after = _effective(place), _effective(now)
    individual = given_on(individual_contents(held.proposal), place.instrument.sheet.pk, place.criterion.key)
    if not reason:
        if change_needs_reason(before, after, individual):
            raise ReasonMissing(
                _("Say why: the panel’s answer differs from a reviewer’s, or from what the panel said before.")
            )
        return outcome
    ConsensusChange.objects.create(
        assessment=held,
        criterion_id=place.criterion.pk,
        before={"answer": before or "", "rationale": place.stored.answer.rationale},
        after={"answer": after or "", "rationale": now.stored.answer.rationale},
        individual={str(pk): each.answer or "" for pk, each in individual.items()},
        reason=reason,
        by=by,
    )
    return outcome


@transaction.atomic
def close_consensus(*, assessment, by):
    """Lock the consensus with what its answers come to, and return it.

    Raises CannotSubmitAssessment while anything is missing: an answer, a reason, or an individual assessment.
    """
    held = hold_open(assessment, by)
    obstacle = consensus_obstacle(held.proposal)
    if obstacle:
        raise CannotSubmitAssessment(obstacle)
    explained = set(held.consensus_changes.values_list("criterion_id", flat=True))
    open_places = unexplained(load_draft(held), individual_contents(held.proposal), explained)
    if open_places:
        raise CannotSubmitAssessment(
            _("These answers still need a reason, because a reviewer says something else: %(numbers)s.")
            % {"numbers": ", ".join(place.criterion.number for place in open_places)}
        )
    return submit_assessment(assessment=held, by=by)


@transaction.atomic
def reopen_consensus(*, assessment, reason, by):
    """Unlock the closed consensus, with a reason that stays on record, and return it."""
    if not can_write_consensus(by, assessment.proposal):
        raise CannotReopenConsensus(_("Only somebody who leads the panel can reopen its consensus."))
    refusal = refusal_outside(assessment.proposal.round, RoundPhase.PANEL, timezone.localdate())
    if refusal:
        raise CannotReopenConsensus(refusal)
    return reopen_assessment(assessment=assessment, reason=reason, by=by)


def _taken_over(place, contents):
    """The answer that all reviewers gave, with their words and places; None where they differ.

    None as well where the rules of the item have something against it, as parts answered differently can.
    """
    individual = given_on(contents, place.instrument.sheet.pk, place.criterion.key)
    answer = agreed_answer(individual)
    stored = [each.stored for each in individual.values() if each.stored]
    if answer is None or not stored:
        return None
    rationale = _joined(each.answer.rationale for each in stored)
    subs = _common_subs(stored)
    if item_problems(place.instrument, place.criterion.key, ItemAnswer(answer, rationale, subs)):
        return None
    pointers = (Pointer(each.document_pk, each.page, each.quote) for one in stored for each in one.evidence)
    return GivenResponse(place.criterion.pk, 0, answer, rationale, subs, tuple(dict.fromkeys(pointers)))


def _common_subs(stored):
    """The parts that all answered alike, with the words of all."""
    subs = {}
    for key in stored[0].answer.subs:
        own = [each.answer.subs.get(key, SubAnswer()) for each in stored]
        if len({each.answer for each in own}) == 1:
            subs[key] = SubAnswer(own[0].answer, _joined(each.text for each in own))
    return subs


def _joined(texts):
    """Different texts one below the other, each once."""
    return "\n\n".join(dict.fromkeys(text for text in texts if text))


def _effective(place):
    return effective_answer(place.instrument.spec.item(place.criterion.key), place.stored.answer)
