"""Rows that many tests begin with: made once in a process by the real actions, copied from then on."""

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connection, transaction

from checklist.enums import VersionState
from checklist.models import InstrumentVersion
from screening.models import AuditEvent


class Kept:
    """What `make` writes about instruments, audit trail included, in a fraction of its time.

    Only for a database that holds what the rows point to, under the same numbers as the first time.
    """

    def __init__(self, make: Callable[[], Any]) -> None:
        self.make = make
        # Every row that was made, model by model; None before the first time.
        self.rows: dict[Any, list[Any]] | None = None
        # The statements that write the rows, as the database got them: to repeat them costs a tenth of preparing them.
        self.statements: list[tuple[str, Any]] | None = None

    def again(self) -> None:
        """The same rows once more."""
        if self.rows is None:
            before = {model: set(_all(model).values_list("pk", flat=True)) for model in _models()}
            self.make()
            self.rows = {model: list(_all(model).exclude(pk__in=before[model])) for model in _models()}
        elif self.statements is None:
            written: list[tuple[str, Any]] = []
            with transaction.atomic(), connection.execute_wrapper(_remembering(written)):
                self._write()
            self.statements = written
        else:
            with transaction.atomic(), connection.cursor() as cursor, _looked_at_before(cursor):
                for sql, params in self.statements:
                    cursor.execute(sql, params)

    def _write(self) -> None:
        """As drafts first: the database lets nobody add to a published version."""
        for model, rows in self.rows.items():
            rows = [copy.copy(row) for row in rows]
            for row in rows:
                if model is AuditEvent:
                    row.pk = None  # other tests write events before; nothing points to one
                elif model is InstrumentVersion:
                    row.state, row.published_at = VersionState.DRAFT, None
            model._base_manager.bulk_create(rows)
        for version in self.rows[InstrumentVersion]:
            InstrumentVersion.objects.filter(pk=version.pk).update(
                state=version.state, published_at=version.published_at
            )

    def version(self) -> InstrumentVersion:
        """The one version among the rows, as the database has it now."""
        [version] = self.rows[InstrumentVersion]
        return InstrumentVersion.objects.get(pk=version.pk)


@contextmanager
def _looked_at_before(cursor: Any) -> Iterator[None]:
    """The same rows were written with every trigger and foreign key: PostgreSQL need not look at each again."""
    if connection.vendor == "postgresql":
        cursor.execute("SELECT current_setting('is_superuser')")
        if cursor.fetchone() == ("on",):
            cursor.execute("SET LOCAL session_replication_role = replica")
            yield
            cursor.execute("SET LOCAL session_replication_role = origin")
            return
    yield


def _models() -> list[Any]:
    return [*apps.get_app_config("checklist").get_models(), AuditEvent]


def _all(model: Any) -> Any:
    return model._base_manager.order_by("pk")


def _remembering(written: list[tuple[str, Any]]) -> Callable[..., Any]:
    def remember(execute, sql, params, many, context):
        if sql.startswith(("INSERT", "UPDATE")):
            written.append((sql, params))
        return execute(sql, params, many, context)

    return remember
