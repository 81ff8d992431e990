"""Amounts of money as people write them: read with or without spaces and commas, shown with their thousands apart."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from proposals.imports import cells


class AmountInput(forms.TextInput):
    """A line of text, because a browser's own number field takes no spaces or commas between thousands."""

    def __init__(self, attrs=None):
        super().__init__({"inputmode": "decimal", "autocomplete": "off", **(attrs or {})})

    def format_value(self, value):
        """What was typed stays as it was typed."""
        return amount_text(value) if isinstance(value, Decimal | int | float) else value


class AmountField(forms.DecimalField):
    """Takes 1200000, 1,200,000.50 and 1 200 000,50; says what cannot be read, or can be read in two ways.

    `currency` is that of the amounts here: it may stand beside the number, another one may not.
    """

    widget = AmountInput

    def __init__(self, *, max_digits=15, decimal_places=2, min_value=0, currency="", **kwargs):
        self.currency = currency
        super().__init__(max_digits=max_digits, decimal_places=decimal_places, min_value=min_value, **kwargs)

    def to_python(self, value):
        if not isinstance(value, str):
            return super().to_python(value)
        try:
            amount, currency = cells.read_amount(value)
        except cells.Unreadable as unreadable:
            raise ValidationError(str(unreadable)) from unreadable
        if currency and self.currency and currency != self.currency:
            said = {"one": currency, "other": self.currency}
            raise ValidationError(_("This amount is in %(one)s; here amounts are in %(other)s.") % said)
        if currency and not self.currency:
            raise ValidationError(_("Leave out the currency here and write the number alone."))
        return amount


def amount_text(amount):
    """1,200,000 or 1,200,000.50, as the language in force groups it; "" for none."""
    if amount is None:
        return ""
    amount = Decimal(amount)
    places = 0 if amount == amount.to_integral_value() else 2
    return number_format(amount, places, use_l10n=True, force_grouping=True)
