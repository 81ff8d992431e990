"""Tables as JSON, written while they are sent. Text stays exactly as it is: nothing here is run."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

ROWS_AT_ONCE = 200


def write_json(about: Mapping[str, Any], keys: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """One object in pieces: all of `about`, then "rows" with an object for each row, by key.

    Numbers are numbers, times ISO 8601 with their zone, what is unknown is null.
    """
    head = json.dumps(dict(about), ensure_ascii=False, default=_plain)
    yield f'{head[:-1]}{", " if about else ""}"rows": ['.encode()
    waiting, is_first = [], True
    for row in rows:
        text = json.dumps(dict(zip(keys, row, strict=True)), ensure_ascii=False, default=_plain)
        waiting.append(f"\n{text}" if is_first else f",\n{text}")
        is_first = False
        if len(waiting) == ROWS_AT_ONCE:
            yield "".join(waiting).encode()
            waiting = []
    yield ("".join(waiting) + "\n]}\n").encode()


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    return str(value)
