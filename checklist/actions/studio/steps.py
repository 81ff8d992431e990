"""The steps of a draft: holding it, writing a step with its audit event, finding out who was there before."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from checklist.enums import EditKind, VersionState
from checklist.models import DraftEdit, InstrumentVersion
from checklist.paths import parse
from checklist.rules import can_edit_instruments
from checklist.selectors.draft_content import flat, value_at
from checklist.selectors.draft_steps import both_sides
from screening import audit

from .refusals import CannotChangeDraft
from .writing import write

# Somebody who goes on typing in one field makes one step, as long as the pauses are short.
ONE_STEP = timedelta(seconds=60)


def hold_draft(version, by):
    """The draft, locked for this transaction. Raises CannotChangeDraft when it is none (any more), or `by` no editor."""
    if not can_edit_instruments(by):
        raise CannotChangeDraft(_("Only an instrument editor writes, publishes and retires versions."))
    held = InstrumentVersion.objects.select_for_update().select_related(None).filter(pk=version.pk).first()
    if held is None:
        raise CannotChangeDraft(_("This draft was removed."))
    if held.state != VersionState.DRAFT:
        raise CannotChangeDraft(_("This version is published and never changes. Start a draft of the next version."))
    return held


def take_step(*, version, kind, path, values, by, goes_on=False):
    """Write {path: value} as one step of a held draft and return the DraftEdit.

    `path` is the place the step is about; what changes beside it is part of the step. With `goes_on`
    the step may be the continuation of the same person's last one.
    """
    before = {each: value_at(version, each) for each in values}
    write(version, values)
    after = {each: value_at(version, each) for each in values}
    changed = [each for each in values if each == path or before[each] != after[each]]
    before, after = ({each: side[each] for each in changed} for side in (before, after))
    step = _last_of(version) if goes_on else None
    if step and _continues(step, kind, path, before, by):
        step.after, step.at = _packed(path, after), timezone.now()
        step.save(update_fields=["after", "at"])
    else:
        step = DraftEdit.objects.create(
            version=version,
            number=_next_number(version),
            kind=kind,
            path=path,
            before=_packed(path, before),
            after=_packed(path, after),
            by=by,
        )
    record("draft_changed", version, before, after, by)
    return step


def record(event, version, before, after, by):
    """The audit event of a step, with trees taken apart into their texts."""
    old, new = (
        {key: text for path, value in side.items() for key, text in flat(path, value).items()}
        for side in (before, after)
    )
    keys = [key for key in dict.fromkeys([*old, *new]) if old.get(key) != new.get(key)]
    audit.record(
        event,
        version,
        by=by,
        before={key: old.get(key) for key in keys},
        after={key: new.get(key) for key in keys},
    )


def last_step_at(version, paths, *, after=0):
    """The newest step in force, later than number `after`, that touched one of the places; None if there is none."""
    steps = version.edits.filter(undone_at=None, number__gt=after).select_related("by").order_by("-number")
    for step in steps:
        touched = both_sides(step)[1]
        if any(_overlap(one, other) for one in touched for other in paths):
            return step
    return None


def _packed(path, values):
    """The value of the step's own place; with what changed beside it as {"value", "also"}."""
    also = {each: value for each, value in values.items() if each != path}
    return {"value": values[path], "also": also} if also else values[path]


def _last_of(version):
    return version.edits.order_by("-number").first()


def _next_number(version):
    last = _last_of(version)
    return last.number + 1 if last else 1


def _continues(step, kind, path, before, by):
    """Whether somebody goes on in the same field within a minute."""
    return (
        step.kind == kind == EditKind.TEXT
        and step.path == path
        and step.undone_at is None
        and step.by_id == by.pk
        and timezone.now() - step.at < ONE_STEP
        and list(before) == [path]
        and both_sides(step)[1] == before
    )


def _overlap(one, other):
    """Whether two places touch: the same, or one lies in the other. An order is a place of its own."""
    first, second = parse(one), parse(other)
    if one == other:
        return True
    if first.list or second.list:
        return False
    return _lies_in(first, second) or _lies_in(second, first)


def _lies_in(inner, outer):
    is_whole = not (outer.field or outer.list or outer.language)
    return is_whole and (inner.original.startswith(f"{outer.path}/") or inner.original == outer.path)
