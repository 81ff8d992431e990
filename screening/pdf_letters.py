"""The letters that stand in the fields of a form: which can be drawn, how wide they are, where lines break.

Viewers understand one byte a letter. Western European letters have the usual codes; any other words have
codes of their own, as far as the font draws their letters one after the other: Latin, Greek, Cyrillic. What has
to be shaped (Thai, Khmer, Arabic ...) cannot be drawn like that; `encoding_of` says so.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

FONT = Path(__file__).resolve().parent.parent / "static" / "fonts" / "pdf" / "NotoSans-Regular.ttf"
FIRST_CODE, LAST_CODE = 32, 255
# Alphabets whose letters need no shaping, as the names of their letters begin.
UNSHAPED = ("LATIN ", "GREEK ", "CYRILLIC ", "MODIFIER ")
FROM_RIGHT = ("R", "AL", "AN")


@dataclass(frozen=True)
class Encoding:
    """One byte a letter: `letters` have the codes from FIRST_CODE on."""

    letters: str

    @cached_property
    def codes(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for code, letter in enumerate(self.letters, start=FIRST_CODE):
            found.setdefault(letter, code)
        return found

    @cached_property
    def widths(self) -> tuple[int, ...]:
        """Width of every letter, in thousandths of its height."""
        font = _font()
        advances, unit = font["hmtx"], font["head"].unitsPerEm
        return tuple(round(advances[name][0] * 1000 / unit) for name in self.glyphs)

    @cached_property
    def glyphs(self) -> tuple[str, ...]:
        """What the font calls every letter."""
        names = _font().getBestCmap()
        return tuple(names.get(ord(letter), ".notdef") for letter in self.letters)

    def data(self, text: str) -> bytes:
        return bytes(self.codes[letter] for letter in text)

    def length(self, text: str, size: float) -> float:
        return sum(self.widths[self.codes[letter] - FIRST_CODE] for letter in text) * size / 1000

    def lines(self, text: str, width: float, size: float) -> list[str]:
        """The lines of a text in this width; what cannot be broken runs on and is cut off by the frame."""
        lines: list[str] = []
        for paragraph in shown(text).split("\n"):
            line = ""
            for word in paragraph.split(" "):
                longer = f"{line} {word}" if line else word
                if line and self.length(longer, size) > width:
                    lines.append(line)
                    longer = word
                line = longer
            lines.append(line)
        return lines


WESTERN = Encoding("".join(bytes([code]).decode("cp1252", "ignore") or " " for code in range(32, 256)))


def shown(text: str) -> str:
    """What is to be seen of a text: letters composed, one kind of line end, no marks without a shape."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    text = unicodedata.normalize("NFC", text)
    return "".join(each for each in text if each == "\n" or unicodedata.category(each) not in ("Cc", "Cf"))


def encoding_of(text: str) -> Encoding | None:
    """An encoding with all letters of a text; None where they cannot be drawn one by one, or are too many."""
    letters = set(shown(text)) - {"\n"}
    if letters <= WESTERN.codes.keys():
        return WESTERN
    if not all(letter in WESTERN.codes or _is_unshaped(letter) for letter in letters):
        return None
    found = " " + "".join(sorted(letters - {" "}))
    return Encoding(found) if len(found) <= LAST_CODE - FIRST_CODE + 1 else None


def _is_unshaped(letter: str) -> bool:
    kind = unicodedata.category(letter)
    if ord(letter) not in _font().getBestCmap() or kind.startswith("M"):
        return False
    if kind.startswith("L"):
        return unicodedata.name(letter, "").startswith(UNSHAPED)
    return unicodedata.bidirectional(letter) not in FROM_RIGHT


@lru_cache(maxsize=1)
def metrics() -> dict[str, Any]:
    """What a viewer wants to know of the font, in thousandths of its height."""
    font = _font()
    head, scale = font["head"], 1000 / font["head"].unitsPerEm
    return {
        "box": [round(value * scale) for value in (head.xMin, head.yMin, head.xMax, head.yMax)],
        "ascent": round(font["hhea"].ascent * scale),
        "descent": round(font["hhea"].descent * scale),
        "capitals": round(getattr(font["OS/2"], "sCapHeight", 714) * scale),
    }


@lru_cache(maxsize=1)
def _font() -> Any:
    from fontTools.ttLib import TTFont  # comes with the PDF engine

    return TTFont(FONT)
