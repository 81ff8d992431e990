"""What is posted to try an instrument: the circumstances, and answers of which nothing is stored."""

from django import forms
from django.utils.translation import gettext_lazy as _

from checklist import scoring
from checklist.languages import language_name
from checklist.selectors.results import StoredAnswer
from proposals.enums import FormLength, RoundStage, VictimContact

from .responses import UnreadableForm, given_responses

CONTACT = {VictimContact.YES: True, VictimContact.NO: False}


class CircumstancesForm(forms.Form):
    """The round and the proposal that the trial assumes."""

    language = forms.ChoiceField(label=_("Language of the form"))
    form_length = forms.ChoiceField(label=_("Length of the form"), choices=FormLength, initial=FormLength.FULL)
    stage = forms.ChoiceField(label=_("What applicants were asked for"), choices=RoundStage, initial=RoundStage.FULL)
    contact = forms.ChoiceField(
        label=_("Direct contact with victims"), choices=VictimContact, initial=VictimContact.UNKNOWN
    )

    def __init__(self, data=None, *, languages):
        super().__init__(data, initial={"language": languages[0]})
        self.fields["language"].choices = [(code, language_name(code)) for code in languages]
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select"

    def chosen(self, name):
        """The value posted under a name where it is one of the choices, else the first one offered."""
        said = self.cleaned_data.get(name) if self.is_bound and (self.is_valid() or self.cleaned_data) else None
        return said or self.get_initial_for_field(self.fields[name], name)

    @property
    def context(self):
        """What the conditions of critical rules look at."""
        return scoring.RoundContext(scoring.Stage(self.chosen("stage")), CONTACT.get(self.chosen("contact")))

    @property
    def length(self):
        return scoring.FormLength(self.chosen("form_length"))


def tried_answers(data, sheet):
    """{criterion key: StoredAnswer} of what was filled in; what is no answer of the question is left out."""
    try:
        given = {each.criterion_pk: each for each in given_responses(data)}
    except UnreadableForm:
        return {}
    found = {}
    for criterion in sheet.criteria:
        each = given.get(criterion.pk)
        if each is None:
            continue
        subs = {sub.key: _sub_answer(sub, each.subs[sub.key]) for sub in criterion.subs if sub.key in each.subs}
        answer = scoring.ItemAnswer(_code(criterion.spec.answer_kind, each.answer), each.rationale.strip(), subs)
        is_touched = answer != scoring.ItemAnswer(subs=answer.subs) or any(
            sub != scoring.SubAnswer() for sub in subs.values()
        )
        found[criterion.key] = StoredAnswer(answer, int(is_touched), None, ())
    return found


def _sub_answer(sub, given):
    return scoring.SubAnswer(_code(scoring.ANSWER_KINDS[sub.kind], given.answer), given.text.strip())


def _code(kind, code):
    code = kind.typed(code) if code else None
    return code if code and kind.has(code) else None
