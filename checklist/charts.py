"""The charts of a scorecard: its data -> SVG text, the same drawing for the page and for the PDF.

A table or a sentence with the same values stands beside every chart.
"""

from django.utils.formats import number_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from screening import svg
from screening.templatetags.components import STATE_WORDS, counted_state

ROW = 24


def strip(part) -> SafeString:
    """The items of a checklist as a row of marks with their numbers."""
    title = _("%(title)s: %(counts)s") % {"title": part.short_title, "counts": counts(part)}
    return mark_safe(svg.checklist_strip([(item.number, item.mark, "") for item in part.items], title))  # noqa: S308


def share_range(part) -> SafeString:
    """The share with the range that missing information leaves open; "" where nothing applies."""
    if part.low_percent is None:
        return mark_safe("")
    title = f"{part.sentence}. {part.range_sentence}"
    return mark_safe(svg.range_bar(part.low_percent, part.share_percent, part.high_percent, title))  # noqa: S308


def profile(part) -> SafeString:
    """One labelled line per criterion with levels."""
    rows = [(f"{item.number} {item.short_title}", _position(item)) for item in part.items]
    words = {state: str(word) for state, word in STATE_WORDS.items()}
    return mark_safe(svg.principle_lines(rows, "", part.level_words, words, ROW))  # noqa: S308


def _position(item):
    return item.level if item.level is not None else item.mark


def counts(part):
    """ "6 favourable, 2 partly" of a checklist, "Met: 4, Not met: 1" of the others."""
    if part.kind != "share":
        return ", ".join(f"{word}: {count}" for _state, word, count in part.counts)
    return ", ".join(counted_state(state, count) for state, _word, count in part.counts)


def portfolio(group, currency) -> SafeString:
    """One bar for the amount of each part of a portfolio that has any; "" where nothing has."""
    parts = [part for part in group.parts if part.chosen]
    rows = [(part.label, float(part.amount), _bar_words(part, currency)) for part in parts]
    said = "; ".join(f"{label}: {words}" for label, _amount, words in rows)
    title = _("%(title)s: %(counts)s") % {"title": group.title, "counts": said}
    return mark_safe(svg.bars(rows, title)) if rows else mark_safe("")  # noqa: S308


def _bar_words(part, currency):
    amount = number_format(part.amount, 0, force_grouping=True)
    return _("%(amount)s %(currency)s (%(n)s)") % {"amount": amount, "currency": currency, "n": part.chosen}
