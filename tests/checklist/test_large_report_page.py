"""The page of the round report: it gathers nothing, knows what the worker noted, and forgets it with any change."""

import pytest
from django.urls import reverse

from checklist.enums import ReportKind
from checklist.jobs import make_report
from checklist.reporting import known
from checklist.reporting import round as round_module
from checklist.reporting.making import Options
from screening import audit
from screening.models import AuditEvent
from screening.pdf import MadePdf, PdfDocument
from tests.factories import make_officer, make_proposal, make_round

from .deciding import judge

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(monkeypatch):
    """Nothing is laid out: the test is about the page."""
    monkeypatch.setattr(PdfDocument, "make", lambda self: MadePdf(b"%PDF-1.7 " + self.content_key.encode(), 3))


@pytest.fixture
def round_(instruments):
    round_ = make_round("LARGE", title="A large round")
    judge(make_proposal(round_))
    return round_


@pytest.fixture
def officer(round_):
    return make_officer(round_)


def addresses(round_):
    return [reverse(f"checklist:{name}", args=[ReportKind.ROUND, round_.pk]) for name in ("report", "report-pdf")]


def gathers_nothing(monkeypatch):
    def gather(*_args):
        raise AssertionError("The page gathers the report.")

    monkeypatch.setattr(round_module, "_report", gather)


def test_the_page_gathers_nothing_before_the_report_was_asked_for(client, round_, officer, monkeypatch):
    gathers_nothing(monkeypatch)
    client.force_login(officer)
    page, file = addresses(round_)

    assert "There is no PDF of the report as it is now" in client.get(page).content.decode()
    assert client.get(file).status_code == 302


def test_what_the_worker_noted_is_shown_and_served_without_gathering(client, round_, officer, monkeypatch, made):
    report = make_report(ReportKind.ROUND, round_.pk, Options("en"), by=officer)
    gathers_nothing(monkeypatch)
    client.force_login(officer)
    page, file = addresses(round_)

    shown = client.get(page).content.decode()
    assert "Round report LARGE: A large round" in shown
    assert report.sha256 in shown
    assert b"".join(client.get(file)) == b"%PDF-1.7 " + report.content_key.encode()
    assert AuditEvent.objects.filter(event="report_downloaded", actor_id=officer.pk).count() == 1
    # The download is on record, and changes nothing of what the report shows.
    assert report.sha256 in client.get(page).content.decode()


def test_nobody_gets_what_was_gathered_for_somebody_else(client, round_, officer, made):
    make_report(ReportKind.ROUND, round_.pk, Options("en"), by=officer)
    client.force_login(make_officer(round_, name="Second Officer"))
    page, file = addresses(round_)

    assert "There is no PDF of the report as it is now" in client.get(page).content.decode()
    assert client.get(file).status_code == 302


def test_any_change_on_record_makes_the_page_forget_it(client, round_, officer, made):
    make_report(ReportKind.ROUND, round_.pk, Options("en"), by=officer)
    audit.record("round_changed", round_, by=officer, round_id=round_.pk)
    client.force_login(officer)
    page, _file = addresses(round_)

    assert "There is no PDF of the report as it is now" in client.get(page).content.decode()


def test_what_happens_in_another_round_makes_the_page_forget_nothing(client, round_, officer, made):
    report = make_report(ReportKind.ROUND, round_.pk, Options("en"), by=officer)
    other = make_round("OTHER")
    audit.record("round_changed", other, by=officer, round_id=other.pk)
    client.force_login(officer)
    page, _file = addresses(round_)

    assert report.sha256 in client.get(page).content.decode()
    audit.record("user_changed", officer, by=officer)
    assert "There is no PDF of the report as it is now" in client.get(page).content.decode()


def test_an_upgrade_of_the_program_makes_the_page_forget_it(client, round_, officer, made, monkeypatch):
    make_report(ReportKind.ROUND, round_.pk, Options("en"), by=officer)
    assert known.program_digest()
    monkeypatch.setattr(known, "program_digest", lambda: "another program")
    client.force_login(officer)
    page, _file = addresses(round_)

    assert "There is no PDF of the report as it is now" in client.get(page).content.decode()


def test_the_queries_of_the_page_do_not_grow(client, round_, officer, made, django_assert_max_num_queries):
    make_report(ReportKind.ROUND, round_.pk, Options("en"), by=officer)
    client.force_login(officer)
    page, _file = addresses(round_)
    client.get(page)

    with django_assert_max_num_queries(25):
        client.get(page)
