"""Reports that leave the house: the look before, the number, what takes the place of what, and who may take it."""

import hashlib

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from checklist.actions.issuing import CannotIssue, request_issue
from checklist.actions.redactions import CannotRedact, decide_on_words
from checklist.enums import ReportKind
from checklist.models import Decision, IssuedReport, Redaction
from checklist.reporting.issuing import is_current, issue, may_issue
from checklist.reporting.making import Options, Stamp, document_of, maker_of
from checklist.selectors.issued import next_number
from checklist.selectors.redactions import hidden_words, open_findings, redactions_for
from proposals.enums import AccessLevel
from screening.models import AuditEvent, Job
from screening.pdf import MadePdf, PdfDocument
from tests.factories import (
    make_auditor,
    make_member,
    make_officer,
    make_organisation,
    make_proposal,
    make_round,
    make_user,
    open_to,
)

pytestmark = pytest.mark.django_db

EN = Options("en")
KIND = ReportKind.DECISION


@pytest.fixture(autouse=True)
def quick_pdfs(monkeypatch):
    """What is tested here is what is kept and under which number, not the drawing."""
    monkeypatch.setattr(PdfDocument, "make", lambda self: MadePdf(f"%PDF {self.content_key}".encode(), 1))


@pytest.fixture
def round_(db):
    return make_round("GMS-2026", title="Mekong round", donor_name="Lantern Fund")


@pytest.fixture
def officer(round_):
    return make_officer(round_)


@pytest.fixture
def proposal(round_, officer):
    proposal = make_proposal(round_, reference="P-0007")
    decide(proposal, officer)
    return proposal


def bytes_of(report):
    with report.file.open("rb") as file:
        return file.read()


def decide(proposal, by, **fields):
    fields = {"outcome": "decline", "reasons": "Not within the call.", "applied_at": proposal.created_at} | fields
    return Decision.objects.create(proposal=proposal, state="applied", by=by, **fields)


def decide_anew(proposal, by, **fields):
    old = Decision.objects.get(proposal=proposal, state="applied")
    Decision.objects.filter(pk=old.pk).update(state="replaced")
    return decide(proposal, by, replaces=old, **fields)


def test_the_first_issue_bears_its_number_and_is_on_record(proposal, officer):
    issued = issue(KIND, proposal.pk, EN, by=officer)

    assert issued.number == "GMS-2026/P-0007/decision/1"
    assert (issued.issued_by, issued.supersedes, issued.proposal) == (officer, None, proposal)
    assert hashlib.sha256(bytes_of(issued)).hexdigest() == issued.sha256
    event = AuditEvent.objects.get(event="report_issued")
    assert (event.subject_label, event.after["sha256"]) == (issued.number, issued.sha256)


def test_the_same_state_is_issued_once(proposal, officer):
    first = issue(KIND, proposal.pk, EN, by=officer)

    assert issue(KIND, proposal.pk, EN, by=officer) == first
    assert IssuedReport.objects.issued().count() == 1


def test_a_new_state_takes_the_place_of_the_old_and_names_it(proposal, officer):
    first = issue(KIND, proposal.pk, EN, by=officer)
    decide_anew(proposal, officer, reasons="Asked for too much.")

    second = issue(KIND, proposal.pk, EN, by=officer)

    assert second.number == "GMS-2026/P-0007/decision/2"
    assert second.supersedes == first
    first.refresh_from_db()
    assert first.superseded_by == second
    maker, subject = maker_of(KIND), maker_of(KIND).load(proposal.pk)
    report = maker.build(subject, EN, officer)
    assert is_current(second, maker, subject, EN, report)
    assert not is_current(first, maker, subject, EN, report)


def test_another_language_is_a_line_of_its_own_but_counts_on(proposal, officer):
    issue(KIND, proposal.pk, EN, by=officer)
    french = issue(KIND, proposal.pk, Options("fr"), by=officer)

    assert french.supersedes is None
    assert french.number.endswith("/decision/2")
    assert next_number(KIND, {"proposal": proposal}).endswith("/decision/3")


def test_number_day_and_what_it_replaces_stand_on_the_page_and_in_the_data(proposal, officer):
    maker = maker_of(KIND)
    subject = maker.load(proposal.pk)
    stamp = Stamp("GMS-2026/P-0007/decision/2", proposal.created_at, "GMS-2026/P-0007/decision/1")

    document = document_of(maker, subject, EN, maker.build(subject, EN, officer), stamp)

    assert 'data-issue="GMS-2026/P-0007/decision/2, issued' in document.html
    assert "replaces GMS-2026/P-0007/decision/1" in document.html
    assert '"supersedes": "GMS-2026/P-0007/decision/1"' in document.attachments[1].text


def test_an_issued_report_cannot_be_changed_nor_deleted(proposal, officer):
    issued = issue(KIND, proposal.pk, EN, by=officer)
    rows = IssuedReport.objects.filter(pk=issued.pk)

    for change in (
        {"number": "X/1"},
        {"sha256": "0" * 64},
        {"subject_key": "x"},
        {"proposal": make_proposal(proposal.round)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.delete()


def test_a_number_that_was_taken_at_the_same_moment_is_refused(proposal, officer, monkeypatch):
    issue(KIND, proposal.pk, EN, by=officer)
    decide_anew(proposal, officer, reasons="Other.")
    monkeypatch.setattr("checklist.reporting.issuing.next_number", lambda *_args: "GMS-2026/P-0007/decision/1")

    with pytest.raises(CannotIssue, match="same moment"):
        issue(KIND, proposal.pk, EN, by=officer)
    assert IssuedReport.objects.count() == 1


# -- The look before ------------------------------------------------------------------------------


def test_nothing_is_issued_before_every_finding_was_looked_at(proposal, officer):
    decide_anew(proposal, officer, reasons="Ask mary@field.example, then call +66 81 234 5678.")

    with pytest.raises(CannotIssue, match="2 places look sensitive"):
        issue(KIND, proposal.pk, EN, by=officer)
    decide_on_words(text="mary@field.example", kind="email", is_hidden=True, by=officer, proposal=proposal)
    decide_on_words(text="+66 81 234 5678", kind="phone", is_hidden=False, by=officer, proposal=proposal)

    issued = issue(KIND, proposal.pk, EN, by=officer)

    maker = maker_of(KIND)
    subject = maker.load(proposal.pk)
    document = document_of(maker, subject, EN, maker.build(subject, EN, officer))
    assert issued.number
    assert "mary@field.example" not in document.html + document.attachments[0].text
    assert '<span class="left-out">[left out]</span>' in document.html
    assert "+66 81 234 5678" in document.html


def test_each_decision_on_words_is_on_record_without_the_words(proposal, officer):
    decide_on_words(text="mary@field.example", kind="email", is_hidden=True, by=officer, proposal=proposal)
    decide_on_words(text="mary@field.example", kind="email", is_hidden=False, by=officer, proposal=proposal)

    assert Redaction.objects.get().is_hidden is False
    events = AuditEvent.objects.filter(event__in=("words_redacted", "words_kept")).order_by("pk")
    assert [each.event for each in events] == ["words_redacted", "words_kept"]
    assert all("mary" not in str(each.after) + each.subject_label for each in events)


@pytest.mark.parametrize(("text", "kind"), [("a", "by_hand"), ("x" * 301, "by_hand"), ("long enough", "nonsense")])
def test_words_that_cannot_be_left_out_are_refused(proposal, officer, text, kind):
    with pytest.raises(CannotRedact):
        decide_on_words(text=text, kind=kind, is_hidden=True, by=officer, proposal=proposal)


def test_words_of_the_round_are_left_out_of_its_proposals_too(proposal, officer):
    decide_on_words(text="within the call", kind="by_hand", is_hidden=True, by=officer, round_=proposal.round)
    maker = maker_of(KIND)
    subject = maker.load(proposal.pk)

    document = document_of(maker, subject, EN, maker.build(subject, EN, officer))

    assert "within the call" not in document.html
    assert open_findings(maker.build(subject, EN, officer), {"proposal": proposal}) == []


def test_what_was_let_stand_for_the_board_was_not_looked_at_for_the_applicant(proposal, officer):
    holders, of_round = {"proposal": proposal}, {"round": proposal.round}
    decide_on_words(text="a@b.example", kind="email", is_hidden=False, by=officer, round_=proposal.round)
    assert redactions_for(holders) == {}

    decide_on_words(text="a@b.example", kind="email", is_hidden=True, by=officer, proposal=proposal)
    assert (list(hidden_words(holders)), hidden_words(of_round)) == (["a@b.example"], {})
    decide_on_words(text="c@d.example", kind="email", is_hidden=True, by=officer, proposal=proposal)
    assert list(hidden_words(of_round)) == ["c@d.example"]


def test_people_of_the_round_and_other_proposals_are_looked_at_before_they_reach_an_applicant(proposal, officer):
    make_member(proposal.round, "chair", name="Clara Chair")
    make_proposal(proposal.round, title="Lanterns for the northern bridge", applicant=make_organisation("Red Kite"))
    reasons = "Clara Chair likes Lanterns for the northern bridge more."
    decide_anew(proposal, officer, reasons=reasons)

    with pytest.raises(CannotIssue, match="2 places look sensitive"):
        issue(KIND, proposal.pk, EN, by=officer)
    for words, is_hidden in (("Clara Chair", True), ("Lanterns for the northern bridge", False)):
        decide_on_words(text=words, kind="inside", is_hidden=is_hidden, by=officer, proposal=proposal)

    assert issue(KIND, proposal.pk, EN, by=officer).number


# -- Pages ----------------------------------------------------------------------------------------


def test_words_of_a_proposal_closed_to_her_do_not_stand_on_the_page_of_the_round(client, proposal, officer):
    decide_on_words(text="behind the old mill", kind="by_hand", is_hidden=True, by=officer, proposal=proposal)
    decide_on_words(text="Mekong", kind="by_hand", is_hidden=True, by=officer, round_=proposal.round)
    assert may_issue(officer, maker_of(ReportKind.ROUND), proposal.round)
    open_to(proposal, officer, AccessLevel.CLOSED)
    client.force_login(officer)

    shown = client.get(reverse("checklist:report-issue", args=["round", proposal.round_id]))

    # She could not issue all of it, so she is not asked about its words either.
    assert (shown.status_code, b"behind the old mill" in shown.content) == (403, False)


def page(name, proposal, **query):
    return reverse(f"checklist:{name}", args=["decision", proposal.pk], query={"lang": "en", **query})


def test_the_page_asks_for_decisions_first_and_then_for_the_issue(client, proposal, officer):
    decide_anew(proposal, officer, reasons="Ask mary@field.example.")
    client.force_login(officer)
    first = client.get(page("report-issue", proposal))
    assert b"1 place waits for your decision" in first.content
    assert b"Issue as" not in first.content
    (row,) = first.context["rows"]

    client.post(page("report-issue", proposal), {"do": "issue"})
    assert not Job.objects.filter(kind="checklist.issue_report").exists()
    client.post(page("report-issue", proposal), {"do": "look", row.name: "out", "by_hand": "Lantern"})

    assert b'decision/</span><wbr><span class="nowrap">1</span>' in client.get(page("report-issue", proposal)).content
    assert set(Redaction.objects.values_list("text", flat=True)) == {"mary@field.example", "Lantern"}
    client.post(page("report-issue", proposal), {"do": "issue"})
    assert Job.objects.get(kind="checklist.issue_report").requested_by == officer
    assert client.get(page("report-issue-state", proposal)).json() == {"is_waiting": True}


def test_the_worker_issues_once(proposal, officer):
    from checklist.jobs import handle_issue_report

    job = request_issue(kind=KIND, subject=proposal, options_key=EN.key, by=officer)
    handle_issue_report(job)
    handle_issue_report(job)

    assert IssuedReport.objects.get().number == "GMS-2026/P-0007/decision/1"


def test_old_and_new_issues_are_listed_and_each_download_is_on_record(client, proposal, officer):
    first = issue(KIND, proposal.pk, EN, by=officer)
    decide_anew(proposal, officer, reasons="Other.")
    issue(KIND, proposal.pk, EN, by=officer)
    client.force_login(officer)

    shown = client.get(page("report", proposal)).content.decode()
    response = client.get(reverse("checklist:issued-file", args=[first.pk]))

    assert 'decision/</span><wbr><span class="nowrap">2</span>' in shown
    assert hashlib.sha256(b"".join(response.streaming_content)).hexdigest() == first.sha256
    assert AuditEvent.objects.filter(event="report_downloaded", after__sha256=first.sha256).count() == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_issues_takes_the_same_queries_for_one_and_three(
    client, round_, officer, rows, django_assert_num_queries
):
    for number in range(rows):
        proposal = make_proposal(round_, reference=f"P-{number}")
        decide(proposal, officer)
        issue(KIND, proposal.pk, EN, by=officer)
    client.force_login(officer)
    client.get(reverse("checklist:issued-list", args=[round_.reference]))

    with django_assert_num_queries(6):
        shown = client.get(reverse("checklist:issued-list", args=[round_.reference]))
    assert len(shown.context["page"].object_list) == rows


def test_a_chair_reads_what_was_issued_but_issues_nothing(client, proposal, round_, officer):
    issued = issue(KIND, proposal.pk, EN, by=officer)
    chair = make_member(round_, "chair")
    client.force_login(chair)

    assert client.get(page("report-issue", proposal)).status_code == 403
    assert b"Issue</a>" not in client.get(page("report", proposal)).content
    response = client.get(reverse("checklist:issued-file", args=[issued.pk]))
    assert b"".join(response.streaming_content)
    with pytest.raises(CannotIssue):
        issue(KIND, proposal.pk, EN, by=chair)


def test_who_sees_an_issue(proposal, round_, officer):
    issued = issue(KIND, proposal.pk, EN, by=officer)
    shut = make_officer(round_)
    open_to(proposal, shut, AccessLevel.CLOSED)
    shut_auditor = make_auditor()
    open_to(proposal, shut_auditor, AccessLevel.CLOSED)
    people = {
        "officer": officer,
        "chair": make_member(round_, "chair"),
        "auditor": make_auditor(),
        "observer": make_member(round_, "observer"),
        "reviewer": make_member(round_, "reviewer"),
        "shut": shut,
        "shut auditor": shut_auditor,
        "stranger": make_user(),
    }

    seen = {who for who, user in people.items() if issued in IssuedReport.objects.visible_to(user)}

    assert seen == {"officer", "chair", "auditor"}


# -- Verify ---------------------------------------------------------------------------------------


def verify(client, sha256):
    return client.post(reverse("checklist:verify"), {"sha256": sha256})


def test_a_file_is_current_superseded_a_working_copy_or_unknown(client, proposal, officer):
    first = issue(KIND, proposal.pk, EN, by=officer)
    client.force_login(officer)
    assert verify(client, first.sha256).context["answer"] == "current"
    decide_anew(proposal, officer, reasons="Other.")
    second = issue(KIND, proposal.pk, EN, by=officer)

    old = verify(client, first.sha256.upper())
    assert old.context["answer"] == "superseded"
    assert b"was superseded by GMS-2026/P-0007/decision/2" in old.content
    assert verify(client, second.sha256).context["answer"] == "current"
    assert verify(client, "0" * 64).context["answer"] == "unknown"
    IssuedReport.objects.create(kind=KIND, proposal=proposal, content_key="x", sha256="1" * 64, size=1, page_count=1)
    assert verify(client, "1" * 64).context["answer"] == "not_issued"


def test_a_file_is_compared_to_the_last_byte(client, proposal, officer, tmp_path):
    issued = issue(KIND, proposal.pk, EN, by=officer)
    client.force_login(officer)
    copy, changed = tmp_path / "copy.pdf", tmp_path / "changed.pdf"
    copy.write_bytes(bytes_of(issued))
    changed.write_bytes(copy.read_bytes() + b"\n")

    answers = []
    for path in (copy, changed):
        with path.open("rb") as file:
            answers.append(client.post(reverse("checklist:verify"), {"file": file}).context["answer"])

    assert answers == ["current", "unknown"]


def test_a_stranger_learns_state_and_number_and_nothing_else(client, proposal, officer):
    issued = issue(KIND, proposal.pk, EN, by=officer)
    client.force_login(make_user("Sam Stranger"))

    shown = verify(client, issued.sha256).content.decode()

    assert "GMS-2026/P-0007/decision/1" in shown
    assert proposal.title not in shown
    assert reverse("checklist:issued-file", args=[issued.pk]) not in shown


@pytest.mark.parametrize("data", [{}, {"sha256": "abc"}, {"sha256": "g" * 64}])
def test_what_cannot_be_a_fingerprint_is_said_at_the_field(client, officer, data):
    client.force_login(officer)

    shown = client.post(reverse("checklist:verify"), data)

    assert shown.context["form"].errors
    assert shown.context["answer"] == ""
