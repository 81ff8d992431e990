"""One cell to one value: read where it is clear, refused where it can be read in two ways."""

from datetime import date
from decimal import Decimal

import pytest

from proposals.enums import TagVocabulary
from proposals.imports import cells
from proposals.imports.cells import Unreadable


@pytest.mark.parametrize(
    "text, amount, currency",
    [
        ("1,234.50", "1234.50", ""), ("1.234,50", "1234.50", ""), ("1234.5", "1234.50", ""), ("1234,5", "1234.50", ""),
        ("1,234", "1234", ""), ("1,234,567", "1234567", ""), ("1.234.567,8", "1234567.80", ""), ("89e4", "890000", ""),
        ("3E5", "300000", ""), ("330568.0", "330568", ""), ("12 000", "12000", ""), ("12\u202f000", "12000", ""),
        ("5'000", "5000", ""), ("USD 5000", "5000", "USD"), ("5000 usd", "5000", "USD"), ("€ 12.000,50", "12000.50", "EUR"),
        ("US$ 10", "10", "USD"), ("$60,000", "60000", ""), ("£7", "7", "GBP"), ("0", "0", ""), ("2.345678", "2.35", ""),
        ("1 234,50", "1234.50", ""), ("USD 1,234", "1234", "USD"), ("CHF 1'234.-", "1234", "CHF"), ("1234,–", "1234", ""),
        ("5,000/-", "5000", ""), ("INR 5000/-", "5000", "INR"), ("0e9999", "0", ""),
    ],
)  # fmt: skip
def test_amounts_are_read(text, amount, currency):
    assert cells.read_amount(text) == (Decimal(amount), currency)


@pytest.mark.parametrize("text", ["", " ", "NA", "n/a", "#N/A", "-", "–", "null"])
def test_blank_amounts_are_none(text):
    assert cells.read_amount(text) == (None, "")


@pytest.mark.parametrize(
    "text, words",
    [
        ("1.234", "Write 1234 or 1.23."),
        ("-5", "negative"),
        ("5-", "negative"),
        ("USD 5 -", "negative"),
        ("\u22125", "negative"),
        ("- 5", "negative"),
        ("-USD 5", "negative"),
        ("USD (5,000)", "negative"),
        ("100" + " " * 58 + "000", "too long"),
        ("9" * 61, "too long"),
        ("about 5000", "“about” is not understood"),
        ("about -5000", "“about” is not understood"),
        ("5000 apples", "“apples” is not understood"),
        ("1.2 m", "“m” is not understood"),
        ("USD 5000 EUR", "Two currencies"),
        ("1,23,456", "groups of three"),
        ("1.2.3", "groups of three"),
        ("12 34", "not an amount"),
        ("=1+1", "not an amount"),
        ("NaN", ""),
        ("Infinity", "not an amount"),
        ("1e99", "too large"),
        ("1e9999", "too large"),
        ("10000000000000", "too large"),
        ("9999999999999.995", "too large"),
    ],
)
def test_amounts_that_are_none_or_unclear_are_refused(text, words):
    if text == "NaN":
        assert cells.read_amount(text) == (None, "")
        return
    with pytest.raises(Unreadable, match=words):
        cells.read_amount(text)


@pytest.mark.parametrize("text, code", [("usd", "USD"), ("€", "EUR"), ("Euro", "EUR"), ("NA", ""), ("", "")])
def test_currencies_are_read(text, code):
    assert cells.read_currency(text) == code


@pytest.mark.parametrize("text", ["dollars", "XYZ", "$"])
def test_a_currency_that_is_unknown_or_unclear_is_refused(text):
    with pytest.raises(Unreadable, match="three letters"):
        cells.read_currency(text)


@pytest.mark.parametrize(
    "text, day",
    [
        ("2014-11-12T00:00:00+00:00", date(2014, 11, 12)), ("2026-5-1", date(2026, 5, 1)),
        ("2026-05-01 09:30:00", date(2026, 5, 1)), ("13/4/2026", date(2026, 4, 13)), ("4/13/2026", date(2026, 4, 13)),
        ("3.4.2026", date(2026, 4, 3)), ("5/5/2026", date(2026, 5, 5)), ("5 May 2026", date(2026, 5, 5)),
        ("May 5, 2026", date(2026, 5, 5)), ("1er août 2026", date(2026, 8, 1)), ("2 févr. 2026", date(2026, 2, 2)),
    ],
)  # fmt: skip
def test_dates_are_read(text, day):
    assert cells.read_date(text) == (day, False)


@pytest.mark.parametrize(
    "text, first, last",
    [
        ("2016", date(2016, 1, 1), date(2016, 12, 31)),
        ("2016-02", date(2016, 2, 1), date(2016, 2, 29)),
        ("May 2026", date(2026, 5, 1), date(2026, 5, 31)),
    ],
)
def test_a_month_or_year_means_its_first_or_last_day_and_is_said_to_be_rough(text, first, last):
    assert cells.read_date(text) == (first, True)
    assert cells.read_date(text, at_end=True) == (last, True)


@pytest.mark.parametrize(
    "text, words",
    [
        ("03/04/2026", "Write 2026-04-03 or 2026-03-04"),
        ("31/02/2026", "no such day"),
        ("2026-13-01", "no such day"),
        ("2026-13", "no such month"),
        ("45000", "not a date"),
        ("soon", "not a date"),
        ("1026-01-01", "between 1900 and 2100"),
    ],
)
def test_dates_that_are_none_or_unclear_are_refused(text, words):
    with pytest.raises(Unreadable, match=words):
        cells.read_date(text)


def test_the_other_cells_of_a_column_tell_what_comes_first():
    assert cells.day_comes_first(["03/04/2026", "25/12/2026"]) is True
    assert cells.day_comes_first(["03/04/2026", "12/25/2026"]) is False
    assert cells.day_comes_first(["03/04/2026", "25/12/2026", "12/25/2026"]) is None
    assert cells.day_comes_first(["03/04/2026", "25.12.2026", ""]) is None
    assert cells.read_date("03/04/2026", day_first=True) == (date(2026, 4, 3), False)
    assert cells.read_date("03/04/2026", day_first=False) == (date(2026, 3, 4), False)


@pytest.mark.parametrize(
    "text, codes, words",
    [
        ("Prevention, Protection", ("prevention", "protection"), ()),
        ("Prevention, Protection, and Prosecution", ("prevention", "protection", "prosecution"), ()),
        ("Protection/Prevention", ("protection", "prevention"), ()),
        ("Rehabilitation/prevention", ("prevention",), ("Rehabilitation",)),
        ("four_p", (), ("four_p",)),
        ("NA", (), ()),
    ],
)
def test_the_four_p_are_read_from_codes_and_words(text, codes, words):
    assert cells.read_tags(text, TagVocabulary.FOUR_P) == (codes, words)


def test_labels_with_commas_and_and_inside_are_read_whole():
    assert cells.read_tags("Forced crime, online scams included; Forced labor", TagVocabulary.EXPLOITATION) == (
        ("forced_crime", "forced_labour"),
        (),
    )
    assert cells.read_tags("Refugees and displaced people, women and girls, migrant_workers", "population") == (
        ("refugees", "women", "girls", "migrant_workers"),
        (),
    )


def test_names_are_divided_at_semicolons_and_line_ends_only():
    text = "Bangladesh Women Lawyers; Action Against Trafficking, and Child Exploitation\n NA ;;IOM"

    assert cells.read_names(text) == (
        "Bangladesh Women Lawyers",
        "Action Against Trafficking, and Child Exploitation",
        "IOM",
    )


@pytest.mark.parametrize(
    "text, code", [("English", "en"), ("FR", "fr"), ("français", "fr"), ("", ""), ("Klingon", None)]
)
def test_languages_are_read_by_code_or_name(text, code):
    assert cells.read_language(text) == code
