"""Everybody can read what is judged, with its source; drafts only those who look after instruments."""

import pytest
from django.urls import reverse

from checklist.models import InstrumentVersion
from checklist.selectors.instruments import sheet
from tests.factories import make_administrator, make_auditor, make_user

pytestmark = pytest.mark.django_db


def test_version_page_shows_wording_levels_source_and_rules(client, instruments):
    client.force_login(make_user())

    checklist = client.get(instruments[0].get_absolute_url()).content.decode()
    principles = client.get(instruments[1].get_absolute_url()).content.decode()

    assert "Does the proposal have a solid empirical foundation? Is it evidence-based?" in checklist
    assert "Yes is adverse" in checklist
    assert "SIREN" in checklist
    assert "No other actor is named" in principles


def test_french_texts_are_marked_as_unofficial(client, instruments):
    client.force_login(make_user())

    page = client.get(f"{instruments[0].get_absolute_url()}?language=fr").content.decode()

    assert "unofficial translation" in page
    assert 'lang="fr"' in page


def test_draft_is_hidden_but_from_administrators(client, instruments):
    draft = InstrumentVersion.objects.create(
        instrument=instruments[0].instrument, number=2, result_kind="share", title="D", short_title="D", source="s"
    )

    client.force_login(make_user())
    assert client.get(draft.get_absolute_url()).status_code == 404
    client.force_login(make_administrator())
    assert client.get(draft.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_instrument_list_takes_the_same_queries(client, instruments, django_assert_num_queries, count):
    for number in range(2, count + 1):
        InstrumentVersion.objects.create(
            instrument=instruments[0].instrument,
            number=number,
            result_kind="share",
            title="D",
            short_title="D",
            source="s",
        )
    client.force_login(make_administrator())

    with django_assert_num_queries(5):
        client.get(reverse("checklist:instrument-list"))


def test_published_sheet_is_read_once(instruments, django_assert_num_queries):
    sheet(instruments[0].pk)

    with django_assert_num_queries(0):
        again = sheet(instruments[0].pk)

    assert [criterion.key for criterion in again.criteria] == [str(number) for number in range(1, 12)]


def test_audit_trail_is_for_auditors(client):
    client.force_login(make_user())
    assert client.get(reverse("checklist:audit-list")).status_code == 403

    auditor = make_auditor()
    client.force_login(auditor)
    assert (
        client.get(reverse("checklist:audit-list"), {"event": "user_created", "since": "2026-01-01"}).status_code == 200
    )
