"""Characters that no shipped font has are named, with the heading under which they stand."""

import pytest

from screening.glyphs import MissingGlyph, coverage, missing_glyphs, warnings_for

PAGE = "<html><head><title>😀</title><style>p::before{{content:'😀'}}</style></head><body>{}</body></html>"


def test_a_missing_character_is_named_with_its_headings():
    html = PAGE.format("<h1>Safe <b>harbours</b></h1><p>Fine 😀</p><h2>Costs</h2><p>😀 and 🚢</p>")

    assert missing_glyphs(html) == (
        MissingGlyph("😀", ("Safe harbours", "Costs")),
        MissingGlyph("🚢", ("Costs",)),
    )
    assert warnings_for(html) == [
        "U+1F600 (GRINNING FACE) under “Safe harbours”, “Costs”",
        "U+1F6A2 (SHIP) under “Costs”",
    ]


def test_in_a_heading_itself_and_written_as_a_reference():
    assert missing_glyphs(PAGE.format("<h1>Boats 🚢</h1>")) == (MissingGlyph("🚢", ("Boats 🚢",)),)


def test_many_places_are_counted():
    html = PAGE.format("".join(f"<h2>Part {n}</h2><p>😀</p>" for n in range(5)))

    assert warnings_for(html) == [
        "U+1F600 (GRINNING FACE) under “Part 0”, “Part 1”, “Part 2” and 2 other headings"
    ]  # fmt: skip


def test_what_is_not_printed_does_not_matter():
    assert missing_glyphs(PAGE.format("<h1>A</h1><p>a\u200b\u200d\ufeff\u00ad\u202f\u3000\ufe0f b\n</p>")) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Été, à bientôt – “tiếng Việt” Nghệ An, ßøłžğ €£ ½ … ≥ ≤ → ✓ ☐ ● ①",
        "ข้อเสนอโครงการ ๑๒๓",
        "សំណើគម្រោង ១២៣",
        "ຂໍ້ສະເໜີໂຄງການ ໑໒໓",
        "စီမံကိန်း အဆိုပြုချက် ၁၂၃",
        "打击人口贩运项目建议书，云南省",
        "مقترح مشروع مكافحة الاتجار بالبشر ١٢٣",
        "मानव तस्करी के विरुद्ध १२३",
    ],
)
def test_the_scripts_of_the_region_are_covered(text):
    assert missing_glyphs(PAGE.format(f"<p>{text}</p>")) == ()


def test_plain_western_text_is_covered_whole():
    assert {chr(code) for code in [*range(0x20, 0x7F), *range(0xA1, 0x180)]} - {"\xad"} <= coverage()
