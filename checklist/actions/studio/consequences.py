"""What has to change with a change, so that a draft can be shown, tried and counted at any moment."""

from dataclasses import replace

from django.utils.translation import gettext as _

from checklist import fitting, scoring
from checklist.paths import LEVEL_FIELDS
from checklist.selectors.draft_content import value_at
from checklist.selectors.draft_specs import spec_of

from .refusals import CannotChangeDraft


def consequences(version, place, value):
    """{path: value} of what no longer fits when `value` is put at `place`.

    Raises CannotChangeDraft when sub-questions stand in the way.
    """
    if place.field != "kind" or place.language:
        return {}
    spec = spec_of(version, place.criterion)
    if place.sub:
        changed = (scoring.SubSpec(sub.key, value) if sub.key == place.sub else sub for sub in spec.subs)
        return _of_subs(place.criterion, replace(spec, subs=tuple(changed)))
    return _of_kind(version, place.criterion, replace(spec, kind=value))


def of_subs(version, key, subs):
    """{path: value} of what changes when a criterion's sub-questions become `subs` (SubSpecs)."""
    spec = replace(spec_of(version, key), subs=tuple(subs))
    return _of_subs(key, spec) | _of_scope(key, spec)


def _of_subs(key, spec):
    """The combining rule that fits the sub-questions: the same if it does, else the first one."""
    if not spec.subs:
        return {f"criteria/{key}/combining": ""} if spec.combining else {}
    rules = [rule.code for rule in fitting.combining_rules_for(spec)]
    if not rules:
        raise CannotChangeDraft(
            _(
                "No rule can make an answer of this kind out of these sub-questions. Remove them or change their answers."
            )
        )
    return {} if spec.combining in rules else {f"criteria/{key}/combining": rules[0]}


def _of_scope(key, spec):
    keys = {sub.key for sub in spec.subs}
    left = ",".join(each for each in spec.critical.scope if each in keys)
    return {f"criteria/{key}/critical_scope": left} if left != ",".join(spec.critical.scope) else {}


def _of_kind(version, key, spec):
    """Polarity, rules and texts of levels that the new kind of answer does not know."""
    values = _of_subs(key, spec)
    if spec.polarity not in fitting.polarities_for(spec.answer_kind):
        values[f"criteria/{key}/polarity"] = scoring.Polarity.YES_IS_GOOD.value
    rules = [rule.code for rule in fitting.reason_rules_for(spec.answer_kind)]
    if spec.reason_rule not in rules:
        values[f"criteria/{key}/reason_rule"] = rules[0]
    criterion = version.criteria.get(key=key)
    for code in criterion.levels.order_by("position").values_list("code", flat=True):
        if not spec.answer_kind.has(code):
            values |= _without_level(version, f"criteria/{key}/levels/{code}")
    return values


def _without_level(version, path):
    values = {f"{path}/{field}": "" for field in LEVEL_FIELDS if value_at(version, f"{path}/{field}")}
    for language, place in version.translations.filter(path__startswith=f"{path}/").values_list("language", "path"):
        if place.startswith(f"{path}/"):
            values[f"translations/{language}/{place}"] = None
    return values
