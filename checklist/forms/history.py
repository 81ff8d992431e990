"""The filter of the audit trail."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from proposals.forms.rounds import DateInput
from proposals.models import FundingRound
from screening.audit import EVENTS


class AuditFilterForm(forms.Form):
    """By round, kind of event, person and time."""

    round = forms.ModelChoiceField(
        FundingRound.objects.order_by("title"), label=_("Round"), required=False, empty_label=_("All")
    )
    event = forms.ChoiceField(label=_("Event"), required=False)
    actor = forms.CharField(label=_("Person"), required=False, max_length=100)
    since = forms.DateField(label=_("From"), required=False, widget=DateInput())
    until = forms.DateField(label=_("To"), required=False, widget=DateInput())

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        sentences = {code: gettext(said).format(actor="…", subject="…") for code, said in EVENTS.items()}
        self.fields["event"].choices = [("", _("All")), *sentences.items()]

    def filter(self, events):
        """The events that match what was filled in."""
        wanted = self.cleaned_data
        if wanted["round"]:
            events = events.filter(round_id=wanted["round"].pk)
        if wanted["event"]:
            events = events.filter(event=wanted["event"])
        if wanted["actor"]:
            events = events.filter(actor_label__icontains=wanted["actor"])
        if wanted["since"]:
            events = events.filter(at__date__gte=wanted["since"])
        if wanted["until"]:
            events = events.filter(at__date__lte=wanted["until"])
        return events
