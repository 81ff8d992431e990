"""What `manage.py check` says about the machine."""

import pytest
from django.test import override_settings

from screening import checks

ABSENT = {"Something": ("libscreening-has-no-such-library.so.0",)}


def test_a_library_that_cannot_be_loaded_is_missing():
    assert checks.missing_libraries(ABSENT) == ["Something"]


def test_one_of_its_names_is_enough():
    assert checks.missing_libraries({"C": ("libscreening-has-no-such-library.so.0", "libc.so.6")}) == []


def test_without_pango_the_site_starts_and_says_what_to_install(monkeypatch):
    monkeypatch.setattr(checks, "PDF_LIBRARIES", ABSENT)
    monkeypatch.setattr(checks, "FAST_PDF_LIBRARIES", {})

    [message] = checks.check_pdf_libraries(None)

    assert message.id == "screening.W001"
    assert not message.is_serious()
    assert "Something cannot be loaded" in message.msg


def test_slow_pdfs_are_told(monkeypatch):
    monkeypatch.setattr(checks, "PDF_LIBRARIES", {})
    monkeypatch.setattr(checks, "FAST_PDF_LIBRARIES", ABSENT)

    assert [message.id for message in checks.check_pdf_libraries(None)] == ["screening.W002"]


def test_the_repository_brings_its_fonts():
    assert checks.check_fonts(None) == []


@pytest.mark.parametrize(
    ("files", "expected"),
    [([], "No ttf and no woff2 fonts"), (["a.ttf"], "No woff2 fonts"), (["a.woff2"], "No ttf fonts")],
)
def test_missing_fonts_are_told(tmp_path, files, expected):
    fonts = tmp_path / "static" / "fonts"
    fonts.mkdir(parents=True)
    for name in files:
        (fonts / name).touch()

    with override_settings(BASE_DIR=tmp_path):
        [message] = checks.check_fonts(None)

    assert message.id == "screening.W003"
    assert message.msg.startswith(expected)
