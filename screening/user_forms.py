"""Forms about people."""

from crispy_forms.layout import Column, Row
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from .forms import HelperMixin
from .models import User


class UserForm(HelperMixin, forms.ModelForm):
    """Who a person is and which system roles she holds."""

    submit_label = _("Save the person")

    class Meta:
        model = User
        fields = [
            "name",
            "email",
            "organisation_name",
            "language",
            "is_administrator",
            "is_instrument_editor",
            "is_auditor",
            "is_active",
        ]
        widgets = {"language": forms.Select(choices=settings.LANGUAGES)}
        help_texts = {
            "email": _("Used to sign in."),
            "organisation_name": _("Compared with applicants when reviewers are chosen."),
            "is_administrator": _("Adds people, opens rounds, names who edits the instruments. Sees no judgement."),
            "is_instrument_editor": _("Changes and publishes the questions that reviewers answer."),
            "is_auditor": _("Reads everything, changes nothing."),
        }

    def layout_fields(self):
        return [
            Row(Column("name"), Column("email")),
            Row(Column("organisation_name"), Column("language")),
            "is_administrator",
            "is_instrument_editor",
            "is_auditor",
            "is_active",
        ]


class NewUserForm(UserForm):
    """A new person; a first password can be handed over, or she sets one by e-mail."""

    password = forms.CharField(
        label=_("First password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters. Left empty, she sets one herself by “Forgotten password”."),
    )

    class Meta(UserForm.Meta):
        fields = [field for field in UserForm.Meta.fields if field != "is_active"]

    def layout_fields(self):
        return [field for field in super().layout_fields() if field != "is_active"] + ["password"]


class SettingsForm(HelperMixin, forms.ModelForm):
    """What a person sets for herself."""

    submit_label = _("Save my settings")

    class Meta:
        model = User
        fields = ["language", "theme", "has_shortcuts"]
        widgets = {"language": forms.RadioSelect(choices=settings.LANGUAGES), "theme": forms.RadioSelect}
        labels = {"language": _("My language")}
        help_texts = {
            "has_shortcuts": _("Digits choose an answer, j and k move between criteria, ? shows the list."),
        }
