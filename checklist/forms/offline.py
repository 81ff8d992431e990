"""Forms that come back filled in: one or many files."""

from django import forms
from django.utils.translation import gettext_lazy as _

from checklist.offline.reading import MAX_BYTES, read_uploads
from proposals.forms.documents import SeveralFilesField
from screening.forms import HelperMixin

MOST_FILES = 20


class OfflineUploadForm(HelperMixin, forms.Form):
    """`cleaned_data["files"]` holds UploadedForms; what is wrong with one of them stands in it."""

    submit_label = _("Upload and compare")

    files = SeveralFilesField(label=_("Filled forms"), error_messages={"required": _("Choose at least one file.")})

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["files"].widget.attrs["accept"] = ".pdf,.xlsx"
        self.fields["files"].help_text = _("PDF or Excel (.xlsx), up to %(size)s MB each, several at once.") % {
            "size": MAX_BYTES // 1024**2
        }

    def clean_files(self):
        files = self.cleaned_data["files"]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(_("Upload at most %(n)s files at once.") % {"n": MOST_FILES})
        return read_uploads(files)
