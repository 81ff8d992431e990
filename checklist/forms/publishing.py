"""The note with which a version is published."""

from django import forms
from django.utils.translation import gettext_lazy as _

from screening.forms import HelperMixin


class PublishForm(HelperMixin, forms.Form):
    """What changed, for whoever compares results later."""

    submit_label = _("Publish this version")

    # The draft as the page showed it, so that nothing is published that nobody has looked at.
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    change_note = forms.CharField(
        label=_("What changed, and why"),
        help_text=_("A sentence or two. It stays with the version, and reviewers and auditors can read it."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
    )
