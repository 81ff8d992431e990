"""Forms that choose how a round judges."""

from django import forms
from django.utils.translation import gettext_lazy as _

from checklist.enums import CriticalCondition, CriticalRule
from checklist.models import InstrumentVersion
from screening.forms import HelperMixin


class InstrumentsForm(HelperMixin, forms.Form):
    """One choice per instrument: a published version, or not used."""

    submit_label = _("Save the instruments")

    def __init__(self, *args, round_, **kwargs):
        super().__init__(*args, **kwargs)
        pinned = {pin.version.instrument_id: pin.version for pin in round_.instruments.select_related("version")}
        self.by_instrument = {}
        choices = {}
        versions = InstrumentVersion.objects.usable() | InstrumentVersion.objects.filter(
            pk__in=[version.pk for version in pinned.values()]
        )
        for version in versions.select_related("instrument").order_by("-result_kind", "instrument_id", "-number"):
            self.by_instrument.setdefault(version.instrument, []).append(version)
        for instrument, found in self.by_instrument.items():
            choices = [("", _("Not used in this round")), *((version.pk, str(version)) for version in found)]
            self.fields[f"instrument_{instrument.pk}"] = forms.TypedChoiceField(
                label=instrument.title,
                choices=choices,
                coerce=int,
                empty_value=None,
                required=False,
                widget=forms.RadioSelect,
                initial=pinned[instrument.pk].pk if instrument.pk in pinned else "",
            )

    def versions(self):
        """The chosen versions in the order in which they are offered."""
        chosen = {pk for pk in self.cleaned_data.values() if pk}
        return [version for found in self.by_instrument.values() for version in found if version.pk in chosen]


class CriticalForm(HelperMixin, forms.Form):
    """One choice per criterion of the pinned versions: none, explain or block."""

    submit_label = _("Save the critical items")

    def __init__(self, *args, sheets, modes, **kwargs):
        super().__init__(*args, **kwargs)
        self.sheets = sheets
        for sheet in sheets:
            own = modes.get(sheet.pk, {})
            for criterion in sheet.criteria:
                default = criterion.spec.critical.mode
                self.fields[f"criterion_{criterion.pk}"] = forms.ChoiceField(
                    label=f"{criterion.number}. {criterion.short_title}",
                    choices=CriticalRule,
                    initial=str(own.get(criterion.key, default)),
                    widget=forms.Select(attrs={"class": "form-select"}),
                )

    def groups(self):
        """(sheet, [(field, when the rule holds)]) for a table per instrument."""
        for sheet in self.sheets:
            rows = [
                (self[f"criterion_{criterion.pk}"], CriticalCondition(criterion.spec.critical.condition.value).label)
                for criterion in sheet.criteria
            ]
            yield sheet, rows

    def rules(self):
        """{criterion id: rule} as chosen."""
        return {int(name.removeprefix("criterion_")): rule for name, rule in self.cleaned_data.items()}
