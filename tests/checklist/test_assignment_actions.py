"""Asking reviewers, declaring, declining and taking back: what is written, what is refused."""

from datetime import date

import pytest

from checklist.actions.assessments import AssessmentClosed, save_conclusion, start_assessment
from checklist.actions.assignments import (
    CannotAbstain,
    CannotAssign,
    CannotDeclare,
    CannotDecline,
    CannotWithdraw,
    abstain,
    assign_reviewers,
    declare_conflict,
    declare_no_conflict,
    decline_assignment,
    withdraw_assignment,
)
from checklist.models import Assessment, Assignment, ProposalDigest
from checklist.selectors.assigning import plan_pairs, reviewers_of
from proposals.actions.access import set_access
from proposals.models import ProposalAccess
from screening.models import AuditEvent
from tests.factories import (
    make_officer,
    make_proposal,
    make_reviewer,
    make_round,
    open_to,
    pin_shipped_instruments,
)

pytestmark = pytest.mark.django_db
DUE = date(2030, 5, 1)


@pytest.fixture
def reviewer(round_):
    return make_reviewer(round_)


def ask(round_, proposals, reviewers, officer, **more):
    return assign_reviewers(round_=round_, proposals=proposals, reviewers=reviewers, due_on=DUE, by=officer, **more)


@pytest.fixture
def assignment(round_, proposal, reviewer, officer):
    return ask(round_, [proposal], [reviewer], officer)[0]


def submit(assignment):
    """A submitted assessment as it stands in the database."""
    return Assessment.objects.create(
        assignment=assignment,
        proposal=assignment.proposal,
        reviewer=assignment.reviewer,
        state="submitted",
        submitted_at=assignment.assigned_at,
    )


def level_of(proposal, user):
    return ProposalAccess.objects.filter(proposal=proposal, user=user).values_list("level", flat=True).first()


# -- Asking -----------------------------------------------------------------------------------


def test_every_reviewer_is_asked_for_every_proposal(round_, officer):
    proposals = [make_proposal(round_), make_proposal(round_)]
    reviewers = [make_reviewer(round_), make_reviewer(round_)]

    made = ask(round_, proposals, reviewers, officer)

    assert {(row.proposal, row.reviewer) for row in made} == {(p, r) for p in proposals for r in reviewers}
    assert {(row.state, row.due_on, row.assigned_by) for row in Assignment.objects.all()} == {
        ("assigned", DUE, officer)
    }
    assert {level_of(p, r) for p in proposals for r in reviewers} == {"named"}
    proposals[0].refresh_from_db()
    assert proposals[0].status == "in_review"


def test_asking_is_on_record_for_each_proposal(assignment, proposal, officer, reviewer):
    event = AuditEvent.objects.get(event="reviewer_assigned")

    assert (event.thread, event.round_id, event.actor_id) == (proposal.thread, proposal.round_id, officer.pk)
    assert (event.subject_label, event.after) == (str(reviewer), {"due_on": "2030-05-01"})
    assert AuditEvent.objects.filter(event="proposal_status_changed", thread=proposal.thread).count() == 1


def test_asking_twice_makes_no_double(assignment, round_, proposal, reviewer, officer):
    again = ask(round_, [proposal], [reviewer], officer)

    assert again == []
    assert Assignment.objects.count() == 1
    assert AuditEvent.objects.filter(event="reviewer_assigned").count() == 1


def test_left_out_pairs_are_not_asked(round_, proposal, reviewer, officer):
    other = make_reviewer(round_)

    made = ask(round_, [proposal], [reviewer, other], officer, leave_out={(proposal.pk, reviewer.pk)})

    assert [row.reviewer for row in made] == [other]


def test_a_conflict_on_record_is_never_asked_again(assignment, round_, proposal, reviewer, officer):
    declare_conflict(assignment=assignment, declaration="My sister works there.", by=reviewer)

    assert ask(round_, [proposal], [reviewer], officer, ask_again=True) == []
    assert level_of(proposal, reviewer) == "closed"


def test_somebody_to_whom_the_proposal_is_closed_is_not_asked(round_, proposal, reviewer, officer):
    open_to(proposal, reviewer, "closed")

    assert ask(round_, [proposal], [reviewer], officer) == []


def test_who_declined_is_asked_again_only_when_wanted(assignment, round_, proposal, reviewer, officer):
    decline_assignment(assignment=assignment, reason="On leave.", by=reviewer)

    assert ask(round_, [proposal], [reviewer], officer) == []
    assert [row.pk for row in ask(round_, [proposal], [reviewer], officer, ask_again=True)] == [assignment.pk]
    assignment.refresh_from_db()
    assert (assignment.state, assignment.closing_reason, assignment.closed_at) == ("assigned", "", None)
    assert level_of(proposal, reviewer) == "named"


def test_a_draft_comes_back_when_the_reviewer_is_asked_again(
    instruments, assignment, round_, proposal, reviewer, officer
):
    pin_shipped_instruments(round_)
    declare_no_conflict(assignment=assignment, by=reviewer)
    draft = Assessment.objects.get(assignment=assignment)
    withdraw_assignment(assignment=assignment, reason="Wrong person.", by=officer)

    (again,) = ask(round_, [proposal], [reviewer], officer)
    again = declare_no_conflict(assignment=again, by=reviewer)

    assert start_assessment(assignment=again, by=reviewer) == draft


def test_a_proposal_of_another_round_is_refused(round_, reviewer, officer):
    stray = make_proposal(make_round())

    with pytest.raises(CannotAssign, match="another round"):
        ask(round_, [stray], [reviewer], officer)


def test_only_reviewers_of_the_round_are_asked(round_, proposal, officer):
    stranger = make_reviewer(make_round())

    with pytest.raises(CannotAssign, match="not a reviewer"):
        ask(round_, [proposal], [stranger], officer)


# -- The plan that is shown first ---------------------------------------------------------------


def test_the_plan_says_who_is_left_out_and_why(round_, proposal, officer):
    asked, declined, closed, free = (make_reviewer(round_) for _number in range(4))
    ask(round_, [proposal], [asked, declined], officer)
    decline_assignment(assignment=Assignment.objects.get(reviewer=declined), reason="On leave.", by=declined)
    open_to(proposal, closed, "closed")

    plan = plan_pairs([proposal], [asked, declined, closed, free])

    assert [pair.obstacle for pair in plan] == [
        "is asked already",
        "declined before: “On leave.”",
        "has a conflict of interest on record",
        "",
    ]


def test_the_load_of_a_reviewer_counts_this_round_only(assignment, round_, reviewer, officer):
    submit(assignment)
    ask(round_, [make_proposal(round_)], [reviewer], officer)
    elsewhere = make_round()
    elsewhere.grants.create(user=reviewer, role="reviewer")
    ask(elsewhere, [make_proposal(elsewhere)], [reviewer], make_officer(elsewhere))

    (person,) = reviewers_of(round_)

    assert (person.asked_count, person.submitted_count) == (2, 1)


# -- Declaring ----------------------------------------------------------------------------------


def test_no_conflict_opens_the_proposal_and_begins_the_assessment(instruments, assignment, proposal, reviewer):
    pin_shipped_instruments(proposal.round)

    declared = declare_no_conflict(assignment=assignment, by=reviewer, declaration="None.")

    assert (declared.state, declared.declaration) == ("declared", "None.")
    assert declared.declared_at is not None
    assert level_of(proposal, reviewer) == "full"
    assert Assessment.objects.get(assignment=assignment).state == "draft"
    event = AuditEvent.objects.get(event="no_conflict_declared")
    assert (event.thread, event.actor_id, event.note) == (proposal.thread, reviewer.pk, "None.")


def test_a_round_without_instruments_keeps_the_declaration(assignment, reviewer):
    declared = declare_no_conflict(assignment=assignment, by=reviewer)

    assert declared.state == "declared"
    assert not Assessment.objects.exists()


def test_a_conflict_closes_the_proposal_at_once_and_stays_on_record(assignment, proposal, reviewer):
    declared = declare_conflict(assignment=assignment, declaration=" My sister works there. ", by=reviewer)

    assert (declared.state, declared.declaration) == ("conflicted", "My sister works there.")
    assert level_of(proposal, reviewer) == "closed"
    event = AuditEvent.objects.get(event="conflict_declared")
    assert (event.note, event.before, event.after) == (
        "My sister works there.",
        {"state": "assigned"},
        {"state": "conflicted"},
    )


def test_a_conflict_can_be_declared_while_the_assessment_is_a_draft(instruments, assignment, proposal, reviewer):
    pin_shipped_instruments(proposal.round)
    declare_no_conflict(assignment=assignment, by=reviewer)

    declare_conflict(assignment=assignment, declaration="I know the director.", by=reviewer)

    assert level_of(proposal, reviewer) == "closed"
    assert not Assessment.objects.visible_to(reviewer).exists()


def test_a_conflict_needs_words(assignment, reviewer):
    with pytest.raises(CannotDeclare, match="own words"):
        declare_conflict(assignment=assignment, declaration="  ", by=reviewer)

    assignment.refresh_from_db()
    assert assignment.state == "assigned"


def test_a_conflict_cannot_be_declared_after_submission(assignment, reviewer):
    submit(assignment)

    with pytest.raises(CannotDeclare, match="submitted"):
        declare_conflict(assignment=assignment, declaration="Late.", by=reviewer)


def test_nobody_declares_for_somebody_else(assignment, officer):
    with pytest.raises(CannotDeclare):
        declare_no_conflict(assignment=assignment, by=officer)
    with pytest.raises(CannotDeclare):
        declare_conflict(assignment=assignment, declaration="Hers.", by=officer)


def test_one_declares_once(assignment, reviewer):
    declare_no_conflict(assignment=assignment, by=reviewer)

    with pytest.raises(CannotDeclare):
        declare_no_conflict(assignment=assignment, by=reviewer)


def test_a_conflict_is_not_taken_back(assignment, reviewer):
    declare_conflict(assignment=assignment, declaration="My sister works there.", by=reviewer)

    with pytest.raises(CannotDeclare):
        declare_no_conflict(assignment=assignment, by=reviewer)
    with pytest.raises(CannotDecline):
        decline_assignment(assignment=assignment, reason="No time.", by=reviewer)


def test_a_closed_proposal_stays_closed_whatever_is_asked_for(proposal, reviewer):
    open_to(proposal, reviewer, "closed")

    set_access(proposal_id=proposal.pk, user_id=reviewer.pk, level="full")
    set_access(proposal_id=proposal.pk, user_id=reviewer.pk, level=None)

    assert level_of(proposal, reviewer) == "closed"


# -- Declining and taking back ------------------------------------------------------------------


def test_declining_keeps_what_was_declared_and_takes_access_away(assignment, proposal, reviewer):
    declare_no_conflict(assignment=assignment, by=reviewer, declaration="None at all.")

    declined = decline_assignment(assignment=assignment, reason="Ill.", by=reviewer)

    assert (declined.state, declined.closing_reason, declined.declaration) == ("declined", "Ill.", "None at all.")
    assert level_of(proposal, reviewer) is None
    assert AuditEvent.objects.get(event="assignment_declined").note == "Ill."


def test_declining_needs_a_reason_and_the_reviewer_herself(assignment, reviewer, officer):
    with pytest.raises(CannotDecline, match="why"):
        decline_assignment(assignment=assignment, reason="", by=reviewer)
    with pytest.raises(CannotDecline, match="herself"):
        decline_assignment(assignment=assignment, reason="Ill.", by=officer)


def test_a_submitted_assessment_cannot_be_declined_or_taken_back(assignment, reviewer, officer):
    submit(assignment)

    with pytest.raises(CannotDecline, match="submitted"):
        decline_assignment(assignment=assignment, reason="Ill.", by=reviewer)
    with pytest.raises(CannotWithdraw, match="submitted"):
        withdraw_assignment(assignment=assignment, reason="Too late.", by=officer)


def test_taking_back_needs_a_reason_and_is_on_record(assignment, proposal, reviewer, officer):
    with pytest.raises(CannotWithdraw, match="why"):
        withdraw_assignment(assignment=assignment, reason=" ", by=officer)

    taken = withdraw_assignment(assignment=assignment, reason="Asked by mistake.", by=officer)

    assert (taken.state, taken.closing_reason) == ("withdrawn", "Asked by mistake.")
    assert level_of(proposal, reviewer) is None
    event = AuditEvent.objects.get(event="assignment_withdrawn")
    assert (event.actor_id, event.subject_label, event.note) == (officer.pk, str(reviewer), "Asked by mistake.")
    with pytest.raises(CannotWithdraw, match="closed"):
        withdraw_assignment(assignment=taken, reason="Again.", by=officer)


# -- Abstaining ---------------------------------------------------------------------------------


def test_abstaining_closes_the_proposal_and_keeps_draft_and_declaration(
    instruments, round_, proposal, reviewer, officer
):
    pin_shipped_instruments(round_)
    [assignment] = ask(round_, [proposal], [reviewer], officer)
    declare_no_conflict(assignment=assignment, by=reviewer, declaration="None.")

    done = abstain(assignment=assignment, reason=" Outside what I know. ", by=reviewer)

    assert (done.state, done.closing_reason, done.declaration) == ("abstained", "Outside what I know.", "None.")
    assert not ProposalAccess.objects.filter(proposal=proposal, user=reviewer).exists()
    assert Assessment.objects.filter(assignment=assignment, state="draft").exists()
    event = AuditEvent.objects.get(event="assignment_abstained")
    assert (event.actor_id, event.note, event.after) == (reviewer.pk, "Outside what I know.", {"state": "abstained"})
    digest = ProposalDigest.objects.get(proposal=proposal)
    assert (digest.asked, digest.submitted, digest.undeclared, digest.conflicted) == (0, 0, 0, 0)


def test_a_draft_takes_no_answers_after_an_abstention(instruments, round_, proposal, reviewer, officer):
    pin_shipped_instruments(round_)
    [assignment] = ask(round_, [proposal], [reviewer], officer)
    declare_no_conflict(assignment=assignment, by=reviewer)
    draft = Assessment.objects.get(assignment=assignment)
    abstain(assignment=assignment, reason="Outside what I know.", by=reviewer)

    with pytest.raises(AssessmentClosed, match="You abstained"):
        save_conclusion(assessment=draft, conclusion="", reason="More", override_reason="", revision=0, by=reviewer)


def test_who_abstained_is_asked_again_only_when_wanted(instruments, round_, proposal, reviewer, officer):
    pin_shipped_instruments(round_)
    [assignment] = ask(round_, [proposal], [reviewer], officer)
    declare_no_conflict(assignment=assignment, by=reviewer)
    abstain(assignment=assignment, reason="Outside what I know.", by=reviewer)

    assert ask(round_, [proposal], [reviewer], officer) == []
    assert plan_pairs([proposal], [reviewer])[0].obstacle == "abstained before: “Outside what I know.”"
    [again] = ask(round_, [proposal], [reviewer], officer, ask_again=True)
    assert (again.pk, again.state, again.closing_reason) == (assignment.pk, "assigned", "")


def test_abstaining_comes_after_the_declaration(assignment, reviewer):
    with pytest.raises(CannotAbstain, match="not declared yet"):
        abstain(assignment=assignment, reason="Outside what I know.", by=reviewer)


def test_abstaining_needs_a_reason_and_the_reviewer_herself(assignment, reviewer, officer):
    declare_no_conflict(assignment=assignment, by=reviewer)

    with pytest.raises(CannotAbstain, match="Say why"):
        abstain(assignment=assignment, reason=" ", by=reviewer)
    with pytest.raises(CannotAbstain, match="herself"):
        abstain(assignment=assignment, reason="Outside what she knows.", by=officer)


def test_nobody_abstains_from_what_is_submitted_or_closed(assignment, reviewer, round_, officer):
    declare_no_conflict(assignment=assignment, by=reviewer)
    submit(assignment)
    with pytest.raises(CannotAbstain, match="is submitted"):
        abstain(assignment=assignment, reason="Too late.", by=reviewer)

    [other] = ask(round_, [make_proposal(round_)], [reviewer], officer)
    decline_assignment(assignment=other, reason="On leave.", by=reviewer)
    with pytest.raises(CannotAbstain, match="closed already"):
        abstain(assignment=other, reason="Twice.", by=reviewer)
