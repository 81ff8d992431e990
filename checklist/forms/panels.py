"""What the pages of the panel post."""

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from checklist.enums import Conclusion
from screening.forms import HelperMixin


class DiscussionForm(HelperMixin, forms.Form):
    """One contribution. `people` are (id, name as she may see it), `criteria` (id, title)."""

    submit_label = _("Add to the discussion")
    marks_required = False

    text = forms.CharField(
        label=_("What you want to say"),
        help_text=_("It cannot be changed afterwards. Write @ and a name to tell somebody."),
        widget=forms.Textarea(attrs={"rows": 4, "data-discussion-text": ""}),
        max_length=8000,
    )
    criterion = forms.TypedChoiceField(label=_("About"), required=False, coerce=int, empty_value=None)
    mentions = forms.TypedMultipleChoiceField(
        label=_("Tell these people"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, people, criteria, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["criterion"].choices = [("", _now("The proposal as a whole")), *criteria]
        self.fields["mentions"].choices = people
        if not people:
            del self.fields["mentions"]


class ReopenConsensusForm(HelperMixin, forms.Form):
    """Why a closed consensus is opened again."""

    submit_label = _("Reopen the consensus")

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("It stays on record beside the consensus."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
    )


class ConsensusViewForm(HelperMixin, forms.Form):
    """The panel's overall view."""

    submit_label = _("Save the overall view")

    conclusion = forms.ChoiceField(
        label=_("Overall view of the panel"), required=False, widget=forms.RadioSelect, choices=()
    )
    reason = forms.CharField(
        label=_("Reasons"), required=False, widget=forms.Textarea(attrs={"rows": 4}), max_length=8000
    )
    override_reason = forms.CharField(
        label=_("Why recommend all the same"),
        help_text=_("Only where a critical item speaks against “Recommend”."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=8000,
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["conclusion"].choices = [("", _now("None yet")), *Conclusion.choices]


class AgendaForm(forms.Form):
    """Which proposals a meeting goes through, in the order of the page."""

    proposals = forms.TypedMultipleChoiceField(coerce=int, required=False, choices=())

    def __init__(self, *args, proposals, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["proposals"].choices = [(proposal.pk, proposal.title) for proposal in proposals]
