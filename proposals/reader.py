"""Reads behind the reader: which pages to show, where words stand, what a place means."""

import re
from dataclasses import dataclass

from django.db.models import Count

from .document_checks import KINDS

# A page of the reader shows this many pages of the document: enough to read on, light enough to load.
PAGES_SHOWN = 50
HITS_SHOWN = 100
AROUND = 80


@dataclass(frozen=True)
class Stretch:
    """The pages shown together, and the first pages of the stretches before and after."""

    pages: list
    first: int
    last: int
    before: int | None
    after: int | None


@dataclass(frozen=True)
class Hit:
    """One page on which the words were found: the first place, cut into three for marking."""

    number: int
    title: str
    before: str
    match: str
    after: str
    count: int


def stretch_around(document, number):
    """The stretch that holds the page."""
    total = document.page_count or 0
    number = max(1, min(number, total or 1))
    first = (number - 1) // PAGES_SHOWN * PAGES_SHOWN + 1
    last = min(first + PAGES_SHOWN - 1, total)
    return Stretch(
        pages=list(with_rows(document, document.pages.filter(number__range=(first, last)).order_by("number"))),
        first=first,
        last=last,
        before=first - PAGES_SHOWN if first > 1 else None,
        after=last + 1 if last < total else None,
    )


def with_rows(document, pages):
    """The same pages; those of a workbook get `rows`, lists of cells."""
    is_workbook = KINDS.get(document.media_type) == "xlsx"
    for page in pages:
        page.rows = [line.split("\t") for line in page.text.splitlines()] if is_workbook else []
        yield page


def find_words(document, words):
    """A Hit for every page that holds the words, in any case and however they are divided into lines.

    The database would not fold the case of letters beyond ASCII on SQLite, so this reads the text.
    """
    pieces = [re.escape(word) for word in words.split()]
    if not pieces:
        return []
    pattern = re.compile(r"\s+".join(pieces), re.IGNORECASE)
    rows = document.pages.order_by("number").values_list("number", "title", "text")
    return [hit for row in rows.iterator(chunk_size=200) if (hit := _hit(pattern, *row))]


def _hit(pattern, number, title, text):
    text = f"{title}\n{text}" if title else text
    places = list(pattern.finditer(text))
    if not places:
        return None
    start, end = places[0].span()
    before = text[max(0, start - AROUND) : start]
    return Hit(
        number=number,
        title=title,
        before=f"… {before}" if start > AROUND else before,
        match=text[start:end],
        after=text[end : end + AROUND],
        count=len(places),
    )


def page_number(document, place):
    """The page meant by "12", "12-14" or a heading; None where there is no such page."""
    place = place.strip()
    digits = re.match(r"\d{1,6}", place)
    titled = document.pages.filter(title__istartswith=place).order_by("number").values_list("number", flat=True)
    if place and not place.isdigit() and (number := titled.first()):
        return number
    if digits and 1 <= int(digits[0]) <= (document.page_count or 0):
        return int(digits[0])
    return None


def whole_text(document):
    """Every page, one after the other, without holding them all in memory."""
    return with_rows(document, document.pages.order_by("number").iterator(chunk_size=100))


def pages_made(document):
    """How many pages have been prepared so far."""
    return document.pages.aggregate(made=Count("pk"))["made"]
