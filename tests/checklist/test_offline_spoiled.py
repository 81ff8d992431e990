"""Forms that came back spoiled: each refused with its reason, on record, and nothing saved of it."""

import io
import json
import zipfile
from dataclasses import dataclass
from datetime import date

import pikepdf
import pytest

from checklist.actions.assessments import submit_assessment
from checklist.actions.assignments import declare_conflict, withdraw_assignment
from checklist.actions.offline import new_token
from checklist.enums import UploadState
from checklist.models import OfflineUpload, Response
from checklist.offline import reading
from checklist.offline.checking import Spoiled, read_content
from checklist.offline.plan import MAX_TEXT, Entry, plan_of
from checklist.offline.workbook import KEYS, SHEET
from checklist.selectors.drafts import load_draft
from proposals.enums import ProposalStatus, RoundPhase
from proposals.models import PhaseWindow
from screening.models import AuditEvent
from tests.checklist.filling import cell_of, fill_pdf, fill_workbook, saved, take_form, upload
from tests.checklist.saving import place, save
from tests.factories import answer_all, make_assessment, make_officer

pytestmark = pytest.mark.django_db

Q1 = "siren-donor-checklist/1"


@dataclass(frozen=True)
class SpoiledFile:
    """A file and what has to stand in the sentence that refuses it."""

    data: bytes
    reason: str
    name: str = ""


def reasons(cases, by):
    """What differs from the expected reasons, case by case."""
    wrong = {}
    for case, spoiled in cases.items():
        received = upload(spoiled.data, by, spoiled.name or "form.pdf")
        if received.state != UploadState.REFUSED or spoiled.reason not in received.problem:
            wrong[case] = (received.state, received.problem)
    return wrong


def on_record(count):
    """Every one is kept as refused with its reason, and the trail says so; nothing was saved."""
    refused = OfflineUpload.objects.filter(state="refused").exclude(problem="")
    events = AuditEvent.objects.filter(event="offline_form_refused").count()
    return (refused.count(), events, Response.objects.count(), OfflineUpload.objects.count()) == (
        count,
        count,
        0,
        count,
    )


# -- PDFs -----------------------------------------------------------------------------------


def test_spoiled_pdfs_are_each_told_apart_and_scripts_are_never_looked_at(assessment):
    form = take_form(assessment, "pdf")

    def spoil(values=None, change=None):
        return fill_pdf(form, values or {}, change)

    cases = {
        "damaged": SpoiledFile(form[: len(form) // 3], "damaged"),
        "a text with the name of a PDF": SpoiledFile(b"My answers", "not a PDF"),
        "empty": SpoiledFile(b"", "empty"),
        "encrypted": SpoiledFile(_encrypted(form, "secret"), "password"),
        "encrypted without asking": SpoiledFile(_encrypted(form, ""), "password"),
        "printed": SpoiledFile(spoil(change=_without_fields), "no fields"),
        "XFA": SpoiledFile(spoil(change=_with_xfa), "XFA"),
        "another form": SpoiledFile(spoil(change=_keep("view/reason")), "not one of our forms"),
        "another mark": SpoiledFile(spoil({"form/token": "made-up"}), "mark"),
        "mixed": SpoiledFile(_mixed(form), "mixed"),
        "another proposal": SpoiledFile(spoil({"form/assessment": "999999"}), "another proposal"),
        "another version": SpoiledFile(spoil({"form/versions": "siren-donor-checklist 9"}), "another version"),
        "a field less": SpoiledFile(
            spoil(change=_drop(f"{Q1}/reason")), "removed from this form, first at Donor checklist, 1."
        ),
        "a field more": SpoiledFile(
            spoil(change=_rename(f"{Q1}/reason", "extra", copy=True)), "added to this form: extra"
        ),
        "another tooltip": SpoiledFile(spoil(change=_retitle(Q1)), "were changed in this file (Donor checklist, 1)"),
        "other words on the page": SpoiledFile(spoil(change=_blank_pages), "were changed"),
        "fields in a circle": SpoiledFile(spoil(change=_circle), "far more than a form"),
        "fields without end": SpoiledFile(spoil(change=_many_fields), "far more than a form"),
        "two answers": SpoiledFile(spoil(change=_two_answers), "1: two answers are chosen"),
        "two texts": SpoiledFile(
            spoil(change=_twice(f"{Q1}/reason", "Other words.")), "Reason for 1: this field stands twice"
        ),
        "two marks": SpoiledFile(spoil(change=_twice("form/token", "made-up")), "Two different forms are mixed"),
        "two proposals": SpoiledFile(
            spoil(change=_twice("form/assessment", "999999")), "Two different forms are mixed"
        ),
        "no such answer": SpoiledFile(spoil({Q1: "perhaps"}), "“perhaps” is not one of the answers"),
        "no such choice": SpoiledFile(spoil({f"{Q1}/a": "Maybe"}), "1a: “Maybe” is not one of the answers"),
        "too long": SpoiledFile(spoil({f"{Q1}/reason": "x" * (MAX_TEXT + 1)}), "longer than 50000 letters"),
    }

    assert reasons(cases, assessment.reviewer) == {}
    assert on_record(len(cases))

    received = upload(spoil({Q1: "yes", f"{Q1}/reason": "Words."}, _alike_and_script), assessment.reviewer, "form.pdf")

    assert (received.state, received.content[str(place(assessment, "1").criterion.pk)]["answer"]) == ("read", "yes")


def _alike_and_script(pdf, fields):
    """A field that says the same twice is one; a script is nothing."""
    _twice(f"{Q1}/reason", "Words.")(pdf, fields)
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))


def _encrypted(data, password):
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return saved(pdf, encryption=pikepdf.Encryption(owner="owner", user=password))


def _without_fields(pdf, _fields):
    del pdf.Root.AcroForm


def _with_xfa(pdf, _fields):
    pdf.Root.AcroForm.XFA = pikepdf.String("<xdp/>")


def _twice(name, value):
    """The field once more, with another value."""

    def change(pdf, fields):
        twin = pdf.make_indirect(pikepdf.Dictionary(dict(fields[name])))
        twin.V = pikepdf.String(value)
        pdf.Root.AcroForm.Fields.append(twin)

    return change


def _keep(name):
    def change(pdf, fields):
        pdf.Root.AcroForm.Fields = pikepdf.Array([fields[name]])

    return change


def _drop(name):
    def change(pdf, fields):
        pdf.Root.AcroForm.Fields = pikepdf.Array([field for key, field in fields.items() if key != name])

    return change


def _rename(name, other, copy):
    def change(pdf, fields):
        twin = pdf.make_indirect(pikepdf.Dictionary(dict(fields[name])))
        twin.T = pikepdf.String(other)
        pdf.Root.AcroForm.Fields.append(twin)

    return change


def _retitle(name):
    def change(_pdf, fields):
        fields[name].TU = pikepdf.String("Is everything fine?")

    return change


def _circle(_pdf, fields):
    fields[Q1].Kids.append(fields[Q1])


def _many_fields(pdf, _fields):
    text = {"/FT": pikepdf.Name.Tx, "/V": pikepdf.String("x")}
    pdf.Root.AcroForm.Fields.extend(pikepdf.Dictionary({**text, "/T": pikepdf.String(f"f{n}")}) for n in range(3_000))


def _blank_pages(pdf, _fields):
    for page in pdf.pages:
        page.Contents = pdf.make_stream(b"BT ET")
    pdf.pages[0].Contents = pdf.make_stream(b"BT /F1 12 Tf 72 700 Td (Is everything fine?) Tj ET")
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    pdf.pages[0].Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))


def _two_answers(_pdf, fields):
    fields[Q1].Kids[0].AS, fields[Q1].Kids[1].AS = pikepdf.Name.yes, pikepdf.Name.partly


def _mixed(form):
    """The data of another form in this one."""
    with pikepdf.open(io.BytesIO(form)) as pdf:
        data = json.loads(pdf.attachments["form.json"].get_file().read_bytes())
        data = json.dumps(data | {"token": new_token()}).encode()
        pdf.attachments["form.json"] = pikepdf.AttachedFileSpec(pdf, data, filename="form.json")
        return saved(pdf)


# -- Workbooks ------------------------------------------------------------------------------


def test_spoiled_workbooks_are_each_told_apart(assessment, monkeypatch):
    form = take_form(assessment)
    monkeypatch.setattr(reading, "MAX_BYTES", 100_000)

    def spoil(values=None, change=None):
        return fill_workbook(form, values or {}, change)

    def row_of(name):
        return lambda book: setattr(book[SHEET].cell(cell_of(book, name).row, 2), "value", "Is everything fine?")

    cases = {
        "a note": SpoiledFile(b"hello", "neither a PDF nor an Excel file", "notes.txt"),
        "a Word file": SpoiledFile(form, "neither a PDF nor an Excel file", "form.docx"),
        "macros by name": SpoiledFile(form, "macros", "form.xlsm"),
        "macros inside": SpoiledFile(_with_part(form, "xl/vbaProject.bin", b"x"), "Save the form as .xlsx"),
        "a formula": SpoiledFile(spoil({f"{Q1}/reason": "=1+1"}), "holds a formula"),
        "damaged": SpoiledFile(form[:2000], "damaged or is not what its name says; it could not be opened"),
        "a bomb": SpoiledFile(_with_part(form, "xl/bomb.xml", b" " * 6_000_000), "far more than a form"),
        "too big": SpoiledFile(b"PK\x03\x04" + b"x" * 100_001, "larger than"),
        "another workbook": SpoiledFile(spoil(change=lambda book: book.remove(book[KEYS])), "not one of our forms"),
        "another mark": SpoiledFile(spoil(change=_set_fact("form/token", "made-up")), "mark"),
        "another proposal": SpoiledFile(spoil(change=_set_fact("form/assessment", "1x")), "another proposal"),
        "another version": SpoiledFile(spoil(change=_set_fact("form/versions", "x 1")), "another version"),
        "another question": SpoiledFile(spoil(change=row_of(Q1)), "were changed in this file (Donor checklist, 1)"),
        "moved cells": SpoiledFile(spoil(change=_set_place(f"{Q1}/reason", "12")), "were changed"),
        "a key less": SpoiledFile(spoil(change=_set_fact(f"{Q1}/reason", None)), "removed from this form"),
        "no such answer": SpoiledFile(spoil({Q1: "Perhaps"}), "1: “Perhaps” is not one of the answers"),
    }
    cases = {case: SpoiledFile(each.data, each.reason, each.name or "form.xlsx") for case, each in cases.items()}

    assert reasons(cases, assessment.reviewer) == {}
    assert on_record(len(cases))


def _with_part(data, name, content):
    file = io.BytesIO(data)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return file.getvalue()


def _set_fact(name, value):
    return _set_column(name, 1, value)


def _set_place(name, row):
    return _set_column(name, 1, row)


def _set_column(name, column, value):
    def change(book):
        row = next(row for row in book[KEYS] if row[0].value == name)
        row[column].value = value
        if value is None:
            row[0].value = None

    return change


# -- What stands against it here ------------------------------------------------------------


def refused(data, by):
    received = upload(data, by)
    assert received.state == UploadState.REFUSED
    return received.problem


def test_the_form_of_another_person(assessment):
    other = make_assessment(proposal=assessment.proposal)

    received = upload(take_form(other), assessment.reviewer)

    assert received.problem == "This form was made for another person. Only she can upload it."
    assert received.form is None


def test_the_same_file_twice(assessment):
    filled = fill_workbook(take_form(assessment), {Q1: "yes"})
    received = upload(filled, assessment.reviewer)

    assert "waits to be compared" in refused(filled, assessment.reviewer)

    received.state = UploadState.CONFIRMED
    received.save(update_fields=["state"])
    assert "taken over already" in refused(filled, assessment.reviewer)


def test_an_assessment_that_is_submitted(assessment):
    form = take_form(assessment)
    answer_all(assessment)
    submit_assessment(assessment=assessment, by=assessment.reviewer)

    assert "submitted and locked" in refused(form, assessment.reviewer)


def test_an_assignment_that_was_taken_back(assessment):
    form = take_form(assessment)
    officer = make_officer(assessment.proposal.round)
    withdraw_assignment(assignment=assessment.assignment, reason="Too many.", by=officer)

    assert "took this assignment back" in refused(form, assessment.reviewer)


def test_a_conflict_that_came_up_since(assessment):
    form = take_form(assessment)
    declare_conflict(assignment=assessment.assignment, declaration="My sister works there.", by=assessment.reviewer)

    received = upload(form, assessment.reviewer)

    assert received.problem == "A conflict of interest closes this proposal to you."
    assert not OfflineUpload.objects.visible_to(assessment.reviewer).exists()


def test_a_proposal_that_is_not_assessed_any_more(assessment):
    form = take_form(assessment)
    assessment.proposal.status = ProposalStatus.INELIGIBLE
    assessment.proposal.save(update_fields=["status"])

    assert "not eligible" in refused(form, assessment.reviewer)


def test_a_review_that_is_over(assessment, time_machine):
    form = take_form(assessment)
    round_ = assessment.proposal.round
    PhaseWindow.objects.create(
        round=round_, phase=RoundPhase.REVIEW, starts_on=date(2026, 1, 1), ends_on=date(2026, 1, 31)
    )
    round_.follows_dates = True
    round_.save(update_fields=["follows_dates"])
    time_machine.move_to("2026-02-10T12:00:00+00:00")

    assert "of this round closed on" in refused(form, assessment.reviewer)


def test_an_assessment_that_moved_to_a_newer_version(assessment):
    form = take_form(assessment)
    versions = assessment.versions.order_by("pk")
    assessment.versions.remove(versions.last())

    assert "another version of the instruments" in refused(form, assessment.reviewer)


def test_a_form_that_is_half_filled_is_taken(assessment):
    received = upload(fill_workbook(take_form(assessment), {Q1: "yes"}), assessment.reviewer)

    assert received.state == UploadState.READ


def test_a_form_that_is_older_than_what_is_saved_is_taken_and_compared(assessment):
    form = take_form(assessment)
    save(assessment, "1", answer="no", rationale="Later.")

    assert upload(fill_workbook(form, {Q1: "yes"}), assessment.reviewer).state == UploadState.READ


@pytest.mark.parametrize("typed", ["101", "-1", "a half", "1e3"])
def test_a_number_outside_of_a_hundred(assessment, typed):
    with pytest.raises(Spoiled, match="write a number from 0 to 100"):
        _percent(assessment, typed)


@pytest.mark.parametrize(("typed", "kept"), [("40", "40"), ("12,50 %", "12.5"), ("", "")])
def test_a_number_as_people_write_it(assessment, typed, kept):
    assert _percent(assessment, typed) == kept


def _percent(assessment, typed):
    """What becomes of a number in a form that asks for nothing else."""
    plan = plan_of(load_draft(assessment, language="en"), "en")
    owner = str(place(assessment, "1").criterion.pk)
    entry = Entry("n", owner, "sub", "a", "1a", "1a", "How many?", (), "", is_percent=True)
    read = reading.ReadForm("t", "1", "v", {"n": [typed]}, {"n": "How many?"})
    content = read_content(read, type(plan)(plan.draft, "en", (entry,), plan.made_at))
    return content.get(owner, {"subs": {}})["subs"].get("a", {"answer": ""})["answer"]
