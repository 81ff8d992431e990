"""The charts of a scorecard: its data -> SVG text, the same drawing for the page and for the PDF.

A table or a sentence with the same values stands beside every chart.
"""

from django.utils.formats import number_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from checklist.presentation import rounded
from screening import svg
from screening.templatetags.components import STATE_WORDS, counted_state

ROW = 24
MOST_IN_A_CHART = 20


def strip(part) -> SafeString:
    """The items of a checklist as rows of marks with their numbers."""
    title = _("%(title)s: %(counts)s") % {"title": part.short_title, "counts": counts(part)}
    return _drawn(
        svg.checklist_strip([(item.number, item.mark, "") for item in items], _named(title, items, part))
        for items in _groups(part)
    )


def _groups(part):
    """The items in groups that stay legible and fit on a page."""
    return [part.items[start : start + MOST_IN_A_CHART] for start in range(0, len(part.items), MOST_IN_A_CHART)]


def _named(title, items, part):
    return title if len(items) == len(part.items) else f"{title} ({items[0].number}–{items[-1].number})"


def _drawn(drawings) -> SafeString:
    return mark_safe("".join(drawings))  # noqa: S308


def share_range(part) -> SafeString:
    """The share with the range that missing information leaves open; "" where nothing applies."""
    if part.low_percent is None:
        return mark_safe("")
    title = f"{part.sentence}. {part.range_sentence}"
    return mark_safe(svg.range_bar(part.low_percent, part.share_percent, part.high_percent, title))  # noqa: S308


def profile(part) -> SafeString:
    """One labelled line per criterion with levels."""
    words = {state: str(word) for state, word in STATE_WORDS.items()}
    return _drawn(
        svg.principle_lines(
            [(f"{item.number} {item.short_title}", _position(item)) for item in items], "", part.level_words, words, ROW
        )
        for items in _groups(part)
    )


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
    return _("%(currency)s %(amount)s (%(n)s)") % {"amount": amount, "currency": currency, "n": part.chosen}


def shares_over_reviewers(summaries) -> SafeString:
    """The mean share of each instrument that has one, with its lowest and highest reviewer; "" for none."""
    found = [each for each in summaries if each.kind == "share" and each.mean is not None]
    rows = [
        (each.title, float(each.mean) / 100, float(each.low) / 100, float(each.high) / 100, each.mean_words)
        for each in found
    ]
    said = "; ".join(_share_words(each) for each in found)
    ticks = ("0", "25", "50", "75", "100 %")
    return mark_safe(svg.spread_lines(rows, ticks, said)) if rows else mark_safe("")  # noqa: S308


def levels_over_reviewers(title, lines) -> SafeString:
    """The mean level of each criterion of a profile, with the lowest and the highest."""
    top = max(line.top for line in lines)
    rows = [(f"{line.number} {line.title}", *_level_places(line), level_words(line)) for line in lines]
    said = "; ".join(f"{label}: {words}" for label, _value, _low, _high, words in rows)
    ticks = [str(level) for level in range(top + 1)]
    return mark_safe(svg.spread_lines(rows, ticks, f"{title}: {said}"))  # noqa: S308


def level_words(line) -> str:
    """ "2.7 (2 to 3)": the mean level and what it lies between."""
    if line.mean is None:
        return _("nobody could judge")
    mean = number_format(rounded(line.mean), 1)
    return mean if line.low == line.high else _("%(mean)s (%(low)s to %(high)s)") % _ends(mean, line)


def _ends(mean, line):
    return {"mean": mean, "low": line.low, "high": line.high}


def _share_words(each):
    if each.reviewers < 2:
        return f"{each.title}: {each.mean_words}"
    low, high = (f"{number_format(rounded(share), 1)} %" for share in (each.low, each.high))
    return f"{each.title}: " + _("%(mean)s (%(low)s to %(high)s)") % {"mean": each.mean_words, "low": low, "high": high}


def _level_places(line):
    """(mean, lowest, highest) as parts of the highest level; without a mean nothing is drawn."""
    if line.mean is None or line.low is None:
        return None, 0.0, 0.0
    return float(line.mean) / line.top, line.low / line.top, line.high / line.top
