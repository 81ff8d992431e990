"""Chart primitives: plain values in, SVG text out, the same for a page and for a PDF.

Pure functions without Django. Each drawing has a <title>, no inline style, and tells its states
by shape, so that it can be read in greyscale. Colours come from classes (see marks.css);
the attributes beside them are what the PDF engine, which does not apply page styles inside a
drawing, uses instead. Every text that comes from outside is escaped. The caller puts a table with
the same values next to a chart, and marks the text as safe.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from html import escape

FAVOURABLE, PARTLY, ADVERSE, NEI, NA, EMPTY = JUDGED = ("favourable", "partly", "adverse", "nei", "na", "empty")
# What was seen, and what is covered: they say and do not judge.
SEEN, UNSEEN, MAIN, ALSO, ABSENT = SAID = ("seen", "unseen", "main", "also", "absent")
STATES = JUDGED + SAID

WORDS: Mapping[str, str] = {
    FAVOURABLE: "Favourable",
    PARTLY: "Partly",
    ADVERSE: "Adverse",
    NEI: "Not enough information",
    NA: "Not applicable",
    EMPTY: "Not answered yet",
    SEEN: "Seen",
    UNSEEN: "Not seen",
    MAIN: "Main theme",
    ALSO: "Also addressed",
    ABSENT: "Not addressed",
}
LEVEL_WORDS = ("Absent or contrary", "Claimed", "Partial", "Sound", "Strong")

# The light values of static/css/tokens.css.
COLOURS: Mapping[str, str] = {
    FAVOURABLE: "#1f6a43",
    PARTLY: "#8a5c00",
    ADVERSE: "#a5301d",
    NEI: "#55518a",
    NA: "#6b6558",
    EMPTY: "#8c8474",
    SEEN: "#a5301d",
    UNSEEN: "#6b6558",
    MAIN: "#45403a",
    ALSO: "#45403a",
    ABSENT: "#6b6558",
}
INK, QUIET, RULE, GROUND, ACCENT = "#1e1b16", "#5c564b", "#b9af9c", "#f2ede2", "#0d5162"
FONT = "Noto Sans, Noto Sans Thai, Noto Sans Khmer, Noto Sans Lao, Noto Sans Myanmar, sans-serif"

CHART_WIDTH = 640
STRIP_CELL = 58
SPARK_CELL = 11


def answer_mark(state: str, size: int = 16, title: str = "", *, hidden: bool = False) -> str:
    """One mark. `hidden` keeps it from being read out where its word stands beside it."""
    return _mark(_known(state), size, title or WORDS[state], hidden)


def checklist_strip(items: Sequence[tuple[object, str, str]], title: str = "") -> str:
    """The items of a checklist in a row: number, mark and, where given, a short label below.

    Each item is (number, state, short label). The title defaults to a count of the states.
    """
    cells = []
    for index, (number, state, label) in enumerate(items):
        middle = index * STRIP_CELL + STRIP_CELL / 2
        cells.append(_text(middle, 12, str(number), "middle", "c-quiet", QUIET, 12))
        cells.append(_placed(_known(state), middle - 13, 20, 26))
        if label:
            cells.append(_text(middle, 62, label, "middle", "c-ink", INK, 9.5))
    height = 68 if any(label for _, _, label in items) else 50
    width = max(len(items), 1) * STRIP_CELL
    return _svg(width, height, title or count_words([state for _, state, _ in items]), "".join(cells))


def range_bar(low: float, share: float | None, high: float, label: str) -> str:
    """A line from 0 to 100 %: the share as a heavy tick, the range that is still open hatched.

    What is sure whatever the missing answers turn out to be (0 to low) is filled.
    Values are per cent. A share of None means that nothing could be judged: no tick is drawn.
    `label` becomes the title and should say the three values in words.
    """
    if not 0 <= low <= high <= 100 or (share is not None and not 0 <= share <= 100):
        raise ValueError(f"Not a range within 0 to 100: {low}, {share}, {high}")
    parts = [
        _rect(_x(0), 26, _x(100) - _x(0), 14, "c-ground", GROUND),
        _rect(_x(0), 26, _x(low) - _x(0), 14, "c-solid", RULE),
        _hatch(_x(low), _x(high), 26, 40),
        _line(_x(0), 40, _x(100), 40, "c-rule", RULE),
        *(_line(_x(tick), 40, _x(tick), 45, "c-rule", RULE) for tick in (0, 25, 50, 75, 100)),
        *_range_labels(low, high),
    ]
    if share is not None:
        anchor = "start" if share < 4 else "end" if share > 96 else "middle"
        parts.append(_rect(_x(share) - 2.5, 20, 5, 24, "c-accent", ACCENT))
        parts.append(_text(_x(share), 14, f"{_percent(share)} %", anchor, "c-ink", INK, 14, bold=True))
    return _svg(CHART_WIDTH, 64, label, "".join(parts), css="chart chart-range")


def principle_lines(
    rows: Sequence[tuple[str, int | str | None]],
    title: str = "",
    level_words: Sequence[str] = LEVEL_WORDS,
    words: Mapping[str, str] = WORDS,
    step: float = 34,
) -> str:
    """One line from 0 to 4 per principle with a dot at its level, labelled at both ends.

    `step` is the height of a row; 23 still holds the text.

    Instead of a level a row may hold "nei", "na" or None (not answered): the line stays empty
    and the mark and its word stand at the end.
    """
    top = 24
    left, right = 232.0, 452.0
    gap = (right - left) / (len(level_words) - 1)
    parts = [_text(left + n * gap, 12, str(n), "middle", "c-quiet", QUIET, 11) for n in range(len(level_words))]
    for index, (label, value) in enumerate(rows):
        y = top + (index + 0.5) * step - 5
        parts.append(_text(0, y + 4.5, _shortened(label, 32), "start", "c-ink", INK, 13))
        parts.append(_axis(y, [left + n * gap for n in range(len(level_words))]))
        if isinstance(value, int):
            x = left + value * gap
            parts.append(f'<path class="c-line" d="M{_n(left)} {_n(y)}H{_n(x)}" stroke="{INK}" stroke-width="3"/>')
            parts.append(f'<circle class="c-ink" cx="{_n(x)}" cy="{_n(y)}" r="7" fill="{INK}"/>')
            end = f"{value} {level_words[value]}"
            parts.append(_text(right + 22, y + 4.5, end, "start", "c-ink", INK, 13, bold=True))
        else:
            state = _known(value or EMPTY)
            parts.append(_placed(state, right + 22, y - 8, 16))
            parts.append(_text(right + 44, y + 4.5, words[state], "start", "c-quiet", QUIET, 12))
    said = title or "; ".join(_row_words(label, value, level_words, words) for label, value in rows)
    return _svg(CHART_WIDTH, top + len(rows) * step, said, "".join(parts))


def bars(rows: Sequence[tuple[str, float, str]], title: str) -> str:
    """One horizontal bar per row, labelled on the left, its value in words at its end.

    Rows are (label, value from 0 up, words). The title should say all of them.
    """
    step, left, right = 28.0, 200.0, CHART_WIDTH - 170.0
    highest = max((value for _label, value, _words in rows), default=0) or 1
    parts = []
    for index, (label, value, words) in enumerate(rows):
        y = index * step
        width = value / highest * (right - left)
        parts.append(_text(0, y + 19, _shortened(label, 28), "start", "c-ink", INK, 13))
        parts.append(_rect(left, y + 6, max(width, 1), 17, "c-solid", RULE))
        parts.append(_line(left, y + 2, left, y + step - 2, "c-rule", RULE))
        parts.append(_text(left + width + 8, y + 19, words, "start", "c-ink", INK, 12))
    return _svg(CHART_WIDTH, len(rows) * step + 4, title, "".join(parts))


def spread_lines(rows: Sequence[tuple[str, float | None, float, float, str]], ticks: Sequence[str], title: str) -> str:
    """One line per row: a dot at its value, a heavy line from the lowest to the highest, words at its end.

    Rows are (label, value, lowest, highest, words), places from 0 to 1; a value of None draws no dot.
    `ticks` are the words of the scale from its low to its high end. The title should say all rows.
    """
    step, top, left, right = 24.0, 22.0, 232.0, 480.0
    gap = (right - left) / (len(ticks) - 1)
    parts = [_text(left + n * gap, 12, tick, "middle", "c-quiet", QUIET, 11) for n, tick in enumerate(ticks)]
    for index, (label, value, low, high, words) in enumerate(rows):
        y = top + (index + 0.5) * step - 3
        parts.append(_text(0, y + 4.5, _shortened(label, 32), "start", "c-ink", INK, 13))
        parts.append(_axis(y, [left + n * gap for n in range(len(ticks))]))
        if value is not None:
            ends = f"M{_n(left + low * (right - left))} {_n(y)}H{_n(left + high * (right - left))}"
            parts.append(f'<path class="c-line" d="{ends}" stroke="{INK}" stroke-width="3"/>')
            x = left + value * (right - left)
            parts.append(f'<circle class="c-ink" cx="{_n(x)}" cy="{_n(y)}" r="6" fill="{INK}"/>')
        parts.append(_text(right + 18, y + 4.5, words, "start", "c-ink", INK, 12.5, bold=value is not None))
    return _svg(CHART_WIDTH, top + len(rows) * step, title, "".join(parts))


@lru_cache(maxsize=4096)
def spark(states: tuple[str, ...], title: str = "") -> str:
    """A very small strip for a row of a list: the states in order, without numbers.

    A list shows hundreds of marks, so the marks of one state are drawn as one path.
    """
    cell = SPARK_CELL * 16 / (SPARK_CELL - 1)
    places: dict[str, list[float]] = {}
    for index, state in enumerate(states):
        places.setdefault(_known(state), []).append(index * cell)
    marks = "".join(_marks_of(state, starts) for state, starts in places.items())
    count = max(len(states), 1)
    size = f'width="{count * SPARK_CELL}" height="{SPARK_CELL}" viewBox="0 0 {_n(count * cell)} {_n(cell)}"'
    said = escape(title or count_words(states))
    return f'<svg xmlns="http://www.w3.org/2000/svg" class="spark" role="img" {size}><title>{said}</title>{marks}</svg>'


def _counted(state: str, count: int) -> str:
    return f"{count} {WORDS[state].lower()}"


def count_words(states: Sequence[str], counted: Callable[[str, int], str] = _counted) -> str:
    """The states counted in words: "6 favourable, 2 partly, 3 not enough information".

    `counted` says one state with its number in another language.
    """
    counts = [(state, sum(1 for one in states if one == state)) for state in STATES]
    return ", ".join(counted(state, count) for state, count in counts if count)


# -- The marks, in a square of 16 -------------------------------------------------------

# What was said, as outlines from a first point on: (how far right, the rest, width of the pen or 0 where filled).
_SAID: Mapping[str, tuple[tuple[float, str, float], ...]] = {
    SEEN: ((3, "1v14", 1.8), (4, "1.6h10l-2.6 3.7l2.6 3.7h-10z", 0)),
    UNSEEN: ((5.4, "8a2.6 2.6 0 1 0 5.2 0a2.6 2.6 0 1 0-5.2 0z", 1.4),),
    MAIN: ((1.5, "1.5h13v13h-13z", 0),),
    ALSO: ((2.2, "2.2h11.6v11.6h-11.6z", 1.4), (2.2, "8h11.6v5.8h-11.6z", 0)),
    ABSENT: ((4, "4h8v8h-8z", 1.2),),
}
_QUESTION = "M6.1 6.3c.1-1.1.8-1.8 1.9-1.8s1.9.7 1.9 1.6c0 1.3-1.9 1.5-1.9 2.9M8 11.3v.1"


def _shape(state: str) -> str:
    colour = COLOURS[state]
    fill = f'class="f-{state}" fill="{colour}"'
    line = f'class="s-{state}" fill="none" stroke="{colour}"'
    if state == FAVOURABLE:
        return f'<circle {fill} cx="8" cy="8" r="7"/>'
    if state == PARTLY:
        ring = f'<circle {line} cx="8" cy="8" r="6.2" stroke-width="1.6"/>'
        return f'{ring}<path {fill} d="M8 1.8a6.2 6.2 0 0 0 0 12.4z"/>'
    if state == ADVERSE:
        return f'<path {fill} d="M8 1.2 15.6 14.4H.4z"/>'
    if state == NEI:
        ring = f'<circle {line} cx="8" cy="8" r="6.5" stroke-width="1.4" stroke-dasharray="2.4 1.68"/>'
        return f'{ring}<path {line} d="{_QUESTION}" stroke-width="1.5" stroke-linecap="round"/>'
    if state == NA:
        return f'<path {line} d="M3 8h10" stroke-width="2.2"/>'
    if state in _SAID:
        return _marks_of(state, (0,))
    return f'<circle {line} cx="8" cy="8" r="6" stroke-width="1"/>'


def _marks_of(state: str, starts: Sequence[float]) -> str:
    """All marks of one state in a spark, each drawn as `_shape` draws it, as few paths as there are pens."""
    colour = COLOURS[state]
    fill = f'class="f-{state}" fill="{colour}"'
    line = f'class="s-{state}" fill="none" stroke="{colour}"'
    if state == FAVOURABLE:
        return _path(fill, starts, 1, "8a7 7 0 1 0 14 0a7 7 0 1 0-14 0z")
    if state == PARTLY:
        ring = _path(f'{line} stroke-width="1.6"', starts, 1.8, "8a6.2 6.2 0 1 0 12.4 0a6.2 6.2 0 1 0-12.4 0z")
        return ring + _path(fill, starts, 8, "1.8a6.2 6.2 0 0 0 0 12.4z")
    if state == ADVERSE:
        return _path(fill, starts, 8, "1.2l7.6 13.2h-15.2z")
    if state == NEI:
        dashes = f'{line} stroke-width="1.4" stroke-dasharray="2.4 1.68"'
        ring = _path(dashes, starts, 1.5, "8a6.5 6.5 0 1 0 13 0a6.5 6.5 0 1 0-13 0z")
        pen = f'{line} stroke-width="1.5" stroke-linecap="round"'
        return ring + _path(pen, starts, 6.1, "6.3c.1-1.1.8-1.8 1.9-1.8s1.9.7 1.9 1.6c0 1.3-1.9 1.5-1.9 2.9m0 2.1v.1")
    if state == NA:
        return _path(f'{line} stroke-width="2.2"', starts, 3, "8h10")
    if state in _SAID:
        pens = ((f'{line} stroke-width="{_n(pen)}"' if pen else fill, left, rest) for left, rest, pen in _SAID[state])
        return "".join(_path(pen, starts, left, rest) for pen, left, rest in pens)
    return _path(f'{line} stroke-width="1"', starts, 2, "8a6 6 0 1 0 12 0a6 6 0 1 0-12 0z")


def _path(pen: str, starts: Sequence[float], left: float, outline: str) -> str:
    """The same outline, given from its first y on, at every start."""
    return f'<path {pen} d="{"".join(f"M{_n(start + left)} {outline}" for start in starts)}"/>'


@lru_cache(maxsize=256)
def _mark(state: str, size: int, title: str, hidden: bool) -> str:
    role = 'aria-hidden="true"' if hidden else 'role="img"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {role} width="{size}" height="{size}" viewBox="0 0 16 16">'
        f"<title>{escape(title)}</title>{_shape(state)}</svg>"
    )


@lru_cache(maxsize=1024)
def _placed(state: str, x: float, y: float, size: float) -> str:
    return f'<g transform="translate({_n(x)} {_n(y)}) scale({_n(size / 16)})">{_shape(state)}</g>'


def _known(state: str) -> str:
    if state not in COLOURS:
        raise ValueError(f"Not an answer state: {state!r}. One of {', '.join(STATES)}.")
    return state


# -- Pieces of a chart -----------------------------------------------------------------------


def _svg(width: float, height: float, title: str, inner: str, css: str = "chart", *, fixed: bool = False) -> str:
    size = f'width="{_n(width)}" height="{_n(height)}" viewBox="0 0 {_n(width)} {_n(height)}"'
    family = "" if fixed else f' font-family="{FONT}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{css}" role="img" {size}{family}>'
        f"<title>{escape(title)}</title>{inner}</svg>"
    )


def _text(x: float, y: float, text: str, anchor: str, css: str, colour: str, size: float, *, bold: bool = False) -> str:
    weight = ' font-weight="600"' if bold else ""
    return (
        f'<text class="{css}" x="{_n(x)}" y="{_n(y)}" text-anchor="{anchor}" font-size="{_n(size)}"{weight}'
        f' fill="{colour}">{escape(text)}</text>'
    )


def _line(x1: float, y1: float, x2: float, y2: float, css: str, colour: str) -> str:
    ends = f'x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}"'
    return f'<line class="{css}" {ends} stroke="{colour}" stroke-width="1"/>'


def _axis(y: float, ticks: Sequence[float]) -> str:
    """A line from the first tick to the last, as one path: each shape costs time in the PDF engine."""
    marks = "".join(f"M{_n(x)} {_n(y - 4)}v8" for x in ticks)
    places = f"M{_n(ticks[0])} {_n(y)}H{_n(ticks[-1])}{marks}"
    return f'<path class="c-rule" d="{places}" fill="none" stroke="{RULE}" stroke-width="1"/>'


def _rect(x: float, y: float, width: float, height: float, css: str, colour: str) -> str:
    place = f'x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}"'
    return f'<rect class="{css}" {place} fill="{colour}"/>'


def _hatch(left: float, right: float, top: float, bottom: float) -> str:
    """Slanted lines cut to a box. Drawn, not a pattern: a pattern needs an id, unique on the page."""
    if right - left < 0.5:
        return ""
    height = bottom - top
    strokes = []
    start = left - height
    while start < right:
        x1, x2 = max(start, left), min(start + height, right)
        if x2 > x1:
            strokes.append(f"M{_n(x1)} {_n(bottom - (x1 - start))}L{_n(x2)} {_n(bottom - (x2 - start))}")
        start += 6
    box = f"M{_n(left)} {_n(top)}H{_n(right)}V{_n(bottom)}H{_n(left)}z"
    return f'<path class="c-hatch" d="{"".join(strokes)}{box}" fill="none" stroke="{QUIET}" stroke-width="1"/>'


def _range_labels(low: float, high: float) -> list[str]:
    """The ends of the range and of the scale, leaving out what would be printed over another."""
    labels: dict[float, str] = {low: _percent(low), high: _percent(high)}
    if high - low < 12:
        middle = (low + high) / 2
        text = _percent(low) if low == high else f"{_percent(low)}–{_percent(high)}"
        labels = {middle: text}
    for end in (0.0, 100.0):
        if all(abs(end - place) >= 12 for place in labels):
            labels[end] = f"{end:.0f}"
    return [_range_label(place, text) for place, text in labels.items()]


def _range_label(place: float, text: str) -> str:
    anchor = "start" if place < 3 else "end" if place > 97 else "middle"
    return _text(_x(place), 58, f"{text} %", anchor, "c-quiet", QUIET, 11)


def _x(percent: float) -> float:
    return 1 + percent / 100 * (CHART_WIDTH - 2)


def _percent(value: float) -> str:
    return f"{value:.0f}"


def _shortened(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def _row_words(label: str, value: int | str | None, level_words: Sequence[str], words: Mapping[str, str]) -> str:
    said = f"{value} {level_words[value]}" if isinstance(value, int) else words[value or EMPTY]
    return f"{label}: {said}"


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
