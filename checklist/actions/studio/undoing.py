"""Taking a step of a draft back."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from checklist.selectors.draft_content import value_at
from checklist.selectors.draft_steps import both_sides

from .refusals import CannotUndo
from .steps import hold_draft, last_step_at, record
from .writing import write


@transaction.atomic
def undo(*, version, by, number=None):
    """Put back what stood there before a step, the last one unless `number` names another, and return the step.

    Raises CannotUndo when there is nothing to undo, when the step is undone already, or when
    somebody changed the same place since; CannotChangeDraft when the version is no draft.
    """
    held = hold_draft(version, by)
    steps = held.edits.order_by("-number")
    step = steps.filter(undone_at=None).first() if number is None else steps.filter(number=number).first()
    if step is None:
        raise CannotUndo(_("There is nothing to undo."))
    if step.undone_at is not None:
        raise CannotUndo(_("This was undone already."))
    before, after = both_sides(step)
    _check_that_it_stands(held, step, after)
    now = {path: value_at(held, path) for path in before}
    write(held, before)
    if any(value_at(held, path) != value for path, value in before.items()):
        # What it hung on is gone, such as the group that an item stood in.
        raise CannotUndo(_("This was changed since, so it can no longer be undone."))
    step.undone_by, step.undone_at = by, timezone.now()
    step.save(update_fields=["undone_by", "undone_at"])
    record("draft_change_undone", held, now, before, by)
    return step


def _check_that_it_stands(version, step, after):
    later = last_step_at(version, after, after=step.number)
    if later is not None:
        who = later.by or _("Somebody")
        raise CannotUndo(_("%(name)s changed this since. Undo that first.") % {"name": who})
    for path, value in after.items():
        if value_at(version, path) != value:
            raise CannotUndo(_("This was changed since, so it can no longer be undone."))
