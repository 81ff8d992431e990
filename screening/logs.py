"""The log file in the data directory."""

import logging.handlers
import os
from pathlib import Path
from typing import Any

MAX_BYTES = 10 * 1024 * 1024
KEPT = 5


class DataFileHandler(logging.handlers.WatchedFileHandler):
    """Append to a file that is made, with its directory, at the first line logged.

    Several processes write to the same file. None of them rotates it: that is done by
    `rotate` before they start, and each notices that the file has gone.
    """

    def __init__(self, filename: str) -> None:
        super().__init__(filename, encoding="utf-8", delay=True)

    def _open(self) -> Any:
        Path(self.baseFilename).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return super()._open()


def rotate(path: Path, *, max_bytes: int = MAX_BYTES, kept: int = KEPT) -> bool:
    """Move a log that has grown too large to `path.1`, older ones one further. True if moved."""
    if not path.exists() or path.stat().st_size < max_bytes:
        return False
    for number in range(kept - 1, 0, -1):
        older = path.with_name(f"{path.name}.{number}")
        if older.exists():
            os.replace(older, path.with_name(f"{path.name}.{number + 1}"))
    os.replace(path, path.with_name(f"{path.name}.1"))
    return True
