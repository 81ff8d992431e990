"""Chart primitives: what a drawing says, that it is safe, and that its colours follow the tokens."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from screening import svg

CSS = Path(__file__).resolve().parents[2] / "static" / "css"
NAMESPACE = {"svg": "http://www.w3.org/2000/svg"}


def parsed(text):
    return ElementTree.fromstring(text)


def title_of(text):
    return parsed(text).find("svg:title", NAMESPACE).text


def words_in(text):
    return [element.text for element in parsed(text).iterfind(".//svg:text", NAMESPACE)]


DRAWINGS = {
    "answer_mark": svg.answer_mark("nei"),
    "checklist_strip": svg.checklist_strip([(1, "favourable", "Evidence"), (2, "na", "")]),
    "range_bar": svg.range_bar(20, 50, 80, "50 % favourable"),
    "principle_lines": svg.principle_lines([("Collaborative", 3), ("Urgent", "nei"), ("Real", None)]),
    "spark": svg.spark(("favourable", "adverse")),
}


@pytest.mark.parametrize("drawing", DRAWINGS.values(), ids=DRAWINGS.keys())
def test_every_drawing_is_well_formed_titled_and_free_of_inline_style(drawing):
    root = parsed(drawing)

    assert root[0].tag == "{http://www.w3.org/2000/svg}title"
    assert root[0].text
    assert "style=" not in drawing
    assert " id=" not in drawing


def test_each_state_has_a_shape_of_its_own():
    without_colour = {
        re.sub(r'(class|fill|stroke|title)="[^"]*"|<title>.*</title>', "", svg.answer_mark(state))
        for state in svg.STATES
    }

    assert len(without_colour) == len(svg.STATES)


def test_text_from_outside_is_escaped():
    drawing = svg.checklist_strip([("<1>", "favourable", "<script>")], title='"><script>')

    assert "<script>" not in drawing
    assert words_in(drawing) == ["<1>", "<script>"]
    assert title_of(drawing) == '"><script>'


def test_an_unknown_state_is_refused():
    with pytest.raises(ValueError, match="Not an answer state: 'maybe'"):
        svg.answer_mark("maybe")


def test_a_mark_beside_its_word_is_not_read_out_twice():
    assert 'aria-hidden="true"' in svg.answer_mark("favourable", hidden=True)
    assert 'role="img"' in svg.answer_mark("favourable")


def test_the_strip_counts_its_states_in_words():
    drawing = svg.checklist_strip([(1, "favourable", ""), (2, "favourable", ""), (3, "nei", "")])

    assert title_of(drawing) == "2 favourable, 1 not enough information"
    assert words_in(drawing) == ["1", "2", "3"]


def test_the_range_bar_prints_share_range_and_scale():
    assert words_in(svg.range_bar(44, 72, 81, "x")) == ["44 %", "81 %", "0 %", "100 %", "72 %"]


def test_close_ends_of_a_range_are_printed_as_one_label():
    assert words_in(svg.range_bar(50, 51, 55, "x")) == ["50–55 %", "0 %", "100 %", "51 %"]


def test_no_open_range_draws_no_hatch():
    assert "c-hatch" not in svg.range_bar(60, 60, 60, "x")
    assert "c-hatch" in svg.range_bar(60, 60, 80, "x")


def test_nothing_judged_draws_no_tick():
    drawing = svg.range_bar(0, None, 100, "Nothing could be judged")

    assert "c-accent" not in drawing
    assert words_in(drawing) == ["0 %", "100 %"]


@pytest.mark.parametrize("low, share, high", [(60, 50, 40), (-1, 5, 10), (0, 5, 101), (0, 120, 100)])
def test_a_range_outside_the_scale_is_refused(low, share, high):
    with pytest.raises(ValueError, match="Not a range"):
        svg.range_bar(low, share, high, "x")


def test_the_hatch_stays_inside_its_box():
    path = re.search(r'class="c-hatch" d="([^"]*)"', svg.range_bar(30, 40, 50, "x"))[1]
    points = [float(x) for x in re.findall(r"[ML](-?[\d.]+) ", path)]

    assert min(points) >= float(f"{1 + 0.3 * 638:.2f}")
    assert max(points) <= float(f"{1 + 0.5 * 638:.2f}")


def test_principles_say_level_or_word_at_the_end_of_the_line():
    drawing = svg.principle_lines([("Collaborative", 0), ("Empirical", 4), ("Technical", "na"), ("Urgent", None)])

    assert title_of(drawing) == (
        "Collaborative: 0 Absent or contrary; Empirical: 4 Strong; Technical: Not applicable; Urgent: Not answered yet"
    )
    assert drawing.count('<circle class="c-ink"') == 2


def light_tokens():
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", (CSS / "tokens.css").read_text()))


def dark_tokens():
    pairs = re.findall(r"--([\w-]+): light-dark\((#\w+), (#\w+)\)", (CSS / "theme.css").read_text())
    return {name: dark for name, _light, dark in pairs}


def test_fallback_colours_are_the_light_tokens():
    tokens = light_tokens()

    assert {state: tokens[f"mark-{state}"] for state in svg.STATES} == dict(svg.COLOURS)
    used = [tokens[name] for name in ("ink", "ink-quiet", "rule-strong", "sunken", "accent")]
    assert used == [svg.INK, svg.QUIET, svg.RULE, svg.GROUND, svg.ACCENT]


def test_light_values_are_the_same_with_and_without_light_dark():
    pairs = re.findall(r"--([\w-]+): light-dark\((#\w+), (#\w+)\)", (CSS / "theme.css").read_text())

    assert {name: light for name, light, _dark in pairs} == light_tokens()


def luminance(colour):
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


GROUNDS = ("paper", "surface", "sunken")
TEXT = (
    "ink",
    "ink-quiet",
    "accent",
    "accent-strong",
    "mark-favourable",
    "mark-partly",
    "mark-adverse",
    "mark-nei",
    "mark-na",
)
SOFT = (
    ("mark-favourable", "favourable-soft"),
    ("mark-partly", "partly-soft"),
    ("mark-adverse", "adverse-soft"),
    ("mark-nei", "nei-soft"),
    ("accent", "accent-soft"),
    ("ink", "accent-soft"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
)


@pytest.mark.parametrize("tokens", [light_tokens(), dark_tokens()], ids=["light", "dark"])
def test_text_has_enough_contrast(tokens):
    pairs = [(text, ground) for text in TEXT for ground in GROUNDS] + list(SOFT)

    weak = {pair: round(contrast(*(tokens[name] for name in pair)), 2) for pair in pairs}

    assert {pair: value for pair, value in weak.items() if value < 4.5} == {}


@pytest.mark.parametrize("tokens", [light_tokens(), dark_tokens()], ids=["light", "dark"])
def test_marks_and_borders_of_inputs_have_enough_contrast(tokens):
    pairs = [(line, ground) for line in ("control", "mark-empty") for ground in GROUNDS]

    weak = {pair: round(contrast(*(tokens[name] for name in pair)), 2) for pair in pairs}

    assert {pair: value for pair, value in weak.items() if value < 3} == {}
