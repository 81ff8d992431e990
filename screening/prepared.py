"""SQL that is run again and again with other values, made ready once.

PostgreSQL takes longer to plan what a person may see than to look it up: there a statement is prepared once
per connection, and planned for all values. SQLite keeps by itself what it compiled; it is given the text as it wants it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from itertools import count
from typing import Any

from django.db import NotSupportedError
from django.db.backends.sqlite3.base import FORMAT_QMARK_REGEX
from django.db.backends.utils import CursorWrapper

_NUMBERS = count(1)


class Place:
    """Where the value with this number, counted from nought, goes."""

    __slots__ = ("number",)

    def __init__(self, number: int) -> None:
        self.number = number


class Prepared:
    """One statement with places for values.

    `sql` and `params` are as a cursor takes them, but that a `Place` among the params stands for a value that is
    given later; `types` names the type of each value for PostgreSQL. Behind a pool that gives every transaction
    another connection nothing can be prepared: with `DISABLE_SERVER_SIDE_CURSORS` among the settings of the database
    the statement is sent whole every time. So it is without `again`, for what nobody keeps.
    """

    def __init__(self, sql: str, params: Sequence[Any], types: Sequence[str], *, again: bool = True) -> None:
        self.sql, self.params, self.types, self.again = sql, list(params), tuple(types), again
        self.marked = FORMAT_QMARK_REGEX.sub("?", sql).replace("%%", "%")
        self.given = f"({', '.join(['%s'] * len(self.types))})" if self.types else ""
        self._rename()

    def execute(self, cursor: CursorWrapper, values: Sequence[Any]) -> None:
        """Run it with these values; the cursor then holds the rows."""
        database = cursor.db
        if database.vendor == "postgresql" and self.again and not _is_pooled(database):
            self._execute_prepared(cursor, values)
            return
        params = [values[each.number] if type(each) is Place else each for each in self.params]
        if database.vendor == "sqlite" and not (database.queries_logged or database.execute_wrappers):
            database.validate_no_broken_transaction()
            with database.wrap_database_errors:
                # Django's own way looks for every place in the text again, each time.
                sqlite3.Cursor.execute(cursor.cursor, self.marked, params)
            return
        cursor.execute(self.sql, params)

    def _execute_prepared(self, cursor: CursorWrapper, values: Sequence[Any]) -> None:
        try:
            cursor.execute(f"EXECUTE {self._prepare(cursor)} {self.given}", values)
        except NotSupportedError:
            # A table has other columns than when this was prepared: the site goes on through an upgrade.
            self._rename()
            if cursor.db.in_atomic_block:
                raise
            cursor.execute(f"EXECUTE {self._prepare(cursor)} {self.given}", values)

    def _prepare(self, cursor: CursorWrapper) -> str:
        """The name under which the connection knows the statement from now on."""
        name, known = self.name, _known_to(cursor.db)
        if name not in known:
            from psycopg2.extensions import AsIs

            raw = cursor.cursor
            params = [AsIs(f"${each.number + 1}") if type(each) is Place else each for each in self.params]
            types = f"({', '.join(self.types)})" if self.types else ""
            with cursor.db.wrap_database_errors:
                if not known:
                    # These look up few rows by number: one plan does for all, and planning takes longer than looking.
                    raw.execute("SET plan_cache_mode = force_generic_plan")
                # Not by the cursor that counts queries: it happens once, not with every page.
                raw.execute(f"PREPARE {name} {types} AS ".encode() + raw.mogrify(self.sql, params))
            known.add(name)
        return name

    def _rename(self) -> None:
        self.name = f"kept_{next(_NUMBERS)}"


def _is_pooled(database: Any) -> bool:
    return bool(database.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS"))


def _known_to(database: Any) -> set[str]:
    """The names that the connection which is open now knows; a new one begins with none."""
    held = getattr(database, "screening_prepared", None)
    if held is None or held[0] is not database.connection:
        held = database.screening_prepared = (database.connection, set())
    return held[1]
