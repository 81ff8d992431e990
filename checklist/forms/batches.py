"""How many reports at once are to look."""

from crispy_forms.layout import Column, Row
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from checklist.enums import ReportKind
from checklist.reporting.making import A4, LETTERS, NAMED
from screening.forms import HelperMixin


class BatchForm(HelperMixin, forms.Form):
    """Which report, in which language, on which paper. `counts` is {kind: how many it would be}."""

    submit_label = ""
    form_tag = False

    kind = forms.ChoiceField(
        label=_("Which report"), widget=forms.RadioSelect, error_messages={"required": _("Choose a report.")}
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    paper = forms.ChoiceField(label=_("Paper"), choices=[(A4, "A4"), ("letter", _("Letter"))])
    names = forms.ChoiceField(label=_("Reviewers"), choices=[(NAMED, _("By name")), (LETTERS, _("As A, B, C"))])

    def __init__(self, *args, counts, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind, _with_count(kind, count)) for kind, count in counts.items() if count]

    def layout_fields(self):
        return ["kind", Row(Column("language"), Column("paper"), Column("names"))]

    @property
    def look(self):
        """What `request_batch` takes as options."""
        return {name: self.cleaned_data[name] for name in ("language", "paper", "names")}


def _with_count(kind, count):
    return ngettext("%(kind)s: %(n)s file", "%(kind)s: %(n)s files", count) % {
        "kind": ReportKind(kind).label,
        "n": count,
    }
