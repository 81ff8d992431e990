"""Tensions between instruments: the rules, their words, and what they may name."""

from __future__ import annotations

from checklist import scoring
from checklist.models import Criterion, TensionSide, TensionText


def known_answers():
    """{slug of an instrument: {key of a criterion: kind of answer}}, the newest version last. One query."""
    found: dict[str, dict[str, str]] = {}
    rows = Criterion.objects.order_by("version__number", "pk").values_list("version__instrument__slug", "key", "kind")
    for slug, key, kind in rows:
        found.setdefault(slug, {})[key] = kind
    return found


def tension_rules():
    """Every tension as the pure module sees it. One query."""
    rows = TensionSide.objects.order_by("tension_id", "side", "pk").values_list(
        "tension__slug", "side", "instrument__slug", "key", "answers"
    )
    return rules_of(rows)


def rules_of(rows):
    """Tensions out of rows (slug, side, instrument, key, answers), which are in the order of tensions and sides."""
    sides: dict[str, dict[int, list[scoring.TensionCondition]]] = {}
    for slug, side, instrument, key, answers in rows:
        condition = scoring.TensionCondition(instrument, key, frozenset(answers.split(",")))
        sides.setdefault(slug, {}).setdefault(side, []).append(condition)
    return tuple(
        scoring.TensionSpec(slug, tuple(tuple(conditions) for conditions in by_side.values()))
        for slug, by_side in sides.items()
    )


def tension_texts(slugs, language):
    """{slug: (title, text)} in the language where there are words in it, else in the original. One query."""
    if not slugs:
        return {}
    found: dict[str, tuple[str, str]] = {}
    rows = TensionText.objects.filter(tension__slug__in=slugs).values_list(
        "tension__slug", "language", "title", "text", "pk"
    )
    for slug, _own, title, text, _pk in sorted(rows, key=lambda row: (row[1] == language, -row[4])):
        found[slug] = (title, text)
    return found


def tensions_of(content, rules):
    """Where the answers of one assessment pull in different directions; shown, never acted on."""
    answers = {
        (each.sheet.slug, item.key): scoring.effective_answer(item, each.answers.get(item.key, scoring.ItemAnswer()))
        for each in content.instruments
        for item in each.spec.items
    }
    return scoring.tensions_in(rules, answers)
