"""What is asked of the ranking: which proposals, in which order, against which budget."""

from django import forms
from django.utils.translation import gettext_lazy as _

from checklist.ranking import STANDING_TEXTS, OrderBy, WhenItDoesNotFit
from proposals.enums import FourP
from proposals.forms.amounts import AmountField, AmountInput

ANY = ("", _("Any"))
ORDERS = [(OrderBy.RAW.value, _("Scores as given")), (OrderBy.ADJUSTED.value, _("Adjusted scores"))]
FITTING = [
    (WhenItDoesNotFit.STOP.value, _("Stop there")),
    (WhenItDoesNotFit.SKIP.value, _("Skip that proposal and go on")),
]


class RankingFilterForm(forms.Form):
    """Narrows the list; every field may be left out, and what is no choice is left out too."""

    country = forms.ChoiceField(label=_("Country"), required=False)
    four_p = forms.ChoiceField(label=_("Area of work"), required=False, choices=[ANY, *FourP.choices])
    standing = forms.ChoiceField(
        label=_("Standing"),
        required=False,
        choices=[ANY, *((standing.value, _(text)) for standing, text in STANDING_TEXTS.items())],
    )
    by = forms.ChoiceField(label=_("Places go by"), required=False, choices=ORDERS)

    def __init__(self, *args, countries=(), has_adjusted=True, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [ANY, *countries]
        if not has_adjusted:
            del self.fields["by"]

    def chosen(self, name):
        """What was chosen; "" where nothing valid was."""
        self.is_valid()
        return self.cleaned_data.get(name, "")


class BudgetForm(forms.Form):
    """The what-if: how much there is, and what to do at the first amount that does not fit."""

    budget = AmountField(label=_("Budget"), required=False, widget=AmountInput({"class": "form-control"}))
    rule = forms.ChoiceField(label=_("If an amount is more than what is left"), required=False, choices=FITTING)

    def __init__(self, *args, round_, **kwargs):
        super().__init__(*args, initial={"budget": round_.budget}, **kwargs)
        self.fields["budget"].currency = round_.currency

    @property
    def rule_chosen(self):
        """What was chosen; to stop where nothing valid was."""
        known = self.cleaned_data.get("rule") if self.is_bound and (self.is_valid() or self.errors) else ""
        return WhenItDoesNotFit(known or WhenItDoesNotFit.STOP)
