"""Statements kept for a process find what the query itself finds, for whoever asks."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from checklist.models import Assignment
from proposals.models import FundingRound, Proposal
from proposals.selectors import MOST_ROUNDS, round_seen_by, rounds_seen_by
from screening.statements import KeptModels, KeptQuery
from tests.factories import make_auditor, make_officer, make_proposal, make_reviewer, make_round, make_user

pytestmark = pytest.mark.django_db


def test_the_same_statement_serves_other_numbers_and_lists_of_other_lengths():
    titles = KeptQuery(
        lambda round_pk, pks: (
            Proposal.objects.filter(round_id=round_pk, pk__in=pks).order_by("pk").values_list("title", "amount")
        )
    )
    first, second = make_round(), make_round()
    made = [make_proposal(first, title=f"No. {number}", amount="12.50") for number in range(12)]
    other = make_proposal(second, title="Other")

    assert [title for title, _amount in titles(first.pk, [each.pk for each in made])] == [each.title for each in made]
    assert titles(second.pk, [made[0].pk, other.pk]) == [("Other", None)]
    assert str(titles(first.pk, [made[3].pk])[0][1]) == "12.50"
    with CaptureQueriesContext(connection) as queries:
        assert titles(first.pk, []) == []
    assert not queries.captured_queries


def test_dates_come_back_as_dates_and_rows_as_instances():
    round_ = make_round()
    row = Assignment.objects.create(
        proposal=make_proposal(round_), reviewer=make_reviewer(round_), due_on=dt.date(2026, 3, 1)
    )
    days = KeptQuery(lambda pk: Assignment.objects.filter(pk=pk).values_list("due_on", "assigned_at"))
    whole = KeptModels(
        lambda pk: Assignment.objects.select_related("proposal__applicant", "reviewer", "assessment").filter(pk=pk)
    )

    assert days(row.pk) == [(row.due_on, row.assigned_at)]
    with CaptureQueriesContext(connection) as queries:
        (found,) = whole(row.pk)
        assert (found.proposal.title, found.proposal.applicant, str(found.reviewer)) == (
            row.proposal.title,
            row.proposal.applicant,
            str(row.reviewer),
        )
        assert not hasattr(found, "assessment")
    assert len(queries.captured_queries) == 1
    assert found == row
    assert found.assigned_at == row.assigned_at
    assert not found._state.adding


def test_everybody_sees_the_rounds_that_the_queryset_gives():
    rounds = [make_round() for _ in range(3)]
    people = [make_officer(rounds[0]), make_reviewer(rounds[1]), make_auditor(), make_user("Nobody")]
    people.append(make_officer(rounds[0], email="nina@example.org"))

    for person in people:
        assert set(rounds_seen_by(person)) == set(FundingRound.objects.visible_to(person))
        for round_ in rounds:
            expected = FundingRound.objects.visible_to(person).filter(pk=round_.pk).first()
            assert round_seen_by(person, round_.reference) == expected


def test_a_round_beyond_those_of_the_frame_is_found_all_the_same():
    rounds = FundingRound.objects.bulk_create(
        FundingRound(reference=f"R{number}", title=f"Round {number}") for number in range(MOST_ROUNDS + 2)
    )
    auditor = make_auditor()

    assert len(rounds_seen_by(auditor)) == MOST_ROUNDS
    assert {round_seen_by(auditor, each.reference) for each in rounds} == set(rounds)
    assert round_seen_by(auditor, "NONE") is None


# The largest number of a row, and one that neither engine takes among the values of a statement.
NOBODYS = (2**63 - 1, 2**63)


def test_a_number_that_no_row_can_have_finds_nothing():
    by_pk = KeptQuery(lambda pk: Proposal.objects.filter(pk=pk).values_list("pk"))

    assert [by_pk(number) for number in NOBODYS] == [[], []]


@pytest.mark.parametrize("number", NOBODYS)
def test_a_number_that_no_row_can_have_in_an_address_is_not_found(client, number):
    client.force_login(make_user())

    assert client.get(reverse("checklist:assessment-edit", args=[number])).status_code == 404
    assert client.get(reverse("checklist:assessment-result", args=[number])).status_code == 404
