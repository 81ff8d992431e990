"""Zip files that are sent while they are written, with names that cannot do harm."""

import datetime as dt
import hashlib
import io
import json
import tracemalloc
import zipfile

import pytest

from screening.zips import Entry, Names, safe_name, stream_zip, text_entry

AT = dt.datetime(2026, 3, 4, 5, 6, 8, tzinfo=dt.UTC)


def opened(pieces):
    return zipfile.ZipFile(io.BytesIO(b"".join(pieces)))


def test_what_goes_in_comes_out_with_its_hash():
    entries = [text_entry("a.txt", AT, "one"), Entry("b/c.pdf", AT, [b"two", b"three"], {"pages": 2})]

    archive = opened(stream_zip(entries, lambda: {"round": "R"}, AT))

    assert archive.testzip() is None
    assert archive.namelist() == ["a.txt", "b/c.pdf", "manifest.json"]
    assert archive.read("b/c.pdf") == b"twothree"
    assert archive.getinfo("a.txt").date_time == (2026, 3, 4, 5, 6, 8)
    manifest = json.loads(archive.read("manifest.json"))
    assert manifest["round"] == "R"
    assert manifest["files"][1] == {
        "name": "b/c.pdf", "size": 8, "sha256": hashlib.sha256(b"twothree").hexdigest(), "pages": 2,
    }  # fmt: skip


def test_the_same_content_gives_the_same_bytes():
    def made():
        return b"".join(stream_zip([text_entry("a.txt", AT, "one")], dict, AT))

    assert made() == made()


def test_it_is_never_whole_in_memory():
    megabyte = b"x" * (1024 * 1024)
    entries = (Entry(f"{n}.bin", AT, (megabyte for _ in range(10))) for n in range(10))

    tracemalloc.start()
    sent = sum(len(piece) for piece in stream_zip(entries, dict, AT))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert sent > 100 * 1024 * 1024
    assert peak < 12 * 1024 * 1024


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("Narrative.pdf", "Narrative.pdf"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("..\\..\\boot.ini", "_.._boot.ini"),
        ("/etc/passwd", "_etc_passwd"),
        ("C:\\Windows\\x.exe", "C_Windows_x.exe"),
        ("..", "file"),
        ("", "file"),
        (" . ", "file"),
        ("nul", "_nul"),
        ("COM1.txt", "_COM1.txt"),
        ("a\x00b\nc.pdf", "a_b_c.pdf"),
        ("report\u202efdp.exe", "report_fdp.exe"),
        ("ข้อเสนอ.pdf", "ข้อเสนอ.pdf"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_names_stay_where_they_are_unpacked(given, safe):
    assert safe_name(given) == safe


def test_a_long_name_of_many_bytes_keeps_its_ending():
    name = safe_name("ရ" * 200 + ".docx")

    assert name.endswith(".docx")
    assert len(name.encode()) <= 120


def test_every_name_is_given_once():
    names = Names()

    assert [names("d/", each) for each in ("a.pdf", "A.PDF", "a.pdf", "plain", "plain")] == [
        "d/a.pdf", "d/A (2).PDF", "d/a (3).pdf", "d/plain", "d/plain (2)",
    ]  # fmt: skip
    assert names("", "manifest.json") == "manifest (2).json"
