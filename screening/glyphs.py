"""Characters that no shipped font can print: found before a PDF leaves, instead of a silent box in it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from html.parser import HTMLParser

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from screening.pdf import STATIC

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6", "caption")
# Not printed in any PDF.
UNPRINTED = ("style", "script", "title")
# Written by nobody to be seen: controls, formats, private and unassigned ones, white space.
INVISIBLE = ("Cc", "Cf", "Zs", "Zl", "Zp")
MOST_PLACES = 3
LONGEST_PLACE = 60


@dataclass(frozen=True)
class MissingGlyph:
    """One character that would be a box, and the headings under which it stands."""

    character: str
    places: tuple[str, ...]

    @property
    def code(self) -> str:
        """ "U+1F600"."""
        return f"U+{ord(self.character):04X}"

    @property
    def name(self) -> str:
        """ "GRINNING FACE"; "" where it has no name."""
        return unicodedata.name(self.character, "")


def missing_glyphs(html: str) -> tuple[MissingGlyph, ...]:
    """The characters of a document that no shipped font has, in the order in which they occur."""
    lost = {character for character in set(html) - coverage() if _is_visible(character)}
    if not lost:
        return ()
    found: dict[str, list[str]] = {}
    for text, place in _texts(html):
        for character in dict.fromkeys(text):
            if character in lost and place not in found.setdefault(character, []):
                found[character].append(place)
    return tuple(MissingGlyph(character, tuple(places)) for character, places in found.items())


def warnings_for(html: str) -> list[str]:
    """A sentence for each character that would be a box, for the person who sends the report out."""
    return sentences(missing_glyphs(html))


def sentences(missing: Iterable[MissingGlyph]) -> list[str]:
    """The same of characters that were found before."""
    return [_sentence(each) for each in missing]


def _sentence(glyph: MissingGlyph) -> str:
    places = ", ".join(f"“{place}”" if place else _("the beginning") for place in glyph.places[:MOST_PLACES])
    values = {"code": glyph.code, "name": glyph.name or glyph.character, "places": places}
    values["n"] = more = max(len(glyph.places) - MOST_PLACES, 0)
    if more:
        text = "%(code)s (%(name)s) under %(places)s and %(n)s other heading"
        return ngettext(text, "%(code)s (%(name)s) under %(places)s and %(n)s other headings", more) % values
    return _("%(code)s (%(name)s) under %(places)s") % values


@lru_cache(maxsize=1)
def coverage() -> frozenset[str]:
    """Every character that one of the shipped fonts can print."""
    from fontTools.ttLib import TTFont  # takes a moment, and few processes need it

    found: set[int] = set()
    for path in sorted((STATIC / "fonts" / "pdf").glob("*.[ot]tf")):
        with TTFont(path, lazy=True) as font:
            found.update(font.getBestCmap())
    return frozenset(map(chr, found))


def _is_visible(character: str) -> bool:
    kind = unicodedata.category(character)
    # Variation selectors only choose among shapes of the character before them.
    return kind not in INVISIBLE and not "\ufe00" <= character <= "\ufe0f"


def _texts(html: str) -> Iterable[tuple[str, str]]:
    """(text, heading it stands under) of everything that is printed."""
    reader = _Reader(convert_charrefs=True)
    reader.feed(html)
    reader.close()
    return reader.texts


class _Reader(HTMLParser):
    def __init__(self, **options: bool) -> None:
        super().__init__(**options)
        self.texts: list[tuple[str, str]] = []
        self.heading = ""
        self._open: list[str] = []
        self._words: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in UNPRINTED:
            self._open.append(tag)
        elif tag in HEADINGS:
            self._words = []

    def handle_endtag(self, tag: str) -> None:
        if tag in HEADINGS and self._words is not None:
            text = "".join(self._words)
            self.heading = _cut(text) or self.heading
            self.texts.append((text, self.heading))
            self._words = None
        elif self._open and tag == self._open[-1]:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._open:
            return
        if self._words is not None:
            self._words.append(data)
        else:
            self.texts.append((data, self.heading))


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_PLACE else f"{text[: LONGEST_PLACE - 1].rstrip()}…"
