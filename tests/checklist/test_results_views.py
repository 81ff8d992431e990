"""Pages of a result: who may see them, what they say, and the way from asking to the PDF."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from checklist import jobs
from checklist.actions.assessments import reopen_assessment
from checklist.actions.assignments import declare_conflict
from checklist.actions.reports import CannotIssueScorecard, keep_scorecard, request_scorecard
from checklist.models import Assignment, IssuedReport
from checklist.reporting.scorecard import scorecard_document
from checklist.reports import build_scorecard
from checklist.scoring import ItemAnswer
from checklist.selectors.scorecards import assessments_for_reports
from screening import pdf
from screening.enums import JobState
from screening.jobs import JobRefused, requeue_stale
from screening.models import AuditEvent, Job
from screening.pdf import MadePdf, ReportFailed
from tests.factories import (
    make_auditor,
    make_member,
    make_officer,
    make_proposal,
    make_reviewer,
    make_round,
    make_user,
    pin_shipped_instruments,
)

from .test_reports import full_answers
from .written import answer, begin, submit

PAGES = ("result/", "history/", "scorecard/", "scorecard/state/", "scorecard/print/", "scorecard.pdf")


@pytest.fixture
def round_(instruments):
    round_ = make_round("GM-1", title="Mekong round", donor_name="Lantern Foundation")
    pin_shipped_instruments(round_)
    return round_


@pytest.fixture
def assessment(round_):
    draft = begin(make_proposal(round_), make_reviewer(round_))
    answer(draft, full_answers(round_, **{"10": ItemAnswer("no", "No standard is named.")}))
    return submit(draft)


@pytest.fixture
def draft(round_):
    draft = begin(make_proposal(round_), make_reviewer(round_))
    answer(draft, {"1": ItemAnswer("yes", "Shown.")})
    return draft


@pytest.fixture
def a_pdf(monkeypatch):
    """PDFs without the engine, for tests of what happens around them."""
    monkeypatch.setattr(pdf.PdfDocument, "make", lambda self: MadePdf(b"%PDF-1.7 test", 4))


def address(assessment, path):
    return f"/assessments/{assessment.pk}/{path}"


def statuses(client, assessment, paths=PAGES):
    """{path: status} of the pages of an assessment, as the person who is signed in gets them."""
    return {path: client.get(address(assessment, path)).status_code for path in paths}


def work_off(assessment):
    """What the worker does with the newest job."""
    job = Job.objects.filter(subject_id=str(assessment.pk)).latest("pk")
    jobs.handle_make_scorecard(job)
    Job.objects.filter(pk=job.pk).update(state=JobState.DONE)
    return job


# -- Who may see ------------------------------------------------------------------------------------


def test_those_who_may_not_read_the_assessment_do_not_learn_of_it(client, assessment):
    other_reviewer = make_reviewer(assessment.proposal.round)
    for user in (make_user(), other_reviewer, make_officer(make_round()), make_user(is_administrator=True)):
        client.force_login(user)
        assert statuses(client, assessment) == dict.fromkeys(PAGES, 404), user


def test_reviewer_officer_chair_observer_and_auditor_read_it(client, assessment):
    round_ = assessment.proposal.round
    people = [
        assessment.reviewer,
        make_auditor(),
        *(make_member(round_, role) for role in ("programme_officer", "chair", "observer")),
    ]
    for user in people:
        client.force_login(user)
        assert statuses(client, assessment, PAGES[:5]) == dict.fromkeys(PAGES[:5], 200), user


def test_a_draft_is_seen_by_its_reviewer_only(client, draft):
    client.force_login(make_officer(draft.proposal.round))
    assert statuses(client, draft) == dict.fromkeys(PAGES, 404)

    client.force_login(draft.reviewer)
    assert set(statuses(client, draft).values()) <= {200, 302}


def test_a_conflict_of_interest_closes_it_whatever_the_role(client, assessment):
    officer = make_officer(assessment.proposal.round)
    conflicted = Assignment.objects.create(proposal=assessment.proposal, reviewer=officer)
    declare_conflict(assignment=conflicted, declaration="My sister works there.", by=officer)

    client.force_login(officer)

    assert statuses(client, assessment) == dict.fromkeys(PAGES, 404)


def test_signing_in_comes_first(client, assessment):
    assert statuses(client, assessment) == dict.fromkeys(PAGES, 302)


# -- What they say ------------------------------------------------------------------------------------


def test_the_result_tells_marks_words_stops_and_source(client, assessment):
    client.force_login(assessment.reviewer)

    page = client.get(address(assessment, "result/")).content.decode()

    assert "91 % favourable, judged on 11 of 11" in page
    assert "No standard is named." in page
    assert "Critical items set by Lantern Foundation for this round." in page
    assert "Here: (10 × 1 + 0 × ½ + 1 × 0) ÷ 11 = 90.9 %" in page
    assert "UNIAP" in page


def test_a_draft_says_that_it_is_one_on_page_and_print(client, draft):
    client.force_login(draft.reviewer)

    assert "A draft, seen by you only" in client.get(address(draft, "result/")).content.decode()
    assert "DRAFT – not submitted" in client.get(address(draft, "scorecard/print/")).content.decode()


def test_the_result_takes_the_same_queries_with_one_proposal_or_three(
    client, assessment, django_assert_max_num_queries
):
    client.force_login(assessment.reviewer)
    client.get(address(assessment, "result/"))

    with django_assert_max_num_queries(20):
        client.get(address(assessment, "result/"))


def test_the_history_shows_before_and_after_in_words(client, assessment):
    client.force_login(assessment.reviewer)

    page = client.get(address(assessment, "history/")).content.decode()

    assert "saved the answer to 10." in page
    assert "<ins>No</ins>" in page
    assert "<ins>No standard is named.</ins>" in page


def test_the_history_of_a_reopened_assessment_keeps_its_answers_from_others(client, assessment):
    officer = make_officer(assessment.proposal.round)
    reopen_assessment(assessment=assessment, reason="Item 4 has a wrong page.", by=officer)
    client.force_login(officer)

    assert client.get(address(assessment, "history/")).status_code == 404


def test_the_print_is_in_the_language_asked_for(client, assessment):
    client.force_login(assessment.reviewer)

    assert '<html lang="fr"' in client.get(address(assessment, "scorecard/print/?lang=fr")).content.decode()
    assert '<html lang="en"' in client.get(address(assessment, "scorecard/print/?lang=xx")).content.decode()


# -- From asking to the PDF ---------------------------------------------------------------------------


def test_the_first_request_asks_for_it_and_waits_the_next_serves_the_file(client, assessment, a_pdf):
    client.force_login(assessment.reviewer)

    first = client.get(address(assessment, "scorecard.pdf"))
    assert first.url == address(assessment, "scorecard/")
    assert client.get(address(assessment, "scorecard/state/")).json() == {"is_waiting": True}
    assert "The PDF is being made" in client.get(first.url).content.decode()
    work_off(assessment)

    served = client.get(address(assessment, "scorecard.pdf"))
    assert b"".join(served.streaming_content) == b"%PDF-1.7 test"
    assert served["Content-Type"] == "application/pdf"
    assert served["Content-Disposition"].startswith('attachment; filename="scorecard-gm-1-')
    assert client.get(address(assessment, "scorecard/state/")).json() == {"is_waiting": False}
    assert "Download the PDF" in client.get(first.url).content.decode()
    events = AuditEvent.objects.filter(subject_type="assessment", event__startswith="report_").order_by("pk")
    assert [(event.event, event.actor_id) for event in events] == [
        ("report_requested", assessment.reviewer_id),
        ("report_made", assessment.reviewer_id),
        ("report_downloaded", assessment.reviewer_id),
    ]


def test_asking_twice_makes_one_job(client, assessment):
    client.force_login(assessment.reviewer)

    client.get(address(assessment, "scorecard.pdf"))
    client.get(address(assessment, "scorecard.pdf"))
    client.post(address(assessment, "scorecard/"))

    assert Job.objects.count() == 1


def test_the_handler_can_run_twice(assessment, a_pdf):
    request_scorecard(assessment=assessment, by=None)
    job = Job.objects.get()

    jobs.handle_make_scorecard(job)
    jobs.handle_make_scorecard(job)

    assert IssuedReport.objects.count() == 1
    assert AuditEvent.objects.filter(event="report_made").count() == 1


def test_the_same_finished_pdf_is_kept_once_even_when_two_workers_made_it(assessment):
    made = MadePdf(b"%PDF same", 1)

    first = keep_scorecard(assessment=assessment, content_key="k" * 64, made=made, language="en")
    second = keep_scorecard(assessment=assessment, content_key="k" * 64, made=made, language="en")

    assert first.pk == second.pk
    with first.file.open("rb") as file:
        assert file.read() == b"%PDF same"


def test_a_job_whose_worker_was_killed_is_queued_again_and_done(assessment, a_pdf, django_capture_on_commit_callbacks):
    request_scorecard(assessment=assessment, by=None)
    Job.objects.update(state=JobState.RUNNING, attempts=1, heartbeat_at="2020-01-01T00:00:00Z")

    with django_capture_on_commit_callbacks(execute=True):
        assert requeue_stale() == 1

    assert Job.objects.get().state == JobState.DONE
    assert IssuedReport.objects.get().assessment_id == assessment.pk


def test_a_failure_is_shown_with_its_reason_and_can_be_tried_again(client, assessment, monkeypatch):
    def fails(self):
        raise ReportFailed("The report took too long and was stopped.")

    monkeypatch.setattr(pdf.PdfDocument, "make", fails)
    request_scorecard(assessment=assessment, by=assessment.reviewer)
    job = Job.objects.get()
    with pytest.raises(JobRefused, match="took too long") as refusal:
        jobs.handle_make_scorecard(job)
    Job.objects.update(state=JobState.FAILED, error=str(refusal.value))
    client.force_login(assessment.reviewer)

    page = client.get(address(assessment, "scorecard/")).content.decode()
    assert "took too long" in page
    assert "Try again" in page
    client.post(address(assessment, "scorecard/"))
    assert Job.objects.filter(state=JobState.QUEUED).count() == 1


def test_without_the_libraries_it_says_what_to_install_and_offers_the_print(client, assessment, monkeypatch):
    monkeypatch.setattr("screening.checks.missing_libraries", lambda libraries: ["Pango"])
    client.force_login(assessment.reviewer)

    page = client.get(address(assessment, "scorecard.pdf"), follow=True).content.decode()

    assert "Pango cannot be loaded" in page
    assert address(assessment, "scorecard/print/") in page
    assert Job.objects.count() == 0


def test_a_draft_and_a_reopened_assessment_cannot_be_issued(assessment, draft, a_pdf):
    with pytest.raises(CannotIssueScorecard):
        request_scorecard(assessment=draft, by=draft.reviewer)
    request_scorecard(assessment=assessment, by=None)
    reopen_assessment(assessment=assessment, reason="A wrong page.", by=make_officer(assessment.proposal.round))

    with pytest.raises(JobRefused, match="reopened"):
        jobs.handle_make_scorecard(Job.objects.get())
    assert IssuedReport.objects.count() == 0


def test_a_resubmitted_assessment_gets_a_scorecard_of_its_own(assessment, a_pdf):
    request_scorecard(assessment=assessment, by=None)
    work_off(assessment)
    reopen_assessment(assessment=assessment, reason="A wrong page.", by=make_officer(assessment.proposal.round))
    again = assessments_for_reports().get(pk=assessment.pk)
    again = submit(again, reason="Still sound.")

    request_scorecard(assessment=again, by=None)
    work_off(again)

    assert IssuedReport.objects.count() == 2


# -- The command ----------------------------------------------------------------------------------------


def test_the_command_writes_the_same_pdf_as_the_application(assessment, tmp_path):
    out, file = StringIO(), tmp_path / "card.pdf"

    call_command("render_report", "scorecard", assessment=assessment.pk, output=file, stdout=out)

    assert file.read_bytes() == scorecard_document(build_scorecard(assessment)).make_here().data
    assert f"{file}: " in out.getvalue()
    assert " pages, " in out.getvalue()
    assert list(tmp_path.iterdir()) == [file]


def test_the_command_says_what_is_wrong(assessment, draft, tmp_path):
    def render(**options):
        call_command(
            "render_report", "scorecard", **{"assessment": assessment.pk, "output": tmp_path / "a.pdf"} | options
        )

    with pytest.raises(CommandError, match="no assessment 999999"):
        render(assessment=999_999)
    with pytest.raises(CommandError, match="is a draft"):
        render(assessment=draft.pk)
    with pytest.raises(CommandError, match="no directory"):
        render(output=tmp_path / "missing" / "a.pdf")
    with pytest.raises(CommandError, match="is a directory"):
        render(output=tmp_path)
