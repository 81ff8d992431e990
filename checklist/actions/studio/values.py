"""What a form holds and what a draft stores: reading, tidying, and refusing what does not fit."""

import re

from django.utils.translation import gettext as _

from checklist import fitting, scoring
from checklist.enums import CriticalCondition, CriticalRule, InstrumentScope, ResultKind
from checklist.languages import language_names
from checklist.models import Criterion, Domain, InstrumentVersion, Level, SubQuestion
from checklist.paths import LANGUAGE_MARK
from checklist.selectors.draft_content import value_at
from checklist.selectors.draft_specs import fits_result, spec_of
from checklist.tidying import CONTROL, LINE_END, tidy_text

from .refusals import CannotChangeDraft

YES = "1"
NEEDED = {"title", "short_title", "number", "source"}
WEIGHT = re.compile(r"\d{1,4}([.,]\d{1,2})?", re.ASCII)


def tidy(text):
    """As a file keeps it: one kind of line end, no blanks around, and no control characters, which come with pasting."""
    return tidy_text(CONTROL.sub("", LINE_END.sub("\n", text)))


def as_text(value):
    """A stored value as a form shows it."""
    if isinstance(value, dict):
        return value["text"]
    if isinstance(value, bool):
        return YES if value else ""
    return "" if value is None else str(value)


_FITTING = {"kind", "combining", "polarity", "reason_rule"}
_CHOICES = {
    "critical_rule": CriticalRule,
    "critical_condition": CriticalCondition,
    "result_kind": ResultKind,
    "applies_to": InstrumentScope,
    "language": None,
}


def checked(version, place, text):
    """The value to store for what a form said. Raises CannotChangeDraft when it does not fit."""
    if place.language:
        return _checked_translation(version, place, text)
    if place.field in _FITTING or place.field in _CHOICES:
        return _checked_choice(version, place, text)
    if place.field == "about_harm":
        return text == YES
    if place.field == "weight":
        return _checked_weight(text)
    if place.field == "domain":
        return _checked_domain(version, text)
    if place.field == "critical_scope":
        return _checked_scope(version, place, text)
    return _checked_text(place, text)


def _checked_text(place, text):
    if not text and place.field in NEEDED and not place.criterion:
        raise CannotChangeDraft(_("This cannot be empty."))
    model = Level if place.level else SubQuestion if place.sub else Criterion if place.criterion else Domain
    field = (model if place.domain or place.criterion else InstrumentVersion)._meta.get_field(place.field)
    if field.max_length and len(text) > field.max_length:
        raise CannotChangeDraft(
            _("At most %(most)s characters; this has %(found)s.") % {"most": field.max_length, "found": len(text)}
        )
    return text


def _checked_weight(text):
    if not WEIGHT.fullmatch(text):
        raise CannotChangeDraft(_("A weight is a number from 0 to 9999, such as 1 or 0.5."))
    return f"{float(text.replace(',', '.')):g}"


def _checked_domain(version, text):
    if text and not version.domains.filter(key=text).exists():
        raise CannotChangeDraft(_("This group is not there any more."))
    return text


def _checked_scope(version, place, text):
    """Keys of sub-questions in their order, "a,b"."""
    known = value_at(version, f"criteria/{place.criterion}/sub")
    wanted = {key.strip() for key in text.split(",") if key.strip()}
    if not wanted <= set(known):
        raise CannotChangeDraft(_("One of these sub-questions is not there any more."))
    scope = ",".join(key for key in known if key in wanted)
    if len(scope) > Criterion._meta.get_field("critical_scope").max_length:
        raise CannotChangeDraft(_("These are too many. Choose none of them, so that the whole item counts."))
    return scope


def _checked_choice(version, place, text):
    if text not in _offered(version, place):
        raise CannotChangeDraft(_("This choice does not fit here. Load the page again to see what does."))
    if place.field == "result_kind" and not fits_result(version, text):
        raise CannotChangeDraft(
            _("The items of this draft are answered in a way that cannot be shown so. Remove them first.")
        )
    if place.field == "language" and version.translations.filter(language=text).exists():
        raise CannotChangeDraft(_("There is a translation into this language. Empty it first."))
    return text


def _offered(version, place):
    if place.field == "language":
        return {*language_names(), version.language}
    if place.field in _CHOICES:
        return set(_CHOICES[place.field].values)
    spec = spec_of(version, place.criterion)
    if place.sub:
        return {kind.code for kind in fitting.kinds_of_sub(spec, place.sub)}
    if place.field == "kind":
        result = scoring.ResultKind(version.result_kind)
        return {kind.code for kind in fitting.kinds_for(result)}
    if place.field == "polarity":
        return {each.value for each in fitting.polarities_for(spec.answer_kind)}
    if place.field == "combining":
        return {rule.code for rule in fitting.combining_rules_for(spec)}
    return {rule.code for rule in fitting.reason_rules_for(spec.answer_kind)}


def _checked_translation(version, place, text):
    """None for an empty text; the mark of a language belongs to all its texts."""
    if place.language not in language_names():
        raise CannotChangeDraft(_("This language is not known."))
    if place.language == version.language:
        raise CannotChangeDraft(_("This is the language of the original."))
    if place.field == LANGUAGE_MARK:
        if not version.translations.filter(language=place.language).exists():
            raise CannotChangeDraft(_("Translate a text first; then say whether the translation is official."))
        return text == YES
    if not text:
        return None
    return {"text": text, "official": value_at(version, f"translations/{place.language}/{LANGUAGE_MARK}")}
