"""What a person says when she adds or removes documents."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from proposals.document_checks import RefusedFile, check_file, clean_name
from proposals.enums import DocumentKind
from screening.forms import HelperMixin


class SeveralFilesInput(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data, files, name):
        return files.getlist(name)


class SeveralFilesField(forms.FileField):
    """A list of uploaded files; each is looked at by the form, so that one bad file does not refuse the rest."""

    widget = SeveralFilesInput

    def clean(self, data, initial=None):
        if self.required and not data:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return data


class DocumentAddForm(HelperMixin, forms.Form):
    """`cleaned_data["files"]` holds CheckedFiles; `refused` holds (name, reason) for the others."""

    submit_label = _("Add these files")

    kind = forms.ChoiceField(label=_("What are these files?"), choices=DocumentKind, initial=DocumentKind.NARRATIVE)
    files = SeveralFilesField(label=_("Files"), error_messages={"required": _("Choose at least one file.")})

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.refused = []
        self.fields["files"].widget.attrs["accept"] = ".pdf,.docx,.xlsx"
        self.fields["files"].help_text = _(
            "PDF, Word (.docx) or Excel (.xlsx), up to %(size)s MB each, several at once."
        ) % {"size": settings.SCREENING_MAX_DOCUMENT_MB}

    def clean_files(self):
        checked = []
        for file in self.cleaned_data["files"]:
            try:
                checked.append(check_file(file, file.name))
            except RefusedFile as problem:
                self.refused.append((clean_name(file.name), str(problem)))
        return checked

    def show_refused(self, refused):
        """Say at the field why each of these files was not taken; (name, reason) pairs."""
        for name, reason in refused:
            self.add_error("files", f"{name}: {reason}")


class DocumentRemoveForm(HelperMixin, forms.Form):
    submit_label = _("Remove the document")

    reason = forms.CharField(
        label=_("Why is it removed?"),
        help_text=_("Kept in the history of the proposal."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why the document is removed.")},
    )
