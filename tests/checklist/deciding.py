"""What tests of decisions begin with: proposals that were judged, one of them stopped by item 1."""

from checklist.actions.assessments import GivenResponse, save_responses, submit_assessment
from checklist.models import Criterion, RoundCriticalRule
from checklist.selectors.assessments import assessment_with_round
from checklist.selectors.drafts import load_draft
from tests.factories import answer_all, make_assessment, make_reviewer, pin_shipped_instruments


def make_item_critical(round_, key="1"):
    """Pin the shipped instruments and let this item of the checklist stop a proposal."""
    versions = pin_shipped_instruments(round_)
    criterion = Criterion.objects.get(version=versions[0], key=key)
    RoundCriticalRule.objects.create(round=round_, criterion=criterion, rule="block")
    return criterion


def judge(proposal, *, reviewer=None, first="yes"):
    """A submitted assessment that says yes to all but item 1, of which it says `first`."""
    reviewer = reviewer or make_reviewer(proposal.round)
    assessment = make_assessment(proposal=proposal, reviewer=reviewer)
    answer_all(assessment)
    if first != "yes":
        found = next(each for each in load_draft(assessment).places() if each.criterion.key == "1")
        given = GivenResponse(found.criterion.pk, found.stored.revision, first, "Not shown anywhere.")
        save_responses(assessment=assessment, given=[given], by=reviewer)
    return submit_assessment(assessment=assessment_with_round(assessment.pk), by=reviewer)
