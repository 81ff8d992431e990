"""A comparison of two versions as a page shows it: rules in words, rows with their choices."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from checklist import scoring
from checklist.comparing import Row, TextChange
from checklist.enums import Comparability, CriticalCondition, CriticalRule, Polarity
from checklist.paths import CRITERION_FIELDS, NotAPlace, parse, title

# How each verdict is tagged; see docs/look.md.
TAGS = {"same": "good", "reworded": "open", "changed": "warn", "new": "warn", "dropped": "off"}


@dataclass(frozen=True)
class TextLine:
    """One text that differs: its name and its runs of words."""

    label: str
    pieces: tuple


@dataclass(frozen=True)
class RowLine:
    """One criterion of the comparison. `choices` are (value, words, whether chosen) for a select."""

    row: Row
    name: str
    heading: str
    proposed: str
    proposed_tag: str
    verdict: str
    verdict_tag: str
    is_stale: bool
    texts: tuple[TextLine, ...]
    rules: tuple[tuple[str, str, str, bool], ...]
    choices: tuple[tuple[str, str, bool], ...]


def text_lines(changes: tuple[TextChange, ...]):
    """Texts that differ, each with its name."""
    return tuple(TextLine(_text_label(change.path), change.pieces) for change in changes)


def row_line(row, *, verdict="", is_stale=False, dropped=()):
    """A row in words. `dropped` are the rows of earlier criteria that a new one may turn out to continue."""
    return RowLine(
        row=row,
        name=f"row-{row.key}" if row.key else f"dropped-{row.earlier_key}",
        heading=_heading(row),
        proposed=str(Comparability(row.proposed.value).label),
        proposed_tag=TAGS[row.proposed.value],
        verdict=str(Comparability(verdict).label) if verdict else "",
        verdict_tag=TAGS.get(verdict, "none"),
        is_stale=is_stale,
        texts=text_lines(row.texts),
        rules=tuple(_rule_line(rule, row) for rule in row.rules),
        choices=tuple(_choices(row, verdict or row.proposed.value, dropped)),
    )


def _heading(row):
    before, after = row.before, row.after
    now = after or before
    heading = f"{now.number}. {now.title}"
    if before and after and (before.number, before.title) != (after.number, after.title):
        earlier = f"{before.number}. {before.title}"
        return _("%(now)s (before: %(earlier)s)") % {"now": heading, "earlier": earlier}
    return heading


def _text_label(path):
    try:
        place = parse(path)
    except NotAPlace:
        return path
    if place.sub or place.level or not place.criterion:
        return title(path)
    return str(CRITERION_FIELDS[place.field]).capitalize() if place.field else path


def _rule_line(rule, row):
    label = _("sub-questions") if rule.name == "sub" else str(CRITERION_FIELDS[rule.name])
    none = _("none")
    values = [_value(rule.name, value, row) or none for value in (rule.before, rule.after)]
    return label.capitalize(), values[0], values[1], rule.is_meaning


def _value(name, value, row):
    if not value:
        return ""
    tables = {
        "polarity": lambda code: Polarity(code).label,
        "critical_rule": lambda code: CriticalRule(code).label,
        "critical_condition": lambda code: CriticalCondition(code).label,
        "kind": lambda code: _(scoring.ANSWER_KINDS[code].label),
        "combining": lambda code: _(scoring.COMBINING_RULES[code].sentence),
        "reason_rule": lambda code: _(scoring.REASON_RULES[code].sentence),
        "about_harm": lambda code: _("yes"),
        "sub": _parts,
    }
    try:
        return str(tables[name](value)) if name in tables else value
    except (KeyError, ValueError):
        return value


def _parts(value):
    """ "a sub_yes_no, b sub_how" with the names of the kinds."""
    found = []
    for part in value.split(", "):
        key, _space, kind = part.partition(" ")
        found.append(f"{key}: {_(scoring.ANSWER_KINDS[kind].label)}")
    return "; ".join(found)


def _choices(row, chosen, dropped):
    """What may be decided. A new criterion may continue one that was dropped: "reworded:5"."""
    continues = row.earlier_key if row.proposed == Comparability.NEW else ""
    if row.proposed != Comparability.NEW:
        for verdict in row.choices:
            yield verdict.value, str(Comparability(verdict.value).label), verdict == chosen
        return
    yield Comparability.NEW.value, str(Comparability.NEW.label), not continues
    for earlier in [row, *dropped] if continues else dropped:
        words = {"number": earlier.before.number, "title": earlier.before.title}
        for verdict, sentence in (
            (Comparability.REWORDED, _("Rewording of %(number)s. %(title)s")),
            (Comparability.CHANGED, _("Changed in meaning from %(number)s. %(title)s")),
        ):
            value = f"{verdict.value}:{earlier.earlier_key}"
            yield value, sentence % words, bool(continues) and value == f"{chosen}:{continues}"
