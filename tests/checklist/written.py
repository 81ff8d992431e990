"""Assessments written through the actions, the way reviewers write them; for tests and benchmarks of reports."""

import random

from checklist import scoring
from checklist.actions.assessments import (
    GivenResponse,
    save_conclusion,
    save_responses,
    submit_assessment,
)
from checklist.actions.assignments import assign_reviewers, declare_no_conflict
from checklist.models import Assessment
from checklist.selectors.drafts import load_draft
from checklist.selectors.instruments import pinned_versions, sheet
from checklist.selectors.scorecards import assessments_for_reports
from proposals.models import Document
from tests.factories import answer_all, make_assessment, make_officer, make_proposal

WORDS = (
    "The narrative gives numbers for the two districts and names the source; the logframe does not. "
    "Interviews with returned workers are dated and described."
).split()


def make_document(proposal, name="Narrative.pdf"):
    """A received document, without a file behind it."""
    return Document.objects.create(
        proposal=proposal,
        name=name,
        media_type="application/pdf",
        size=1,
        sha256=f"{proposal.pk:032x}{hash(name) & (2**128 - 1):032x}",
    )


def begin(proposal, reviewer, officer=None):
    """Assigned and declared: the draft that the reviewer finds."""
    officer = officer or make_officer(proposal.round)
    (assignment,) = assign_reviewers(
        round_=proposal.round, proposals=[proposal], reviewers=[reviewer], due_on=None, by=officer
    )
    declare_no_conflict(assignment=assignment, by=reviewer, declaration="I know nobody in the organisation.")
    return Assessment.objects.select_related("proposal__round", "assignment", "reviewer").get(assignment=assignment)


def answer(assessment, answers, evidence=()):
    """Save {criterion key: ItemAnswer}; `evidence` maps keys to Pointers."""
    evidence = dict(evidence)
    draft = load_draft(assessment)
    given = [
        GivenResponse(
            criterion.pk,
            draft.place(criterion.pk).stored.revision,
            answers[criterion.key].answer,
            answers[criterion.key].rationale,
            answers[criterion.key].subs,
            tuple(evidence.get(criterion.key, ())),
        )
        for version in pinned_versions(assessment.proposal.round)
        for criterion in sheet(version).criteria
        if criterion.key in answers
    ]
    save_responses(assessment=assessment, given=given, by=assessment.reviewer)


def submit(assessment, conclusion="recommend_with_changes", reason="Sound, once the gaps are closed.", override=""):
    """Conclude, submit, and return it as reports read it."""
    assessment.refresh_from_db(fields=["conclusion_revision"])
    save_conclusion(
        assessment=assessment,
        by=assessment.reviewer,
        conclusion=conclusion,
        reason=reason,
        override_reason=override,
        revision=assessment.conclusion_revision,
    )
    submit_assessment(assessment=assessment, by=assessment.reviewer)
    return assessments_for_reports().get(pk=assessment.pk)


def random_answers(round_, seed):
    """A valid answer with a reason to every criterion of the round, some through their sub-questions."""
    chance = random.Random(seed)
    found = {}
    for version in pinned_versions(round_):
        for criterion in sheet(version).criteria:
            found[criterion.key] = _random_answer(criterion.spec, chance)
    return found


def _random_answer(spec, chance):
    rationale = " ".join(chance.sample(WORDS, 12))
    if spec.subs and chance.random() < 0.4:
        subs = {sub.key: _random_sub(sub, chance) for sub in spec.subs}
        derived = scoring.derive(spec, subs).answer
        if derived is not None:
            return scoring.ItemAnswer(chance.choice([None, derived]), rationale, subs)
    options = [option.code for option in spec.answer_kind.options]
    code = chance.choice(options)
    needed = (
        {sub.key: _adequate(sub) for sub in spec.subs} if spec.combining == "assessed_how" and code == "yes" else {}
    )
    return scoring.ItemAnswer(code, rationale, needed)


def _random_sub(sub, chance):
    return scoring.SubAnswer(chance.choice(sub.answer_kind.options).code, " ".join(chance.sample(WORDS, 6)))


def _adequate(sub):
    codes = [option.code for option in sub.answer_kind.options]
    return scoring.SubAnswer("adequate" if "adequate" in codes else "yes", "Tested with the group in March.")


def submitted(round_, count, **proposal):
    """So many assessments of the round, each of a proposal of its own, answered and handed in."""
    made = []
    for _ in range(count):
        assessment = make_assessment(proposal=make_proposal(round_, **proposal))
        answer_all(assessment)
        made.append(submit(assessment))
    return made
