"""Columns of an export that somebody keeps under a name."""

from django.db import transaction
from django.utils.translation import gettext as _

from checklist.models import ColumnChoice
from screening import audit

MOST_CHOICES = 50


class CannotKeepColumns(Exception):
    """The choice of columns cannot be kept; the message says why."""


@transaction.atomic
def keep_columns(*, name, shape, columns, by):
    """Keep these columns under a name, in the place of an earlier choice of that name. Raises CannotKeepColumns."""
    name = " ".join(name.split())[:80]
    if not name:
        raise CannotKeepColumns(_("Give the choice a name."))
    if not columns:
        raise CannotKeepColumns(_("Tick at least one column."))
    own = ColumnChoice.objects.filter(user=by, shape=shape)
    if not own.filter(name=name).exists() and own.count() >= MOST_CHOICES:
        raise CannotKeepColumns(_("There are %(n)s choices of columns. Remove one first.") % {"n": MOST_CHOICES})
    choice, _created = ColumnChoice.objects.update_or_create(
        user=by, shape=shape, name=name, defaults={"columns": list(columns)}
    )
    after = {"shape": shape, "columns": choice.columns}
    audit.record("columns_kept", choice, by=by, private_to=by, after=after)
    return choice


@transaction.atomic
def remove_columns(*, choice, by):
    """Forget a choice of one's own. Raises CannotKeepColumns for another person's."""
    if choice.user_id != by.pk:
        raise CannotKeepColumns(_("This choice belongs to somebody else."))
    before = {"shape": choice.shape, "columns": choice.columns}
    audit.record("columns_removed", choice, by=by, private_to=by, before=before)
    choice.delete()
