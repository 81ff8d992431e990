"""What a reviewer knows well, her ties, and the other names of organisations."""

from crispy_forms.layout import Column, Field, Row
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from checklist.enums import SkillVocabulary, TieKind
from checklist.selectors.reviewers import SUBJECTS, skill_word
from proposals.countries import country_code
from proposals.forms.rounds import DateInput
from proposals.imports import cells
from screening.forms import HelperMixin

ORGANISATIONS_LIST = "organisations"


def _choices(vocabulary, label):
    return forms.MultipleChoiceField(
        label=label,
        required=False,
        choices=SUBJECTS[vocabulary].choices,
        widget=forms.CheckboxSelectMultiple,
    )


class SkillsForm(HelperMixin, forms.Form):
    """Languages and countries in words, subjects to tick. All of it may stay empty."""

    submit_label = ""
    form_tag = False

    language = forms.CharField(
        label=gettext_lazy("Languages you read"),
        required=False,
        help_text=gettext_lazy("Divided by commas, for example: English, Khmer, Thai."),
    )
    country = forms.CharField(
        label=gettext_lazy("Countries you know"),
        required=False,
        help_text=gettext_lazy("Divided by commas, for example: Cambodia, Laos, Thailand."),
    )
    exploitation = _choices(SkillVocabulary.EXPLOITATION, gettext_lazy("Forms of exploitation"))
    population = _choices(SkillVocabulary.POPULATION, gettext_lazy("Populations"))
    four_p = _choices(SkillVocabulary.FOUR_P, gettext_lazy("Areas of work (the four Ps)"))

    def __init__(self, *args, skills, is_own=True, **kwargs):
        words = {
            name: ", ".join(sorted(skill_word(name, code) for code in skills.get(name, ())))
            for name in ("language", "country")
        }
        subjects = {str(vocabulary): sorted(skills.get(vocabulary, ())) for vocabulary in SUBJECTS}
        super().__init__(*args, initial={**words, **subjects}, **kwargs)
        if not is_own:
            self.fields["language"].label = _("Languages she reads")
            self.fields["country"].label = _("Countries she knows")

    def layout_fields(self):
        grids = [Field(name, wrapper_class="choice-grid") for name in ("exploitation", "population", "four_p")]
        return ["language", "country", *grids]

    def clean_language(self):
        return self._codes("language", cells.read_language, _("There is no language called “%(words)s”."))

    def clean_country(self):
        return self._codes("country", country_code, _("There is no country called “%(words)s”."))

    def _codes(self, name, read, message):
        found = []
        for words in self.cleaned_data[name].replace(";", ",").split(","):
            if not words.strip():
                continue
            code = read(words.strip())
            if not code:
                raise forms.ValidationError(message % {"words": words.strip()})
            found.append(code)
        return found

    def skills(self):
        """{vocabulary: codes} as given."""
        return {str(vocabulary): self.cleaned_data[vocabulary] for vocabulary in SkillVocabulary}


class TieForm(HelperMixin, forms.Form):
    """One tie to one organisation."""

    submit_label = ""
    form_tag = False

    organisation = forms.CharField(
        label=gettext_lazy("Organisation"),
        widget=forms.TextInput(attrs={"list": ORGANISATIONS_LIST, "autocomplete": "off", "maxlength": 300}),
        help_text=gettext_lazy(
            "Begin to write: organisations you may know of here are offered. Others can be named too."
        ),
        error_messages={"required": gettext_lazy("Name the organisation.")},
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("What the tie is"), choices=[("", gettext_lazy("Choose …")), *TieKind.choices]
    )
    note = forms.CharField(
        label=gettext_lazy("In words"), required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=1000
    )
    until = forms.DateField(
        label=gettext_lazy("Until"),
        required=False,
        widget=DateInput(),
        help_text=gettext_lazy("The last day on which the tie counts. Empty while it goes on."),
    )

    def layout_fields(self):
        return [Row(Column("organisation"), Column("kind")), "note", "until"]


class DomainForm(HelperMixin, forms.Form):
    """Where the mail of an organisation goes."""

    submit_label = ""
    form_tag = False

    email_domain = forms.CharField(
        label=gettext_lazy("E-mail domain"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("What stands after the @ in its addresses, for example blueboat.example."),
    )


class AliasForm(HelperMixin, forms.Form):
    """Another name of an organisation."""

    submit_label = ""
    form_tag = False

    alias = forms.CharField(
        label=gettext_lazy("Another name"),
        max_length=300,
        help_text=gettext_lazy("An acronym, a former name, or the name in another language."),
        error_messages={"required": gettext_lazy("Write the other name.")},
    )
