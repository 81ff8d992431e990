"""Eligibility: conditions of a round, what is recorded for a proposal, and what follows from it."""

import pytest
from django.urls import reverse

from checklist.actions.assessments import AssessmentClosed
from checklist.actions.assignments import CannotAssign, assign_reviewers
from checklist.actions.eligibility import (
    CannotCheck,
    CannotSetChecks,
    Condition,
    Finding,
    pass_all,
    record_eligibility,
    set_checks,
)
from checklist.models import Assignment, EligibilityResult
from checklist.selectors.eligibility import Counts, counts_of, not_assignable, proposals_to_check, reasons_of
from proposals.enums import AccessLevel
from proposals.models import Proposal
from screening.models import AuditEvent
from tests.factories import (
    answer_all,
    make_assessment,
    make_member,
    make_officer,
    make_proposal,
    make_reviewer,
    make_round,
    open_to,
)

pytestmark = pytest.mark.django_db

PASSED, FAILED = Finding("passed"), Finding("failed", "Registered in another country.")


@pytest.fixture
def round_():
    return make_round()


@pytest.fixture
def officer(client, round_):
    officer = make_officer(round_)
    client.force_login(officer)
    return officer


@pytest.fixture
def checks(round_, officer):
    conditions = [Condition("Registered", "See the annex."), Condition("In the region")]
    return set_checks(round_=round_, conditions=conditions, by=officer)


def record(proposal, officer, *findings, **said):
    checks = proposal.round.eligibility_checks.order_by("position")
    given = {check.pk: finding for check, finding in zip(checks, findings, strict=False)}
    return record_eligibility(proposal=proposal, findings=given, by=officer, **said)


class TestConditions:
    def test_order_words_and_record(self, round_, officer, checks):
        first, second = checks
        set_checks(
            round_=round_,
            conditions=[Condition("In the region", pk=second.pk), Condition("Registered", "By law.", first.pk)],
            by=officer,
        )

        assert list(round_.eligibility_checks.order_by("position").values_list("pk", "guidance")) == [
            (second.pk, ""),
            (first.pk, "By law."),
        ]
        event = AuditEvent.objects.filter(event="eligibility_checks_set").latest("pk")
        assert event.before == {"conditions": ["Registered (See the annex.)", "In the region"]}
        assert event.after == {"conditions": ["In the region", "Registered (By law.)"]}

    def test_the_same_again_leaves_no_trace(self, round_, officer, checks):
        same = [Condition(check.wording, check.guidance, check.pk) for check in checks]
        set_checks(round_=round_, conditions=same, by=officer)

        assert AuditEvent.objects.filter(event="eligibility_checks_set").count() == 1

    @pytest.mark.parametrize(
        ("conditions", "words", "row"),
        [
            ([Condition("")], "Write the condition", 0),
            ([Condition("A"), Condition("a")], "twice", 1),
            ([Condition("A", pk=0)], "removed in the meantime", 0),
        ],
    )
    def test_what_cannot_be_a_condition(self, round_, officer, conditions, words, row):
        with pytest.raises(CannotSetChecks, match=words) as refusal:
            set_checks(round_=round_, conditions=conditions, by=officer)

        assert refusal.value.row == row

    def test_what_was_judged_stays_what_was_judged(self, round_, officer, checks):
        record(make_proposal(round_), officer, PASSED)
        first, second = checks

        with pytest.raises(CannotSetChecks, match="checked against these words"):
            set_checks(
                round_=round_,
                conditions=[Condition("Registered somewhere", pk=first.pk), Condition("In the region", pk=second.pk)],
                by=officer,
            )
        with pytest.raises(CannotSetChecks, match="cannot be removed"):
            set_checks(round_=round_, conditions=[Condition("In the region", pk=second.pk)], by=officer)

        assert round_.eligibility_checks.count() == 2


class TestRecording:
    def test_all_passed_may_be_assigned(self, round_, officer, checks):
        proposal = make_proposal(round_)

        assert record(proposal, officer, PASSED, PASSED).status == "received"
        assert not_assignable([proposal]) == {}
        event = AuditEvent.objects.get(event="eligibility_checked")
        assert (event.thread, event.after) == (proposal.thread, {"Registered": "passed", "In the region": "passed"})

    def test_one_failure_makes_it_ineligible_with_the_reason_on_record(self, round_, officer, checks):
        proposal = record(make_proposal(round_), officer, FAILED)

        assert proposal.status == "ineligible"
        assert reasons_of(proposal) == [("Registered", "Registered in another country.")]
        noted = AuditEvent.objects.get(event="proposal_status_changed")
        assert noted.note == "Registered in another country."

    def test_a_failure_needs_a_reason(self, round_, officer, checks):
        with pytest.raises(CannotCheck, match="Say why the proposal fails") as refusal:
            record(make_proposal(round_), officer, Finding("failed", " "))

        assert refusal.value.check_pk == checks[0].pk
        assert not EligibilityResult.objects.exists()

    def test_it_is_undone_only_with_a_reason(self, round_, officer, checks):
        proposal = record(make_proposal(round_), officer, FAILED)

        with pytest.raises(CannotCheck, match="Say why you change"):
            record(proposal, officer, Finding())
        proposal = record(proposal, officer, Finding(), change_reason="Taken for another one.")

        assert proposal.status == "received"
        assert not proposal.eligibility_results.exists()
        event = AuditEvent.objects.filter(event="eligibility_checked").latest("pk")
        assert event.note == "Taken for another one."
        assert event.before == {"Registered": "failed: Registered in another country."}

    def test_undone_it_goes_back_into_the_review_it_was_in(self, round_, officer, checks):
        proposal = make_proposal(round_, status="in_review")
        Assignment.objects.create(proposal=proposal, reviewer=make_reviewer(round_))
        proposal = record(proposal, officer, FAILED)

        assert record(proposal, officer, PASSED, change_reason="Found the paper.").status == "in_review"

    def test_the_same_again_leaves_no_trace(self, round_, officer, checks):
        proposal = record(make_proposal(round_), officer, PASSED)
        record(proposal, officer, PASSED)

        assert AuditEvent.objects.filter(event="eligibility_checked").count() == 1

    @pytest.mark.parametrize(
        ("fields", "words"),
        [({"status": "funded"}, "not changed any more"), ({"is_practice": True}, "for practice")],
    )
    def test_who_is_past_it_is_refused(self, round_, officer, checks, fields, words):
        with pytest.raises(CannotCheck, match=words):
            record(make_proposal(round_, **fields), officer, PASSED)

    def test_a_condition_of_another_round_is_refused(self, round_, officer, checks):
        elsewhere = make_round()
        with pytest.raises(CannotCheck, match="does not belong"):
            record_eligibility(
                proposal=make_proposal(elsewhere), findings={checks[0].pk: PASSED}, by=make_officer(elsewhere)
            )

    def test_only_an_officer_to_whom_it_is_open_checks_a_proposal(self, round_, officer, checks):
        proposal, torn = make_proposal(round_), make_officer(round_)
        open_to(proposal, torn, AccessLevel.CLOSED)

        for who in (torn, make_member(round_, "chair"), make_officer(make_round())):
            with pytest.raises(CannotCheck, match="Only a programme officer"):
                record(proposal, who, FAILED)
        with pytest.raises(CannotCheck, match="Only a programme officer"):
            pass_all(round_=round_, proposals=[proposal], by=make_member(round_, "chair"))

        assert pass_all(round_=round_, proposals=[proposal], by=torn) == []
        assert not proposal.eligibility_results.exists()

    def test_pass_all_leaves_failures_and_others_alone(self, round_, officer, checks):
        open_one, failed = make_proposal(round_), record(make_proposal(round_), officer, FAILED)
        decided, elsewhere = make_proposal(round_, status="declined"), make_proposal(make_round())

        passed = pass_all(round_=round_, proposals=[open_one, failed, decided, elsewhere], by=officer)

        assert open_one in passed
        failed.refresh_from_db()
        assert failed.status == "ineligible"
        assert set(open_one.eligibility_results.values_list("outcome", flat=True)) == {"passed"}
        assert not decided.eligibility_results.exists()
        assert not elsewhere.eligibility_results.exists()
        assert pass_all(round_=round_, proposals=[open_one], by=officer) == []


class TestWhatFollows:
    def ask(self, proposal, officer):
        reviewer = make_reviewer(proposal.round)
        return assign_reviewers(
            round_=proposal.round, proposals=[proposal], reviewers=[reviewer], due_on=None, by=officer
        )

    @pytest.mark.parametrize(
        ("findings", "words"), [((FAILED,), "found not eligible"), ((PASSED,), "has not passed all")]
    )
    def test_only_eligible_proposals_can_be_assigned(self, round_, officer, checks, findings, words):
        proposal = record(make_proposal(round_), officer, *findings)

        with pytest.raises(CannotAssign, match=words):
            self.ask(proposal, officer)
        assert not Assignment.objects.exists()

    def test_eligible_practice_and_rounds_without_conditions_can(self, round_, officer, checks):
        eligible = record(make_proposal(round_), officer, PASSED, PASSED)

        assert self.ask(eligible, officer)
        assert self.ask(make_proposal(round_, is_practice=True), officer)
        elsewhere = make_round()
        assert self.ask(make_proposal(elsewhere), make_officer(elsewhere))

    def test_what_became_ineligible_takes_no_answers(self, instruments, round_, officer):
        draft = make_assessment(round_)
        set_checks(round_=round_, conditions=[Condition("Registered")], by=officer)
        record(draft.proposal, officer, FAILED)
        draft.proposal.refresh_from_db()

        with pytest.raises(AssessmentClosed, match="not eligible"):
            answer_all(draft)

    @pytest.mark.parametrize("count", [1, 3])
    def test_asking_takes_the_same_queries(self, round_, officer, checks, django_assert_num_queries, count):
        proposals = [make_proposal(round_) for _number in range(count)]

        with django_assert_num_queries(2):
            assert len(not_assignable(proposals)) == count


class TestPages:
    def url(self, name, *args):
        return reverse(f"checklist:{name}", args=args)

    def test_counts_filter_and_reasons(self, client, round_, officer, checks):
        record(make_proposal(round_, title="Failed one"), officer, FAILED)
        record(make_proposal(round_, title="Eligible one"), officer, PASSED, PASSED)
        record(make_proposal(round_, title="Half one"), officer, PASSED)
        make_proposal(round_, title="Practice one", is_practice=True)

        url = self.url("eligibility-list", round_.reference)
        page = client.get(url)
        failed = client.get(f"{url}?state=ineligible").content.decode()
        eligible = client.get(f"{url}?state=eligible").content.decode()

        assert page.context["counts"] == Counts(eligible=1, ineligible=1, open=1)
        assert "Practice one" not in page.content.decode()
        assert "Registered in another country." in failed
        assert "Eligible one" not in failed
        assert "Eligible one" in eligible
        assert "Half one" not in eligible

    def test_without_conditions_the_officer_is_led_to_them(self, client, round_, officer):
        page = client.get(self.url("eligibility-list", round_.reference)).content.decode()

        assert self.url("round-checks", round_.reference) in page

    def test_an_observer_reads_and_changes_nothing(self, client, round_, officer, checks):
        proposal = make_proposal(round_)
        client.force_login(make_member(round_, "observer"))

        page = client.get(self.url("eligibility-list", round_.reference)).content.decode()

        assert proposal.title in page
        assert self.url("proposal-eligibility", proposal.pk) not in page

    def test_a_proposal_closed_by_a_conflict_is_not_listed(self, client, round_, officer, checks):
        proposal = make_proposal(round_, title="Closed one")
        open_to(proposal, officer, "closed")

        page = client.get(self.url("eligibility-list", round_.reference))
        bulk = client.get(self.url("eligibility-pass", round_.reference), {"proposals": proposal.pk})

        assert "Closed one" not in page.content.decode()
        assert "Closed one" not in bulk.content.decode()

    @pytest.mark.parametrize("count", [1, 3])
    def test_the_list_takes_the_same_queries(self, client, round_, officer, checks, django_assert_num_queries, count):
        for _number in range(count):
            record(make_proposal(round_), officer, PASSED)

        with django_assert_num_queries(9):
            client.get(self.url("eligibility-list", round_.reference))

    def test_the_export_has_conditions_and_reasons(self, client, round_, officer, checks):
        record(make_proposal(round_), officer, FAILED)

        response = client.get(self.url("eligibility-list", round_.reference), {"export": "csv"})
        text = b"".join(response.streaming_content).decode()

        assert "Registered" in text
        assert "Registered in another country." in text

    def test_one_proposal_is_checked_in_the_browser(self, client, round_, officer, checks):
        first, second = make_proposal(round_), make_proposal(round_)
        fields = {f"outcome_{checks[0].pk}": "failed", f"outcome_{checks[1].pk}": "passed"}

        refused = client.post(self.url("proposal-eligibility", first.pk), fields)
        saved = client.post(
            self.url("proposal-eligibility", first.pk),
            {**fields, f"reason_{checks[0].pk}": "No paper.", "next": "1"},
        )

        assert "Say why the proposal fails" in refused.content.decode()
        assert saved.headers["Location"] == self.url("proposal-eligibility", second.pk)
        first.refresh_from_db()
        assert first.status == "ineligible"

    def test_the_page_of_a_proposal_says_why_it_is_not_eligible(self, client, round_, officer, checks):
        proposal = record(make_proposal(round_), officer, FAILED)

        page = client.get(proposal.get_absolute_url()).content.decode()

        assert "nobody reviews this proposal" in page
        assert "Registered in another country." in page

    def test_no_reviewer_is_looked_for(self, client, round_, officer, checks):
        record(make_proposal(round_, title="Failed one"), officer, FAILED)
        make_proposal(round_, title="Practice one", is_practice=True)
        make_proposal(round_, title="Open one")
        url = self.url("proposal-list", round_.reference)

        unassigned = client.get(f"{url}?review=unassigned").context["listing"].queryset
        overview = client.get(round_.get_absolute_url()).context["overview"]

        assert [each.title for each in unassigned] == ["Open one"]
        assert overview.without_reviewer == 1

    def test_many_are_passed_after_a_look(self, client, round_, officer, checks):
        chosen, other = make_proposal(round_, title="Chosen one"), make_proposal(round_)
        failed = record(make_proposal(round_, title="Failed one"), officer, FAILED)
        url = self.url("eligibility-pass", round_.reference)

        look = client.get(url, {"proposals": [chosen.pk, failed.pk]}).content.decode()
        assert not chosen.eligibility_results.exists()
        client.post(url, {"proposals": [chosen.pk]})

        assert "Chosen one" in look
        assert "Left as they are" in look
        rows = proposals_to_check(Proposal.objects.filter(round=round_))
        assert counts_of(rows, round_) == Counts(eligible=1, ineligible=1, open=1)
        assert not other.eligibility_results.exists()

    def test_the_page_of_assigning_says_who_is_held_back(self, client, round_, officer, checks):
        make_reviewer(round_)
        record(make_proposal(round_, title="Failed one"), officer, FAILED)
        record(make_proposal(round_, title="Eligible one"), officer, PASSED, PASSED)
        pks = list(Proposal.objects.values_list("pk", flat=True))

        page = client.get(self.url("assign", round_.reference), {"proposals": pks})

        assert [str(each) for each, _why in page.context["held_back"]] == [
            str(Proposal.objects.get(title="Failed one"))
        ]
        assert [each.title for each in page.context["proposals"]] == ["Eligible one"]
        assert "was found not eligible" in page.content.decode()
