"""The whole audit trail for auditors, and how a history folds what was typed."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from checklist.models import Instrument, InstrumentVersion, Response
from checklist.selectors.audit_words import in_reader_language
from checklist.selectors.history import Entry, audit_rows, history_of
from proposals.enums import AccessLevel
from screening import audit
from screening.models import AuditEvent
from tests.factories import make_assessment, make_auditor, make_officer, make_proposal, make_round, open_to

pytestmark = pytest.mark.django_db


def registered(proposal, by):
    return audit.record("proposal_registered", proposal, by=by, thread=proposal.thread, round_id=proposal.round_id)


def test_a_row_names_and_links_its_proposal_and_round(client):
    round_ = make_round("MEKONG", title="Mekong call")
    proposal = make_proposal(round_, "Safe harbours")
    registered(proposal, make_officer(round_))
    client.force_login(make_auditor())

    page = client.get(reverse("checklist:audit-list")).content.decode()

    assert f'href="{reverse("checklist:proposal-history", args=[proposal.pk])}">{proposal.reference}</a>' in page
    assert "Safe harbours" in page
    assert f'href="{round_.get_absolute_url()}"><bdi>Mekong call</bdi>' in page


def test_a_row_about_a_closed_proposal_names_nothing_of_it():
    proposal = make_proposal(make_round(), "Safe harbours")
    auditor = make_auditor()
    open_to(proposal, auditor, AccessLevel.CLOSED)
    event = registered(proposal, None)
    event.note = "About Safe harbours"

    (row,) = audit_rows([event], auditor)

    assert row.is_closed
    assert (row.proposal, row.about, row.note) == (None, "", "")
    assert "Safe harbours" not in row.text


def test_the_trail_takes_the_same_queries_for_one_row_and_three(client):
    officer = make_officer(make_round())
    client.force_login(make_auditor())
    counts = []
    for _more in range(3):
        registered(make_proposal(make_round()), officer)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("checklist:audit-list"))
        counts.append(len(queries))

    assert counts[0] == counts[2]


@pytest.fixture
def typed(instruments):
    """An assessment and a function that records one save of its first answer."""
    assessment = make_assessment()
    criterion = assessment.versions.first().criteria.order_by("position").first()
    response = Response.objects.create(assessment=assessment, criterion=criterion)

    def save(before, after, minutes):
        event = audit.record(
            "response_saved", response, by=assessment.reviewer, thread=assessment.proposal.thread,
            private_to=assessment.reviewer, before={"rationale": before}, after={"rationale": after}, label="1. Old name",
        )  # fmt: skip
        # Append-only in the database, so the time is only set for what is looked at here.
        event.at = timezone.now() + timedelta(minutes=minutes)
        return event

    return assessment, save


def test_saves_that_follow_each_other_are_one_entry_with_all_of_them_inside(typed):
    assessment, save = typed
    save("", "Th", 0)
    save("Th", "They as", 1)
    save("They as", "They asked.", 2)

    entry = history_of(assessment.proposal.thread, assessment.reviewer)[0]

    assert [(before, after) for _field, before, after in entry.changes] == [("", "They asked.")]
    assert [each.changes[0][2] for each in entry.saves] == ["They asked.", "They as", "Th"]
    assert entry.since == entry.saves[-1].at


def test_somebody_elses_event_parts_the_saves(typed):
    assessment, save = typed
    save("", "Th", 0)
    registered(assessment.proposal, None)
    save("Th", "They asked.", 1)

    entries = history_of(assessment.proposal.thread, assessment.reviewer)[:3]

    assert [len(entry.saves) for entry in entries] == [0, 0, 0]


def test_folded_saves_keep_back_what_is_private(typed):
    assessment, save = typed
    save("", "Secret", 0)
    save("Secret", "Secret words", 1)

    entry = history_of(assessment.proposal.thread, make_officer(assessment.proposal.round))[0]

    assert entry.is_hidden
    assert entry.changes == ()
    assert [each.changes for each in entry.saves] == [(), ()]


@pytest.mark.parametrize("name", ["proposal-history", "assessment-history"])
def test_what_somebody_saved_on_one_day_is_one_row_of_the_page_with_each_inside(client, typed, name):
    assessment, save = typed
    reviewer, thread = assessment.reviewer, assessment.proposal.thread
    registered(assessment.proposal, None)
    for number in range(60):
        save(f"Words {number}", f"Words {number + 1}", 0)
    audit.record(
        "conclusion_saved", assessment, by=reviewer, thread=thread, private_to=reviewer, after={"conclusion": ""}
    )
    on = assessment if name == "assessment-history" else assessment.proposal
    client.force_login(make_officer(assessment.proposal.round) if on is not assessment else reviewer)

    response = client.get(reverse(f"checklist:{name}", args=[on.pk]))

    row = response.context["page"].object_list[0]
    assert row.text == f"{reviewer} saved 61 times"
    assert [each.times for each in row.inside] == [1, 60]
    page, events = response.context["page"], AuditEvent.objects.filter(thread=thread)
    assert page.paginator.count == len(page.object_list) == len(list(page))
    assert sum(each.times for each in page.object_list) == (events.count() if on is not assessment else 62)
    assert "Show each, " in response.content.decode()
    assert "The numbers below count rows" in response.content.decode()


@pytest.mark.parametrize(("minutes", "said"), [(0, "Show each, 18:26"), (3, "Show each, 18:26–18:29")])
def test_what_was_saved_within_one_minute_has_one_time(minutes, said):
    since = datetime(2026, 11, 2, 18, 26, tzinfo=timezone.get_current_timezone())
    entry = Entry(since + timedelta(minutes=minutes), "Rita", "Rita saved 2 times", "", (), False, since=since)

    page = render_to_string("checklist/_history.html", {"entries": [replace(entry, inside=(entry, entry))]})

    assert f"<summary>{said}</summary>" in page


def test_the_page_says_how_often_an_answer_was_saved(client, typed):
    assessment, save = typed
    save("", "Th", 0)
    save("Th", "They asked.", 0)
    client.force_login(assessment.reviewer)

    page = client.get(reverse("checklist:assessment-history", args=[assessment.pk])).content.decode()

    assert "saved 2 times, " in page
    assert page.count("They asked.") == 2


def test_stored_words_are_said_in_the_language_of_the_reader(typed):
    assessment, save = typed
    with override("fr"):
        report = AuditEvent(event="report_made", subject_type="assessment", subject_label="scorecard by Rita Reviewer")
        imported = AuditEvent(event="proposal_imported", note="pile.csv, line 12")
        answer = in_reader_language([report, imported, save("", "Th", 0)])[2]
    assert report.subject_label == "fiche d’évaluation de Rita Reviewer"
    assert imported.note == "pile.csv, ligne 12"
    assert answer.subject_label != "1. Old name"

    in_reader_language([report, imported])

    assert report.subject_label == "scorecard by Rita Reviewer"
    assert imported.note == "pile.csv, line 12"


def test_scores_stand_under_the_name_of_their_instrument(instruments):
    event = AuditEvent(
        event="assessment_submitted",
        before={"state": "draft"},
        after={"state": "submitted", "siren-donor-checklist": {"marks": "F", "share": "100"}},
    )

    (event,) = in_reader_language([event])

    assert list(event.after) == ["state", "Donor checklist"]


def test_scores_of_two_instruments_with_one_name_stand_apart(instruments):
    own = Instrument.objects.create(slug="own", title="Donor checklist of our own")
    InstrumentVersion.objects.create(
        instrument=own,
        number=1,
        state="published",
        published_at=timezone.now(),
        title=own.title,
        short_title="Donor checklist",
        result_kind="share",
    )
    event = AuditEvent(
        event="assessment_submitted",
        after={
            "siren-donor-checklist": {"marks": "F"},
            "own": {"marks": "A"},
            "six-guiding-principles": {"marks": "3"},
        },
    )

    (event,) = in_reader_language([event])

    assert {name: score["marks"] for name, score in event.after.items()} == {
        "siren-donor-checklist": "F", "own": "A", "Six principles": "3",
    }  # fmt: skip


# -- By day, person and kind ------------------------------------------------------------------------


def test_every_event_has_a_kind_and_few_have_none_of_their_own():
    kinds = {code: audit.kind_of(code) for code in audit.EVENTS}

    assert set(kinds.values()) == set(audit.KINDS)
    assert {code for code, kind in kinds.items() if kind == "other"} == {"view_kept", "view_removed", "message_sent"}
    assert (kinds["eligibility_checks_set"], kinds["eligibility_checked"]) == ("rounds", "proposals")


def test_a_filter_works_without_scripts(client):
    round_ = make_round()
    proposal = make_proposal(round_, "Safe harbours")
    officer = make_officer(round_)
    registered(proposal, officer)
    audit.record("signed_in", officer, by=officer)
    client.force_login(make_auditor())

    def rows(**query):
        return [row.text for row in client.get(reverse("checklist:audit-list"), query).context["rows"]]

    assert rows(event="kind:people", actor=officer.name) == [f"{officer.name} signed in"]
    assert rows(event="proposal_registered") == [f"{officer.name} registered the proposal"]
    assert rows(event="kind:decisions") == []
    assert rows(until="2020-01-01") == []


def test_a_trail_goes_by_day_and_in_pages(client):
    officer = make_officer(make_round())
    for _event in range(60):
        audit.record("signed_in", officer, by=officer)
    client.force_login(make_auditor())

    page = client.get(reverse("checklist:audit-list"), {"event": "signed_in"})

    assert len(page.context["rows"]) == 50
    assert page.content.decode().count('class="history-day"') == len({row.day for row in page.context["rows"]})
    assert "?event=signed_in&amp;page=2" in page.content.decode()


def test_the_history_of_a_proposal_is_filtered_too(client):
    round_ = make_round()
    proposal = make_proposal(round_)
    officer = make_officer(round_)
    registered(proposal, officer)
    client.force_login(officer)
    url = reverse("checklist:proposal-history", args=[proposal.pk])

    assert [entry.text for entry in client.get(url, {"actor": officer.name}).context["page"]] == [
        f"{officer.name} registered the proposal"
    ]
    empty = client.get(url, {"event": "kind:decisions"})
    assert "No event matches" in empty.content.decode()


def test_what_one_person_saves_one_after_the_other_is_one_row_with_all_of_it_inside(typed):
    assessment, save = typed
    events = [save("", "Th", 0), save("Th", "They", 0), registered(assessment.proposal, None)]

    rows = audit_rows(reversed(events), make_auditor())

    assert [len(row.inside) for row in rows] == [0, 2]
    assert rows[1].text == f"{assessment.reviewer} saved 2 times"


def test_the_page_of_the_trail_says_that_its_numbers_count_every_event(client, typed):
    assessment, save = typed
    client.force_login(make_auditor())
    save("", "Th", 0)
    said = "The numbers below count every event;"
    assert said not in client.get(reverse("checklist:audit-list")).content.decode()

    save("Th", "They", 0)

    assert said in client.get(reverse("checklist:audit-list")).content.decode()
