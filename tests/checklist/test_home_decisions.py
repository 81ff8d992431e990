"""Home says which decisions wait to be applied, and which stops wait for the chair."""

import pytest
from django.utils import timezone

from checklist.actions.decisions import apply_decisions, record_decision
from checklist.actions.recommendations import override_stop, record_recommendation
from checklist.models import Assignment, Criterion
from checklist.selectors.home import rounds_at_work
from checklist.selectors.home_decisions import stopped_proposals
from checklist.selectors.stops import open_stops
from proposals.enums import AccessLevel
from tests.factories import (
    make_member,
    make_officer,
    make_proposal,
    make_reviewer,
    make_round,
    open_to,
    pin_shipped_instruments,
)

from .deciding import judge, make_item_critical

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_(instruments):
    return make_round("MEKONG", title="Mekong round", phase="decision")


@pytest.fixture
def chair(round_):
    return make_member(round_, "chair")


def stopped_one(round_, chair, outcome="fund"):
    proposal = make_proposal(round_, status="in_review")
    judge(proposal, first="no")
    record_recommendation(proposal=proposal, outcome=outcome, reasons="Sound.", by=chair)
    return proposal


def work_of(user):
    [work] = rounds_at_work(user, today=timezone.localdate())
    return work


def let_go_on(proposal, chair):
    for stop in open_stops(proposal):
        criterion = Criterion.objects.get(pk=stop.criterion_pk)
        override_stop(proposal=proposal, criterion=criterion, reason="Weighed.", by=chair)


def test_a_decision_waits_for_the_officer_until_it_is_applied(client, round_, officer, chair):
    for _number in range(2):
        record_decision(proposal=make_proposal(round_), outcome="decline", reasons="Weak.", by=officer)
    client.force_login(officer)

    page = client.get("/").content.decode()

    assert "2 decisions are made but not applied yet." in page
    assert f"/rounds/{round_.reference}/decisions/apply/" in page
    assert (work_of(officer).to_apply, work_of(chair).to_apply) == (2, 0)
    apply_decisions(round_=round_, by=officer)
    assert (work_of(officer).to_apply, work_of(officer).waits) == (0, True)


def test_what_is_closed_to_her_or_owed_by_her_is_not_counted(round_, officer):
    closed, owed, left = (make_proposal(round_) for _number in range(3))
    for proposal in (closed, owed, left):
        record_decision(proposal=proposal, outcome="decline", reasons="Weak.", by=officer)
    other = make_officer(round_)
    open_to(closed, other, AccessLevel.CLOSED)
    for proposal in (owed, left):
        Assignment.objects.create(proposal=proposal, reviewer=other)
    left.status = "withdrawn"
    left.save()

    # What was withdrawn since holds up the others, as on the page on which decisions are applied.
    assert (work_of(officer).to_apply, work_of(other).to_apply) == (3, 1)


def test_a_stop_on_what_is_to_be_funded_waits_for_the_chair(client, round_, officer, chair):
    make_item_critical(round_)
    proposal = stopped_one(round_, chair)
    client.force_login(chair)

    page = client.get("/").content.decode()

    assert "1 proposal is to be funded, but something stops it that nobody has overridden." in page
    assert (work_of(chair).stopped, work_of(chair).waits, work_of(officer).stopped) == (1, True, 0)
    let_go_on(proposal, chair)
    assert work_of(chair).stopped == 0


def test_a_stop_that_is_said_again_waits_again(round_, chair):
    make_item_critical(round_)
    proposal, done = stopped_one(round_, chair), stopped_one(round_, chair)
    for each in (proposal, done):
        let_go_on(each, chair)
    assert stopped_proposals(chair, [round_.pk]) == {}

    judge(proposal, reviewer=make_reviewer(round_), first="no")

    assert stopped_proposals(chair, [round_.pk]) == {round_.pk: 1}


def test_a_stop_on_what_was_decided_since_waits_until_that_is_applied(round_, officer, chair):
    make_item_critical(round_)
    proposal = make_proposal(round_, status="in_review")
    judge(proposal)
    record_decision(proposal=proposal, outcome="fund", reasons="Sound.", amount=None, by=officer)
    assert work_of(chair).stopped == 0

    judge(proposal, reviewer=make_reviewer(round_), first="no")

    assert work_of(chair).stopped == 1


@pytest.mark.parametrize("outcome", ["decline", "reserve"])
def test_a_stop_on_what_is_not_to_be_funded_waits_for_nobody(round_, chair, outcome):
    make_item_critical(round_)
    stopped_one(round_, chair, outcome)

    assert work_of(chair).stopped == 0


def test_a_chair_with_a_conflict_is_not_asked(round_, chair):
    make_item_critical(round_)
    proposal = stopped_one(round_, chair)
    other = make_member(round_, "chair")
    open_to(proposal, other, AccessLevel.CLOSED)

    assert (work_of(chair).stopped, work_of(other).stopped) == (1, 0)


def test_the_round_whose_funding_is_stopped_comes_before_one_to_be_assigned(round_, officer, chair):
    newer = make_round("NEWER")
    newer.grants.create(user=chair, role="programme_officer")
    make_reviewer(newer)
    pin_shipped_instruments(newer)
    make_proposal(newer)
    make_item_critical(round_)
    stopped_one(round_, chair)

    assert [work.round for work in rounds_at_work(chair, today=timezone.localdate())] == [round_, newer]


@pytest.mark.parametrize("count", [1, 3])
def test_home_of_a_chair_takes_the_same_queries_for_three_as_for_one(
    client, round_, chair, django_assert_num_queries, count
):
    make_item_critical(round_)
    for _number in range(count):
        stopped_one(round_, chair)
    client.force_login(chair)
    client.get("/")  # what every page shows is kept from now on

    with django_assert_num_queries(10):
        assert client.get("/").status_code == 200
