"""The pages of decisions: who reads what, many at once, applying, the reserve list, and the words of a snapshot."""

import pytest
from django.urls import reverse

from checklist.actions.decisions import apply_decisions, record_decision
from checklist.actions.recommendations import record_recommendation
from checklist.models import Decision, Recommendation, StopOverride
from checklist.selectors.history import history_of
from checklist.selectors.stops import open_stops
from proposals.enums import AccessLevel
from proposals.models import Proposal, ProposalAccess
from tests.checklist.deciding import judge, make_item_critical
from tests.factories import make_assessment, make_member, make_proposal, make_reviewer, open_to

pytestmark = pytest.mark.django_db

QUERIES = 23


@pytest.fixture
def chair(round_):
    return make_member(round_, "chair", name="Clara Chair")


@pytest.fixture
def by_officer(client, officer):
    client.force_login(officer)
    return client


def page_of(name, *args):
    return reverse(f"checklist:{name}", args=args)


def decide(proposal, officer, outcome="decline", **given):
    return record_decision(proposal=proposal, outcome=outcome, reasons="As the panel says.", by=officer, **given)


class TestList:
    def test_takes_as_many_queries_for_three_as_for_one(
        self, instruments, by_officer, round_, officer, django_assert_num_queries
    ):
        make_item_critical(round_)
        reviewer = make_reviewer(round_)
        for number in ("one", "two", "three"):
            proposal = make_proposal(round_, title=f"Number {number}", amount=100, currency="USD")
            judge(proposal, reviewer=reviewer, first="no")
            decide(proposal, officer, "reserve", amount=100)
        url = page_of("decision-list", round_.reference)
        by_officer.get(url)

        for query, shown in (({}, 3), ({"q": "number one"}, 1)):
            with django_assert_num_queries(QUERIES):
                response = by_officer.get(url, query)
            assert len(response.context["listing"].rows) == shown

    def test_leaves_out_what_is_not_to_be_decided_by_her(self, instruments, by_officer, round_, officer):
        make_proposal(round_, title="Practice run", is_practice=True)
        make_proposal(round_, title="Ineligible one", status="ineligible")
        closed, owed = make_proposal(round_, title="Closed one"), make_proposal(round_, title="Owed one")
        make_proposal(round_, title="Plain one")
        open_to(closed, officer, AccessLevel.CLOSED)
        make_assessment(proposal=owed, reviewer=officer)

        text = by_officer.get(page_of("decision-list", round_.reference)).content.decode()
        # What is not eligible is named apart, below the list.
        text = text[: text.index("1 proposal is left out")]

        shown = [t for t in ("Practice run", "Ineligible one", "Closed one", "Owed one", "Plain one") if t in text]
        assert shown == ["Plain one"]

    def test_filter_and_export(self, by_officer, round_, officer):
        first, second = make_proposal(round_, title="First"), make_proposal(round_, title="Second")
        decide(first, officer)
        url = page_of("decision-list", round_.reference)

        assert [row.pk for row in by_officer.get(url, {"decision": "pending"}).context["listing"].rows] == [first.pk]
        assert [row.pk for row in by_officer.get(url, {"decision": "none"}).context["listing"].rows] == [second.pk]
        bars = [
            "bulk-bar" in by_officer.get(url, {"decision": which}).content.decode() for which in ("pending", "none")
        ]
        assert bars == [False, True]
        rows = b"".join(by_officer.get(url, {"export": "csv"}).streaming_content).decode()
        assert "As the panel says." in rows

    def test_sums_count_what_is_to_hold_against_the_budget(self, by_officer, round_, officer):
        round_.budget = 150
        round_.save()
        old = decide(make_proposal(round_, title="First"), officer, "fund", amount=100)
        apply_decisions(round_=round_, by=officer)
        decide(make_proposal(round_, title="Second"), officer, "fund", amount=80)
        sums = by_officer.get(page_of("decision-list", round_.reference)).context["sums"]
        assert (sums.granted, sums.pending, sums.left, sums.is_over) == (100, 80, -30, True)

        decide(old.proposal, officer, "decline", replaces=old)

        sums = by_officer.get(page_of("decision-list", round_.reference)).context["sums"]
        assert (sums.granted, sums.together, sums.is_over) == (0, 80, False)


class TestMany:
    def post(self, client, round_, proposals, **fields):
        data = {"proposals": [each.pk for each in proposals], "outcome": "decline", "reasons": "Outside the call."}
        return client.post(page_of("decide-many", round_.reference), data | fields)

    def test_one_decision_for_all_and_another_for_a_row(self, by_officer, round_):
        first, second, third = (make_proposal(round_, title=title) for title in "ABC")
        shown = by_officer.get(page_of("decide-many", round_.reference), {"proposals": [first.pk, second.pk]})
        assert [each.pk for each in shown.context["open_ones"]] == [first.pk, second.pk]

        self.post(
            by_officer,
            round_,
            [first, second, third],
            **{
                f"outcome_{second.pk}": "reserve",
                f"reasons_{second.pk}": "Good, but late.",
                f"amount_{second.pk}": "50",
                f"outcome_{third.pk}": "leave_out",
            },
        )

        rows = Decision.objects.order_by("proposal__title").values_list(
            "proposal__title", "outcome", "reasons", "amount"
        )
        assert list(rows) == [("A", "decline", "Outside the call.", None), ("B", "reserve", "Good, but late.", 50)]

    def test_a_refusal_stands_at_its_row_and_nothing_is_recorded(self, by_officer, round_):
        first, second = make_proposal(round_), make_proposal(round_)

        response = self.post(by_officer, round_, [first, second], **{f"outcome_{second.pk}": "fund_with_conditions"})

        assert list(response.context["form"].errors) == [f"conditions_{second.pk}"]
        assert not Decision.objects.exists()

    def test_what_is_decided_already_is_left_alone(self, by_officer, round_, officer):
        done = make_proposal(round_)
        decide(done, officer)

        response = by_officer.get(page_of("decide-many", round_.reference), {"all": 1})

        assert (response.context["open_ones"], [p.pk for p in response.context["left_alone"]]) == ([], [done.pk])


class TestApplying:
    def test_what_is_ticked_takes_effect(self, by_officer, round_, officer):
        first, second = decide(make_proposal(round_), officer), decide(make_proposal(round_), officer)
        url = page_of("decision-apply", round_.reference)
        assert by_officer.get(url).context["ready"] == 2

        by_officer.post(url, {"decisions": [first.pk]})

        assert dict(Decision.objects.values_list("pk", "state")) == {first.pk: "applied", second.pk: "pending"}

    def test_says_what_changed_since_and_what_cannot_be_applied(self, by_officer, round_, officer, chair):
        changed, gone = make_proposal(round_), make_proposal(round_)
        decide(changed, officer)
        decide(gone, officer)
        record_recommendation(proposal=changed, outcome="fund", reasons="After all.", by=chair)
        Proposal.objects.filter(pk=gone.pk).update(status="withdrawn")

        response = by_officer.get(page_of("decision-apply", round_.reference))

        found = {each.proposal_id: (each.changed, bool(each.refusal)) for each in response.context["pending"]}
        assert found == {changed.pk: (True, False), gone.pk: (False, True)}

    def test_the_reserve_list_is_ordered_by_buttons(self, by_officer, round_, officer):
        first, second = (decide(make_proposal(round_), officer, "reserve") for _number in range(2))
        url = page_of("reserve-list", round_.reference)

        by_officer.post(url, {"decision": second.pk, "up": ""})

        assert [each.pk for each in by_officer.get(url).context["rows"]] == [second.pk, first.pk]

    def test_the_chair_may_look_and_not_move(self, client, round_, officer, chair):
        decision = decide(make_proposal(round_), officer, "reserve")
        client.force_login(chair)
        url = page_of("reserve-list", round_.reference)

        assert client.get(url).status_code == 200
        assert client.post(url, {"decision": decision.pk, "up": ""}).status_code == 403


class TestOneProposal:
    def test_the_chair_overrides_and_recommends_and_the_officer_decides(
        self, instruments, client, round_, officer, chair
    ):
        criterion = make_item_critical(round_)
        proposal = make_proposal(round_, amount=100, currency="USD")
        judge(proposal, first="no")
        url = page_of("proposal-decision", proposal.pk)
        client.force_login(officer)
        fund = {"step": "decide", "decision-outcome": "fund", "decision-reasons": "Good.", "decision-amount": "90"}
        assert "has not overridden" in client.post(url, fund).content.decode()

        client.force_login(chair)
        client.post(url, {"step": "override", "stop-criterion": criterion.pk, "stop-reason": "Mended."})
        client.post(url, {"step": "recommend", "advice-outcome": "fund", "advice-reasons": "Sound."})
        assert client.post(url, fund).status_code == 403
        client.force_login(officer)
        client.post(url, fund)

        assert (StopOverride.objects.get().reason, Recommendation.objects.get().outcome) == ("Mended.", "fund")
        assert (Decision.objects.get().amount, open_stops(proposal)) == (90, [])

    def test_a_stop_that_was_said_while_the_chair_wrote_is_read_first(self, instruments, client, round_, chair):
        criterion = make_item_critical(round_)
        proposal = make_proposal(round_)
        judge(proposal, first="no")
        url = page_of("proposal-decision", proposal.pk)
        client.force_login(chair)

        def sent(page):
            [(_stop, form)] = page.context["stops"]
            seen = form["seen"].value()
            return {"step": "override", "stop-criterion": criterion.pk, "stop-seen": seen, "stop-reason": "Mended."}

        before = sent(client.get(url))
        judge(proposal, reviewer=make_reviewer(round_, name="Rita Later"), first="no")
        refused = client.post(url, before)

        assert "since you opened this page" in refused.content.decode()
        assert "Rita Later" in refused.content.decode()
        assert not StopOverride.objects.exists()
        client.post(url, sent(refused))
        assert StopOverride.objects.get().reason == "Mended."

    def test_shows_what_it_rested_on_whatever_came_later(self, instruments, by_officer, round_, officer, chair):
        make_item_critical(round_)
        proposal = make_proposal(round_)
        judge(proposal, reviewer=make_reviewer(round_, name="Rita First"), first="no")
        decide(proposal, officer)
        apply_decisions(round_=round_, by=officer)
        judge(proposal, reviewer=make_reviewer(round_, name="Rita Later"))
        record_recommendation(proposal=proposal, outcome="fund", reasons="After all.", by=chair)

        [decision] = by_officer.get(page_of("proposal-decision", proposal.pk)).context["decisions"]

        assert [each["name"] for each in decision.basis["reviewers"]] == ["Rita First"]
        assert decision.basis["recommendation"] is None
        assert decision.basis["stops"][0]["said_by"] == "Rita First"

    def test_only_the_decision_that_the_page_showed_is_reversed(self, by_officer, round_, officer):
        proposal = make_proposal(round_)
        url = page_of("proposal-decision", proposal.pk)
        typed = {"step": "decide", "decision-outcome": "decline", "decision-reasons": "Weak."}
        first = decide(proposal, officer)
        apply_decisions(round_=round_, by=officer)

        # Sent from a page that was opened before somebody else decided.
        assert "is decided already" in by_officer.post(url, typed).content.decode()
        assert Decision.objects.count() == 1

        assert f'value="{first.pk}"' in by_officer.get(url).content.decode()
        by_officer.post(url, {**typed, "decision-earlier": first.pk})
        assert Decision.objects.get(state="pending").replaces == first

    def test_a_pending_decision_is_taken_back(self, by_officer, round_, officer):
        decision = decide(make_proposal(round_), officer)

        by_officer.post(page_of("decision-withdraw", decision.pk), {"reason": "A mistake."})

        decision.refresh_from_db()
        assert decision.state == "withdrawn"


class TestIndependence:
    def test_whoever_owes_an_assessment_reads_nothing_of_it(self, instruments, client, round_, officer, chair):
        proposal = make_proposal(round_)
        record_recommendation(proposal=proposal, outcome="fund", reasons="Secret words.", by=chair)
        decide(proposal, officer)
        late = make_member(round_, "chair", name="Late Chair")
        make_assessment(proposal=proposal, reviewer=late)
        client.force_login(late)

        assert client.get(page_of("proposal-decision", proposal.pk)).status_code == 403
        assert proposal.title not in client.get(page_of("decision-list", round_.reference)).content.decode()
        said = [(entry.note, entry.changes) for entry in history_of(proposal.thread, late)]
        assert not any("Secret words." in note or "As the panel" in note for note, _changes in said)
        assert any("Secret words." in entry.note for entry in history_of(proposal.thread, officer))

    def test_a_reviewer_is_told_what_was_applied_and_no_more(self, instruments, client, round_, officer):
        proposal = make_proposal(round_)
        reviewer = make_reviewer(round_)
        judge(proposal, reviewer=reviewer)
        decide(proposal, officer, "reserve")
        client.force_login(reviewer)
        url = page_of("my-reviews", round_.reference)
        assert "The funder decided" not in client.get(url).content.decode()
        apply_decisions(round_=round_, by=officer)

        assert "The funder decided: Reserve list" in client.get(url).content.decode()
        assert client.get(page_of("proposal-decision", proposal.pk)).status_code == 403
        ProposalAccess.objects.filter(user=reviewer).update(level=AccessLevel.CLOSED)
        assert "The funder decided" not in client.get(url).content.decode()
