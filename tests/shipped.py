"""The shipped instruments, read from their files once per process and copied into each test's database."""

import copy
import io

from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction

from checklist.enums import VersionState
from checklist.models import Instrument, InstrumentVersion
from screening.models import AuditEvent

# Every row that loading made in an empty database, model by model; None before the first time.
_kept = None
# The statements that write those rows, as the database got them: to repeat them costs a tenth of preparing them.
_statements = None


def load_shipped_instruments():
    """What `manage.py load_instruments` leaves behind, audit trail included, in a fraction of its time."""
    global _kept
    if Instrument.objects.exists():
        _load_files()
    elif _kept is None:
        before = {model: set(_all(model).values_list("pk", flat=True)) for model in _models()}
        _load_files()
        _kept = {model: list(_all(model).exclude(pk__in=before[model])) for model in _models()}
    else:
        _copy_kept()


def _load_files():
    call_command("load_instruments", verbosity=0, stdout=io.StringIO())


def _models():
    return [*apps.get_app_config("checklist").get_models(), AuditEvent]


def _all(model):
    return model._base_manager.order_by("pk")


@transaction.atomic
def _copy_kept():
    global _statements
    if _statements is None:
        written = []
        with connection.execute_wrapper(_remembering(written)):
            _write_kept()
        _statements = written
        return
    with connection.cursor() as cursor:
        for sql, params in _statements:
            cursor.execute(sql, params)


def _remembering(written):
    def remember(execute, sql, params, many, context):
        if sql.startswith(("INSERT", "UPDATE")):
            written.append((sql, params))
        return execute(sql, params, many, context)

    return remember


def _write_kept():
    """As drafts first: the database lets nobody add to a published version."""
    for model, rows in _kept.items():
        rows = [copy.copy(row) for row in rows]
        for row in rows:
            if model is AuditEvent:
                row.pk = None  # other tests write events before they load; nothing points to one
            elif model is InstrumentVersion:
                row.state, row.published_at = VersionState.DRAFT, None
        model._base_manager.bulk_create(rows)
    for version in _kept[InstrumentVersion]:
        InstrumentVersion.objects.filter(pk=version.pk).update(state=version.state, published_at=version.published_at)
