"""The log file."""

import logging

from screening import logs


def record(text):
    return logging.LogRecord("screening", logging.INFO, __file__, 1, text, None, None)


def test_nothing_is_made_before_the_first_line(tmp_path):
    handler = logs.DataFileHandler(str(tmp_path / "logs" / "screening.log"))

    assert list(tmp_path.iterdir()) == []

    handler.emit(record("first"))
    handler.close()

    assert (tmp_path / "logs" / "screening.log").read_text() == "first\n"


def test_a_process_notices_that_the_file_was_moved(tmp_path):
    path = tmp_path / "screening.log"
    handler = logs.DataFileHandler(str(path))
    handler.emit(record("old"))

    assert logs.rotate(path, max_bytes=1) is True
    handler.emit(record("new"))
    handler.close()

    assert path.read_text() == "new\n"
    assert (tmp_path / "screening.log.1").read_text() == "old\n"


def test_a_small_file_stays(tmp_path):
    path = tmp_path / "screening.log"
    path.write_text("little")

    assert logs.rotate(path, max_bytes=100) is False
    assert path.read_text() == "little"


def test_only_some_old_files_are_kept(tmp_path):
    path = tmp_path / "screening.log"
    for number in range(5):
        path.write_text(str(number))
        logs.rotate(path, max_bytes=1, kept=3)

    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == {
        "screening.log.1": "4",
        "screening.log.2": "3",
        "screening.log.3": "2",
    }
