"""Forms of a funding round's set-up."""

from crispy_forms.layout import Column, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from proposals.models import FundingRound
from screening.enums import RoundRole
from screening.forms import HelperMixin
from screening.models import User


class DateInput(forms.DateInput):
    """A browser's own date field; its value is always year-month-day."""

    input_type = "date"

    def __init__(self, **kwargs):
        super().__init__(format="%Y-%m-%d", **kwargs)


class RoundForm(HelperMixin, forms.ModelForm):
    """The facts of a round. `officer` is asked for where the person who opens it may not run it."""

    submit_label = _("Save the round")
    officer = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Programme officer"),
        help_text=_("Runs the round. More people can be named afterwards."),
    )

    class Meta:
        model = FundingRound
        fields = [
            "title",
            "reference",
            "donor_name",
            "description",
            "phase",
            "stage",
            "form_length",
            "opens_on",
            "closes_on",
            "review_due_on",
            "reviewers_wanted",
            "budget",
            "currency",
        ]
        widgets = {
            "opens_on": DateInput(),
            "closes_on": DateInput(),
            "review_due_on": DateInput(),
            "description": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "reference": _("Stands in addresses and proposal numbers, for example GMS-2026."),
            "donor_name": _("Printed on reports."),
            "form_length": _("Both keep the same rules and make the same report."),
            "stage": _("Some critical items wait for full proposals."),
            "reviewers_wanted": _("One opinion says little. Two is the least, three is better."),
            "currency": _("Three letters, for example USD."),
        }

    def __init__(self, *args, asks_for_officer=False, **kwargs):
        super().__init__(*args, **kwargs)
        if asks_for_officer:
            self.fields["officer"].queryset = User.objects.filter(is_active=True).order_by("name", "pk")
        else:
            del self.fields["officer"]

    def layout_fields(self):
        return [
            "title",
            Row(Column("reference"), Column("donor_name")),
            "description",
            *(["officer"] if "officer" in self.fields else []),
            Row(Column("phase"), Column("stage")),
            "form_length",
            Row(Column("opens_on"), Column("closes_on"), Column("review_due_on")),
            Row(Column("reviewers_wanted"), Column("budget"), Column("currency")),
        ]

    def clean_currency(self):
        currency = self.cleaned_data["currency"].strip().upper()
        if len(currency) != 3 or not currency.isalpha():
            raise forms.ValidationError(_("Give the currency as three letters, for example USD."))
        return currency


class GrantForm(HelperMixin, forms.Form):
    """Gives one person one role in a round."""

    submit_label = _("Give the role")
    user = forms.ModelChoiceField(User.objects.none(), label=_("Person"), empty_label=_("Choose a person"))
    role = forms.ChoiceField(label=_("Role"), choices=RoundRole)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = User.objects.filter(is_active=True).order_by("name", "pk")

    def layout_fields(self):
        return [Row(Column("user"), Column("role"))]
