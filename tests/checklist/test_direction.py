"""Which way a text is written, for paper, where dir="auto" is not known."""

import pytest

from checklist.templatetags.report_charts import direction


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("ملجأ للضحايا (shelter)", "rtl"),
        ("12. «ملجأ»", "rtl"),
        ("מקלט", "rtl"),
        ("Shelter ملجأ", "ltr"),
        ("ที่พักพิง", "ltr"),
        ("2026 – 15 %", "ltr"),
        ("", "ltr"),
    ],
)
def test_the_first_letter_decides_the_direction(text, way):
    assert direction(text) == way
