"""What one wants by e-mail, and a message to several people of a round."""

from django import forms
from django.utils.translation import gettext_lazy as _

from checklist.enums import Audience, NoticeKind
from screening.forms import HelperMixin

LONGEST_MESSAGE = 8000


class NoticeSettingsForm(HelperMixin, forms.Form):
    """The kinds of notices that come with the daily e-mail."""

    submit_label = _("Save what comes by e-mail")
    # Nothing has to be ticked, which needs no word.
    marks_required = True

    by_mail = forms.MultipleChoiceField(
        label=_("In my daily e-mail"),
        choices=NoticeKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The others are shown in Screening all the same."),
    )


class MessageForm(HelperMixin, forms.Form):
    """To whom, and what; the next page shows who gets it before anything is sent."""

    submit_label = _("See who gets what")
    marks_required = False

    audience = forms.ChoiceField(
        label=_("To"),
        choices=Audience.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one.")},
    )
    people = forms.ModelMultipleChoiceField(
        label=_("The people named"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only with “People whom I name”."),
    )
    subject = forms.CharField(label=_("Subject"), max_length=200)
    text = forms.CharField(label=_("Message"), max_length=LONGEST_MESSAGE, widget=forms.Textarea(attrs={"rows": 8}))

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = people

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("audience") == Audience.NAMED and not cleaned.get("people"):
            self.add_error("people", _("Name at least one person."))
        return cleaned
