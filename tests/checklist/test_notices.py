"""What people are told, by whom it is caused, and when it may not be shown any more."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from checklist import notice_words
from checklist.actions.assessments import reopen_assessment, submit_assessment
from checklist.actions.assignments import (
    assign_reviewers,
    declare_conflict,
    decline_assignment,
    withdraw_assignment,
)
from checklist.actions.conflicts import find_conflicts
from checklist.actions.decisions import apply_decisions, record_decision
from checklist.actions.notices import tell
from checklist.enums import AssignmentState, NoticeKind
from checklist.models import Notice
from proposals.enums import AccessLevel
from proposals.models import ProposalAccess, RoleGrant
from tests.checklist.asked import asked, handed_in
from tests.checklist.deciding import judge
from tests.factories import (
    answer_all,
    make_assessment,
    make_auditor,
    make_member,
    make_officer,
    make_proposal,
    make_reviewer,
    open_to,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer(round_):
    return make_reviewer(round_)


@pytest.fixture
def chair(round_):
    return make_member(round_, "chair", name="Carl Chair")


def ask(round_, proposals, reviewers, officer, **details):
    return assign_reviewers(
        round_=round_, proposals=proposals, reviewers=reviewers, due_on=date(2031, 5, 9), by=officer, **details
    )


def told(user, kind=None):
    """Everything ever told her, shown or not."""
    rows = Notice.objects.filter(user=user).order_by("pk")
    return list(rows.filter(kind=kind) if kind else rows)


def shown(user):
    """The kinds of notices that she may be shown now."""
    return [notice.kind for notice in Notice.objects.visible_to(user).order_by("pk")]


class TestAssigned:
    def test_each_reviewer_is_told_of_each_proposal(self, round_, officer, reviewer):
        other = make_reviewer(round_, name="Other Reviewer")
        proposals = [make_proposal(round_, "Harbours"), make_proposal(round_, "Markets")]

        ask(round_, proposals, [reviewer, other], officer)

        assert [notice.proposal.title for notice in told(reviewer, "assigned")] == ["Harbours", "Markets"]
        assert len(told(other, "assigned")) == 2
        assert notice_words.sentence(told(reviewer)[0]) == (
            "You are asked to assess “Harbours”. It is due on 9 May 2031."
        )

    def test_asking_twice_tells_once_and_asking_again_tells_again(self, round_, officer, reviewer, proposal):
        [assignment] = ask(round_, [proposal], [reviewer], officer)
        ask(round_, [proposal], [reviewer], officer)
        assert len(told(reviewer)) == 1

        decline_assignment(assignment=assignment, reason="On leave.", by=reviewer)
        ask(round_, [proposal], [reviewer], officer, ask_again=True)
        assert len(told(reviewer)) == 2

    def test_nobody_is_told_what_she_did_herself(self, round_, officer, proposal):
        RoleGrant.objects.create(round=round_, user=officer, role="reviewer")

        ask(round_, [proposal], [officer], officer)

        assert told(officer) == []

    def test_it_is_shown_until_she_owes_nothing(self, round_, officer, reviewer, proposal):
        [assignment] = ask(round_, [proposal], [reviewer], officer)
        assert shown(reviewer) == ["assigned"]

        withdraw_assignment(assignment=assignment, reason="Too many.", by=officer)

        assert shown(reviewer) == []


class TestReopened:
    def test_the_reviewer_is_told_with_the_reason_each_time(self, instruments, officer, reviewer):
        assessment = make_assessment(round_=officer.grants.get().round, reviewer=reviewer)
        for reason in ("Item 3 is empty.", "Look at page 4."):
            if not assessment.submission_number:
                answer_all(assessment)
            assessment.refresh_from_db()
            submit_assessment(assessment=assessment, by=reviewer)
            reopen_assessment(assessment=assessment, reason=reason, by=officer)

        first, second = told(reviewer, "reopened")
        assert notice_words.text(first) == "Item 3 is empty."
        assert notice_words.place(second) == reverse("checklist:assessment-edit", args=[assessment.pk])
        assert shown(reviewer) == ["reopened", "reopened"]

        submit_assessment(assessment=assessment, by=reviewer)
        assert shown(reviewer) == []


class TestConflict:
    def test_those_who_decide_are_told_who_declared_one(self, round_, officer, chair, reviewer, proposal):
        [assignment] = ask(round_, [proposal], [reviewer], officer)
        make_member(round_, "observer")

        declare_conflict(assignment=assignment, declaration="My sister works there.", by=reviewer)

        assert {notice.user for notice in Notice.objects.filter(kind="conflict")} == {officer, chair}
        assert notice_words.sentence(told(chair)[0]) == (
            "Rita Reviewer declared a conflict of interest on “Safe harbours”."
        )
        assert "sister" not in str(told(chair)[0].values)

    def test_not_those_to_whom_the_proposal_is_closed(self, round_, officer, chair, reviewer, proposal):
        open_to(proposal, chair, AccessLevel.CLOSED)
        [assignment] = ask(round_, [proposal], [reviewer], officer)

        declare_conflict(assignment=assignment, declaration="My sister works there.", by=reviewer)

        assert told(chair) == []

    def test_what_the_program_found_is_told_once_with_its_number(self, round_, officer, chair):
        tied = [make_reviewer(round_, organisation_name="Blue Boat", name=f"Tied {number}") for number in (1, 2)]
        proposals = [make_proposal(round_), make_proposal(round_)]
        open_to(proposals[0], chair, AccessLevel.CLOSED)

        find_conflicts(proposals=proposals, people=tied, by=None)
        find_conflicts(proposals=proposals, people=tied, by=None)

        [of_officer], [of_chair] = told(officer), told(chair)
        assert (of_officer.values, of_chair.values) == ({"number": 4}, {"number": 2})
        assert notice_words.sentence(of_chair) == "2 possible conflicts of interest were found in Test round."

    def test_nobody_is_told_of_her_own(self, round_, officer, chair):
        chair.organisation_name = "Blue Boat"
        chair.save()

        find_conflicts(proposals=[make_proposal(round_)], people=[chair], by=None)

        assert (len(told(officer)), told(chair)) == (1, [])

    def test_whoever_lost_the_role_is_not_shown_it_any_more(self, round_, officer, chair, reviewer, proposal):
        [assignment] = ask(round_, [proposal], [reviewer], officer)
        declare_conflict(assignment=assignment, declaration="My sister works there.", by=reviewer)
        assert shown(chair) == ["conflict"]

        chair.grants.all().delete()

        assert shown(chair) == []


class TestDecided:
    @pytest.fixture
    def judged(self, instruments, round_, proposal):
        return judge(proposal)

    def decide(self, proposal, officer, outcome="fund"):
        record_decision(proposal=proposal, outcome=outcome, reasons="Good.", by=officer)
        return apply_decisions(round_=proposal.round, by=officer)

    def test_reviewers_who_took_part_officers_and_chairs_are_told(self, judged, proposal, officer, chair):
        [decision] = self.decide(proposal, officer)

        [of_reviewer], [of_chair] = told(judged.reviewer), told(chair)
        assert notice_words.sentence(of_reviewer) == (
            "The funder decided on “Safe harbours”, which you assessed: Fund."
        )
        assert notice_words.sentence(of_chair) == "1 decision of Test round has taken effect."
        assert told(officer) == []
        assert (shown(judged.reviewer), shown(chair)) == (["decided"], ["decided"])
        assert of_reviewer.key == f"decided:{decision.pk}"

    def test_nobody_who_still_owes_an_assessment_in_the_round_is(self, judged, proposal, round_, officer, chair):
        asked(make_proposal(round_), judged.reviewer, "assigned")
        asked(make_proposal(round_), chair)

        self.decide(proposal, officer)

        assert (told(judged.reviewer), told(chair)) == ([], [])

    def test_practice_that_is_not_done_keeps_nothing_back(self, judged, proposal, round_, officer):
        asked(make_proposal(round_, is_practice=True), judged.reviewer)

        self.decide(proposal, officer)

        assert shown(judged.reviewer) == ["decided"]

    def test_nobody_to_whom_it_is_closed_or_who_cannot_sign_in_is(self, judged, proposal, round_, officer, chair):
        ProposalAccess.objects.filter(user=judged.reviewer).update(level=AccessLevel.CLOSED)
        open_to(proposal, chair, AccessLevel.CLOSED)
        make_member(round_, "chair", is_active=False)

        self.decide(proposal, officer)

        assert not Notice.objects.filter(kind="decided").exists()

    def test_a_reviewer_asked_again_is_not_shown_it_any_more(self, judged, proposal, round_, officer):
        self.decide(proposal, officer)
        assert shown(judged.reviewer) == ["decided"]

        asked(make_proposal(round_), judged.reviewer, "assigned")

        assert shown(judged.reviewer) == []


class TestVisibility:
    """What was told in time is not shown any more when it may not be."""

    @pytest.fixture
    def everything(self, round_, proposal, reviewer):
        """A notice of every kind about one proposal, of whose round she is officer too; nothing is owed."""
        RoleGrant.objects.create(round=round_, user=reviewer, role="programme_officer")
        for kind in NoticeKind.values:
            tell(users=[reviewer], kind=kind, values={}, key=f"{kind}:1", proposal=proposal)
        return reviewer

    def test_a_conflict_closes_everything_of_the_proposal(self, everything, proposal):
        assert shown(everything)

        open_to(proposal, everything, AccessLevel.CLOSED)

        assert shown(everything) == []

    def test_what_asks_for_work_is_shown_only_while_it_is_owed(self, everything, proposal, instruments):
        work = {"assigned", "due_soon", "overdue", "reopened", "look_again"}
        assert work.isdisjoint(shown(everything))

        assignment = asked(proposal, everything)
        assert work <= set(shown(everything))

        handed_in(assignment)
        assert work.isdisjoint(shown(everything))

    def test_others_words_and_decisions_are_not_shown_while_she_owes_hers(self, everything, proposal):
        closed_then = {"mentioned", "decided"}
        assert closed_then <= set(shown(everything))

        assignment = asked(proposal, everything)
        assert closed_then.isdisjoint(shown(everything))

        assignment.state = AssignmentState.WITHDRAWN
        assignment.save()
        assert closed_then <= set(shown(everything))

    def test_without_any_role_or_request_only_messages_are_left(self, everything):
        everything.grants.all().delete()

        assert shown(everything) == ["message"]

    def test_an_auditor_is_shown_where_she_was_named(self, round_, proposal):
        auditor = make_auditor()
        tell(users=[auditor], kind="mentioned", values={}, key="mentioned:1", proposal=proposal)

        assert shown(auditor) == ["mentioned"]

    def test_nobody_is_shown_what_others_were_told(self, everything, round_):
        assert shown(make_officer(round_)) == []


class TestWords:
    def test_every_kind_has_a_sentence_and_a_place(self, round_, proposal, reviewer):
        values = {
            "assignment": 1, "assessment": 2, "due_on": "2031-05-09", "person": "Rita", "number": 3,
            "by": "Olga", "letter": "", "outcome": "fund", "subject": "Hello",
        }  # fmt: skip
        for kind in NoticeKind.values:
            tell(users=[reviewer], kind=kind, values=values, key=kind, proposal=proposal)

        for notice in Notice.objects.select_related("proposal__round", "round"):
            assert notice_words.sentence(notice)
            assert notice_words.place(notice).startswith("/")

    def test_a_hidden_name_stays_a_letter(self, proposal, reviewer):
        values = {"by": "", "letter": "B", "entry": 1}
        tell(users=[reviewer], kind="mentioned", values=values, key="m", proposal=proposal)

        said = notice_words.sentence(Notice.objects.get())

        assert said == "Reviewer B named you in the discussion of “Safe harbours”."

    def test_days_are_said_in_the_readers_language(self, proposal, reviewer):
        tell(users=[reviewer], kind="due_soon", values={"due_on": "2031-05-09"}, key="d", proposal=proposal)

        with translation.override("fr"):
            assert "9 mai 2031" in notice_words.sentence(Notice.objects.get())


@pytest.mark.parametrize("count", [1, 3])
def test_assigning_tells_everybody_in_one_query(round_, officer, reviewer, count):
    proposals = [make_proposal(round_) for _number in range(count)]

    with CaptureQueriesContext(connection) as captured:
        ask(round_, proposals, [reviewer], officer)

    assert sum("checklist_notice" in query["sql"] for query in captured) == 1
    assert len(told(reviewer)) == count
