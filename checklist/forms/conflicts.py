"""What somebody decides about a suspected conflict of interest."""

from django import forms
from django.utils.translation import gettext_lazy as _

from screening.forms import HelperMixin


class ConflictForm(HelperMixin, forms.Form):
    """Conflict or not, with the reason that stays on record."""

    CONFIRM, DISMISS = "confirm", "dismiss"
    submit_label = _("Record this")

    answer = forms.ChoiceField(
        label=_("What you find"),
        widget=forms.RadioSelect,
        choices=[
            (CONFIRM, _("It is a conflict of interest. The proposal closes to this person for good.")),
            (DISMISS, _("It is none. This person may be asked.")),
        ],
        error_messages={"required": _("Choose one of the two.")},
    )
    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        help_text=_("Stays on record."),
        error_messages={"required": _("Say why.")},
    )
