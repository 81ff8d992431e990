"""Two versions of an instrument side by side: word by word, and what became of each criterion. Pure.

The verdicts are proposals; an administrator decides. A criterion is found again by its key, else by
its wording. Where only texts differ it is reworded, as long as the wording is still alike; where the
kind of answer, its direction, the sub-questions, their rule, the levels or the critical rule differ,
another thing is measured and it is changed in meaning. Weight, required reasons and place change how
an answer is counted or asked for, not what it says, and are shown without counting here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from checklist.instrument_content import CriterionText, InstrumentFile

# Our thresholds: a wording of which this share of words stayed is still the same question, and a
# new criterion this much like a dropped one is taken for the same one under another key.
STILL_ALIKE = 0.6


class Verdict(StrEnum):
    """The codes of `checklist.enums.Comparability`."""

    SAME = "same"
    REWORDED = "reworded"
    CHANGED = "changed"
    NEW = "new"
    DROPPED = "dropped"


# Between these, results may be compared.
COMPARABLE = frozenset({Verdict.SAME, Verdict.REWORDED})


class Change(StrEnum):
    """What a run of words is: in both, only in the later, only in the earlier text."""

    KEPT = "kept"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class Piece:
    """A run of words of the same kind; what was kept has the space behind it."""

    change: Change
    text: str


@dataclass(frozen=True)
class TextChange:
    """One text that differs; `path` as in `checklist.paths`, of the later version where it has the text."""

    path: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class RuleChange:
    """One rule that differs, by the name of its column. `is_meaning` says whether it changes what is measured."""

    name: str
    before: str
    after: str
    is_meaning: bool


@dataclass(frozen=True)
class Row:
    """What became of one criterion. `alike` is the share of words that the two wordings have in common."""

    key: str
    earlier_key: str
    proposed: Verdict
    before: CriterionText | None
    after: CriterionText | None
    alike: float = 0.0
    texts: tuple[TextChange, ...] = ()
    rules: tuple[RuleChange, ...] = ()

    @property
    def choices(self) -> tuple[Verdict, ...]:
        """What may be decided: what is proposed, and less alike than that; other words are never "same"."""
        if self.before is None or self.after is None:
            return (self.proposed,)
        is_same = self.proposed is Verdict.SAME
        return (Verdict.SAME, Verdict.REWORDED, Verdict.CHANGED) if is_same else (Verdict.REWORDED, Verdict.CHANGED)


@dataclass(frozen=True)
class Comparison:
    """The texts of the version itself that differ, and a row for each criterion of either version."""

    texts: tuple[TextChange, ...]
    rows: tuple[Row, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs at all."""
        return not self.texts and all(row.proposed is Verdict.SAME and not row.rules for row in self.rows)


def compare(earlier: InstrumentFile, later: InstrumentFile) -> Comparison:
    """Everything that differs between two versions, in the order of the later one; dropped criteria last."""
    pairs = match(earlier.criteria, later.criteria)
    rows = tuple(compare_pair(before, after) for before, after in pairs)
    return Comparison(tuple(_version_texts(earlier, later)), rows)


def match(
    earlier: Sequence[CriterionText], later: Sequence[CriterionText]
) -> list[tuple[CriterionText | None, CriterionText | None]]:
    """Pairs by key, then by wording; None where a criterion is new or dropped."""
    by_key = {criterion.key: criterion for criterion in earlier}
    found = {after.key: by_key.pop(after.key) for after in later if after.key in by_key}
    open_pairs = sorted(
        ((alike(before.wording, after.wording), after.key, before.key)
         for after in later if after.key not in found for before in by_key.values()),
        key=lambda each: -each[0],
    )  # fmt: skip
    for share, key, earlier_key in open_pairs:
        if share >= STILL_ALIKE and key not in found and earlier_key in by_key:
            found[key] = by_key.pop(earlier_key)
    return [*((found.get(after.key), after) for after in later), *((before, None) for before in by_key.values())]


def compare_pair(before: CriterionText | None, after: CriterionText | None) -> Row:
    """What became of one criterion; one of the two may be missing."""
    if before is None or after is None:
        verdict = Verdict.DROPPED if after is None else Verdict.NEW
        return Row(after.key if after else "", before.key if before else "", verdict, before, after)
    texts = tuple(_text_changes(dict(before.texts()), dict(after.texts()), before.key, after.key))
    rules = tuple(_rule_changes(before, after))
    share = alike(before.wording, after.wording)
    if any(rule.is_meaning for rule in rules) or share < STILL_ALIKE:
        verdict = Verdict.CHANGED
    else:
        verdict = Verdict.REWORDED if texts else Verdict.SAME
    return Row(after.key, before.key, verdict, before, after, share, texts, rules)


def alike(one: str, other: str) -> float:
    """The share of words that two texts have in common, in their order; 1 when they read the same."""
    first, second = (re.findall(r"\w+", text.casefold()) for text in (one, other))
    return 1.0 if first == second else SequenceMatcher(None, first, second, autojunk=False).ratio()


def word_diff(before: str, after: str) -> tuple[Piece, ...]:
    """Runs of words that stayed, went and came, in reading order."""
    old, new = _words(before), _words(after)
    pieces: list[Piece] = []
    # White space alone is no change: words are compared without what stands behind them.
    matcher = SequenceMatcher(None, [w.rstrip() for w in old], [w.rstrip() for w in new], autojunk=False)
    for operation, i, j, k, m in matcher.get_opcodes():
        if operation == "equal":
            pieces.append(Piece(Change.KEPT, "".join(new[k:m])))
            continue
        if j > i:
            pieces.append(Piece(Change.REMOVED, "".join(old[i:j]).rstrip()))
        if m > k:
            pieces.append(Piece(Change.ADDED, "".join(new[k:m]).rstrip()))
    return tuple(pieces)


def _words(text: str) -> list[str]:
    return re.findall(r"\S+\s*", text)


def _text_changes(before: dict[str, str], after: dict[str, str], earlier_key: str, key: str) -> Iterator[TextChange]:
    """Under one name: the paths of the earlier criterion are read with the key of the later one."""
    old = {path.replace(f"criteria/{earlier_key}/", f"criteria/{key}/", 1): text for path, text in before.items()}
    for path in dict.fromkeys([*after, *old]):
        one, other = old.get(path, ""), after.get(path, "")
        if one.split() != other.split():
            yield TextChange(path, word_diff(one, other))


def _version_texts(earlier: InstrumentFile, later: InstrumentFile) -> Iterator[TextChange]:
    names = ("title", "short_title", "introduction", "source", "interpretation_note")
    for name in names:
        one, other = getattr(earlier, name), getattr(later, name)
        if one.split() != other.split():
            yield TextChange(name, word_diff(one, other))


def _rule_changes(before: CriterionText, after: CriterionText) -> Iterator[RuleChange]:
    one, other = before.spec, after.spec
    # (name, before, after, whether it changes what is measured)
    columns = (
        ("kind", one.kind, other.kind, True),
        ("polarity", str(one.polarity), str(other.polarity), True),
        ("sub", _parts(before), _parts(after), True),
        ("combining", one.combining or "", other.combining or "", True),
        ("critical_rule", one.critical.mode.value, other.critical.mode.value, True),
        ("critical_condition", *_where_critical(before, after, "condition"), True),
        ("critical_scope", *_where_critical(before, after, "scope"), True),
        ("about_harm", _flag(one.about_harm), _flag(other.about_harm), False),
        ("reason_rule", one.reason_rule, other.reason_rule, False),
        ("weight", f"{float(one.weight):g}", f"{float(other.weight):g}", False),
        ("number", before.number, after.number, False),
    )
    for name, was, now, is_meaning in columns:
        if was != now:
            yield RuleChange(name, was, now, is_meaning)


def _parts(criterion: CriterionText) -> str:
    """The sub-questions by key and kind: "a sub_yes_no, b sub_how"."""
    return ", ".join(f"{sub.key} {sub.kind}" for sub in criterion.subs)


def _where_critical(before: CriterionText, after: CriterionText, name: str) -> tuple[str, str]:
    """Condition or scope of two critical rules; without a rule on both sides they mean nothing."""
    rules = (before.spec.critical, after.spec.critical)
    if any(rule.mode.value == "none" for rule in rules):
        return "", ""
    if name == "scope":
        return ",".join(rules[0].scope), ",".join(rules[1].scope)
    return rules[0].condition.value, rules[1].condition.value


def _flag(value: bool) -> str:
    return "yes" if value else ""


# -- what may be compared over several versions -----------------------------------------------

Node = tuple[int, str]


def comparable_groups(links: Iterable[tuple[Node, Node]]) -> dict[Node, Node]:
    """{(version, criterion): the one that stands for all it may be compared with}.

    `links` are the decided pairs that are the same or reworded. They hold over any number of
    versions, and between two versions that were made from the same one.
    """
    parent: dict[Node, Node] = {}

    def root(node: Node) -> Node:
        parent.setdefault(node, node)
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for one, other in links:
        first, second = sorted((root(one), root(other)))
        parent[second] = first
    return {node: root(node) for node in parent}
