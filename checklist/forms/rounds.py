"""Forms that choose how a round judges."""

import re

from crispy_forms.layout import Column, Row
from django import forms
from django.db.models import Count
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from checklist.actions.eligibility import Condition
from checklist.actions.rules import RANKING_KINDS, Limits
from checklist.enums import CriticalCondition, CriticalRule, InstrumentScope, NamesShown, ResultKind, VersionState
from checklist.models import InstrumentVersion, RoundRules
from checklist.scoring import RESULT_ORDER
from proposals.forms.rounds import MoneyForm
from screening.forms import HelperMixin


class InstrumentsForm(HelperMixin, forms.Form):
    """One choice per instrument: a published version, or not used; which one ranks, and from where on each counts."""

    submit_label = _("Save and go on")

    def __init__(self, *args, round_, **kwargs):
        super().__init__(*args, **kwargs)
        pins = {pin.version.instrument_id: pin for pin in round_.instruments.select_related("version")}
        pinned = {pk: pin.version for pk, pin in pins.items()}
        self.by_instrument = {}
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
            self._add_limits(instrument, found[0], pins.get(instrument.pk))
        self._add_ranking(pins.values())

    def _add_limits(self, instrument, version, pin):
        """Threshold and coverage, for an instrument whose result can be more or less."""
        if version.result_kind not in RANKING_KINDS:
            return
        is_share = version.result_kind == ResultKind.SHARE
        self.fields[f"threshold_{instrument.pk}"] = forms.DecimalField(
            label=_("Threshold, percent favourable") if is_share else _("Threshold, level each must reach on average"),
            required=False,
            min_value=0,
            max_digits=6,
            decimal_places=2,
            initial=pin.threshold if pin else None,
        )
        self.fields[f"coverage_{instrument.pk}"] = forms.IntegerField(
            label=_("Counts only where so many percent are judged"),
            required=False,
            min_value=0,
            max_value=100,
            initial=pin.minimum_coverage if pin else None,
        )

    def _add_ranking(self, pins):
        ranked = next((str(pin.version.instrument_id) for pin in pins if pin.ranks), "")
        able = [each for each, found in self.by_instrument.items() if found[0].result_kind in RANKING_KINDS]
        self.fields["ranks"] = forms.ChoiceField(
            label=_("Which one puts the proposals in order"),
            help_text=_("The others stand beside it. Results of different instruments are never added."),
            choices=[*((str(each.pk), each.title) for each in able), ("", _("None yet"))],
            required=False,
            widget=forms.RadioSelect,
            initial=ranked,
        )

    def layout_fields(self):
        rows = []
        for instrument in self.by_instrument:
            rows.append(f"instrument_{instrument.pk}")
            if f"threshold_{instrument.pk}" in self.fields:
                limits = Column(f"threshold_{instrument.pk}"), Column(f"coverage_{instrument.pk}")
                rows.append(Row(*limits, css_class="setup-limits"))
        return [*rows, "ranks"]

    def clean(self):
        cleaned = super().clean()
        ranks = cleaned.get("ranks")
        if ranks and not cleaned.get(f"instrument_{ranks}"):
            self.add_error(
                "ranks", _("This instrument is not used in the round. Choose it above, or another one here.")
            )
        return cleaned

    def versions(self):
        """The chosen versions in the order in which they are offered."""
        chosen = {self.cleaned_data[f"instrument_{each.pk}"] for each in self.by_instrument}
        return [version for found in self.by_instrument.values() for version in found if version.pk in chosen]

    def ranks(self):
        """The version that puts the proposals in order, or None."""
        ranks = self.cleaned_data["ranks"]
        return self.cleaned_data[f"instrument_{ranks}"] if ranks else None

    def limits(self):
        """{version id: Limits} of the chosen versions."""
        cleaned = self.cleaned_data
        return {
            version.pk: Limits(
                cleaned.get(f"threshold_{version.instrument_id}"), cleaned.get(f"coverage_{version.instrument_id}")
            )
            for version in self.versions()
        }

    def refuse_rules(self, refusal):
        """Show why a rule was refused, at the threshold it is about."""
        pinned = {version.pk: version.instrument_id for version in self.versions()}
        field = f"threshold_{pinned.get(refusal.version_pk)}"
        self.add_error(field if field in self.fields else None, str(refusal))


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

    submit_label = ""

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


class ReviewRulesForm(HelperMixin, forms.ModelForm):
    """How many reviewers a proposal gets, and what they see of each other."""

    submit_label = _("Save and go on")
    reviewers_wanted = forms.IntegerField(
        label=_("Reviewers per proposal"),
        min_value=1,
        max_value=20,
        help_text=_("People judge differently: three together are about twice as reliable as one. Have at least two."),
    )

    class Meta:
        model = RoundRules
        fields = ["maximum_load", "difference_limit", "names_shown", "practice_first"]
        widgets = {"names_shown": forms.RadioSelect}
        labels = {
            "maximum_load": _("Most proposals per reviewer"),
            "difference_limit": _("Difference that calls for a further reviewer, percent"),
            "practice_first": _("Reviewers practise before they assess"),
        }
        help_texts = {
            "maximum_load": _("Empty means no limit."),
            "difference_limit": _("Of the higher of two results."),
            "names_shown": _("Officers and chairs always see names. Once assessments are in, letters stay letters."),
            "practice_first": _(
                "Nobody begins an assessment of the round before her own practice is handed in; "
                "whoever has begun one hands it in after the practice."
            ),
        }

    def __init__(self, *args, round_, **kwargs):
        super().__init__(*args, **kwargs)
        self.round = round_
        self.fields["reviewers_wanted"].initial = round_.reviewers_wanted
        # Stored with a default, so never left out.
        self.fields["names_shown"].choices = NamesShown.choices

    def layout_fields(self):
        return [
            Row(Column("reviewers_wanted"), Column("maximum_load")),
            "difference_limit",
            "names_shown",
            "practice_first",
        ]

    def rules(self):
        """The fields of RoundRules as given."""
        return {field: self.cleaned_data[field] for field in self.Meta.fields}

    def changed_round(self):
        """The round with the number of reviewers as given, not saved."""
        self.round.reviewers_wanted = self.cleaned_data["reviewers_wanted"]
        return self.round


class MoneyRulesForm(MoneyForm):
    """How much there is to give, and how decisions come about."""

    has_reserve_list = forms.BooleanField(
        label=_("Keep a reserve list"),
        required=False,
        help_text=_("What may be funded if money is left, in an order of its own."),
    )
    needs_consensus = forms.BooleanField(
        label=_("The panel agrees on a consensus before it recommends"),
        required=False,
        help_text=_("Without one no recommendation can be recorded."),
    )

    def __init__(self, *args, rules, **kwargs):
        super().__init__(*args, **kwargs)
        for field in ("has_reserve_list", "needs_consensus"):
            self.fields[field].initial = getattr(rules, field)

    def layout_fields(self):
        return [Row(Column("budget"), Column("currency")), "has_reserve_list", "needs_consensus"]

    def rules(self):
        """The fields of RoundRules as given."""
        return {field: self.cleaned_data[field] for field in ("has_reserve_list", "needs_consensus")}


class ConditionForm(forms.Form):
    """One eligibility condition; a row of the step."""

    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    wording = forms.CharField(label=_("Condition"), max_length=300, required=False)
    guidance = forms.CharField(
        label=_("How to check it"), required=False, widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"})
    )
    place = forms.IntegerField(label=_("Place"), min_value=1, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["wording"].widget.attrs["class"] = "form-control"
        self.fields["place"].widget.attrs["class"] = "form-control"


class BaseConditions(forms.BaseFormSet):
    """All rows of the step; an empty row means nothing."""

    def conditions(self):
        """The Conditions in the order of their places; a new one without a place comes last."""
        rows = [(row, form.cleaned_data) for row, form in enumerate(self.forms) if _is_said(form.cleaned_data)]
        rows.sort(key=lambda each: (each[1].get("place") or len(self.forms) + 1, each[0]))
        self.rows = [row for row, _said in rows]
        return [Condition(said["wording"].strip(), said["guidance"].strip(), said.get("pk")) for _row, said in rows]

    def refuse(self, refusal):
        """Show why the conditions were refused, at the one it is about."""
        if refusal.row is None:
            self._non_form_errors.append(str(refusal))
        else:
            self.forms[self.rows[refusal.row]].add_error("wording", str(refusal))


def _is_said(said):
    return bool(said.get("wording", "").strip() or said.get("guidance", "").strip())


ConditionFormSet = forms.formset_factory(ConditionForm, formset=BaseConditions, extra=0, max_num=50)
