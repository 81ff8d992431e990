"""PDFs that can be filled in: what the engine places, and what is given to it afterwards."""

import io
import re
import unicodedata
from datetime import UTC, datetime

import pikepdf
import pypdfium2
import pytest
from fontTools.ttLib import TTFont

from screening.pdf import PdfDocument
from screening.pdf_forms import CHOICE, HIDDEN, LINE, RADIO, TEXT, FormField, fields_from_json
from screening.pdf_letters import FONT, WESTERN, encoding_of

OPTIONS = (("yes", "Yes"), ("no", "No (not (at all))"))
FIELDS = (
    FormField("q/1", RADIO, "Is it so?", "no", OPTIONS),
    FormField("q/1/a", CHOICE, "1a: And this?", "no", OPTIONS),
    FormField("q/1/reason", TEXT, "Reason for 1", "Back\\slash (and brackets)\nÉtude – “p. 4”", max_length=200),
    FormField("q/1/share", LINE, "How much?", "40", max_length=6),
    FormField("form/token", HIDDEN, "What this form is for", "secret"),
)
HTML = """<!doctype html><html lang="en"><head><title>Form</title></head><body class="fillable"><h1>Form</h1><form>
<p><input type="radio" name="q/1" value="yes"> Yes</p><p style="break-before: page"><input type="radio" name="q/1"
 value="no"> No</p><select name="q/1/a"></select><textarea name="q/1/reason"></textarea>
<input type="text" name="q/1/share"></form></body></html>"""


def made(fields=FIELDS):
    document = PdfDocument(HTML, datetime(2026, 3, 1, tzinfo=UTC), fields=tuple(fields))
    return pikepdf.open(io.BytesIO(document.make_here().data))


@pytest.fixture(scope="module")
def pdf():
    with made() as opened:
        yield opened


def fields_of(pdf):
    return {str(field.T): field for field in pdf.Root.AcroForm.Fields}


def test_every_field_stands_in_the_form_once_with_its_words(pdf):
    assert {name: str(field.TU) for name, field in fields_of(pdf).items()} == {
        field.name: field.tooltip for field in FIELDS
    }


def test_a_group_that_goes_on_over_the_page_is_one_group(pdf):
    group = fields_of(pdf)["q/1"]

    assert [sorted(button.AP.N.keys()) for button in group.Kids] == [["/Off", "/yes"], ["/Off", "/no"]]
    assert [str(button.AS) for button in group.Kids] == ["/Off", "/no"]
    assert all(button.Parent.objgen == group.objgen and "/T" not in button for button in group.Kids)
    assert group.V == pikepdf.Name.no


def test_what_was_typed_is_kept_to_the_letter_and_drawn(pdf):
    field = fields_of(pdf)["q/1/reason"]

    assert str(field.V) == FIELDS[2].value
    drawn = field.AP.N.read_bytes()
    assert rb"(Back\\slash \(and brackets\)) Tj" in drawn
    assert "Étude – “p. 4”".encode("cp1252") in drawn
    assert (field.MaxLen, field.Ff & 1 << 12) == (200, 1 << 12)


def test_a_choice_offers_nothing_first_and_shows_its_word(pdf):
    field = fields_of(pdf)["q/1/a"]

    assert [[str(part) for part in pair] for pair in field.Opt] == [["", ""], *map(list, OPTIONS)]
    assert rb"No \(not \(at all\)\)" in field.AP.N.read_bytes()


def test_nobody_sees_what_is_hidden(pdf):
    field = fields_of(pdf)["form/token"]

    assert (str(field.V), int(field.F), int(field.Ff)) == ("secret", 2, 1)


def test_it_is_tagged_and_no_archive(pdf):
    metadata = pdf.Root.Metadata.read_bytes()

    assert b"pdfuaid" in metadata
    assert b"pdfaid" not in metadata
    assert all(page.Tabs == "/S" for page in pdf.pages)
    widgets = [note for page in pdf.pages for note in page.Annots if not int(note.get("/F", 0)) & 2]
    assert all("/StructParent" in widget for widget in widgets)
    assert pdf.Root.AcroForm.NeedAppearances is False


def test_letters_of_other_scripts_are_left_to_the_viewer():
    with made(saying("ភាសាខ្មែរ")) as pdf:
        field = fields_of(pdf)["q/1/reason"]
        assert str(field.V) == "ភាសាខ្មែរ"
        assert "/AP" not in field


def test_chosen_answers_are_seen_whoever_draws_them():
    """Whatever was written: as they were drawn here, and when a program draws all buttons anew."""
    with made(saying("ភាសាខ្មែរ")) as pdf:
        assert pdf.Root.AcroForm.NeedAppearances is False
        buttons = fields_of(pdf)["q/1"].Kids
        assert [str(button.MK.CA) for button in buttons] == ["l", "l"]
        assert [dark(pdf, number, button) for number, button in enumerate(buttons)] == [False, True]


@pytest.mark.parametrize("text", ["Tiếng Việt (đã) Ő", "Слово – ελληνικά", "Tie\u0302\u0301ng \u200bViê\u0323t"])
def test_letters_that_need_no_shaping_are_drawn_by_their_names(text):
    with made(saying(text)) as pdf:
        field = fields_of(pdf)["q/1/reason"]
        assert str(field.V) == text
        font = field.AP.N.Resources.Font.FormFont
        names = [str(name) for name in list(font.Encoding.Differences)[1:]]
        assert (font.Encoding.Differences[0], len(font.Widths)) == (32, len(names))
        assert ".notdef" not in "".join(names)
        drawn = field.AP.N.read_bytes()

    words = re.search(rb"Td \((.*)\) Tj T\* ET", drawn)[1]
    letters = unicodedata.normalize("NFC", text).replace("\u200b", "")
    assert [names[code - 32] for code in re.sub(rb"\\(.)", rb"\1", words)] == list(map(glyph, letters))


def glyph(letter):
    return f"/{TTFont(FONT).getBestCmap()[ord(letter)]}"


@pytest.mark.parametrize("text", ["ภาษาไทย", "ພາສາລາວ", "မြန်မာ", "العربية", "中文", "हिन्दी", "x\u030c\u0302", "🙂"])
def test_what_has_to_be_shaped_or_wants_another_font_is_not_drawn_letter_by_letter(text):
    assert encoding_of(f"Page 4: {text}") is None


def test_more_letters_than_there_are_codes_are_left_to_the_viewer():
    letters = [chr(code) for code in range(0x1E00, 0x1F00) if chr(code).isalpha()]

    assert encoding_of("".join(letters[:223])) is not None
    assert encoding_of("".join(letters[:224])) is None


def saying(text):
    """The fields with this reason."""
    return [*FIELDS[:2], FormField("q/1/reason", TEXT, "Reason", text), *FIELDS[3:]]


def dark(pdf, page, button):
    """Whether something is drawn in the middle of a button."""
    data = io.BytesIO()
    pdf.save(data)
    drawn = pypdfium2.PdfDocument(data.getvalue())
    drawn.init_forms()
    picture = drawn[page].render(scale=2).to_pil().convert("L")
    left, bottom, right, top = map(float, button.Rect)
    return picture.getpixel((int(left + right), int(picture.height - bottom - top))) < 128


def test_the_same_form_gives_the_same_bytes():
    document = PdfDocument(HTML, datetime(2026, 3, 1, tzinfo=UTC), fields=FIELDS)

    assert document.make_here().data == PdfDocument.from_json(document.to_json()).make_here().data


def test_lines_are_broken_between_words():
    assert WESTERN.lines("one\ttwo\r\n\r\nthree", 20, 9) == ["one", "two", "", "three"]


def test_fields_come_back_from_json():
    from dataclasses import asdict

    assert fields_from_json([asdict(field) for field in FIELDS]) == FIELDS
