"""Who asks twice for the same reports gets the batch that is there."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from checklist.actions import batches
from checklist.models import ReportBatch
from screening.models import AuditEvent
from tests.factories import make_officer, make_round

from .written import submitted

pytestmark = pytest.mark.django_db
LOOK = {"language": "en", "paper": "a4", "names": "named"}


@pytest.fixture
def round_(instruments):
    return make_round("TWICE")


@pytest.fixture
def officer(round_):
    return make_officer(round_)


def test_a_double_click_gets_the_batch_that_is_there(client, round_, officer):
    submitted(round_, 2)
    client.force_login(officer)
    address = reverse("checklist:batch-add", args=[round_.reference]) + "?all=1"
    answers = [client.post(address, {"kind": "scorecard", **LOOK}) for _ in range(2)]

    batch = ReportBatch.objects.get()
    assert {answer.url for answer in answers} == {reverse("checklist:batch", args=[batch.pk])}
    assert AuditEvent.objects.filter(event="batch_requested").count() == 1


def test_the_same_reports_are_asked_for_anew_in_another_look_or_by_another_person_or_later(round_, officer):
    cards = submitted(round_, 2)

    def ask(by=officer, subjects=cards, **look):
        options = {**LOOK, **look}
        return batches.request_batch(round_=round_, kind="scorecard", subjects=subjects, options=options, by=by)

    first = ask()
    others = [
        ask(paper="letter"),
        ask(language="fr"),
        ask(by=make_officer(round_, name="Second")),
        ask(subjects=cards[:1]),
    ]
    assert ask() == first
    ReportBatch.objects.filter(pk=first.pk).update(state="done")
    assert ask() == first
    ReportBatch.objects.filter(pk=first.pk).update(asked_at=timezone.now() - timedelta(minutes=1))
    later = ask()
    batches.cancel_batch(batch=later, by=officer)

    assert len({first.pk, later.pk, ask().pk, *(each.pk for each in others)}) == 7


def test_what_is_half_made_is_asked_for_anew_because_it_may_show_what_has_changed(round_, officer):
    cards = submitted(round_, 2)

    def ask():
        return batches.request_batch(round_=round_, kind="scorecard", subjects=cards, options=LOOK, by=officer)

    first = ask()
    ReportBatch.objects.filter(pk=first.pk).update(asked_at=timezone.now() - timedelta(minutes=5))
    assert ask() == first

    first.items.filter(position=1).update(state="done")

    assert ask() != first
