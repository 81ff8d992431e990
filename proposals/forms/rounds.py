"""Forms of a funding round's set-up."""

from crispy_forms.layout import Column, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from proposals.actions.rounds import Window
from proposals.enums import RoundPhase
from proposals.models import FundingRound
from screening.enums import RoundRole
from screening.forms import HelperMixin
from screening.models import User

from .amounts import AmountField


class DateInput(forms.DateInput):
    """A browser's own date field; its value is always year-month-day."""

    input_type = "date"

    def __init__(self, **kwargs):
        super().__init__(format="%Y-%m-%d", **kwargs)


# Phases whose dates the form asks for besides those of the intake, which are the round's own.
DATED_PHASES = (RoundPhase.ELIGIBILITY, RoundPhase.REVIEW, RoundPhase.PANEL, RoundPhase.DECISION)


class RoundForm(HelperMixin, forms.ModelForm):
    """What a round is and when. `officer` is asked for where the person who opens it may not run it."""

    submit_label = _("Save and go on")
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
            "stage",
            "form_length",
            "opens_on",
            "closes_on",
            "review_due_on",
            "follows_dates",
            "phase",
        ]
        widgets = {
            "opens_on": DateInput(),
            "closes_on": DateInput(),
            "review_due_on": DateInput(),
            "description": forms.Textarea(attrs={"rows": 3}),
        }
        labels = {"opens_on": _("Intake from"), "closes_on": _("Intake to")}
        help_texts = {
            "reference": _("Stands in addresses and proposal numbers, for example GMS-2026."),
            "donor_name": _("Printed on reports."),
            "form_length": _("Both follow the same rules and give the same report."),
            "stage": _("Some critical items wait for full proposals."),
            "review_due_on": _("Reviewers read this day beside each proposal."),
            "follows_dates": _("Outside its dates a phase is closed. You can change the dates at any time."),
            "phase": _("Where the round is now. Only used where phases do not open and close by themselves."),
        }

    def __init__(self, *args, asks_for_officer=False, windows=(), **kwargs):
        super().__init__(*args, **kwargs)
        known = {window.phase: window for window in windows}
        for phase in DATED_PHASES:
            window = known.get(phase)
            self._add_day(f"{phase}_from", _("%(phase)s from"), phase, window and window.starts_on)
            self._add_day(f"{phase}_to", _("%(phase)s to"), phase, window and window.ends_on)
        if asks_for_officer:
            self.fields["officer"].queryset = User.objects.filter(is_active=True).order_by("name", "pk")
        else:
            del self.fields["officer"]

    def _add_day(self, name, label, phase, initial):
        field = forms.DateField(label=label % {"phase": phase.label}, required=False, widget=DateInput())
        field.initial = initial
        self.fields[name] = field

    def layout_fields(self):
        return [
            "title",
            Row(Column("reference"), Column("donor_name")),
            "description",
            *(["officer"] if "officer" in self.fields else []),
            Row(Column("stage"), Column("form_length")),
            Row(Column("opens_on"), Column("closes_on")),
            *(Row(Column(f"{phase}_from"), Column(f"{phase}_to")) for phase in DATED_PHASES),
            "follows_dates",
            Row(Column("phase"), Column("review_due_on")),
        ]

    def clean(self):
        cleaned = super().clean()
        for phase in DATED_PHASES:
            if cleaned.get(f"{phase}_to") and not cleaned.get(f"{phase}_from"):
                self.add_error(f"{phase}_from", _("Say from which day on, too."))
        return cleaned

    def windows(self):
        """The windows as they were given; a phase without a first day has none."""
        cleaned = self.cleaned_data
        days = {RoundPhase.INTAKE: (cleaned["opens_on"], cleaned["closes_on"])}
        days |= {phase: (cleaned[f"{phase}_from"], cleaned[f"{phase}_to"]) for phase in DATED_PHASES}
        return [Window(str(phase), first, last) for phase, (first, last) in days.items() if first]

    def refuse_phases(self, refusal):
        """Show why the dates were refused, at the field they are about."""
        field = "opens_on" if refusal.phase == RoundPhase.INTAKE else f"{refusal.phase}_from"
        self.add_error(field if field in self.fields else None, str(refusal))


class MoneyForm(HelperMixin, forms.ModelForm):
    """How much the round has to give."""

    submit_label = _("Save and go on")

    class Meta:
        model = FundingRound
        fields = ["budget", "currency"]
        field_classes = {"budget": AmountField}
        help_texts = {"currency": _("Three letters, for example USD.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["budget"].currency = str(self["currency"].value() or "").strip().upper()

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
