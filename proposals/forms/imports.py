"""Forms on the way from an uploaded spreadsheet to proposals."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proposals.imports.fields import FIELDS, NOTES, InvalidMapping, check_mapping
from proposals.models import ColumnMapping
from screening.forms import HelperMixin
from screening.tabular import MAX_BYTES, MAX_ROWS, TableProblem, read_table

EXAMPLES = 3


class UploadForm(HelperMixin, forms.Form):
    """A CSV or XLSX file that can be read as a table."""

    submit_label = gettext_lazy("Upload and match the columns")
    file = forms.FileField(
        label=gettext_lazy("Spreadsheet"),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
        error_messages={
            "required": gettext_lazy("Choose a file first."),
            "empty": gettext_lazy("The file is empty."),
        },
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        said = {"megabytes": MAX_BYTES // 1024 // 1024, "rows": f"{MAX_ROWS:,}"}
        self.fields["file"].help_text = (
            _("CSV or XLSX, up to %(megabytes)s MB and %(rows)s rows. The first row holds the column titles.") % said
        )

    def clean_file(self):
        file = self.cleaned_data["file"]
        try:
            read_table(file, file.name)
        except TableProblem as problem:
            raise forms.ValidationError(str(problem)) from problem
        finally:
            file.seek(0)
        return file


def field_choices():
    """Our fields in their groups, for a select."""
    groups = {}
    for field in FIELDS.values():
        groups.setdefault(field.group, []).append((field.name, field.label))
    rest = [(NOTES, gettext_lazy("Keep in other facts")), ("", gettext_lazy("Leave out"))]
    return [*groups.items(), (gettext_lazy("Nothing of these"), rest)]


class ColumnsForm(forms.Form):
    """One select per column of the file; `mapping` is our field -> their column."""

    sheet = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)
    keep_as = forms.CharField(
        label=gettext_lazy("Keep this matching under a name"),
        help_text=gettext_lazy("For the next file with the same columns. Leave it blank otherwise."),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )

    def __init__(self, *args, table, suggested, **kwargs):
        self.table = table
        super().__init__(*args, **kwargs)
        chosen = {column: name for name, column in suggested.items() if name != NOTES}
        chosen.update(dict.fromkeys(suggested.get(NOTES, ()), NOTES))
        choices = field_choices()
        for number, column in enumerate(table.columns):
            self.fields[f"column_{number}"] = forms.ChoiceField(
                label=column,
                choices=choices,
                required=False,
                initial=chosen.get(column, ""),
                widget=forms.Select(attrs={"class": "form-select"}),
            )

    @property
    def rows(self):
        """(bound field, example values) per column, in the order of the file."""
        for number in range(len(self.table.columns)):
            values = (row.cells[number].strip() for row in self.table.rows)
            yield self[f"column_{number}"], _first(values, EXAMPLES)

    def clean_keep_as(self):
        name = " ".join(self.cleaned_data["keep_as"].split())
        if name and ColumnMapping.objects.filter(name__iexact=name).exists():
            raise forms.ValidationError(_("There is already a kept matching with this name."))
        return name

    def clean(self):
        data = super().clean()
        self.mapping, notes = {}, []
        for number, column in enumerate(self.table.columns):
            name = data.get(f"column_{number}", "")
            if name == NOTES:
                notes.append(column)
            elif name in self.mapping:
                said = {"field": FIELDS[name].label, "column": self.mapping[name]}
                message = _("“%(column)s” becomes %(field)s already. Only one column can.") % said
                self.add_error(f"column_{number}", message)
            elif name:
                self.mapping[name] = column
        if notes:
            self.mapping[NOTES] = notes
        try:
            check_mapping(self.mapping, self.table.columns)
        except InvalidMapping as problem:
            self.add_error(None, str(problem))
        return data


def _first(values, count):
    """The first different values that are not blank, in their order."""
    found = {}
    for value in values:
        if value:
            found.setdefault(value)
        if len(found) == count:
            break
    return list(found)
