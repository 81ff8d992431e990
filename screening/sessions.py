"""Django's sessions in the database, read with a statement that is not put together anew for every page."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends import db
from django.db import connection
from django.utils import timezone

from .prepared import Place, Prepared

_READ = Prepared(
    "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s",
    [Place(0), Place(1)],
    ["varchar", "timestamptz"],
)


class SessionStore(db.SessionStore):
    """What Django's own store holds and does; only the reading is another."""

    def _validate_session_key(self, key: Any) -> bool:
        # A cookie can be written with a NUL, which PostgreSQL takes in no value.
        return bool(super()._validate_session_key(key)) and "\0" not in key

    def _get_session_from_db(self) -> Any:
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        with connection.cursor() as cursor:
            _READ.execute(cursor, [self.session_key, now])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return None
        return self.model(session_key=self.session_key, session_data=row[0])
