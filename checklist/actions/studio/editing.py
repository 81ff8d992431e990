"""Changing one text or one choice of a draft."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from checklist.enums import EditKind
from checklist.models import DraftEdit
from checklist.paths import LANGUAGE_MARK, NotAPlace, parse
from checklist.scoring import ANSWER_KINDS
from checklist.selectors.draft_content import row_at, value_at

from .consequences import consequences
from .refusals import CannotChangeDraft, DraftConflict
from .steps import hold_draft, last_step_at, take_step
from .values import as_text, checked, tidy


@dataclass(frozen=True)
class Changed:
    """What stands at the place now, as a form shows it, and the step that made it so (None: it stood there)."""

    path: str
    text: str
    step: DraftEdit | None
    # Places that had to change with it.
    also: tuple[str, ...] = ()


@transaction.atomic
def change(*, version, path, before, after, by):
    """Put `after` where `before` stood and return a Changed. Both are what a form holds: plain text.

    Raises DraftConflict when something else than `before` or `after` stands there now,
    CannotChangeDraft when the place is gone, the value does not fit, or the version is no draft.
    """
    held = hold_draft(version, by)
    place = _place(path)
    _check_that_it_is_there(held, place)
    stored = as_text(value_at(held, path))
    text = tidy(after)
    if text == tidy(stored):
        return Changed(path, stored, None)
    if tidy(before) != tidy(stored):
        last = last_step_at(held, [path])
        raise DraftConflict(path, text, stored, last.by if last else None)
    value = checked(held, place, text)
    values = {path: value, **consequences(held, place, value)}
    step = take_step(version=held, kind=EditKind.TEXT, path=path, values=values, by=by, goes_on=len(values) == 1)
    return Changed(path, as_text(value), step, tuple(each for each in values if each != path))


def _place(path):
    try:
        place = parse(path)
    except NotAPlace as error:
        raise CannotChangeDraft(_("There is no such place in an instrument.")) from error
    if not place.field:
        raise CannotChangeDraft(_("There is no such place in an instrument."))
    return place


def _check_that_it_is_there(version, place):
    """Refuse when the item was removed meanwhile, saying by whom."""
    if place.field == LANGUAGE_MARK:
        return
    original = parse(place.original)
    whole = row_at(version, original)
    if whole is not None and not (original.level and not _has_answer(whole, original.level)):
        return
    last = last_step_at(version, [place.original])
    if last is not None and last.by is not None:
        raise CannotChangeDraft(_("%(name)s removed this place meanwhile. Undo brings it back.") % {"name": last.by})
    raise CannotChangeDraft(_("This place is not there any more."))


def _has_answer(criterion, code):
    return criterion.kind in ANSWER_KINDS and ANSWER_KINDS[criterion.kind].has(code)
