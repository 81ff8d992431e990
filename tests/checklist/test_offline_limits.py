"""What no offline form is made of, and how long uploaded ones may take to read."""

from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from checklist.actions import offline as actions
from checklist.actions.assessments import AssessmentClosed
from checklist.actions.practice import begin_reference
from checklist.models import OfflineForm
from checklist.offline import reading
from checklist.offline.checking import read_content
from checklist.offline.plan import MAX_TEXT, Entry, FormPlan, plan_of
from checklist.selectors.assessments import assessment_with_round
from checklist.selectors.drafts import load_draft
from proposals.document_checks import RefusedFile
from screening.models import AuditEvent
from screening.pdf import PdfDocument
from tests.checklist.pdf_structure import text_of
from tests.checklist.saving import save
from tests.factories import make_member, make_proposal, pin_shipped_instruments

pytestmark = pytest.mark.django_db


def test_no_form_goes_out_of_a_reference_for_practice(client, instruments, round_):
    chair = make_member(round_, "chair", name="Clara Chair")
    pin_shipped_instruments(round_)
    reference = begin_reference(proposal=make_proposal(round_, is_practice=True), by=chair)
    plan = plan_of(load_draft(assessment_with_round(reference.pk)), "en")
    client.force_login(chair)

    with pytest.raises(AssessmentClosed, match="one reviewer"):
        actions.hand_out_form(plan=plan, token="t", file_format="xlsx", by=chair)
    answer = client.post(reverse("checklist:offline-form", args=[reference.pk]), {"format": "xlsx"})

    assert answer.status_code == 403
    assert not OfflineForm.objects.exists()
    assert not AuditEvent.objects.filter(event="offline_form_made").exists()


def test_files_of_one_upload_share_a_limited_time(monkeypatch):
    files = [SimpleUploadedFile(f"form{n}.xlsx", b"words") for n in range(3)]
    given = []

    def slowly(file, name, *, seconds):
        given.append(seconds)
        now[0] += seconds
        raise RefusedFile("Opening the file takes too long.")

    now = [1000.0]
    monkeypatch.setattr(reading.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(reading, "check_file", slowly)
    monkeypatch.setattr(reading, "ALL_SECONDS", 30)

    read = [each.problem for each in reading.read_uploads(files)]

    assert given == [20, 10]
    assert ["too long" in problem for problem in read] == [True, True, False]
    assert "Upload this one again" in read[2]


def test_no_form_goes_out_with_a_text_that_could_not_come_back(client, assessment):
    save(assessment, "1", answer="no", rationale="x" * (MAX_TEXT + 1))
    client.force_login(assessment.reviewer)

    page = client.post(reverse("checklist:offline-form", args=[assessment.pk]), {"format": "pdf"}, follow=True)

    assert "One of your texts is too long for a form." in page.content.decode()
    assert not OfflineForm.objects.exists()


@pytest.mark.parametrize(("asked", "is_taken"), [("มีหลักฐานหรือไม่", True), ("มีงบประมาณพอหรือไม่", False), ("", False)])
def test_words_of_a_question_count_in_every_script(asked, is_taken):
    """In a workbook whose rows were moved the next question would get the answer."""
    entry = Entry("n", "1", "reason", "", "1", "Reason for 1", "มีหลักฐานหรือไม่", (), "")
    read = reading.ReadForm("t", "1", "v", {"n": ["คำตอบ"]}, {"n": asked})
    plan = FormPlan(None, "th", (entry,), None)

    if is_taken:
        assert read_content(read, plan)["1"]["rationale"] == "คำตอบ"
    else:
        with pytest.raises(reading.Spoiled, match="were changed"):
            read_content(read, plan)


ARABIC = "هل تعمل منظمة IOM مع UNODC في عام 2016 وفق معايير ILO وكذلك UNICEF في المنطقة؟"
LONG = "Does it work where it was tried? " * 250
BODY = '<body class="fillable" data-reference="R-1" data-round="Form" data-page="Page" data-of="of">'


@pytest.mark.parametrize(("words", "other"), [(ARABIC, "UNDP"), (LONG, "accounts")])
def test_words_on_pages_are_found_in_another_order_and_over_a_page(words, other):
    """As the engine sets them and the parser reads them again."""
    html = f"<!doctype html><html lang='en'><head><title>x</title></head>{BODY}<p dir='auto'>{words}</p></body></html>"
    pages = text_of(PdfDocument(html, datetime(2026, 1, 1, tzinfo=UTC)).make_here().data)

    def read(wording):
        entry = Entry("n", "1", "reason", "", "1", "Reason for 1", wording, (), "")
        form = reading.ReadForm("t", "1", "v", {"n": [""]}, {"n": wording}, pages)
        return read_content(form, FormPlan(None, "en", (entry,), None))

    assert read(words)
    with pytest.raises(reading.Spoiled, match="were changed"):
        read(f"{words} {other}")
