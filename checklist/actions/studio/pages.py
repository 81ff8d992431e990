"""Saving a whole page of a draft, as a browser without scripts sends it."""

from dataclasses import dataclass

from django.db import transaction

from screening.row_ids import row_id

from .editing import Changed, change
from .refusals import CannotChangeDraft, DraftConflict
from .steps import hold_draft
from .structure import add, duplicate, move, remove, renumber, step_by_one
from .undoing import undo
from .values import tidy


@dataclass(frozen=True)
class PageOutcome:
    """What was saved, what was not and why, and where the person goes next.

    `refused` are (path, text, message). `path` is what was added, copied, moved or undone, "" for
    nothing; it is left undone while there are conflicts or refusals.
    """

    changed: tuple[Changed, ...] = ()
    conflicts: tuple[DraftConflict, ...] = ()
    refused: tuple[tuple[str, str, str], ...] = ()
    path: str = ""


@transaction.atomic
def save_page(*, version, changes, by, word="save", path="", order=((), ())):
    """Save (path, before, after) of every field, then do what the button says; returns a PageOutcome.

    `word` is "save", "add", "duplicate", "remove", "up", "down", "renumber", "order" (with `order` as it was and
    as it shall be) or "undo" (with the number of the step as `path`). Raises the refusals of those
    actions; then nothing is saved.
    """
    held = hold_draft(version, by)
    changed, conflicts, refused = [], [], []
    for place, before, after in changes:
        if tidy(before) == tidy(after):
            continue
        try:
            changed.append(change(version=held, path=place, before=before, after=after, by=by))
        except DraftConflict as conflict:
            conflicts.append(conflict)
        except CannotChangeDraft as error:
            refused.append((place, after, str(error)))
    if conflicts or refused or word == "save":
        return PageOutcome(tuple(changed), tuple(conflicts), tuple(refused))
    done = _do(held, word, path, order, by)
    return PageOutcome(tuple(changed), path=done)


def _do(version, word, path, order, by):
    if word == "add":
        return add(version=version, path=path, by=by)
    if word == "renumber":
        renumber(version=version, by=by)
        return "criteria"
    if word == "duplicate":
        return duplicate(version=version, path=path, by=by)
    if word == "undo":
        return undo(version=version, by=by, number=row_id(path)).path
    if word == "remove":
        remove(version=version, path=path, by=by)
    elif word == "order":
        move(version=version, path=path, before=order[0], after=order[1], by=by)
    else:
        step_by_one(version=version, path=path, by_how_much=-1 if word == "up" else 1, by=by)
    return path
