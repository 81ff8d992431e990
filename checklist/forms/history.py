"""The filters of the audit trail and of the history of one proposal."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from proposals.forms.rounds import DateInput
from proposals.models import FundingRound
from screening.audit import EVENTS, KINDS, kind_of

ALL_OF = "kind:"


class HistoryFilterForm(forms.Form):
    """By what happened, person and time."""

    event = forms.ChoiceField(label=_("What happened"), required=False)
    actor = forms.CharField(
        label=_("Person"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"placeholder": _("Name or part of it")}),
    )
    since = forms.DateField(label=_("From"), required=False, widget=DateInput())
    until = forms.DateField(label=_("To"), required=False, widget=DateInput())

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["event"].choices = _event_choices()

    def filter(self, events):
        """The events that match what was filled in."""
        wanted = self.cleaned_data
        if wanted["event"].startswith(ALL_OF):
            kind = wanted["event"].removeprefix(ALL_OF)
            events = events.filter(event__in=[code for code in EVENTS if kind_of(code) == kind])
        elif wanted["event"]:
            events = events.filter(event=wanted["event"])
        if wanted["actor"]:
            events = events.filter(actor_label__icontains=wanted["actor"])
        if wanted["since"]:
            events = events.filter(at__date__gte=wanted["since"])
        if wanted["until"]:
            events = events.filter(at__date__lte=wanted["until"])
        return events


class AuditFilterForm(HistoryFilterForm):
    """The same, and by round."""

    field_order = ["event", "actor", "round", "since", "until"]
    round = forms.ModelChoiceField(
        FundingRound.objects.order_by("title"), label=_("Round"), required=False, empty_label=_("All")
    )

    def filter(self, events):
        wanted = self.cleaned_data["round"]
        events = super().filter(events)
        return events.filter(round_id=wanted.pk) if wanted else events


def _event_choices():
    """Everything, all of one kind, or one event: the events stand under their kinds."""
    found = [("", gettext("Everything"))]
    for kind, label in KINDS.items():
        every = (ALL_OF + kind, gettext("All of this: %(kind)s") % {"kind": gettext(label)})
        codes = [code for code in EVENTS if kind_of(code) == kind]
        sentences = [(code, gettext(EVENTS[code]).format(actor="…", subject="…")) for code in codes]
        found.append((gettext(label), [every, *sentences]))
    return found
