"""Importing in the browser, page by page."""

import html

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from proposals.imports import plan as plans
from proposals.models import ColumnMapping, ImportFile, Proposal
from tests.factories import make_administrator, make_auditor, make_member, make_officer, make_round
from tests.screening.test_tabular import workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_nothing_remembered")]

PILE = "Identifier,Name of it,Applicant,Amount,Currency,Region\nA-1,One,Blue Boat,100,USD,Asia\nA-2,Two,,200,EUR,Asia\n"


@pytest.fixture
def officer(round_, client):
    officer = make_officer(round_)
    client.force_login(officer)
    return officer


def url(name, *args):
    return reverse(f"proposals:import-{name}", args=args)


def text_of(response):
    return html.unescape(response.content.decode())


def upload(client, content=PILE, name="pile.csv", reference="GMS"):
    content = content.encode() if isinstance(content, str) else content
    return client.post(url("add", reference), {"file": SimpleUploadedFile(name, content)})


def match(client, file, **becomes):
    """Post the page of columns with what it suggests, and `becomes` by column title instead."""
    form = client.get(url("columns", file.pk)).context["form"]
    data = {"sheet": form.table.sheet, "keep_as": becomes.pop("keep_as", "")}
    for number, column in enumerate(form.table.columns):
        data[f"column_{number}"] = becomes.get(column, form[f"column_{number}"].value())
    return client.post(url("columns", file.pk), data)


def ready(client, content=PILE, name="pile.csv"):
    """A file whose columns are matched."""
    upload(client, content, name)
    file = ImportFile.objects.latest("pk")
    response = match(client, file, **({"Name of it": "title"} if "Name of it" in str(content) else {}))
    assert response.status_code == 302
    return file


def go(client, file, **data):
    digest = client.get(url("preview", file.pk)).context["plan"].digest
    return client.post(url("preview", file.pk), {"digest": digest, **data})


# -- Upload ---------------------------------------------------------------------------------


def test_an_uploaded_file_leads_to_its_columns(client, officer, round_):
    response = upload(client)

    file = ImportFile.objects.get()
    assert response["Location"] == url("columns", file.pk)
    assert (file.name, file.round, file.uploaded_by) == ("pile.csv", round_, officer)


@pytest.mark.parametrize(
    "content, words",
    [("Title\n", "no rows"), (b"%PDF-1.7", "text document"), (b"PK\x03\x04", "damaged"), (b"", "The file is empty")],
)
def test_what_is_no_table_is_refused_at_the_field(client, officer, content, words):
    response = upload(client, content)

    assert words in response.context["form"].errors["file"][0]
    assert not ImportFile.objects.exists()


def test_uploading_nothing_is_said(client, officer):
    assert client.post(url("add", "GMS")).context["form"].errors["file"] == ["Choose a file first."]


# -- Columns --------------------------------------------------------------------------------


def test_known_titles_are_matched_and_the_rest_is_kept_unless_it_is_left_out(client, officer):
    upload(client)

    page = client.get(url("columns", ImportFile.objects.get().pk))

    rows = [(field.label, field.value(), examples) for field, examples in page.context["form"].rows]
    assert rows == [
        ("Identifier", "external_id", ["A-1", "A-2"]),
        ("Name of it", "notes", ["One", "Two"]),
        ("Applicant", "applicant", ["Blue Boat"]),
        ("Amount", "amount", ["100", "200"]),
        ("Currency", "currency", ["USD", "EUR"]),
        ("Region", "notes", ["Asia"]),
    ]
    assert "4 columns were recognised" in text_of(page)


def test_a_title_must_be_named_and_a_field_is_taken_once(client, officer):
    upload(client)
    file = ImportFile.objects.get()

    assert "which column is the title" in text_of(match(client, file))
    response = match(client, file, **{"Name of it": "title", "Region": "title"})

    assert "“Name of it” becomes Title already" in response.context["form"].errors["column_5"][0]
    assert ImportFile.objects.get().state == "uploaded"


def test_a_matching_is_kept_and_suggests_itself_for_the_next_file(client, officer):
    upload(client)
    response = match(client, ImportFile.objects.get(), **{"Name of it": "title", "Region": "", "keep_as": "Our donors"})
    assert response["Location"] == url("preview", ImportFile.objects.get().pk)

    upload(client, PILE, "next.csv")
    page = client.get(url("columns", ImportFile.objects.latest("pk").pk))

    assert "The kept matching “Our donors” is filled in" in text_of(page)
    assert [field.value() for field, _examples in page.context["form"].rows][1] == "title"
    assert ColumnMapping.objects.get().name == "Our donors"


def test_a_kept_matching_can_be_chosen(client, officer):
    file = ready(client)
    kept = ColumnMapping.objects.create(name="By region", mapping={"title": "Region"})

    page = client.get(url("columns", file.pk), {"kept": kept.pk})

    assert [field.value() for field, _examples in page.context["form"].rows] == ["", "", "", "", "", "title"]


def test_a_name_for_a_matching_is_given_once(client, officer):
    ColumnMapping.objects.create(name="Ours", mapping={"title": "Else"})
    upload(client)

    response = match(client, ImportFile.objects.get(), **{"Name of it": "title", "keep_as": "OURS"})

    assert "already a kept matching" in response.context["form"].errors["keep_as"][0]


def test_a_sheet_of_a_workbook_can_be_chosen(client, officer):
    content = workbook(["Title"], ["Wrong one"], sheets=[("Right", [["Title", "Amount"], ["Right one", 5]])])
    upload(client, content, "pile.xlsx")
    file = ImportFile.objects.get()

    page = client.get(url("columns", file.pk), {"sheet": "Right"})
    client.post(url("columns", file.pk), {"sheet": "Right", "column_0": "title", "column_1": "amount"})

    assert page.context["table"].columns == ("Title", "Amount")
    assert "Right one" in text_of(client.get(url("preview", file.pk)))


def test_leaving_and_returning_loses_nothing(client, officer):
    file = ready(client)

    page = client.get(url("columns", file.pk))

    assert [field.value() for field, _examples in page.context["form"].rows][1] == "title"
    assert client.get(url("preview", file.pk)).context["counts"]["new"] == 2
    assert "Check and import" in text_of(client.get(url("list", "GMS")))


# -- Preview and import ---------------------------------------------------------------------


def test_the_preview_shows_every_row_and_writes_nothing(client, officer):
    page = client.get(url("preview", ready(client).pk))

    text = text_of(page)
    assert "Import all 2" in text
    assert "Blue Boat" in text
    assert "not stated" in text
    assert "USD 100" in text
    assert not Proposal.objects.exists()


def test_importing_writes_all_and_shows_the_result(client, officer, round_):
    file = ready(client)

    response = client.post(
        url("preview", file.pk), {"digest": client.get(url("preview", file.pk)).context["plan"].digest}, follow=True
    )

    assert Proposal.objects.filter(round=round_).count() == 2
    assert Proposal.objects.get(external_id="A-1").notes == "Region: Asia"
    text = text_of(response)
    assert "pile.csv is imported" in text
    assert reverse("checklist:proposal-list", args=["GMS"]) in text


def test_with_an_error_the_button_is_off_and_the_line_is_named(client, officer):
    file = ready(client, PILE.replace("200", "two hundred"))

    page = client.get(url("preview", file.pk))
    text = text_of(page)
    assert "1 row has an error" in text
    assert "Line 3, “Amount”:" in text
    assert '<button class="btn btn-primary" disabled>' in text
    go(client, file)

    assert not Proposal.objects.exists()


def test_rows_of_one_kind_can_be_shown_alone(client, officer):
    file = ready(client, PILE.replace("200", "two hundred"))

    assert [row["line"] for row in client.get(url("preview", file.pk), {"show": "wrong"}).context["rows"]] == [3]
    assert [row["line"] for row in client.get(url("preview", file.pk), {"show": "new"}).context["rows"]] == [2]
    assert client.get(url("preview", file.pk), {"show": "nonsense"}).context["rows"] == []


def test_rows_that_are_here_already_are_shown_to_leave_or_update(client, officer):
    go(client, ready(client))
    file = ready(client, PILE.replace("One", "One more"))

    text = text_of(client.get(url("preview", file.pk)))
    assert "What about the 1 row that is here already and differs?" in text
    assert "<del>One</del> <ins>One more</ins>" in text
    go(client, file, existing="update")

    assert set(Proposal.objects.values_list("title", flat=True)) == {"One more", "Two"}
    file.refresh_from_db()
    assert (file.created_count, file.updated_count, file.skipped_count) == (0, 1, 1)


def test_a_file_of_which_all_is_here_has_nothing_to_import(client, officer):
    go(client, ready(client))

    text = text_of(client.get(url("preview", ready(client).pk)))

    assert "All rows are here already" in text
    assert "Nothing to import" in text


def test_an_import_of_something_else_than_was_seen_is_refused(client, officer):
    file = ready(client)

    response = client.post(url("preview", file.pk), {"digest": "of an older page"})

    assert "changed since you looked" in text_of(response)
    assert not Proposal.objects.exists()


def test_dangerous_cells_are_shown_as_text(client, officer):
    file = ready(client, 'Title,Applicant\n<script>alert(1)</script>,"=HYPERLINK(""http://x"")"\n')

    page = client.get(url("preview", file.pk)).content.decode()
    go(client, file)

    assert "<script>alert" not in page
    assert Proposal.objects.get().title == "<script>alert(1)</script>"
    assert Proposal.objects.get().applicant.name == '=HYPERLINK("http://x")'


def test_a_long_file_is_shown_in_pages_of_a_hundred(client, officer):
    file = ready(client, "Title\n" + "".join(f"Project {n}\n" for n in range(250)))

    page = client.get(url("preview", file.pk), {"page": 3})

    assert [row["line"] for row in page.context["rows"]][:1] == [202]
    assert len(page.context["rows"]) == 50


# -- Discard and states ---------------------------------------------------------------------


def test_an_import_can_be_discarded(client, officer):
    file = ready(client)
    assert "Yes, discard it" in text_of(client.get(url("preview", file.pk)))

    response = client.post(url("discard", file.pk), follow=True)

    assert "is discarded" in text_of(response)
    file.refresh_from_db()
    assert file.state == "discarded"
    assert "was discarded" in text_of(client.get(url("preview", file.pk)))
    assert client.get(url("columns", file.pk)).status_code == 302


def test_a_finished_import_cannot_be_discarded(client, officer):
    file = ready(client)
    go(client, file)

    response = client.post(url("discard", file.pk), follow=True)

    assert "imported already" in text_of(response)
    assert ImportFile.objects.get().state == "finished"


def test_a_file_that_is_gone_is_said(client, officer):
    file = ready(client)
    file.file.storage.delete(file.file.name)
    plans._stored_table.cache_clear()
    plans._checked.cache_clear()

    assert "no longer there" in text_of(client.get(url("preview", file.pk)))
    assert "no longer there" in text_of(client.get(url("columns", file.pk)))


def test_the_list_begins_with_the_next_step_when_there_is_nothing(client, officer):
    text = text_of(client.get(url("list", "GMS")))

    assert "Nothing was imported yet" in text
    assert url("add", "GMS") in text


# -- Who may, and how many queries ----------------------------------------------------------


@pytest.mark.parametrize("make", [lambda r: make_member(r, "reviewer"), lambda r: make_member(r, "chair"),
                                  lambda r: make_member(r, "observer"), lambda r: make_administrator(),
                                  lambda r: make_auditor()])  # fmt: skip
def test_who_sees_the_round_but_may_not_import_is_refused(client, officer, round_, make):
    file = ready(client)
    client.force_login(make(round_))

    for address in (url("list", "GMS"), url("add", "GMS"), url("columns", file.pk), url("preview", file.pk)):
        assert client.get(address).status_code == 403
    assert client.post(url("discard", file.pk)).status_code == 403


def test_who_does_not_know_the_round_finds_nothing(client, officer):
    file = ready(client)
    client.force_login(make_officer(make_round()))

    for address in (url("list", "GMS"), url("add", "GMS"), url("columns", file.pk), url("preview", file.pk)):
        assert client.get(address).status_code == 404
    assert client.post(url("discard", file.pk)).status_code == 404
    assert client.get(url("preview", 99_999)).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_at_every_length(client, officer, django_assert_num_queries, count):
    for _number in range(count):
        upload(client)

    with django_assert_num_queries(6):
        assert len(client.get(url("list", "GMS")).context["page"].object_list) == count


@pytest.mark.parametrize("count", [1, 150])
def test_the_preview_takes_the_same_queries_at_every_length(client, officer, django_assert_num_queries, count):
    rows = "".join(f"Project {n},Organisation {n}\n" for n in range(count))
    go(client, ready(client, "Title,Applicant\n" + rows))
    file = ready(client, "Title,Applicant\n" + rows)

    with django_assert_num_queries(12):
        assert client.get(url("preview", file.pk)).context["counts"]["same"] == count
