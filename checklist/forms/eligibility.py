"""What was found of one proposal's eligibility, as a form."""

from django import forms
from django.utils.translation import gettext_lazy as _

from checklist.actions.eligibility import Finding
from checklist.enums import CheckOutcome
from screening.forms import HelperMixin

CHOICES = [*CheckOutcome.choices, ("", _("Open"))]


class EligibilityForm(HelperMixin, forms.Form):
    """For each condition a result and a reason; and why, where something on record changes."""

    submit_label = ""
    change_reason = forms.CharField(
        label=_("Why you change what is on record"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
        help_text=_("Only needed where a result was recorded before. It stays in the history."),
    )

    def __init__(self, *args, states, **kwargs):
        super().__init__(*args, **kwargs)
        self.states = states
        for state in states:
            self.fields[f"outcome_{state.check.pk}"] = forms.ChoiceField(
                label=state.check.wording,
                choices=CHOICES,
                required=False,
                widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
                initial=state.outcome,
            )
            self.fields[f"reason_{state.check.pk}"] = forms.CharField(
                label=_("Reason"),
                required=False,
                initial=state.reason,
                widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
            )
        if not any(state.outcome for state in states):
            del self.fields["change_reason"]

    def groups(self):
        """(state, its result, its reason) for each condition."""
        return [(state, self[f"outcome_{state.check.pk}"], self[f"reason_{state.check.pk}"]) for state in self.states]

    def findings(self):
        """{check id: Finding} as given."""
        return {
            state.check.pk: Finding(
                self.cleaned_data[f"outcome_{state.check.pk}"], self.cleaned_data[f"reason_{state.check.pk}"]
            )
            for state in self.states
        }

    def refuse_check(self, refusal):
        """Show why the results were refused, at the condition they are about."""
        reason = f"reason_{refusal.check_pk}"
        fallback = "change_reason" if "change_reason" in self.fields else None
        self.add_error(reason if reason in self.fields else fallback, str(refusal))
