"""Mapping of columns, and a table to checked rows."""

from decimal import Decimal
from types import SimpleNamespace

import pytest

from proposals.imports.fields import InvalidMapping, check_mapping, suggest_mapping
from proposals.imports.rows import RowError, check_rows
from screening.tabular import Row, Table

PLAIN = {"title": "Title", "applicant": "Applicant", "countries": "Country", "summary": "Summary"}


def table(columns, *rows, first_line=2):
    lines = enumerate(rows, start=first_line)
    return Table(tuple(columns), tuple(Row(line, tuple(cells)) for line, cells in lines))


def check(columns, *rows, mapping=None, currency="USD"):
    mapping = mapping or {name: name for name in columns}
    return check_rows(table(columns, *rows), mapping, currency=currency)


# -- Mapping --------------------------------------------------------------------------------


def test_columns_of_360giving_map_themselves():
    columns = (
        "Identifier", "Title", "Description", "Currency", "Amount Applied For", "Amount Awarded", "Award Date",
        "Planned Dates:Start Date", "Planned Dates:End Date", "Recipient Org:Identifier", "Recipient Org:Name",
        "Recipient Org:Country", "Beneficiary Location:Name", "Beneficiary Location:Country Code", "Funding Org:Name",
    )  # fmt: skip

    assert suggest_mapping(columns) == (
        {
            "title": "Title",
            "summary": "Description",
            "external_id": "Identifier",
            "applicant": "Recipient Org:Name",
            "applicant_identifier": "Recipient Org:Identifier",
            "countries": "Beneficiary Location:Country Code",
            "areas": "Beneficiary Location:Name",
            "starts_on": "Planned Dates:Start Date",
            "ends_on": "Planned Dates:End Date",
            "amount": "Amount Applied For",
            "currency": "Currency",
        },
        None,
    )


def test_titles_in_french_and_in_any_case_are_known():
    mapping, _kept = suggest_mapping(
        ("INTITULÉ DU PROJET", "Organisme", "Pays d’intervention", "Date de début", "Devise")
    )

    assert mapping == {
        "title": "INTITULÉ DU PROJET",
        "applicant": "Organisme",
        "countries": "Pays d’intervention",
        "starts_on": "Date de début",
        "currency": "Devise",
    }


def test_a_kept_mapping_whose_columns_are_all_there_comes_first():
    kept = [
        SimpleNamespace(pk=1, mapping={"title": "Name", "notes": ["Region"]}),
        SimpleNamespace(pk=2, mapping={"title": "Name"}),
        SimpleNamespace(pk=3, mapping={"title": "Else", "summary": "Name", "notes": ["Region"]}),
        SimpleNamespace(pk=4, mapping={}),
    ]

    assert suggest_mapping(("Name", "Region", "Title"), kept) == ({"title": "Name", "notes": ["Region"]}, kept[0])


@pytest.mark.parametrize(
    "mapping, words",
    [
        ({"applicant": "Name"}, "which column is the title"),
        ({"titel": "Name"}, "“titel” is none of our fields"),
        ({"title": "Titel"}, "no column “Titel”. The file has: Name, Region"),
        ({"title": "Name", "notes": ["Land"]}, "no column “Land”"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused(mapping, words):
    with pytest.raises(InvalidMapping, match=words):
        check_mapping(mapping, ("Name", "Region"))


# -- Rows -----------------------------------------------------------------------------------


def test_a_full_row_becomes_facts():
    columns = (
        "title", "reference", "external_id", "summary", "applicant", "applicant_identifier", "partners", "countries",
        "starts_on", "ends_on", "amount", "currency", "exploitation", "populations", "four_p", "language", "extra",
    )  # fmt: skip
    cells = (
        " Safe  harbours ", "GMS-9", "A-1", "Line one\nLine two", "Blue Boat", "TH-123", "Port Watch; IOM", "Laos, Thailand",
        "2026-01-01", "2026", "5,000", "eur", "fishing", "men", "Protection", "English", " kept ",
    )  # fmt: skip
    mapping = {name: name for name in columns if name != "extra"} | {"notes": ["extra"]}

    [row] = check(columns, cells, mapping=mapping)

    facts = row.facts
    assert (facts.title, facts.reference, facts.external_id) == ("Safe harbours", "GMS-9", "A-1")
    assert (facts.summary, facts.applicant, facts.partners) == (
        "Line one\nLine two",
        "Blue Boat",
        ("Port Watch", "IOM"),
    )
    assert facts.places == (("LA", ""), ("TH", ""))
    assert (facts.amount, facts.currency) == (Decimal("5000.00"), "EUR")
    assert (facts.exploitation, facts.populations, facts.four_p) == (("fishing",), ("men",), ("protection",))
    assert (facts.language, facts.notes) == ("en", "extra: kept")
    assert (row.line, row.errors) == (2, ())
    assert row.notices == ("“2026” is taken as 2026-12-31.",)


def test_every_error_names_column_value_and_remedy_and_all_are_found():
    [row] = check(
        ("title", "amount", "currency", "starts_on", "ends_on"), ("A", "about 5", "XYZ", "soon", "2026-01-01")
    )

    assert [(error.column, error.value) for error in row.errors] == [
        ("starts_on", "soon"),
        ("amount", "about 5"),
        ("currency", "XYZ"),
    ]
    assert all("Write" in error.message or "Use" in error.message for error in row.errors)


def test_an_end_before_the_start_is_an_error_at_the_end():
    [row] = check(("title", "starts_on", "ends_on"), ("A", "2026-05-01", "2026-04-01"))

    assert row.errors == (RowError("ends_on", "2026-04-01", "The project ends before it starts."),)


def test_a_missing_title_is_made_from_the_summary_and_said():
    summary = (
        "IOM will employ indigenous organisations to provide sensitisation training for personnel in the task force."
    )

    [row] = check(("title", "summary"), ("NA", summary))

    assert (
        row.facts.title == "IOM will employ indigenous organisations to provide sensitisation training for personnel …"
    )
    assert row.notices == ("No title in the file; made from the summary.",)
    assert "title" not in row.given


def test_a_missing_title_is_made_from_the_applicant_where_there_is_no_summary():
    [row] = check(("title", "summary", "applicant"), ("", "", "The Asia Foundation"))

    assert row.facts.title == "The Asia Foundation"
    assert row.notices == ("No title in the file; made from the applicant.",)


def test_a_row_of_which_no_title_can_be_made_is_an_error():
    [row] = check(("title", "country"), ("", "Nepal"), mapping={"title": "title", "countries": "country"})

    assert [error.column for error in row.errors] == ["title"]


def test_a_blank_applicant_is_allowed_and_said():
    [row] = check(("title", "applicant"), ("A", "NA"))

    assert (row.facts.applicant, row.errors, row.notices) == ("", (), ("The applicant is not stated.",))


def test_a_title_that_is_too_long_is_shortened_and_kept_whole_in_other_facts():
    [row] = check(("title",), ("x" * 600,))

    assert len(row.facts.title) == 500
    assert row.facts.notes == "title: " + "x" * 600
    assert "shortened" in row.notices[0]


def test_words_that_are_no_country_are_kept_as_areas_with_a_question():
    [row] = check(("title", "countries"), ("A", "Thailand, Czech Repbulic"))

    assert row.facts.places == (("TH", ""), ("", "Czech Repbulic"))
    assert row.notices == ("“Czech Repbulic” is no country we know (is it Czechia?). It is kept as an area.",)


def test_areas_belong_to_the_only_country():
    [one, several] = check(
        ("title", "countries", "areas"), ("A", "Thailand", "Chiang Mai; Trat"), ("B", "Laos, Thailand", "Border")
    )

    assert one.facts.places == (("TH", "Chiang Mai"), ("TH", "Trat"))
    assert several.facts.places == (("LA", ""), ("TH", ""), ("", "Border"))


def test_words_outside_a_list_are_kept_in_other_facts():
    [row] = check(("title", "four_p"), ("A", "Rehabilitation/prevention"))

    assert (row.facts.four_p, row.facts.notes) == (("prevention",), "four_p: Rehabilitation/prevention")
    assert "“Rehabilitation” is not in the list" in row.notices[0]


def test_an_amount_without_currency_takes_that_of_the_round_and_says_so():
    [row] = check(("title", "amount"), ("A", "5000"), currency="THB")

    assert row.facts.currency == "THB"
    assert "THB, the currency of the round" in row.notices[0]


def test_a_currency_beside_the_amount_must_agree_with_its_column():
    [row] = check(("title", "amount", "currency"), ("A", "EUR 5000", "USD"))

    assert row.errors[0].message == "The amount is in EUR, the column of the currency says USD."


def test_the_whole_column_decides_whether_the_day_comes_first():
    rows = check(("title", "starts_on"), ("A", "03/04/2026"), ("B", "25/12/2026"))

    assert [row.facts.starts_on.isoformat() for row in rows] == ["2026-04-03", "2026-12-25"]


def test_cells_beyond_the_columns_are_an_error():
    broken = Table(("title",), (Row(7, ("A",), ("left over",)),))

    [row] = check_rows(broken, {"title": "title"}, currency="USD")

    assert (row.line, row.errors[0].value) == (7, "left over")


@pytest.mark.parametrize("name", ["reference", "external_id"])
def test_the_same_reference_or_identifier_twice_is_an_error_at_the_later_line(name):
    first, second = check(("title", name), ("A", "X-1"), ("B", "X-1"))

    assert first.errors == ()
    assert [(error.column, error.value) for error in second.errors] == [(name, "X-1")]
    assert "line 2" in second.errors[0].message


def test_equal_rows_are_distinct_projects_with_keys_that_come_back():
    columns, rows = ("title", "applicant"), [("A", "X"), ("A", "X"), ("a", " x "), ("A", "Y")]

    keys = [row.key for row in check(columns, *rows)]

    assert len(set(keys)) == 4
    assert keys == [row.key for row in check(columns, *rows)]


@pytest.mark.parametrize("text", ['=HYPERLINK("http://x")', "@SUM(A1)", "+1-2", "<script>alert(1)</script>"])
def test_cells_that_a_spreadsheet_or_browser_would_run_stay_text(text):
    [row] = check(("title", "applicant"), (text, text))

    assert (row.facts.title, row.facts.applicant, row.errors) == (text, text, ())
