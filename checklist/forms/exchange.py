"""The form with which an instrument comes in as a file."""

from django import forms
from django.core import signing
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from checklist.instrument_files import InvalidFile, read_instrument
from checklist.instrument_writing import to_yaml
from checklist.workbooks.reading import read_any
from screening.forms import HelperMixin

MAX_BYTES = 1024 * 1024
SALT = "checklist.instrument-import"


class InstrumentFileForm(HelperMixin, forms.Form):
    """A YAML file or a workbook. `content` is the InstrumentFile, `errors_in_file` what is wrong with it."""

    submit_label = gettext_lazy("Look at what is in it")
    file = forms.FileField(
        label=gettext_lazy("Instrument file"),
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml,.xlsx"}),
        error_messages={
            "required": gettext_lazy("Choose a file first."),
            "empty": gettext_lazy("The file is empty."),
        },
    )

    content = None
    errors_in_file = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        text = _("YAML or XLSX, as this application exports it, up to %(megabytes)s MB.")
        self.fields["file"].help_text = text % {"megabytes": MAX_BYTES // 1024 // 1024}

    def clean_file(self):
        """The file, read. A file that can be opened but not used leaves its errors in `errors_in_file`."""
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(
                _("The file is larger than %(megabytes)s MB.") % {"megabytes": MAX_BYTES // 1024 // 1024}
            )
        try:
            self.content = read_any(file.read(), file.name)
        except UnicodeDecodeError as error:
            raise forms.ValidationError(_("This is neither a YAML file in UTF-8 nor an Excel workbook.")) from error
        except InvalidFile as invalid:
            self.errors_in_file = invalid.errors
        return file


def sealed(content):
    """The content as a text that comes back from a page exactly as it was shown."""
    return signing.dumps(to_yaml(content), salt=SALT, compress=True)


def unsealed(text):
    """The content in a text from `sealed`; None when it was changed or is a day old."""
    try:
        return read_instrument(signing.loads(text, salt=SALT, max_age=24 * 60 * 60), "import")
    except (signing.BadSignature, InvalidFile):
        return None
