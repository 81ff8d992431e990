"""Forms that choose how a round judges."""

import re

from django import forms
from django.db.models import Count
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from checklist.enums import CriticalCondition, CriticalRule, InstrumentScope, VersionState
from checklist.models import InstrumentVersion
from checklist.scoring import RESULT_ORDER
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
        offered = versions.select_related("instrument").annotate(asks=Count("criteria", distinct=True))
        for version in sorted(offered, key=_place):
            self.by_instrument.setdefault(version.instrument, []).append(version)
        for instrument, found in self.by_instrument.items():
            choices = [("", _("Not used in this round")), *((version.pk, _label(version)) for version in found)]
            self.fields[f"instrument_{instrument.pk}"] = forms.TypedChoiceField(
                label=instrument.title,
                help_text=_what_for(found[0]),
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


def _label(version):
    """The version; of a retired one that the round keeps, that it is retired."""
    if version.state == VersionState.RETIRED:
        return _("%(version)s (retired; the round may keep it)") % {"version": version}
    return str(version)


def _place(version):
    """What every round begins with first, then by kind of result; the newest version of each first."""
    kind = RESULT_ORDER.index(version.result_kind)
    return not version.instrument.is_default, kind, version.instrument_id, -version.number


def _what_for(version):
    """In one line: the kind of result, how much is asked, for whom, and what the source says it is."""
    asks = ngettext("%(n)s question", "%(n)s questions", version.asks) % {"n": version.asks}
    scope = version.get_applies_to_display() if version.applies_to != InstrumentScope.ALL else ""
    return ". ".join(filter(None, [version.get_result_kind_display(), asks, scope, _first_sentence(version)]))


def _first_sentence(version):
    """Of the introduction, which is quoted from the source."""
    first = Truncator(re.split(r"(?<=[.;:])\s", version.introduction.strip(), maxsplit=1)[0]).words(32)
    return f"“{first.rstrip('.;:')}”" if first else ""


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
