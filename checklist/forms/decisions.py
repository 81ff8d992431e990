"""What is typed when the panel recommends and the funder decides."""

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from checklist.actions.decisions import Given
from checklist.enums import Outcome
from proposals.forms.amounts import AmountField
from screening.forms import HelperMixin

MISSING_OUTCOME = {"required": _("Choose one.")}


def _words(label, help_text="", *, required=True, rows=4):
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class RecommendationForm(HelperMixin, forms.Form):
    """What the panel recommends, in the chair's words."""

    submit_label = _("Record the recommendation")
    marks_required = False

    outcome = forms.ChoiceField(
        label=_("The panel recommends"),
        choices=Outcome.choices,
        widget=forms.RadioSelect,
        error_messages=MISSING_OUTCOME,
    )
    conditions = _words(_("Conditions"), _("Only with “Fund with conditions”."), required=False, rows=3)
    reasons = _words(_("Reasons"), _("They stay on record. A later recommendation stands beside this one."))


class OverrideForm(HelperMixin, forms.Form):
    """Why the chair lets a proposal go on although this criterion says stop."""

    submit_label = _("Override this stop")

    criterion = forms.IntegerField(widget=forms.HiddenInput)
    # When the newest of what the page showed was said: only that is overridden.
    seen = forms.DateTimeField(widget=forms.HiddenInput, required=False)
    reason = _words(_("Why go on all the same"), _("It stays on record for good."), rows=3)


class DecisionForm(HelperMixin, forms.Form):
    """One decision of the funder; for many proposals the amounts stand beside each."""

    submit_label = _("Record the decision")
    marks_required = False

    outcome = forms.ChoiceField(
        label=_("Decision"), choices=Outcome.choices, widget=forms.RadioSelect, error_messages=MISSING_OUTCOME
    )
    amount = AmountField(label=_("Amount granted"), required=False)
    place = forms.IntegerField(
        label=_("Place on the reserve list"),
        required=False,
        min_value=1,
        max_value=9999,
        help_text=_("Only for the reserve list. Empty: the last place."),
    )
    conditions = _words(_("Conditions"), _("Only with “Fund with conditions”."), required=False, rows=3)
    reasons = _words(
        _("Reasons"), _("They stay on record, and the letter to the applicant gives them. Name nobody in them.")
    )
    # The applied decision that the page showed: only that one is reversed.
    earlier = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, keeps_reserve, currency="", **kwargs):
        super().__init__(*args, **kwargs)
        if not keeps_reserve:
            self.fields["outcome"].choices = [each for each in Outcome.choices if each[0] != Outcome.RESERVE]
            del self.fields["place"]
        self.fields["amount"].currency = currency
        self.fields["amount"].help_text = _now("In %(currency)s. Not for what is declined.") % {"currency": currency}

    def refuse_decision(self, refusal):
        """Show why the decision was refused, at the field it is about."""
        self.add_error(refusal.field if refusal.field in self.fields else None, str(refusal))


class ManyDecisionsForm(DecisionForm):
    """One decision for many proposals, each with its own amount and, where it differs, its own decision."""

    submit_label = ""
    form_tag = False

    LEAVE_OUT = "leave_out"

    def __init__(self, *args, proposals, keeps_reserve, currency="", **kwargs):
        super().__init__(*args, keeps_reserve=keeps_reserve, currency=currency, **kwargs)
        self.proposals = proposals
        del self.fields["amount"], self.fields["earlier"]
        self.fields.pop("place", None)
        for proposal in proposals:
            self.fields.update(self._row_fields(proposal, currency))

    def layout_fields(self):
        return ["outcome", "conditions", "reasons"]

    def _row_fields(self, proposal, currency):
        """(name, field) of what can differ for one proposal."""
        choices = [
            ("", _now("As for all")),
            *self.fields["outcome"].choices,
            (self.LEAVE_OUT, _now("Leave out")),
        ]
        same_currency = not proposal.currency or proposal.currency == currency
        own = {
            "outcome": forms.ChoiceField(choices=choices, required=False),
            "amount": AmountField(
                required=False, currency=currency, initial=proposal.amount if same_currency else None
            ),
            "conditions": _words("", required=False, rows=2),
            "reasons": _words("", required=False, rows=2),
        }
        for name, field in own.items():
            field.widget.attrs["class"] = "form-select" if name == "outcome" else "form-control"
            yield f"{name}_{proposal.pk}", field

    def rows(self):
        """(proposal, its decision, its amount, its conditions, its reasons) as bound fields."""
        return [
            (each, *(self[f"{name}_{each.pk}"] for name in ("outcome", "amount", "conditions", "reasons")))
            for each in self.proposals
        ]

    def given(self):
        """[Given] in the order of the proposals; what is left out is not among them."""
        found = []
        for proposal in self.proposals:
            own = {
                name: self.cleaned_data.get(f"{name}_{proposal.pk}")
                for name in ("outcome", "amount", "conditions", "reasons")
            }
            if own["outcome"] == self.LEAVE_OUT:
                continue
            outcome = own["outcome"] or self.cleaned_data["outcome"]
            with_conditions = outcome == Outcome.FUND_WITH_CONDITIONS
            found.append(
                Given(
                    proposal,
                    outcome,
                    own["reasons"] or self.cleaned_data["reasons"],
                    own["conditions"] or (self.cleaned_data["conditions"] if with_conditions else ""),
                    None if outcome == Outcome.DECLINE else own["amount"],
                )
            )
        return found

    def refuse_decision(self, refusal):
        """Show why the decisions were refused, at the proposal they are about."""
        own = f"{refusal.field or 'outcome'}_{refusal.proposal_pk}"
        self.add_error(own if own in self.fields else None, str(refusal))


class WithdrawDecisionForm(HelperMixin, forms.Form):
    """Why a pending decision is taken back."""

    submit_label = _("Take the decision back")
    reason = _words(_("Reason"), required=False, rows=2)
