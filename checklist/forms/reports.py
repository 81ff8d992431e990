"""Forms of reports that leave the house: verifying, letterhead, letters and feedback."""

import re
from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from checklist import letters
from checklist.actions.letterheads import LetterheadGiven
from checklist.models import Letterhead
from checklist.pictures import RefusedPicture, read_logo
from screening.forms import HelperMixin

MOST_MB = 100


class VerifyForm(HelperMixin, forms.Form):
    """A file or its fingerprint; one of the two."""

    submit_label = _("Verify")

    file = forms.FileField(
        label=_("The PDF"),
        required=False,
        help_text=_("It is only compared, and not kept."),
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,.pdf"}),
    )
    sha256 = forms.CharField(
        label=_("Or its fingerprint (SHA-256)"),
        required=False,
        max_length=200,
        help_text=_("64 digits and letters from a to f, as a program such as sha256sum gives them."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file and file.size > MOST_MB * 1024**2:
            raise forms.ValidationError(_("The file is larger than any report: %(n)s MB and more.") % {"n": MOST_MB})
        return file

    def clean_sha256(self):
        typed = re.sub(r"\s", "", self.cleaned_data["sha256"]).lower()
        if typed and not re.fullmatch(r"[0-9a-f]{64}", typed):
            raise forms.ValidationError(_("A fingerprint has 64 characters: digits and letters from a to f."))
        return typed

    def clean(self):
        cleaned = super().clean()
        if not self.errors and bool(cleaned.get("file")) == bool(cleaned.get("sha256")):
            reason = _("Choose a file or give its fingerprint.")
            if cleaned.get("file"):
                reason = _("Give one of the two: the file or its fingerprint.")
            self.add_error("file", reason)
        return cleaned


class LetterheadForm(HelperMixin, forms.ModelForm):
    """`cleaned_data["logo_file"]` holds a `pictures.Logo`, or None."""

    submit_label = _("Save the letterhead")

    logo_file = forms.FileField(
        label=_("Logo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"}),
        help_text=_(
            "A PNG or a JPEG of at most 2 MB. It stands at the top left, on letters up to 55 mm wide and 18 mm high."
        ),
    )
    removes_logo = forms.BooleanField(label=_("Take the logo away"), required=False)

    class Meta:
        model = Letterhead
        fields = ("name", "logo_description", "colour", "address", "footer", "paper")
        widgets: ClassVar = {
            "address": forms.Textarea(attrs={"rows": 4}),
            "colour": forms.TextInput(attrs={"placeholder": "#1f4e79", "spellcheck": "false"}),
        }
        help_texts: ClassVar = {
            "logo_description": _("Read aloud in place of the picture. The name of the donor is enough."),
            "colour": _(
                "The code of a dark colour, as a drawing program or your house style names it: #1f4e79 is a dark blue. "
                "Left empty, headings and lines are black. A colour too light to be read on white paper is refused."
            ),
            "address": _("As on an envelope, with what else stands at the top of your letters."),
            "footer": _("A register number or the address of the website, for example."),
            "paper": _("What reports and letters are printed on, where nobody chooses another paper."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True
        if not self.instance.logo:
            del self.fields["removes_logo"]

    def layout_fields(self):
        logo = ["logo_file", *(["removes_logo"] if "removes_logo" in self.fields else []), "logo_description"]
        return ["name", *logo, "colour", "address", "footer", "paper"]

    def clean_logo_file(self):
        file = self.cleaned_data["logo_file"]
        if not file:
            return None
        try:
            return read_logo(file)
        except RefusedPicture as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def given(self):
        """What was said, for the action."""
        cleaned = self.cleaned_data
        return LetterheadGiven(
            **{name: cleaned[name] for name in self.Meta.fields},
            logo=cleaned["logo_file"],
            removes_logo=cleaned.get("removes_logo", False),
        )


class LetterTextForm(HelperMixin, forms.Form):
    """The wording of one kind of letter; what its places are is said beside it."""

    submit_label = _("Save the wording")

    subject = forms.CharField(label=_("Subject"), max_length=200)
    body = forms.CharField(
        label=_("Text"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 18}),
        help_text=_(
            "An empty line begins a new paragraph. A paragraph whose place has nothing to fill in is left out."
        ),
    )

    def __init__(self, *args, kind, **kwargs):
        super().__init__(*args, **kwargs)
        self.kind = kind

    def clean_subject(self):
        return self._known("subject")

    def clean_body(self):
        body = self._known("body")
        missing = letters.missing_places(self.kind, body)
        if missing:
            raise forms.ValidationError(
                _("This letter must name %(places)s somewhere.") % {"places": ", ".join(missing)}
            )
        return body

    def _known(self, name):
        text = self.cleaned_data[name]
        wrong = letters.wrong_places(self.kind, text)
        if wrong:
            known = ", ".join(f"{{{each}}}" for each in letters.PLACES[self.kind].known)
            raise forms.ValidationError(
                _("%(wrong)s is no place of this letter. It knows %(known)s.")
                % {"wrong": ", ".join(wrong), "known": known}
            )
        return text


def _points(label, *, rows=10, help_text=""):
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=False, max_length=20_000, help_text=help_text, widget=widget)


class FeedbackForm(HelperMixin, forms.Form):
    """The officer's points for one applicant, one a line."""

    submit_label = _("Keep these words")

    strengths = _points(_("What was found strong"), help_text=_("One point a line. Strike what shall not go out."))
    weaknesses = _points(_("What was found weak"))
    advice = _points(_("What we advise"), rows=5)
