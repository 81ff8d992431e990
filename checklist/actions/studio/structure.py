"""Adding, copying, removing and moving groups, items and sub-questions of a draft."""

import re

from django.db import transaction
from django.utils.translation import gettext as _

from checklist import fitting, scoring
from checklist.enums import EditKind
from checklist.paths import NotAPlace, parse
from checklist.selectors.draft_content import order_of, value_at
from checklist.selectors.draft_specs import spec_of
from checklist.selectors.studio_keys import numbers_in_order, used_keys

from .consequences import of_subs
from .refusals import CannotChangeDraft, DraftConflict
from .steps import hold_draft, last_step_at, take_step


@transaction.atomic
def add(*, version, path, by):
    """Add an empty group, item or sub-question at the end of a list and return its path.

    `path` is "domains", "criteria" or "criteria/<key>/sub". Raises CannotChangeDraft.
    """
    held = hold_draft(version, by)
    place = _list(held, path)
    if place.list == "sub":
        return _add_sub(held, place, _empty_sub(held, place), by)
    key = _next_key(held, place)
    tree = _empty_domain() if place.list == "domains" else _empty_criterion(held, key)
    return _put(held, place, key, tree, by)


@transaction.atomic
def duplicate(*, version, path, by):
    """Copy an item or a sub-question, with its texts in other languages, behind it; return the path of the copy."""
    held = hold_draft(version, by)
    place, tree = _whole(held, path)
    siblings = _list(held, _siblings(place))
    if place.sub:
        return _add_sub(held, siblings, tree, by, behind=place.sub)
    key = _next_key(held, siblings)
    behind = place.criterion or place.domain
    if place.criterion:
        tree = {**tree, "fields": {**tree["fields"], "number": key}}
    return _put(held, siblings, key, tree, by, behind=behind)


@transaction.atomic
def remove(*, version, path, by):
    """Take a group, an item or a sub-question out, with all that belongs to it. Undo brings it back whole."""
    held = hold_draft(version, by)
    place, _tree = _whole(held, path)
    siblings = _siblings(place)
    key = place.sub or place.criterion or place.domain
    values = {path: None, siblings: [each for each in value_at(held, siblings) if each != key]}
    if place.sub:
        subs = [sub for sub in spec_of(held, place.criterion).subs if sub.key != place.sub]
        values |= of_subs(held, place.criterion, subs)
    if place.domain:
        members = held.criteria.filter(domain__key=place.domain).order_by("position", "pk")
        values |= {f"criteria/{each}/domain": "" for each in members.values_list("key", flat=True)}
    take_step(version=held, kind=EditKind.REMOVE, path=path, values=values, by=by)


@transaction.atomic
def move(*, version, path, before, after, by):
    """Put the members of a list in the order `after`; `before` is the order that the page had.

    Raises DraftConflict when the order changed meanwhile, CannotChangeDraft when it is not the same members.
    """
    held = hold_draft(version, by)
    place = _list(held, path)
    stored = order_of(held, place)
    if list(after) == stored:
        return
    if list(before) != stored:
        last = last_step_at(held, [path])
        raise DraftConflict(path, ", ".join(after), ", ".join(stored), last.by if last else None)
    if sorted(after) != sorted(stored):
        raise CannotChangeDraft(_("This order does not name every member once."))
    take_step(version=held, kind=EditKind.MOVE, path=path, values={path: list(after)}, by=by)


@transaction.atomic
def step_by_one(*, version, path, by_how_much, by):
    """Move a group, an item or a sub-question one place down (1) or up (-1); at the end of its list it stays."""
    held = hold_draft(version, by)
    place, _tree = _whole(held, path)
    siblings = _siblings(place)
    before = order_of(held, parse(siblings))
    key = place.sub or place.criterion or place.domain
    to = min(len(before) - 1, max(0, before.index(key) + by_how_much))
    after = [each for each in before if each != key]
    after.insert(to, key)
    move(version=held, path=siblings, before=before, after=after, by=by)


@transaction.atomic
def renumber(*, version, by):
    """Number the items 1, 2, 3 in their order, or P1, P2, P3 where the first number begins so."""
    held = hold_draft(version, by)
    wanted = numbers_in_order(held.criteria.order_by("position", "pk").values_list("key", "number"))
    values = {f"criteria/{key}/number": number for key, number in wanted.items()}
    order = order_of(held, parse("criteria"))
    take_step(version=held, kind=EditKind.TEXT, path="criteria", values={"criteria": order, **values}, by=by)


def _list(version, path):
    """The place of a list that can take members; refuses what is none, and a criterion that is gone."""
    try:
        place = parse(path)
    except NotAPlace as error:
        raise CannotChangeDraft(_("There is no such place in an instrument.")) from error
    if not place.list or place.language:
        raise CannotChangeDraft(_("There is no such place in an instrument."))
    if place.criterion and not version.criteria.filter(key=place.criterion).exists():
        raise CannotChangeDraft(_("This item is not there any more."))
    return place


def _whole(version, path):
    """(place, tree) of something that can be copied or removed as a whole."""
    try:
        place = parse(path)
    except NotAPlace as error:
        raise CannotChangeDraft(_("There is no such place in an instrument.")) from error
    if place.field or place.list or place.language:
        raise CannotChangeDraft(_("There is no such place in an instrument."))
    tree = value_at(version, path)
    if tree is None:
        raise CannotChangeDraft(_("This is not there any more."))
    return place, tree


def _siblings(place):
    return f"criteria/{place.criterion}/sub" if place.sub else "criteria" if place.criterion else "domains"


def _put(version, place, key, tree, by, behind=None, also=None):
    """A new member of a list, behind another one or at the end; returns its path."""
    order = order_of(version, place)
    order.insert(order.index(behind) + 1 if behind in order else len(order), key)
    path = f"{place.path}/{key}"
    values = {path: tree, place.path: order, **(also or {})}
    take_step(version=version, kind=EditKind.ADD, path=path, values=values, by=by)
    return path


def _add_sub(version, place, tree, by, behind=None):
    subs = spec_of(version, place.criterion).subs
    key = fitting.next_sub_key(sub.key for sub in subs)
    also = of_subs(version, place.criterion, [*subs, scoring.SubSpec(key, tree["fields"]["kind"])])
    return _put(version, place, key, tree, by, behind=behind, also=also)


def _next_key(version, place):
    """The next free key in the manner of the last one: 12 after 11, P7 after P6. Keys are never used again."""
    used = used_keys(version, place.list)
    order = order_of(version, place)
    found = re.fullmatch(r"(.*?)(\d+)", order[-1]) if order else None
    prefix = found[1] if found else ""
    numbers = [int(each[len(prefix) :]) for each in used if re.fullmatch(rf"{re.escape(prefix)}\d+", each, re.ASCII)]
    return f"{prefix}{max(numbers, default=0) + 1}"


def _empty_domain():
    return {"fields": {"title": ""}, "translations": []}


def _empty_criterion(version, key):
    last = version.criteria.select_related("domain").order_by("position", "pk").last()
    kinds = fitting.kinds_for(scoring.ResultKind(version.result_kind))
    kind = scoring.ANSWER_KINDS[last.kind] if last else kinds[0]
    fields = {
        "number": key,
        "short_title": "",
        "domain": last.domain.key if last and last.domain else "",
        "wording": "",
        "guidance": "",
        "look_for": "",
        "warning_signs": "",
        "kind": kind.code,
        "polarity": scoring.Polarity.YES_IS_GOOD.value,
        "weight": "1",
        "reason_rule": fitting.reason_rules_for(kind)[0].code,
        "critical_rule": scoring.CriticalMode.NONE.value,
        "critical_condition": scoring.CriticalCondition.ALWAYS.value,
        "critical_scope": "",
        "about_harm": False,
        "combining": "",
    }
    return {"fields": fields, "sub": [], "levels": [], "translations": []}


def _empty_sub(version, place):
    kinds = fitting.sub_kinds_for(spec_of(version, place.criterion))
    if not kinds:
        raise CannotChangeDraft(_("Answers of this kind cannot be made out of sub-questions."))
    return {"fields": {"wording": "", "hint": "", "kind": kinds[0].code}, "translations": []}
