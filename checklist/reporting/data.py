"""The data inside a report: frozen values as readable JSON, the same text for the same state."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

DATA_FORMAT = 1


def as_json(kind, report):
    """A frozen report as JSON; numbers as numbers, times in UTC."""
    data = {"format": DATA_FORMAT, "kind": str(kind), **asdict(report)}
    return json.dumps(data, ensure_ascii=False, indent=1, default=_plain)


def _plain(value):
    if isinstance(value, Decimal | Fraction):
        return float(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def newest(*times):
    """The latest of the times that are known."""
    return max(time for time in times if time is not None)
