"""Instruments in files: the schema, and every error of YAML file and workbook with its place. No database."""

import io
import json

import jsonschema
import pytest
import yaml
from openpyxl import load_workbook

from checklist.instrument_content import LIMITS
from checklist.instrument_files import InvalidFile, read_instrument
from checklist.instrument_schema import schema, schema_text
from checklist.instrument_writing import to_yaml
from checklist.models import Criterion, Domain, Instrument, InstrumentVersion, Level, SubQuestion
from checklist.workbooks import columns as c
from checklist.workbooks.reading import read_any, read_workbook
from checklist.workbooks.writing import CannotWriteWorkbook, write_workbook

from .instruments import FOLDER, read
from .test_instrument_files import SMALL

SHIPPED = sorted(file.name for file in FOLDER.glob("*.yaml") if file.name not in ("crosswalk.yaml", "tensions.yaml"))
LARGE = SMALL.replace("kind: yes_no\n    reasons: always", """kind: yes_no
    reasons: always
    domain: d1
    combining: minimum
    critical: {rule: block, scope: [a]}
    look_for: [one, two]
    answers:
      "yes": {label: Surely}
    sub_questions:
      - {key: a, kind: sub_yes_no, wording: "Really?"}""") + """\
domains:
  - {key: d1, title: Heading}
translations:
  fr:
    title: Petit
    criteria:
      "1": {look_for: [un, deux]}
"""  # fmt: skip


def errors(text):
    with pytest.raises(InvalidFile) as caught:
        read_instrument(text, "f")
    return [str(error) for error in caught.value.errors]


# -- YAML -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_file_comes_back_with_the_same_content(name):
    content = read(name)
    text = to_yaml(content)

    again = read_instrument(text, name)

    assert (again, again.content_hash) == (content, content.content_hash)
    assert to_yaml(again) == text


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("slug: small", f"slug: {'s' * 61}", "f:2: slug: has 61 signs; 60 fit"),
        ("version: 1", "version: 2147483648", "f:3: version: '2147483648' is not a whole number from 1"),
        ("version: 1", "version: 1\nlanguage: English", "f:4: language: 'English' is not the code of a language, such as en"),
        ("version: 1", "version: 1\napplies_to: some", "f:4: applies_to: 'some' is not known; choose one of: all, prevention"),
        ("title: Small", 'title: "Sm\\x07all"', "f:5: title: has a control character in it; write the text anew"),
        ("short_title: Small", f"short_title: {'s' * 61}", "f:6: short_title: has 61 signs; 60 fit"),
        ('key: "1"', 'key: "a/b"', "f:10: criteria/a/b/key: may hold only letters, digits, and between them . _ -"),
        ("title: First", f"title: {'x' * 121}", "f:11: criteria/1/title: has 121 signs; 120 fit"),
        ("domain: d1", "about_harm: perhaps", "f:15: criteria/1/about_harm: 'perhaps' is not known; choose one of: false, true"),
        ("domain: d1", "weight: lots", "f:15: criteria/1/weight: 'lots' is not a number from 0 to 9999.99"),
        ("scope: [a]", "scope: [a, a]", "f:17: criteria/1/critical/scope: names too many sub-questions, or one twice"),
        ("scope: [a]", "scope: [b]", "f:17: criteria/1/critical/scope: there is no sub-question 'b'"),
        ("[one, two]", '[one, "t\\x01o"]', "f:18: criteria/1/look_for: has a control character in it; write the text anew"),
        ('"yes": {label', '"maybe": {label', "f:20: criteria/1/answers/maybe: is not an answer of the kind 'yes_no'"),
        ("key: a, kind", "key: abcdef, kind", "f:22: criteria/1/sub_questions/abcdef/key: has 6 signs; 5 fit"),
        ("{key: d1, title: Heading}", "{key: d1, title: Heading}\n  - {key: d1, title: H}", "f:24: domains: the key 'd1' stands here twice"),
        ("domain: d1", "domain: d2", "f:15: criteria/1/domain: there is no domain 'd2'"),
        ("title: Petit", "domains: {d2: {title: X}}", "f:27: translations/fr/domains/d2: there is no such domain"),
        ("  fr:", "  Francais:", "f:27: translations/Francais: is not the code of another language, such as fr"),
        ("[un, deux]", "[un]", "f:29: translations/fr/criteria/1/look_for: has 1 lines, the original has 2"),
        ('      "1": {look', '      "2": {look', "f:29: translations/fr/criteria/2: there is no such criterion"),
        ("version: 1", "version: 1\n[a]: b", "f:4: a name must be a text"),
    ],
)  # fmt: skip
def test_an_error_in_a_file_names_its_line_and_path(old, new, message):
    assert old in LARGE
    assert message in errors(LARGE.replace(old, new, 1))


def test_a_file_nested_without_end_is_refused():
    assert errors("[" * 50_000) == ["f:1: is nested too deeply to be an instrument"]


def test_limits_are_those_of_the_columns():
    columns = {
        "slug": (Instrument, "slug"), "title": (InstrumentVersion, "title"), "language": (InstrumentVersion, "language"),
        "short_title": (InstrumentVersion, "short_title"), "domain/key": (Domain, "key"), "domain/title": (Domain, "title"),
        "criterion/key": (Criterion, "key"), "criterion/number": (Criterion, "number"),
        "criterion/title": (Criterion, "short_title"), "sub/key": (SubQuestion, "key"),
        "scope": (Criterion, "critical_scope"), "answer/label": (Level, "label"),
    }  # fmt: skip

    assert {name: model._meta.get_field(field).max_length for name, (model, field) in columns.items()} == LIMITS


# -- JSON Schema ------------------------------------------------------------------------------


def test_the_committed_schema_is_up_to_date():
    """If not: manage.py write_instrument_schema."""
    assert (FOLDER / "schema.json").read_text(encoding="utf-8") == schema_text()


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(schema())


def _fits(text):
    validator = jsonschema.Draft202012Validator(json.loads(schema_text()))
    return validator.is_valid(yaml.load(text, yaml.BaseLoader))


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_file_fits_the_schema(name):
    assert _fits((FOLDER / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("format: 1", "format: 2"),
        ("slug: small\n", ""),
        ("slug: small", "slug: Small One"),
        ("version: 1", "version: one"),
        ("result: share", "result: sum"),
        ("result: share", "result: flags"),
        ("title: Small\n", "titel: Small\n"),
        ("source: Invented for a test", 'source: ""'),
        ("kind: yes_no", "kind: yes_nope"),
        ("kind: yes_no", "kind: sub_yes_no"),
        ("kind: yes_no", "kind: linked\n    polarity: yes_is_bad"),
        ("reasons: always", "reasons: never"),
        ("domain: d1", "weight: lots"),
        ("domain: d1", "about_harm: perhaps"),
        ("combining: minimum", "combining: overlap"),
        ("combining: minimum\n", "\n"),
        ("rule: block", "rule: stop"),
        ('"yes": {label', '"maybe": {label'),
        ("  fr:", "  Francais:"),
    ],
)
def test_what_the_reader_refuses_the_schema_refuses(old, new):
    assert old in LARGE
    assert _fits(LARGE)
    broken = LARGE.replace(old, new, 1)

    assert not _fits(broken)
    assert errors(broken)


# -- workbook ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def book():
    """The bytes of a small workbook."""
    with write_workbook(read_instrument(LARGE, "f")) as file:
        return file.read()


def changed(data, changes, remove=()):
    """The workbook with other values in some cells."""
    workbook = load_workbook(io.BytesIO(data))
    for sheet, cell, value in changes:
        workbook[sheet][cell] = value
    for sheet in remove:
        del workbook[sheet]
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def book_errors(data, name="b.xlsx"):
    with pytest.raises(InvalidFile) as caught:
        read_any(data, name)
    return [str(error) for error in caught.value.errors]


@pytest.mark.parametrize("name", ["siren-donor-checklist.yaml", "siren-red-flags.yaml", "four-p-coverage.yaml"])
def test_a_workbook_comes_back_with_the_same_content(name):
    content = read(name)
    with write_workbook(content) as file:
        assert read_workbook(file.read(), "b.xlsx") == content


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "message"),
    [
        ("Instrument", "B3", "Not A Slug", "b.xlsx:Instrument!B3: slug: may hold only small letters, digits and single hyphens"),
        ("Instrument", "B6", "sum", "b.xlsx:Instrument!B6: result: 'sum' is not known"),
        ("Instrument", "B9", None, "b.xlsx:Instrument!B9: title: must not be empty"),
        ("Instrument", "A9", "Titel", "b.xlsx:Instrument!B9: titel: is not known here"),
        ("Criteria", "I2", "nope", "b.xlsx:Criteria!I2: criteria/1/kind: 'nope' is not known"),
        ("Criteria", "K2", "lots", "b.xlsx:Criteria!K2: criteria/1/weight: 'lots' is not a number from 0 to 9999.99"),
        ("Criteria", "E2", None, "b.xlsx:Criteria!E2: criteria/1/wording: must not be empty"),
        ("Criteria", "C2", "d9", "b.xlsx:Criteria!C2: criteria/1/domain: there is no domain 'd9'"),
        ("Criteria", "M2", "stop", "b.xlsx:Criteria!M2: criteria/1/critical/rule: 'stop' is not known"),
        ("Criteria", "O2", "z", "b.xlsx:Criteria!O2: criteria/1/critical/scope: there is no sub-question 'z'"),
        ("Criteria", "P2", "perhaps", "b.xlsx:Criteria!P2: criteria/1/about_harm: 'perhaps' is not known"),
        ("Criteria", "E1", "Words", "b.xlsx:Criteria!E1: The column “Words” is not known in this sheet."),
        ("Criteria", "E1", "Words", "b.xlsx:Criteria!A1: The column “Wording” is missing."),
        ("Criteria", "Z3", "stray", "b.xlsx:Criteria!3: “stray” stands beside the table: its column has no title."),
        ("Domains", "B2", None, "b.xlsx:Domains!B2: domains/d1/title: must not be empty"),
        ("Sub-questions", "A2", "9", "b.xlsx:Sub-questions!A2: There is no criterion “9”."),
        ("Sub-questions", "C2", "yes_no", "b.xlsx:Sub-questions!C2: criteria/1/sub_questions/a/kind: 'yes_no' is not known"),
        ("Levels", "B2", "maybe", "b.xlsx:Levels!B2: criteria/1/answers/maybe: is not an answer of the kind 'yes_no'"),
        ("Levels", "B3", "yes", "b.xlsx:Levels!B3: criteria/1/answers: 'yes' stands here twice"),
        ("Texts in other languages", "A3", "titel", "b.xlsx:Texts in other languages!A3: “titel” is not the place of a text."),
        ("Texts in other languages", "C1", "French", "b.xlsx:Texts in other languages!C1: translations/French: is not the code of another language"),
        ("Texts in other languages", "C2", "perhaps", "b.xlsx:Texts in other languages!C2: translations/fr/official: 'perhaps' is not known"),
        ("Texts in other languages", "A3", "criteria/9/wording", "translations/fr/criteria/9: there is no such criterion"),
    ],
)  # fmt: skip
def test_an_error_in_a_workbook_names_sheet_row_and_column(book, sheet, cell, value, message):
    more = [("Levels", "D3", "Mostly")] if (sheet, cell) == ("Levels", "B3") else []
    # A stray cell needs a row of the table beside it.
    more += [("Criteria", f"{letter}3", "x") for letter in "AE"] if cell == "Z3" else []

    found = book_errors(changed(book, [(sheet, cell, value), *more]))

    assert any(message in error for error in found), found


def test_every_error_of_a_workbook_is_said_at_once(book):
    found = book_errors(changed(book, [("Instrument", "B3", "A B"), ("Criteria", "K2", "x"), ("Domains", "B2", None)]))

    assert [error.split(": ")[0] for error in found] == [
        "b.xlsx:Criteria!K2",
        "b.xlsx:Domains!B2",
        "b.xlsx:Instrument!B3",
    ]


@pytest.mark.parametrize("sheet", [c.INSTRUMENT, c.CRITERIA])
def test_a_workbook_without_a_needed_sheet_is_refused(book, sheet):
    assert any(sheet in error for error in book_errors(changed(book, [], remove=[sheet])))


def test_sheets_that_may_be_empty_may_be_missing(book):
    data = changed(book, [("Criteria", "C2", None)], remove=[c.DOMAINS, c.TEXTS])

    assert read_workbook(data, "b.xlsx").translations == ()


def test_what_a_spreadsheet_makes_of_values_is_understood(book):
    """Excel turns true into TRUE and "1" into a number."""
    data = changed(
        book, [("Criteria", "P2", True), ("Criteria", "A2", 1), ("Criteria", "K2", 0.5), ("Instrument", "B4", 1)]
    )

    [criterion] = read_workbook(data, "b.xlsx").criteria

    assert (criterion.key, criterion.spec.about_harm, float(criterion.spec.weight)) == ("1", True, 0.5)


@pytest.mark.parametrize("data", [b"PK\x03\x04 broken", b"PK\x03\x04" + b"\0" * 200])
def test_a_damaged_workbook_is_refused_as_a_whole(data):
    [error] = book_errors(data)

    assert error.startswith("b.xlsx: ")


def test_what_only_says_that_it_is_a_workbook_is_refused():
    assert book_errors(b"slug,version\n") == ["b.xlsx: This is not an Excel workbook (.xlsx)."]


def test_a_text_too_long_for_a_cell_is_not_cut_in_silence():
    content = read_instrument(SMALL.replace("Is it good?", "x" * 33_000), "f")

    with pytest.raises(CannotWriteWorkbook, match="too long"):
        write_workbook(content)


def test_columns_with_codes_offer_them(book):
    workbook = load_workbook(io.BytesIO(book))

    offered = {str(rule.sqref): rule.formula1 for rule in workbook["Criteria"].data_validations.dataValidation}

    assert len(offered) == sum(bool(column.codes) for column in c.CRITERION_COLUMNS)
    start, end = offered["I2:I202"].split("!")[1].replace("$", "").split(":")
    codes = [cell.value for row in workbook[c.HELP][start:end] for cell in row]
    kinds = next(column for column in c.CRITERION_COLUMNS if column.name == "kind").codes
    assert codes == [code for code, _meaning in kinds]
