"""Who may do what with assignments and assessments, as predicates named like sentences.

Each agrees with the `visible_to` of its queryset; `tests/checklist/test_assessment_rules.py` compares them.
"""

import rules

from checklist.enums import AssessmentKind, AssessmentState, AssignmentState, VersionState
from checklist.models import Assessment, Assignment
from checklist.selectors.practice import is_practised
from proposals import rules as proposal_rules
from screening.roles import ROUND_ROLES, has_system_permission


@rules.predicate
def is_own_assessment(user, assessment):
    return assessment.reviewer_id == user.pk


@rules.predicate
def assessment_is_open(user, assessment):
    """Whether it takes answers: a draft of somebody who declared that she has no conflict."""
    return (
        assessment.state == AssessmentState.DRAFT
        and assessment.assignment is not None
        and assessment.assignment.state == AssignmentState.DECLARED
    )


@rules.predicate
def can_answer_reference(user, assessment):
    """A reference for practice takes answers from everybody who prepares practice."""
    is_draft = assessment.kind == AssessmentKind.REFERENCE and assessment.state == AssessmentState.DRAFT
    return is_draft and can_write_reference(user, assessment.proposal)


can_answer = can_answer_reference | (is_own_assessment & assessment_is_open)


@rules.predicate
def can_read_assessment(user, assessment):
    """Her own; others' when submitted, by role or once hers is in; nothing where a conflict closes it."""
    return Assessment.objects.visible_to(user).filter(pk=assessment.pk).exists()


@rules.predicate
def can_reopen_readable_assessment(user, assessment):
    """Whether she may reopen one of which the caller has asked already that she may read it."""
    if assessment.kind == AssessmentKind.REFERENCE:
        is_locked = assessment.state != AssessmentState.SUBMITTED or is_practised(assessment.proposal)
        return not is_locked and can_write_reference(user, assessment.proposal)
    return (
        assessment.state == AssessmentState.SUBMITTED
        and assessment.reviewer_id != user.pk
        and proposal_rules.can_reopen_assessment(user, assessment.proposal)
    )


# A submitted one, by whoever may reopen in the round; nobody reopens her own.
can_reopen_assessment = can_reopen_readable_assessment & can_read_assessment


# -- Assignments ----------------------------------------------------------------------------


@rules.predicate
def is_assigned_reviewer(user, assignment):
    """The assignment is hers: she alone declares and declines."""
    return assignment.reviewer_id == user.pk


@rules.predicate
def can_withdraw_assignment(user, assignment):
    """By role in the round, on a proposal that no conflict closes to her."""
    proposal = assignment.proposal
    return proposal_rules.can_read_proposal(user, proposal) and proposal_rules.can_assign_reviewers(
        user, proposal.round
    )


# -- Eligibility ----------------------------------------------------------------------------


@rules.predicate
def can_check_eligibility(user, round_):
    """Whether she says what is eligible in the round; on a proposal, see `can_check_proposal`."""
    return proposal_rules.may(user, round_, "check_eligibility")


@rules.predicate
def can_check_proposal(user, proposal):
    """By role, on a proposal that no conflict closes to her."""
    return proposal_rules.can_read_proposal(user, proposal) and can_check_eligibility(user, proposal.round)


# -- Conflicts of interest --------------------------------------------------------------------


@rules.predicate
def can_see_conflicts(user, round_):
    """Whether she reads what was found and decided in the round."""
    return proposal_rules.may(user, round_, "see_conflicts")


@rules.predicate
def can_decide_conflicts(user, round_):
    """Whether she confirms and dismisses in the round; never her own, see `can_decide_conflict`."""
    return proposal_rules.may(user, round_, "decide_conflicts")


@rules.predicate
def can_decide_conflict(user, suspicion):
    """By role, on a proposal that she may read, about somebody else."""
    return (
        suspicion.reviewer_id != user.pk
        and proposal_rules.can_read_proposal(user, suspicion.proposal)
        and can_decide_conflicts(user, suspicion.proposal.round)
    )


@rules.predicate
def can_keep_organisations(user):
    """Administrators, and whoever runs a round as programme officer."""
    return has_system_permission(user, "manage_people") or any(
        "change_proposal" in ROUND_ROLES[role].permissions for role in proposal_rules.roles_anywhere(user)
    )


# -- Practice -------------------------------------------------------------------------------


@rules.predicate
def can_prepare_practice(user, round_):
    """Whether she chooses what is practised in the round; on a proposal, see `can_prepare_proposal`."""
    return proposal_rules.may(user, round_, "prepare_practice")


@rules.predicate
def can_prepare_proposal(user, proposal):
    """By role, on a proposal that she may read and owes no assessment of."""
    return (
        proposal_rules.can_read_proposal(user, proposal)
        and can_prepare_practice(user, proposal.round)
        and not still_owes_assessment(user, proposal)
    )


@rules.predicate
def can_write_reference(user, proposal):
    """The same, of a proposal for practice."""
    return proposal.is_practice and can_prepare_proposal(user, proposal)


# -- Panel ----------------------------------------------------------------------------------


@rules.predicate
def still_owes_assessment(user, proposal):
    """She is asked for her own judgement and has not handed it in: everything others said stays closed."""
    asked = (AssignmentState.ASSIGNED, AssignmentState.DECLARED)
    own = Assignment.objects.filter(proposal_id=proposal.pk, reviewer_id=user.pk, state__in=asked)
    return own.exclude(assessment__state=AssessmentState.SUBMITTED).exists()


@rules.predicate
def has_assessed(user, proposal):
    """Her own assessment of the proposal is in."""
    return Assessment.objects.individual().submitted().filter(proposal_id=proposal.pk, reviewer_id=user.pk).exists()


def _on_panel(permission):
    @rules.predicate(f"may {permission} on a proposal that no conflict and no assessment of her own closes")
    def predicate(user, proposal):
        return (
            not proposal.is_practice
            and proposal_rules.can_read_proposal(user, proposal)
            and not still_owes_assessment(user, proposal)
            and (proposal_rules.may(user, proposal.round, permission) or has_assessed(user, proposal))
        )

    return predicate


# By role, and reviewers once their own assessment is in.
can_see_panel = _on_panel("see_panel")
can_discuss = _on_panel("discuss")


@rules.predicate
def can_write_consensus(user, proposal):
    """By role alone, on a proposal that she may read and owes no assessment of; never on practice."""
    return (
        not proposal.is_practice
        and proposal_rules.can_read_proposal(user, proposal)
        and proposal_rules.may(user, proposal.round, "write_consensus")
        and not still_owes_assessment(user, proposal)
    )


@rules.predicate
def can_lead_panel(user, round_):
    """Whether she opens, moves and ends the meetings of the round."""
    return proposal_rules.may(user, round_, "lead_panel")


@rules.predicate
def can_follow_panel(user, round_):
    """Whether the pages of the panel are for her at all; each proposal is asked about apart."""
    return proposal_rules.may(user, round_, "see_panel") or proposal_rules.may(user, round_, "assess")


# -- Decisions ------------------------------------------------------------------------------


@rules.predicate
def can_see_decisions(user, round_):
    """Whether the pages of the decisions are for her at all; each proposal is asked about apart."""
    return proposal_rules.may(user, round_, "see_decisions")


@rules.predicate
def can_decide_in_round(user, round_):
    """Whether she decides in the round; on a proposal, see `can_decide`."""
    return proposal_rules.may(user, round_, "decide")


def _on_decision(permission):
    @rules.predicate(f"may {permission} on a proposal that no conflict and no assessment of her own closes")
    def predicate(user, proposal):
        return (
            proposal_rules.can_read_proposal(user, proposal)
            and proposal_rules.may(user, proposal.round, permission)
            and not still_owes_assessment(user, proposal)
        )

    return predicate


can_see_decision = _on_decision("see_decisions")
can_recommend = _on_decision("recommend")
can_override_stop = _on_decision("override_stop")
can_decide = _on_decision("decide")


# -- Questions to applicants ----------------------------------------------------------------


@rules.predicate
def can_see_questions_in_round(user, round_):
    """Whether the list of questions is for her at all; each proposal is asked about apart."""
    return proposal_rules.may(user, round_, "see_questions")


@rules.predicate
def has_an_applicant(user, proposal):
    """Practice has nobody to ask."""
    return not proposal.is_practice


# With what reviewers could not judge, in whose words, and what is not sent yet.
can_see_questions = has_an_applicant & _on_decision("see_questions")
can_ask_applicant = has_an_applicant & _on_decision("ask_applicant")


@rules.predicate
def has_handed_in_before(user, proposal):
    """Her own assessment was submitted at least once, though it may be open again."""
    own = Assessment.objects.individual().filter(proposal_id=proposal.pk, reviewer_id=user.pk)
    return own.filter(submission_number__gt=0).exists()


@rules.predicate
def can_read_answers(user, proposal):
    """Whether she reads what the applicant was asked and answered, without whose questions they were.

    That there is a question tells that others could not judge, so a reviewer reads it after she has submitted.
    """
    if proposal.is_practice or not proposal_rules.can_read_proposal(user, proposal):
        return False
    return has_handed_in_before(user, proposal) or can_see_questions(user, proposal)


# -- Agreement and ranking ------------------------------------------------------------------


@rules.predicate
def can_see_agreement(user, round_):
    """Whether how far reviewers agree is for her; it opens once she owes no assessment in the round."""
    return proposal_rules.may(user, round_, "see_agreement")


@rules.predicate
def can_see_ranking(user, round_):
    """Whether the order of the proposals is for her; it opens once she owes no assessment in the round."""
    return proposal_rules.may(user, round_, "see_ranking")


@rules.predicate
def can_see_offsets(user, round_):
    """Whether she sees which reviewer is harsh and which is lenient."""
    return proposal_rules.may(user, round_, "see_offsets")


# -- Messages -------------------------------------------------------------------------------


@rules.predicate
def can_send_messages(user, round_):
    """Whether she writes to several people of the round at once, and reads what was sent."""
    return proposal_rules.may(user, round_, "send_messages")


# -- Instruments ----------------------------------------------------------------------------


@rules.predicate
def can_edit_instruments(user):
    """Whether she writes, checks and publishes versions."""
    return has_system_permission(user, "edit_instruments")


@rules.predicate
def can_see_drafts(user):
    """Whether she may look at versions before they are published."""
    return has_system_permission(user, "manage_instruments") or has_system_permission(user, "see_instruments")


@rules.predicate
def can_see_version(user, version):
    """Everybody reads what was published; drafts are for those who look after instruments."""
    return version.state != VersionState.DRAFT or can_see_drafts(user)
