"""The way of a form: out, filled in, back, beside what is saved, taken over."""

import io
from datetime import date

import openpyxl
import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checklist.actions import offline as actions
from checklist.actions.assessments import AssessmentClosed, Pointer, submit_assessment
from checklist.models import Assignment, OfflineForm, OfflineUpload
from checklist.offline.comparing import BOTH, NEW, SAME, STAYS, bases_of, compare
from checklist.offline.plan import VIEW, content_of, plan_of, saved_content
from checklist.scoring import SubAnswer
from checklist.selectors.assessments import assessment_with_round
from checklist.selectors.drafts import load_draft
from checklist.selectors.offline import known_bases, open_assessments
from proposals.enums import AccessLevel
from screening.models import AuditEvent
from tests.checklist.filling import cell_of, fill_pdf, fill_workbook, take_form, upload
from tests.checklist.saving import place, save
from tests.factories import answer_all, make_assessment, make_proposal, make_reviewer, open_to

pytestmark = pytest.mark.django_db

CHECKLIST = "siren-donor-checklist"
Q1, Q2 = f"{CHECKLIST}/1", f"{CHECKLIST}/2"


def owner(assessment, key):
    return str(place(assessment, key).criterion.pk)


def kinds(received):
    """{number or "view": kind} of what differs."""
    draft = load_draft(received.form.assessment)
    numbers = {str(each.criterion.pk): each.criterion.key for each in draft.places()}
    rows = compare(draft, received.content, known_bases(received))
    return {numbers.get(row.owner, VIEW): row.kind for row in rows if row.kind != SAME}


def take_over(received, **choices):
    draft = load_draft(received.form.assessment)
    rows = compare(draft, received.content, known_bases(received))
    revisions = {row.owner: row.revision for row in rows}
    return actions.take_over(
        upload=received, choices=choices, revisions=revisions, by=received.form.assessment.reviewer
    )


def now(assessment):
    return assessment_with_round(assessment.pk)


@pytest.fixture
def begun(assessment):
    """A draft with an answer, a reason, sub-answers and words that a program could stumble over."""
    save(assessment, "1", answer="partly", rationale="=1+1\n– «l’étude»", subs={"a": SubAnswer("yes", "Seen\ton p. 4")})
    return now(assessment)


def test_drafts_stand_by_the_day_they_are_due_those_without_one_last(assessment):
    reviewer, round_ = assessment.reviewer, assessment.proposal.round
    days = {make_assessment(proposal=make_proposal(round_), reviewer=reviewer).pk: day for day in (9, 3)}
    for pk, day in days.items():
        Assignment.objects.filter(assessment=pk).update(due_on=date(2030, 1, day))

    found = [each.assessment.pk for each in open_assessments(reviewer)]

    assert found == [*sorted(days, key=days.get), assessment.pk]


# -- Out and back ---------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_form_that_nobody_touched_says_what_is_saved(begun, language):
    received = upload(take_form(begun, "xlsx", language), begun.reviewer)

    assert (received.state, received.problem) == ("read", "")
    assert kinds(received) == {}


def test_a_page_form_comes_back_untouched_and_filled_in_with_an_ordinary_library(begun):
    form = take_form(begun, "pdf")
    _is_tagged_named_and_has_its_data_inside(form, begun)

    untouched = upload(form, begun.reviewer, "form.pdf")

    assert (untouched.state, untouched.problem) == ("read", "")
    assert kinds(untouched) == {}

    filled = fill_pdf(
        form,
        {
            Q2: "not_effective",
            f"{Q2}/reason": "Page 9.\rNo effect.",
            f"{Q2}/a": "pilot",
            f"{Q1}": "",
            "view/conclusion": "recommend",
        },
    )

    received = upload(filled, begun.reviewer, "form.pdf")

    assert kinds(received) == {"1": NEW, "2": NEW, VIEW: NEW}
    said = received.content[owner(begun, "2")]
    assert said == {
        "answer": "not_effective",
        "rationale": "Page 9.\nNo effect.",
        "subs": {"a": {"answer": "pilot", "text": ""}},
    }
    assert received.content[owner(begun, "1")]["answer"] == ""


def test_a_workbook_takes_words_codes_and_numbers(begun):
    values = {Q2: "not enough INFORMATION", f"{Q1}/a": "no", f"{CHECKLIST}/9": "Yes"}

    received = upload(fill_workbook(take_form(begun), values), begun.reviewer)

    assert received.content[owner(begun, "2")]["answer"] == "nei"
    assert received.content[owner(begun, "1")]["subs"]["a"]["answer"] == "no"
    assert received.content[owner(begun, "9")]["answer"] == "yes"


def test_random_answers_survive_the_way_out_and_back(begun):
    """Filled in by a library, read again: the same, in both formats."""
    forms = {"pdf": (take_form(begun, "pdf"), fill_pdf), "xlsx": (take_form(begun, "xlsx"), fill_workbook)}
    entries = plan_of(load_draft(begun, language="en"), "en").entries
    texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=30).map(str.strip)

    @settings(max_examples=4, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def survives(data):
        chosen = data.draw(
            st.lists(st.sampled_from(entries), min_size=5, max_size=25, unique_by=lambda each: each.name)
        )
        values = {
            each.name: data.draw(texts if each.is_text else st.sampled_from([code for code, _ in each.options]))
            for each in chosen
        }
        for file_format, (form, fill) in forms.items():
            received = upload(fill(form, values), begun.reviewer, f"form.{file_format}")

            assert received.problem == ""
            assert received.content == _expected(entries, values)

    survives()


def _expected(entries, values):
    return content_of(entries, {entry.name: values.get(entry.name, entry.value) for entry in entries})


def _is_tagged_named_and_has_its_data_inside(form, begun):
    with pikepdf.open(io.BytesIO(form)) as pdf:
        fields = {str(field.T): field for field in pdf.Root.AcroForm.Fields}
        entries = plan_of(load_draft(begun, language="en"), "en").entries
        assert set(fields) == {entry.name for entry in entries} | {"form/token", "form/assessment", "form/versions"}
        assert all(str(fields[entry.name].TU) == entry.tooltip for entry in entries)
        assert all(page.get("/Tabs") == "/S" for page in pdf.pages if "/Annots" in page)
        assert "/StructTreeRoot" in pdf.Root
        assert str(pdf.Root.Lang) == "en"
        assert (
            b'pdfuaid:part="1"' in pdf.Root.Metadata.read_bytes()
            or b"<pdfuaid:part>1" in pdf.Root.Metadata.read_bytes()
        )
        assert b'"token"' in pdf.attachments["form.json"].get_file().read_bytes()
        assert "/JavaScript" not in str(pdf.Root.keys())
        buttons = fields[Q1].Kids
        assert [str(button.AS) for button in buttons] == ["/Off", "/partly", "/Off", "/Off", "/Off"]
        assert all("/Off" in button.AP.N and "/StructParent" in button for button in buttons)


def test_only_what_is_to_be_filled_in_can_be_changed_in_a_workbook(begun):
    book = openpyxl.load_workbook(io.BytesIO(take_form(begun)))
    sheet = book["Form"]
    entries = plan_of(load_draft(begun, language="en"), "en").entries

    open_cells = {cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
    offered = {place for check in sheet.data_validations.dataValidation for place in str(check.sqref).split()}

    assert sheet.protection.sheet
    assert open_cells == {cell_of(book, entry.name).coordinate for entry in entries}
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert offered
    assert [each.sheet_state for each in book.worksheets] == ["visible", "visible", "veryHidden", "veryHidden"]


# -- Beside what is saved -------------------------------------------------------------------


def test_four_things_can_become_of_an_answer(begun):
    form = take_form(begun)
    save(begun, "2", answer="no", rationale="Changed here.")
    save(begun, "3", answer="no", rationale="Changed here too.")

    received = upload(fill_workbook(form, {Q2: "yes", f"{CHECKLIST}/4": "partly"}), begun.reviewer)

    assert kinds(received) == {"2": BOTH, "3": STAYS, "4": NEW}


def test_what_was_taken_over_once_is_the_ground_of_the_next_time(begun):
    form = take_form(begun)
    first = upload(fill_workbook(form, {Q2: "yes"}), begun.reviewer)
    take_over(first)

    second = upload(fill_workbook(form, {Q2: "no"}), begun.reviewer)

    assert kinds(second) == {"2": NEW}


def test_the_latest_taken_over_counts():
    assert bases_of({"1": [0, "a"], "2": [0, "b"]}, [{"1": {"answer": "yes"}}])["2"] == "b"


# -- Taking over ----------------------------------------------------------------------------


def test_taking_over_saves_what_was_chosen_and_submits_nothing(begun):
    save(begun, "2", answer="no", rationale="Changed here.", evidence=())
    received = upload(
        fill_workbook(take_form(begun), {Q2: "yes", f"{Q2}/reason": "From the field.", "view/reason": "Good."}),
        begun.reviewer,
    )

    count = take_over(received)

    begun = now(begun)
    assert count == 2
    assert place(begun, "2").stored.answer.answer == "yes"
    assert place(begun, "1").stored.answer.subs["a"] == SubAnswer("yes", "Seen\ton p. 4")
    assert (begun.conclusion_reason, begun.state) == ("Good.", "draft")
    received.refresh_from_db()
    assert received.state == "confirmed"
    events = list(AuditEvent.objects.order_by("pk").values_list("event", flat=True))
    assert events[-3:] == ["response_saved", "conclusion_saved", "offline_form_confirmed"]


def test_evidence_that_was_noted_stays(begun):
    save(begun, "2", answer="no", rationale="Here.", evidence=[Pointer(page="7", quote="As said")])
    received = upload(fill_workbook(take_form(begun), {Q2: "yes"}), begun.reviewer)

    take_over(received)

    assert [(each.page, each.quote) for each in place(begun, "2").stored.evidence] == [("7", "As said")]


def test_where_both_changed_somebody_has_to_choose(begun):
    form = take_form(begun)
    save(begun, "2", answer="no", rationale="Changed here.")
    received = upload(fill_workbook(form, {Q2: "yes", f"{CHECKLIST}/4": "partly"}), begun.reviewer)

    with pytest.raises(actions.ChoiceMissing):
        take_over(received)
    assert place(begun, "4").stored.answer.answer is None

    assert take_over(received, **{owner(begun, "2"): "saved"}) == 1
    assert place(begun, "2").stored.answer.answer == "no"


def test_a_save_after_comparing_stops_all_of_it(begun):
    received = upload(fill_workbook(take_form(begun), {Q2: "yes", f"{CHECKLIST}/4": "partly"}), begun.reviewer)
    shown = {owner(begun, "2"): 0, owner(begun, "4"): 0}
    save(begun, "4", answer="no", rationale="In the meantime.")

    with pytest.raises(actions.CannotTakeOver):
        actions.take_over(upload=received, choices={}, revisions=shown, by=begun.reviewer)

    assert place(begun, "2").stored.answer.answer is None
    received.refresh_from_db()
    assert received.state == "read"


def test_a_form_is_dealt_with_once_and_by_herself(begun):
    received = upload(fill_workbook(take_form(begun), {Q2: "yes"}), begun.reviewer)

    with pytest.raises(actions.CannotTakeOver):
        actions.discard_form(upload=received, by=make_reviewer(begun.proposal.round))
    actions.discard_form(upload=received, by=begun.reviewer)
    with pytest.raises(actions.CannotTakeOver):
        take_over(received)

    assert place(begun, "2").stored.answer.answer is None
    assert AuditEvent.objects.filter(event="offline_form_discarded").count() == 1


def test_no_form_goes_out_of_what_takes_no_answers(begun):
    answer_all(begun)
    submit_assessment(assessment=begun, by=begun.reviewer)

    with pytest.raises(AssessmentClosed):
        take_form(begun)
    assert not OfflineForm.objects.exists()


def test_a_form_is_handed_out_to_herself_only(begun):
    plan = plan_of(load_draft(begun), "en")

    with pytest.raises(AssessmentClosed):
        actions.hand_out_form(plan=plan, token="t", file_format="pdf", by=make_reviewer(begun.proposal.round))


def test_content_of_a_draft_is_that_of_its_form(begun):
    assert saved_content(load_draft(begun))[owner(begun, "1")]["rationale"] == "=1+1\n– «l’étude»"


# -- Pages ----------------------------------------------------------------------------------


def test_take_upload_compare_confirm(client, begun):
    client.force_login(begun.reviewer)
    response = client.post(reverse("checklist:offline-form", args=[begun.pk]), {"format": "xlsx"})
    form = b"".join(response.streaming_content)
    assert AuditEvent.objects.filter(event="offline_form_made", subject_id=str(begun.pk)).exists()

    filled = fill_workbook(form, {Q2: "yes", f"{Q2}/reason": "From the field."})
    response = client.post(reverse("checklist:offline"), {"files": [SimpleUploadedFile("back.xlsx", filled)]})
    received = OfflineUpload.objects.get()
    page_url = reverse("checklist:offline-upload", args=[received.pk])
    assert response.headers["Location"] == page_url

    page = client.get(page_url).content.decode()
    assert "From the field." in page
    assert "<legend>Donor checklist, 2 " in page
    response = client.post(page_url, {"do": "take", f"revision-{owner(begun, '2')}": "0"})
    assert response.headers["Location"] == reverse("checklist:assessment-edit", args=[begun.pk])
    assert place(begun, "2").stored.answer.rationale == "From the field."
    assert client.get(page_url).headers["Location"] == reverse("checklist:offline")


def test_choosing_nothing_shows_the_page_again(client, begun):
    client.force_login(begun.reviewer)
    form = take_form(begun)
    save(begun, "2", answer="no", rationale="Changed here.")
    received = upload(fill_workbook(form, {Q2: "yes"}), begun.reviewer)

    response = client.post(
        reverse("checklist:offline-upload", args=[received.pk]), {f"revision-{owner(begun, '2')}": "1"}
    )

    assert response.status_code == 409
    assert "Choose what counts in each place that leaves it open." in response.content.decode()


def test_several_files_at_once_are_each_told_apart(client, begun):
    client.force_login(begun.reviewer)
    good = fill_workbook(take_form(begun), {Q2: "yes"})
    files = [SimpleUploadedFile("good.xlsx", good), SimpleUploadedFile("notes.txt", b"hello")]

    response = client.post(reverse("checklist:offline"), {"files": files}, follow=True)

    page = response.content.decode()
    assert "1 form was read and waits to be compared." in page
    assert "notes.txt: This is neither a PDF nor an Excel file" in page
    assert set(OfflineUpload.objects.values_list("name", "state")) == {("good.xlsx", "read"), ("notes.txt", "refused")}


def test_only_she_sees_her_uploads_and_no_longer_after_a_conflict(client, begun, officer):
    received = upload(fill_workbook(take_form(begun), {Q2: "yes"}), begun.reviewer)

    assert not OfflineUpload.objects.visible_to(officer).exists()
    assert OfflineUpload.objects.visible_to(begun.reviewer).get() == received

    begun.reviewer.accesses.all().delete()
    open_to(begun.proposal, begun.reviewer, AccessLevel.CLOSED)
    assert not OfflineUpload.objects.visible_to(begun.reviewer).exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_as_much_for_one_as_for_three(client, instruments, round_, django_assert_num_queries, count):
    reviewer = make_reviewer(round_)
    for _ in range(count):
        assessment = make_assessment(round_, reviewer)
        form = take_form(assessment)
        upload(fill_workbook(form, {Q2: "yes"}), reviewer)
        upload(b"%PDF-1.4\nbroken", reviewer, "broken.pdf")
    client.force_login(reviewer)
    client.get(reverse("checklist:offline"))

    with django_assert_num_queries(QUERIES):
        client.get(reverse("checklist:offline"))


QUERIES = 8
