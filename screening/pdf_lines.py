"""Lines of text that were laid out and drawn once, for the next PDF with the same words.

Most words of a report are those of the rubric: they stand in the same columns, in the same letters, in every
report on a round. To break them into lines and to turn them into glyphs takes WeasyPrint a third of its time.
Here the results are kept for the life of the process and used again where text, width and everything in the
style that shapes a line are the same. The PDF is the same, byte for byte, as without (see the tests): a line is
drawn anew where its glyphs would be described otherwise in this document.

It takes the place of two functions and two methods of WeasyPrint, so it belongs to the version that is pinned.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

# What decides where a line breaks and which glyphs it has.
SHAPING = (
    "font_family", "font_size", "font_style", "font_stretch", "font_weight", "font_kerning",
    "font_variant_ligatures", "font_variant_position", "font_variant_caps", "font_variant_numeric",
    "font_variant_alternates", "font_variant_east_asian", "font_feature_settings", "font_variation_settings",
    "font_language_override", "lang", "direction", "letter_spacing", "word_spacing", "overflow_wrap",
    "word_break", "white_space", "text_decoration_line", "tab_size", "hyphens", "hyphenate_limit_chars",
    "hyphenate_limit_zone", "hyphenate_character",
)  # fmt: skip
# Long answers are a reviewer's own; every line of one would be kept with all that follows it.
LONGEST = 1_000
# Of a few kilobytes each. Then all are forgotten; the frequent ones are soon there again.
MOST = 5_000


class KeptLine:
    """A line as it was laid out, and from its first drawing on what was written for it."""

    __slots__ = ("drawn", "laid_out")

    def __init__(self, laid_out: tuple[Any, ...]) -> None:
        self.laid_out = laid_out
        self.drawn: Drawing | None = None


@dataclass
class Glyphs:
    """Of one font: how wide its glyphs are, and which letters each stands for."""

    widths: dict[int, int] = field(default_factory=dict)
    to_unicode: dict[int, str] = field(default_factory=dict)


@dataclass
class Drawing:
    """What was written to a page for one line, and the glyphs of each font that it needs."""

    written: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)
    glyphs: dict[int, Glyphs] = field(default_factory=dict)
    # Emoji and missing glyphs are described by more than this.
    is_plain: bool = True

    def fits(self, fonts: dict[int, Any]) -> bool:
        """Whether a document with these fonts so far would get the same: a glyph has one width in all of it."""
        for key, seen in self.glyphs.items():
            if key in fonts:
                known = fonts[key].widths
                if any(known.get(glyph, width) != width for glyph, width in seen.widths.items()):
                    return False
        return True


class FontSeen:
    """In place of a font while a line is drawn: what is noted in it is that of this line alone."""

    def __init__(self, font: Any, glyphs: Glyphs, drawing: Drawing) -> None:
        self._font, self._drawing = font, drawing
        self.widths, self.to_unicode = glyphs.widths, glyphs.to_unicode
        if font.bitmap or font.png or font.svg or font.colr:
            drawing.is_plain = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._font, name)

    def get_unused_glyph_id(self, codepoint: int) -> int:
        self._drawing.is_plain = False
        return int(self._font.get_unused_glyph_id(codepoint))


class Recorder:
    """In place of a page while a line is drawn: remembers what is written, and writes nothing."""

    def __init__(self, page: Any, drawing: Drawing, font_key: Callable[[Any], Any], hold: Callable[..., None]) -> None:
        self._page, self._drawing, self._font_key, self._hold = page, drawing, font_key, hold
        self.ink_rect, self.logical_rect = page.ink_rect, page.logical_rect

    def add_font(self, pango_font: Any) -> tuple[FontSeen, float]:
        key = self._font_key(pango_font)[0]
        font, size = self._page.add_font(pango_font)
        self._hold(key, pango_font)
        return FontSeen(font, self._drawing.glyphs.setdefault(key, Glyphs()), self._drawing), size

    def set_text_matrix(self, *values: float) -> None:
        """Where the line stands is said anew each time."""

    def show_text(self, text: str) -> None:
        self._drawing.written.append(("show_text", (text,)))

    def set_font_size(self, font: str, size: float) -> None:
        self._drawing.written.append(("set_font_size", (font, size)))

    def set_text_rise(self, rise: float) -> None:
        self._drawing.written.append(("set_text_rise", (rise,)))


class KeptLines:
    """The lines of one process, laid out with one configuration of fonts; others are left to WeasyPrint."""

    # Of several in one process the last one is asked.
    installed: KeptLines | None = None

    def __init__(self, fonts: Any) -> None:
        self.fonts = fonts
        self.lines: dict[tuple[Any, ...], KeptLine] = {}
        # Lines asked for once so far. What one reviewer wrote is not asked for again, so it is not kept.
        self.seen: set[int] = set()
        # Each way of shaping as a number, and for each font a layout that keeps it in memory.
        self.styles: dict[tuple[Any, ...], int] = {}
        self.held: dict[int, tuple[Any, Any]] = {}

    def install(self) -> None:
        """Take the place of WeasyPrint's own functions; `remove` puts them back."""
        from weasyprint.draw import text as drawing
        from weasyprint.text import line_break

        if KeptLines.installed is not None:
            KeptLines.installed.remove()
        self.split, self.draw = line_break.split_first_line, drawing.draw_first_line
        self.reactivate, self.deactivate = line_break.Layout.reactivate, line_break.Layout.deactivate
        # Methods of this object in place of a layout's own: the layout is their argument.
        self._put(self.split_first_line, self.draw_first_line, lambda *of: self.wake_later(*of), _sleep)
        KeptLines.installed = self

    def remove(self) -> None:
        """Leave every line to WeasyPrint again."""
        self._put(self.split, self.draw, self.reactivate, self.deactivate)
        KeptLines.installed = None

    def _put(self, split: Any, draw: Any, reactivate: Any, deactivate: Any) -> None:
        from weasyprint.draw import text as drawing
        from weasyprint.layout import inline, preferred
        from weasyprint.text import line_break

        for module in (line_break, inline, preferred):
            module.split_first_line = split
        drawing.draw_first_line = draw
        line_break.Layout.reactivate, line_break.Layout.deactivate = reactivate, deactivate

    # -- Laying out ---------------------------------------------------------------------------

    def style_number(self, style: Any) -> int | None:
        """The same number for styles that shape text alike; None where that cannot be told."""
        number: int | None = style.__dict__.get("shaping_number")
        if number is None:
            values = (style[name] for name in SHAPING)
            key = tuple(tuple(value) if isinstance(value, list) else value for value in values)
            try:
                number = self.styles.setdefault(key, len(self.styles))
            except TypeError:  # a value that cannot be compared
                return None
            style.__dict__["shaping_number"] = number
        return number

    def split_first_line(
        self,
        text: str,
        style: Any,
        context: Any,
        max_width: float | None,
        justification_spacing: float,
        is_line_start: bool = True,
        minimum: bool = False,
    ) -> tuple[Any, ...]:
        """WeasyPrint's function of this name; what it gives is kept."""
        choices = (max_width, justification_spacing, is_line_start, minimum)
        number = self.style_number(style) if len(text) <= LONGEST and style.font_config is self.fonts else None
        if number is None:
            return tuple(self.split(text, style, context, *choices))
        key = (text, number, *choices)
        kept = self.lines.get(key)
        if kept is None:
            laid_out = tuple(self.split(text, style, context, *choices))
            if not self._was_seen(key):
                return laid_out
            kept = self.lines[key] = KeptLine(laid_out)
            laid_out[0].kept = kept
        # A layout of its own for every box: it is told there which style draws it.
        return (copy.copy(kept.laid_out[0]), *kept.laid_out[1:])

    def _was_seen(self, key: tuple[Any, ...]) -> bool:
        """Whether this line is asked for again; there is room for it then."""
        if len(self.lines) >= MOST:
            self.lines.clear()
        if len(self.seen) >= 10 * MOST:
            self.seen.clear()
        number = hash(key)
        if number in self.seen:
            return True
        self.seen.add(number)
        return False

    # -- Drawing ------------------------------------------------------------------------------

    def wake_later(self, layout: Any, style: Any) -> None:
        """Before a line is drawn WeasyPrint lays it out again; of a kept one only the style is noted."""
        if hasattr(layout, "kept"):
            layout.style = style
        else:
            self.reactivate(layout, style)

    def draw_first_line(self, page: Any, box: Any, overflow: Any, ellipsis: Any, matrix: Any) -> list[Any]:
        """WeasyPrint's function of this name; what it writes is kept. Gives the emoji of the line."""
        layout = box.pango_layout
        if not hasattr(layout, "kept"):
            return list(self.draw(page, box, overflow, ellipsis, matrix))
        if not box.text.strip() or box.style["font_size"] < 1e-6:
            return []
        if overflow != "ellipsis" and ellipsis == "none":
            drawn = layout.kept.drawn
            if drawn is None:
                drawn = layout.kept.drawn = self._recorded(page, box, matrix)
            if drawn.is_plain and drawn.fits(page._fonts):
                self._write(page, drawn, matrix)
                return []
        self.reactivate(layout, layout.style)
        return list(self.draw(page, box, overflow, ellipsis, matrix))

    def _recorded(self, page: Any, box: Any, matrix: Any) -> Drawing:
        from weasyprint.text.fonts import get_pango_font_key

        layout, drawing = box.pango_layout, Drawing()

        def hold(key: int, pango_font: Any) -> None:
            self.held.setdefault(key, (pango_font, layout.layout))

        self.reactivate(layout, layout.style)
        self.draw(Recorder(page, drawing, get_pango_font_key, hold), box, "clip", "none", matrix)
        return drawing

    def _write(self, page: Any, drawn: Drawing, matrix: Any) -> None:
        for key, seen in drawn.glyphs.items():
            font = page._fonts.get(key) or page.add_font(self.held[key][0])[0]
            for glyph, words in seen.to_unicode.items():
                font.to_unicode.setdefault(glyph, words)
            font.widths.update(seen.widths)
        page.set_text_matrix(*matrix.values)
        for name, arguments in drawn.written:
            getattr(page, name)(*arguments)


def _sleep(layout: Any) -> None:
    """Forget what cannot be kept: of a layout that was not woken there is only the style."""
    for name in ("layout", "language", "style"):
        layout.__dict__.pop(name, None)
