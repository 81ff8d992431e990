"""The form by which one proposal is registered or changed."""

import re

from crispy_forms.layout import Column, Field, Fieldset, Row
from django import forms
from django.conf.locale import LANG_INFO
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proposals.countries import country_code, country_name, similar_country
from proposals.enums import ExploitationForm, FourP, Population, VictimContact
from proposals.imports import cells
from proposals.validators import AREA_LENGTH, LENGTHS, ProposalFacts, problems_of
from screening.forms import HelperMixin

from .amounts import AmountInput, amount_text
from .rounds import DateInput

AREA_WITH_COUNTRY = re.compile(r"(.+?)(?:,\s*([^,()]+)|\s*\(([^()]+)\))")
ORGANISATIONS_LIST = "organisations"
CURRENCIES_LIST = "currencies"


def language_choices(current=""):
    """Languages by their own names, and the current one whatever it is."""
    known = {code: info["name_local"] for code, info in LANG_INFO.items() if "name_local" in info and "-" not in code}
    if current:
        known.setdefault(current, current)
    return [("", gettext_lazy("Not stated")), *sorted(known.items(), key=lambda pair: pair[1].casefold())]


def _lines(label, help_text, **options):
    widget = forms.Textarea(attrs={"rows": options.pop("rows", 2)})
    return forms.CharField(label=label, help_text=help_text, required=False, widget=widget, **options)


def _choices(label, choices):
    widget = forms.CheckboxSelectMultiple
    return forms.MultipleChoiceField(label=label, choices=choices, required=False, widget=widget)


class ProposalForm(HelperMixin, forms.Form):
    """Turns what was typed into `facts`, a ProposalFacts. `known` are the facts to begin with."""

    submit_label = gettext_lazy("Save the proposal")

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(
        label=gettext_lazy("Title"), error_messages={"required": gettext_lazy("Give the proposal a title.")}
    )
    reference = forms.CharField(
        label=gettext_lazy("Reference"),
        required=False,
        help_text=gettext_lazy("Leave it blank and the next number of the round is given."),
    )
    summary = _lines(
        gettext_lazy("Summary"), gettext_lazy("What the project wants to do, in the applicant's words."), rows=5
    )
    applicant = forms.CharField(
        label=gettext_lazy("Applicant"),
        required=False,
        widget=forms.TextInput(attrs={"list": ORGANISATIONS_LIST, "autocomplete": "off"}),
        help_text=gettext_lazy("Begin to write: organisations that are known already are offered."),
    )
    partners = _lines(gettext_lazy("Partners"), gettext_lazy("One organisation per line."))
    countries = forms.CharField(
        label=gettext_lazy("Countries"),
        required=False,
        help_text=gettext_lazy("Divided by commas, for example: Cambodia, Laos, Thailand."),
    )
    areas = _lines(
        gettext_lazy("Areas"),
        gettext_lazy("One per line, with the country where there are several: Chiang Mai, Thailand."),
    )
    starts_on = forms.DateField(label=gettext_lazy("Starts on"), required=False, widget=DateInput())
    ends_on = forms.DateField(label=gettext_lazy("Ends on"), required=False, widget=DateInput())
    amount = forms.CharField(label=gettext_lazy("Amount asked for"), required=False, widget=AmountInput())
    currency = forms.CharField(
        label=gettext_lazy("Currency"),
        required=False,
        widget=forms.TextInput(attrs={"list": CURRENCIES_LIST, "maxlength": 3, "autocomplete": "off"}),
        help_text=gettext_lazy("Three letters, for example USD."),
    )
    exploitation = _choices(gettext_lazy("Forms of exploitation"), ExploitationForm)
    populations = _choices(gettext_lazy("Populations"), Population)
    four_p = _choices(gettext_lazy("Area of work"), FourP)
    victim_contact = forms.ChoiceField(
        label=gettext_lazy("Direct contact with victims"), choices=VictimContact, widget=forms.RadioSelect
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of the proposal"), required=False)
    external_id = forms.CharField(label=gettext_lazy("Identifier in the applicant's system"), required=False)
    notes = _lines(gettext_lazy("Other facts"), "")

    def __init__(self, *args, known=None, currency="", **kwargs):
        self.known = known
        kwargs.setdefault(
            "initial", {**initial_of(known or ProposalFacts("", currency=currency)), **kwargs.pop("initial", {})}
        )
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = language_choices(known.language if known else "")
        for name, length in LENGTHS.items():
            if name in self.fields and name != "language":
                self.fields[name].widget.attrs["maxlength"] = length

    def layout_fields(self):
        choices = [Field(name, wrapper_class="choice-grid") for name in ("four_p", "exploitation", "populations")]
        return [
            "revision",
            Fieldset(_("The proposal"), "title", "reference", "summary", "language", css_class="fieldset"),
            Fieldset(_("Who"), "applicant", "partners", css_class="fieldset"),
            Fieldset(
                _("Where and when"),
                "countries",
                "areas",
                Row(Column("starts_on"), Column("ends_on")),
                css_class="fieldset",
            ),
            Fieldset(_("Money"), Row(Column("amount"), Column("currency")), css_class="fieldset"),
            Fieldset(_("What kind"), *choices, "victim_contact", css_class="fieldset"),
            Fieldset(_("More"), "external_id", "notes", css_class="fieldset"),
        ]

    def clean_title(self):
        return " ".join(self.cleaned_data["title"].split())

    def clean_applicant(self):
        return " ".join(self.cleaned_data["applicant"].split())

    def clean_partners(self):
        return cells.read_names(self.cleaned_data["partners"])

    def clean_countries(self):
        codes, unknown = cells.read_countries(self.cleaned_data["countries"])
        for words in unknown:
            similar = similar_country(words)
            message = _("“%(words)s” is no country we know.") % {"words": words}
            if similar:
                message += " " + _("Is it %(similar)s?") % {"similar": similar}
            self.add_error("countries", message + " " + _("A region or a province belongs under areas."))
        return codes

    def clean_areas(self):
        lines = (" ".join(line.split()) for line in self.cleaned_data["areas"].splitlines())
        areas = [self._area(line) for line in lines if line]
        if any(len(area) > AREA_LENGTH for _country, area in areas):
            raise forms.ValidationError(_("The name of an area has at most %(n)s characters.") % {"n": AREA_LENGTH})
        return areas

    def _area(self, line):
        """(country or "", area) of "Chiang Mai, Thailand" or "Chiang Mai"."""
        match = AREA_WITH_COUNTRY.fullmatch(line)
        country = country_code(match[2] or match[3]) if match else ""
        return (country, match[1]) if country else ("", line)

    def clean_amount(self):
        try:
            self.amount_currency = ""
            amount, self.amount_currency = cells.read_amount(self.cleaned_data["amount"])
        except cells.Unreadable as problem:
            raise forms.ValidationError(str(problem)) from None
        return amount

    def clean_currency(self):
        try:
            return cells.read_currency(self.cleaned_data["currency"])
        except cells.Unreadable as problem:
            raise forms.ValidationError(str(problem)) from None

    def clean(self):
        data = super().clean()
        if not self.errors:
            self.facts = self._facts(data)
            self.add_problems(problems_of(self.facts))
        return data

    def _facts(self, data):
        plain = {name: data[name] for name in (
            "title", "reference", "external_id", "applicant", "starts_on", "ends_on", "amount", "victim_contact", "language",
        )}  # fmt: skip
        return ProposalFacts(
            **plain,
            summary=data["summary"].replace("\r\n", "\n").strip(),
            notes=data["notes"].replace("\r\n", "\n").strip(),
            partners=data["partners"],
            places=self._places(data["countries"], data["areas"]),
            currency=(self.amount_currency or data["currency"]) if data["amount"] is not None else "",
            **{name: tuple(data[name]) for name in ("exploitation", "populations", "four_p")},
        )

    def _places(self, countries, areas):
        """Countries and areas together. An area without a country belongs to the only one there is,
        unless it was known without one ("Regional")."""
        kept = set(self.known.places) if self.known else set()
        alone = countries[0] if len(countries) == 1 else ""
        areas = [(country or ("" if ("", area) in kept else alone), area) for country, area in areas]
        within = {country for country, _area in areas}
        return tuple(dict.fromkeys([*((code, "") for code in countries if code not in within), *areas]))

    def add_problems(self, problems):
        """Show what is wrong at the fields of this form."""
        for problem in problems:
            name = "countries" if problem.field == "places" else problem.field
            self.add_error(name if name in self.fields else None, problem.message)


def initial_of(facts):
    """What the fields of the form show for these facts."""
    codes = dict.fromkeys(country for country, _area in facts.places if country)
    areas = [f"{area}, {country_name(country)}" if country else area for country, area in facts.places if area]
    return {
        **{name: getattr(facts, name) for name in (
            "title", "reference", "external_id", "summary", "applicant", "starts_on", "ends_on", "currency",
            "victim_contact", "language", "notes", "exploitation", "populations", "four_p",
        )},
        "partners": "\n".join(facts.partners),
        "countries": ", ".join(country_name(code) for code in codes),
        "areas": "\n".join(areas),
        "amount": amount_text(facts.amount),
    }  # fmt: skip
