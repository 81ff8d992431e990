"""A form as a PDF in which it can be filled in, with any viewer and without a connection."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import override

from checklist.facts import proposal_facts
from checklist.item_rules import REASON_RULES
from checklist.selectors.instruments import CriterionText
from screening import pdf_forms
from screening.pdf import EmbeddedFile, prepare_pdf
from screening.pdf_forms import FormField

from .plan import ASSESSMENT, MAX_TEXT, PERCENT_LENGTH, TOKEN, VERSIONS, Entry, FormPlan, criterion_name

TEMPLATE = "checklist/reports/fillable.html"
DATA_NAME = "form.json"
# A criterion with more letters than this may be broken over pages; shorter ones are kept together.
LONG_CRITERION = 3000


class TooLongForForm(Exception):
    """A text that is saved already is longer than what is taken over from a form."""


@dataclass(frozen=True)
class FormSub:
    """A sub-question with what is to be filled in for it."""

    label: str
    wording: str
    hint: str
    answer: Entry
    words: Entry


@dataclass(frozen=True)
class FormCriterion:
    """One criterion as the page shows it; `domain` is its heading where that differs from the one before."""

    text: CriterionText
    domain: str
    answer: Entry
    choices: tuple[tuple[str, str, str], ...]
    reason: Entry
    rule: str
    subs: tuple[FormSub, ...]

    @property
    def has_descriptors(self):
        """Whether its answers take a line each."""
        return any(descriptor for _code, _label, descriptor in self.choices)

    @property
    def is_long(self):
        text = self.text
        words = [text.wording, text.guidance, *text.look_for, *text.warning_signs]
        words += [descriptor for _code, _label, descriptor in self.choices]
        words += [sub.wording + sub.hint + sub.words.beside for sub in self.subs] + [self.reason.beside]
        return sum(map(len, words)) > LONG_CRITERION


def form_document(plan: FormPlan, token: str):
    """The PDF of a form, described but not yet made. The proposal is loaded with its facts. Raises TooLongForForm."""
    if any(len(entry.value) > MAX_TEXT for entry in plan.entries):
        raise TooLongForForm(_("One of your texts is too long for a form. Shorten it on the site first."))
    assessment = plan.assessment
    proposal = assessment.proposal
    with override(plan.language):
        instruments = [(each.sheet, _criteria(plan, each)) for each in plan.draft.content.instruments]
        context = {
            "assessment": assessment,
            "proposal": proposal,
            "facts": tuple(proposal_facts(proposal)),
            "documents": proposal.documents.kept().order_by("kind", "name"),
            "instruments": instruments,
            "view": {entry.part: entry for entry in plan.entries if entry.owner == "view"},
        }
        title = _("Form to fill in: %(title)s") % {"title": proposal.title}
    return prepare_pdf(
        TEMPLATE,
        context,
        title=title,
        language=plan.language,
        created=plan.made_at,
        attachments=[EmbeddedFile(DATA_NAME, _data(plan, token), "What this form is for")],
        fields=[*map(_field, plan.entries), *_hidden(plan, token)],
    )


def _criteria(plan, instrument):
    entries, before = plan.by_name(), ""
    for place in plan.draft.places():
        if place.instrument.sheet.pk != instrument.sheet.pk:
            continue
        criterion = place.criterion
        name = criterion_name(place)
        answer = entries[name]
        descriptors = {option.code: option.descriptor for option in criterion.options}
        yield FormCriterion(
            text=criterion,
            domain=criterion.domain if criterion.domain != before else "",
            answer=answer,
            choices=tuple((code, label, descriptors.get(code, "")) for code, label in answer.options),
            reason=entries[criterion_name(place, "reason")],
            rule=_rule(criterion.spec.reason_rule),
            subs=tuple(_sub(entries, place, sub) for sub in criterion.subs),
        )
        before = criterion.domain


def _sub(entries, place, sub):
    name = criterion_name(place, sub.key)
    return FormSub(sub.label, sub.wording, sub.hint, entries[name], entries[f"{name}/text"])


def _rule(code):
    rule = REASON_RULES.get(code)
    return _(rule.sentence) if rule else ""


def _field(entry):
    kind, options, length = pdf_forms.TEXT, (), MAX_TEXT
    if entry.is_percent:
        kind, length = pdf_forms.LINE, PERCENT_LENGTH
    elif entry.options:
        kind, options, length = (pdf_forms.CHOICE if entry.sub else pdf_forms.RADIO), entry.options, 0
    return FormField(entry.name, kind, entry.tooltip, entry.value, options, length)


def _hidden(plan, token):
    values = {TOKEN: token, ASSESSMENT: str(plan.assessment.pk), VERSIONS: plan.versions}
    return [FormField(name, pdf_forms.HIDDEN, "What this form is for", value) for name, value in values.items()]


def _data(plan, token):
    """What the form is for and what stood in it, for programs."""
    values = {
        "form": "screening offline form 1",
        "token": token,
        "assessment": plan.assessment.pk,
        "proposal": plan.assessment.proposal.reference,
        "versions": plan.versions,
        "language": plan.language,
        "fields": {entry.name: entry.value for entry in plan.entries},
    }
    return json.dumps(values, ensure_ascii=False, indent=1)
