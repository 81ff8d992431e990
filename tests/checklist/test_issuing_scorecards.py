"""Scorecards leave the house like every other report: looked at, numbered, kept, superseded, verified."""

import pytest
from django.urls import reverse

from checklist.actions.assessments import reopen_assessment
from checklist.actions.issuing import CannotIssue
from checklist.actions.letterheads import LetterheadGiven, set_letterhead
from checklist.actions.redactions import CannotRedact, decide_on_words
from checklist.enums import ReportKind
from checklist.jobs import make_report, make_scorecard
from checklist.models import IssuedReport, Response
from checklist.reporting.issuing import issue
from checklist.reporting.making import Options, document_of, maker_of
from checklist.reporting.scorecard import scorecard_of
from checklist.selectors.dossiers import scorecards_to_take
from checklist.selectors.scorecards import assessments_for_reports, assessments_without_scorecard, scorecard_rows
from proposals.enums import AccessLevel
from screening.models import AuditEvent
from screening.pdf import MadePdf, PdfDocument
from tests.factories import (
    answer_all,
    make_assessment,
    make_auditor,
    make_member,
    make_officer,
    make_proposal,
    make_reviewer,
    make_round,
    make_user,
    open_to,
)

from .deciding import judge
from .pdf_structure import problems_of, text_of
from .written import submit

pytestmark = pytest.mark.django_db

SCORECARD, EN = ReportKind.SCORECARD, Options("en")


@pytest.fixture
def quick_pdfs(monkeypatch):
    monkeypatch.setattr(PdfDocument, "make", lambda self: MadePdf(f"%PDF {self.content_key}".encode(), 1))


@pytest.fixture
def round_(instruments):
    return make_round("GMS-2026", title="Mekong round", donor_name="Lantern Fund")


@pytest.fixture
def officer(round_):
    return make_officer(round_)


@pytest.fixture
def assessment(round_):
    return written(make_proposal(round_, reference="P-0007"), "Rita Reviewer")


def written(proposal, name, rationale="Shown."):
    reviewer = make_reviewer(proposal.round, name=name)
    assessment = make_assessment(proposal=proposal, reviewer=reviewer)
    answer_all(assessment)
    Response.objects.filter(assessment=assessment).update(rationale=rationale)
    return submit(assessment)


def test_it_is_issued_once_for_each_state_and_counted_over_the_proposal(assessment, officer, quick_pdfs):
    first = issue(SCORECARD, assessment.pk, EN, by=officer)
    other = issue(SCORECARD, written(assessment.proposal, "Otto Other").pk, EN, by=officer)

    assert (first.number, other.number) == ("GMS-2026/P-0007/scorecard/1", "GMS-2026/P-0007/scorecard/2")
    assert (first.assessment, first.supersedes, other.supersedes) == (assessment, None, None)
    assert issue(SCORECARD, assessment.pk, EN, by=officer) == first
    assert AuditEvent.objects.filter(event="report_issued", thread=assessment.proposal.thread).count() == 2


def test_a_new_submission_supersedes_the_old_one(assessment, officer, quick_pdfs):
    first = issue(SCORECARD, assessment.pk, EN, by=officer)
    reopen_assessment(assessment=assessment, reason="A wrong page.", by=officer)
    with pytest.raises(CannotIssue):
        issue(SCORECARD, assessment.pk, EN, by=officer)
    submit(assessments_for_reports().get(pk=assessment.pk), reason="Still sound.")

    second = issue(SCORECARD, assessment.pk, EN, by=officer)

    assert second.supersedes == first


def test_language_paper_and_names_are_lines_of_their_own(assessment, officer, quick_pdfs):
    looks = [EN, Options("fr"), Options("en", "letter"), Options("en", names="letters")]
    issued = [issue(SCORECARD, assessment.pk, look, by=officer) for look in looks]

    assert [each.supersedes for each in issued] == [None] * 4
    assert [(each.language, each.paper, each.names) for each in issued] == [
        ("en", "a4", "named"), ("fr", "a4", "named"), ("en", "letter", "named"), ("en", "a4", "letters"),
    ]  # fmt: skip


def test_the_issued_pdf_bears_its_number_and_leaves_words_out(round_, officer):
    set_letterhead(given=LetterheadGiven("Lantern Fund", "#0b6e4f"), by=officer, round_=round_)
    assessment = written(make_proposal(round_, reference="P-1"), "Rita Reviewer", "Ask mary@field.example.")
    with pytest.raises(CannotIssue, match="1 place looks sensitive"):
        issue(SCORECARD, assessment.pk, EN, by=officer)
    decide_on_words(text="mary@field.example", kind="email", is_hidden=True, by=officer, proposal=assessment.proposal)

    issued = issue(SCORECARD, assessment.pk, EN, by=officer)

    with issued.file.open("rb") as file:
        data = file.read()
    assert problems_of(data, language="en") == []
    shown = text_of(data)
    assert "GMS-2026/P-1/scorecard/1, issued" in shown
    assert "mary@field" not in shown
    assert "[left out]" in shown


def test_a_name_in_the_words_is_looked_at_where_the_reviewer_has_a_letter(round_, officer, quick_pdfs):
    proposal = make_proposal(round_, reference="P-2")
    assessment = written(proposal, "Rita Reviewer", "As Rita Reviewer I doubt it.")

    assert issue(SCORECARD, assessment.pk, EN, by=officer).number
    with pytest.raises(CannotIssue, match="1 place looks sensitive"):
        issue(SCORECARD, assessment.pk, Options("en", names="letters"), by=officer)


def test_a_name_gives_way_to_the_letter_of_the_reviewer(client, round_, officer, quick_pdfs):
    proposal = make_proposal(round_, reference="P-2")
    written(proposal, "Anna First", "Sound.")
    assessment = written(proposal, "Rita Reviewer", "As RITA  REVIEWER, and not Bo Stranger, I doubt it.")
    client.force_login(officer)
    page = reverse("checklist:report-issue", args=[SCORECARD, assessment.pk]) + "?names=letters"

    [row] = client.get(page).context["rows"]
    assert (row.instead, "Write “Reviewer B” instead" in client.get(page).content.decode()) == ("Reviewer B", True)
    client.post(page, {"do": "look", row.name: "letter"})

    [row] = client.get(page).context["rows"]
    assert (row.choice, row.decided.is_hidden) == ("letter", True)
    maker = maker_of(SCORECARD)
    html = document_of(maker, assessment, EN, maker.build(assessment, EN, officer)).html
    assert "As Reviewer B, and not Bo Stranger, I doubt it." in html
    assert AuditEvent.objects.get(event="words_redacted").after == {"kind": "letter"}
    with pytest.raises(CannotRedact, match="Nobody who was asked"):
        decide_on_words(text="Bo Stranger", kind="letter", is_hidden=True, by=officer, proposal=proposal)
    assert issue(SCORECARD, assessment.pk, Options("en", names="letters"), by=officer).number


def test_who_issues_it_who_reads_it(client, assessment, round_, officer, quick_pdfs):
    issued = issue(SCORECARD, assessment.pk, EN, by=officer)
    shut = make_auditor()
    open_to(assessment.proposal, shut, AccessLevel.CLOSED)
    address = reverse("checklist:report-issue", args=[SCORECARD, assessment.pk])
    file = reverse("checklist:issued-file", args=[issued.pk])
    expected = {
        officer: (200, 200),
        make_auditor(): (403, 200),
        make_member(round_, "chair"): (403, 200),
        shut: (404, 404),
        make_member(round_, "observer"): (404, 404),
        assessment.reviewer: (404, 404),
        make_user(): (404, 404),
    }

    for person, statuses in expected.items():
        client.force_login(person)
        asked, taken = client.get(address), client.get(file)
        assert (asked.status_code, taken.status_code) == statuses, person
        assert not taken.streaming or b"".join(taken.streaming_content).startswith(b"%PDF")


def test_a_draft_and_practice_are_not_issued(round_, officer):
    draft = make_assessment(proposal=make_proposal(round_))
    practice = judge(make_proposal(round_, is_practice=True))

    for assessment in (draft, practice):
        with pytest.raises(CannotIssue):
            issue(SCORECARD, assessment.pk, EN, by=officer)


def test_working_copies_are_one_whatever_page_asked_for_them(assessment, officer, quick_pdfs):
    by_page = make_scorecard(assessment, language="en", by=officer)
    by_family = make_report(SCORECARD, assessment.pk, EN, by=officer)

    assert by_page == by_family
    maker = maker_of(SCORECARD)
    loaded = maker.load(assessment.pk)
    _card, described = scorecard_of(loaded, language="en", paper="letter")
    assert make_report(SCORECARD, assessment.pk, Options("en", "letter"), by=officer).content_key == (
        described.content_key
    )


def test_an_issue_is_no_working_copy_but_goes_into_the_dossier(assessment, officer, quick_pdfs):
    issued = issue(SCORECARD, assessment.pk, EN, by=officer)
    rows = type(assessment).objects.filter(pk=assessment.pk)

    assert scorecard_rows(rows)[0].report is None
    assert assessments_without_scorecard(rows).count() == 1
    assert scorecards_to_take(officer, assessment.proposal) == ([issued], 1)


def test_the_list_of_issues_says_what_each_is(client, assessment, round_, officer, quick_pdfs):
    issue(SCORECARD, assessment.pk, EN, by=officer)
    issue(SCORECARD, assessment.pk, Options("fr", "letter", "letters"), by=officer)
    client.force_login(make_auditor())

    shown = " ".join(client.get(reverse("checklist:issued-list", args=[round_.reference])).content.decode().split())

    assert shown.count("by Rita Reviewer") == 1
    assert "English · A4 · reviewers by name" in shown
    assert "Français · Letter · reviewers as A, B, C" in shown
    assert f"<bdi>{assessment.proposal}</bdi>" in shown


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_the_same_queries_for_one_scorecard_and_for_three(
    client, assessment, round_, officer, rows, quick_pdfs, django_assert_num_queries
):
    for number in range(rows):
        each = assessment if not number else written(make_proposal(round_), f"Reviewer {number}")
        issue(SCORECARD, each.pk, EN, by=officer)
    client.force_login(officer)
    address = reverse("checklist:issued-list", args=[round_.reference])
    client.get(address)

    with django_assert_num_queries(6):
        shown = client.get(address)
    assert len(shown.context["page"].object_list) == rows


def test_the_scorecard_page_leads_on_to_the_issue_for_those_who_take_reports(client, assessment, officer):
    report = reverse("checklist:report", args=[SCORECARD, assessment.pk])
    page = reverse("checklist:scorecard", args=[assessment.pk])
    client.force_login(officer)
    assert f"{report}?lang=en&amp;paper=a4" in client.get(page).content.decode()
    shown = client.get(report, {"lang": "en"})
    assert reverse("checklist:report-issue", args=[SCORECARD, assessment.pk]) in shown.content.decode()
    assert "Issuing it gives it a number and keeps that file for good." in shown.content.decode()

    client.force_login(assessment.reviewer)
    assert report not in client.get(page).content.decode()


def test_a_file_is_verified_with_what_it_is_about(client, assessment, officer, quick_pdfs):
    issued = issue(SCORECARD, assessment.pk, EN, by=officer)
    client.force_login(officer)

    shown = client.post(reverse("checklist:verify"), {"sha256": issued.sha256})

    assert shown.context["answer"] == "current"
    assert assessment.proposal.title in shown.content.decode()
    assert IssuedReport.objects.issued().get() == issued
