"""Amounts in form fields: taken as people write them, and given back with their thousands apart."""

from decimal import Decimal

import pytest
from django import forms
from django.utils import translation

from proposals.forms.amounts import AmountField, amount_text


class MoneyForm(forms.Form):
    amount = AmountField(required=False)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1200000", "1200000.00"),
        ("1,200,000", "1200000.00"),
        ("1 200 000", "1200000.00"),
        ("1\u202f200\u202f000,50", "1200000.50"),
        ("1.200.000", "1200000.00"),
        ("1,200,000.5", "1200000.50"),
        ("0", "0.00"),
        ("", None),
    ],
)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_takes_amounts_as_people_write_them(language, typed, meant):
    with translation.override(language):
        form = MoneyForm({"amount": typed})

        assert form.is_valid(), form.errors
        assert form.cleaned_data["amount"] == (None if meant is None else Decimal(meant))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("a lot", "not an amount"),
        ("-5", "negative"),
        ("1.200", "two ways"),
        ("USD 5000", "Leave out the currency"),
        ("99999999999999", "too large"),
        ("1e100", "too large"),
        ("(500)", "negative"),
        ("5 million", "“million” is not understood"),
    ],
)
def test_says_at_the_field_what_is_wrong_and_keeps_what_was_typed(typed, said):
    form = MoneyForm({"amount": typed})

    assert said in form.errors["amount"][0]
    assert f'value="{typed}"' in str(form["amount"])


def test_takes_the_currency_of_the_place_beside_the_amount_and_no_other():
    field = AmountField(currency="USD")

    assert [field.clean(text) for text in ("USD 1,234", "1 234,50 usd", "US$ 7")] == [
        Decimal(1234),
        Decimal("1234.50"),
        Decimal(7),
    ]
    with pytest.raises(forms.ValidationError, match="in EUR; here amounts are in USD"):
        field.clean("EUR 1,234")


@pytest.mark.parametrize(("language", "shown"), [("en", "1,200,000"), ("fr", "1\u202f200\u202f000")])
def test_shows_thousands_apart_and_reads_them_back(language, shown):
    with translation.override(language):
        form = MoneyForm(initial={"amount": Decimal("1200000.00")})
        again = MoneyForm({"amount": shown}, initial={"amount": Decimal("1200000.00")})

        assert amount_text(Decimal("1200000.00")).replace("\xa0", "\u202f") == shown
        assert f'value="{amount_text(Decimal("1200000.00"))}"' in str(form["amount"])
        assert not again.has_changed()


def test_cents_are_shown_where_there_are_any():
    assert (amount_text(Decimal("1200.50")), amount_text(Decimal(0)), amount_text(None)) == ("1,200.50", "0", "")
