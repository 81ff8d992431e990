"""Zip files that are written while they are sent: never whole in memory or on disk.

Everything in one is deterministic but for the content: times come from the caller, names are made safe
here, and the last entry can be a manifest of the others.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

CHUNK = 64 * 1024
MANIFEST = "manifest.json"
LONGEST_NAME = 120
# The first day that a zip file can hold.
EARLIEST = dt.datetime(1980, 1, 1, tzinfo=dt.UTC)

# What a file system or a program that unpacks takes for something else: separators, drives, ends of
# lines, and marks that turn the direction of a name around so that "exe" looks like "pdf".
UNSAFE = re.compile(r'[\x00-\x1f\x7f-\x9f\\/:*?"<>|\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]+')
RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$", re.IGNORECASE)


@dataclass(frozen=True)
class Entry:
    """One file to be. `facts` stand beside its name and hash in the manifest."""

    name: str
    at: dt.datetime
    pieces: Iterable[bytes]
    facts: dict[str, Any] = field(default_factory=dict)


def text_entry(name: str, at: dt.datetime, text: str, **facts: Any) -> Entry:
    """A file of text."""
    return Entry(name, at, [text.encode()], facts)


def file_entry(name: str, at: dt.datetime, file: Any, **facts: Any) -> Entry:
    """A stored file (a Django FieldFile), read piece by piece when its turn comes."""
    return Entry(name, at, _read(file), facts)


def _read(file: Any) -> Iterator[bytes]:
    with file.open("rb") as opened:
        while piece := opened.read(CHUNK):
            yield piece


def safe_name(text: str) -> str:
    """A file name that stays where it is unpacked and opens as what it says, from any text.

    The ending is kept when a name is cut. Never empty.
    """
    name = re.sub(r"\s+", " ", UNSAFE.sub("_", text)).strip(" .")
    if RESERVED.match(name):
        name = f"_{name}"
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 12:
        stem, dot, ending = name, "", ""
    room = LONGEST_NAME - len((dot + ending).encode())
    if len(stem.encode()) > room:
        stem = stem.encode()[:room].decode(errors="ignore").rstrip(" .")
    return f"{stem}{dot}{ending}" or "file"


class Names:
    """Hands out names once: what is there already gets a number. Upper and lower case are the same."""

    def __init__(self) -> None:
        self._taken: set[str] = {MANIFEST}

    def __call__(self, folder: str, text: str) -> str:
        """`folder` is ours; `text` is whatever somebody called a file."""
        name = safe_name(text)
        stem, dot, ending = name.rpartition(".") if "." in name else (name, "", "")
        candidate, number = f"{folder}{name}", 1
        while candidate.casefold() in self._taken:
            number += 1
            candidate = f"{folder}{stem} ({number}){dot}{ending}"
        self._taken.add(candidate.casefold())
        return candidate


def stream_zip(entries: Iterable[Entry], about: Callable[[], dict[str, Any]], at: dt.datetime) -> Iterator[bytes]:
    """The zip file in pieces. The entries are asked for one by one, while it is sent.

    Ends with manifest.json: what `about` says when all else is written, and each file with size, SHA-256
    and facts.
    """
    pipe = _Pipe()
    files: list[dict[str, Any]] = []
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as archive:
        for entry in entries:
            yield from _written(archive, pipe, entry, files)
        text = json.dumps({**about(), "files": files}, ensure_ascii=False, indent=1, default=str)
        yield from _written(archive, pipe, text_entry(MANIFEST, at, text), [])
    yield from pipe.taken()


def _written(archive: zipfile.ZipFile, pipe: _Pipe, entry: Entry, files: list[dict[str, Any]]) -> Iterator[bytes]:
    at = max(entry.at.astimezone(dt.UTC), EARLIEST)
    info = zipfile.ZipInfo(entry.name, at.timetuple()[:6])
    info.external_attr = 0o644 << 16
    digest, size = hashlib.sha256(), 0
    with archive.open(info, "w") as target:
        for piece in entry.pieces:
            digest.update(piece)
            size += len(piece)
            target.write(piece)
            yield from pipe.taken()
    files.append({"name": entry.name, "size": size, "sha256": digest.hexdigest(), **entry.facts})
    yield from pipe.taken()


class _Pipe(io.RawIOBase):
    """Takes what the archive writes and hands it on; it cannot go back."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def taken(self) -> Iterator[bytes]:
        pieces, self._pieces = self._pieces, []
        if pieces:
            yield b"".join(pieces)
