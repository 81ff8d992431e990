"""Practice beside its reference, in words: what a reviewer and a group read."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from checklist import presentation
from checklist.agreement import REASON_TEXTS
from checklist.selectors.instruments import CriterionText


@dataclass(frozen=True)
class Line:
    """One criterion: what she said and why, what the reference says and why, and how they differ."""

    criterion: CriterionText
    own: str
    own_reason: str
    reference: str
    reference_reason: str
    difference: str


@dataclass(frozen=True)
class Part:
    """One instrument of a practice assessment; `remark` where it cannot be compared."""

    pk: int
    title: str
    language: str
    differing: tuple[Line, ...]
    alike: tuple[Line, ...]
    sentence: str
    remark: str


def parts_in_words(parts):
    """[Part] of what `selectors.practice.beside_reference` gives."""
    return [_part(part) for part in parts]


def _part(part):
    sheet = part.own.sheet
    lines = [(row.is_same, _line(part, row)) for row in part.rows]
    remark = sentence = ""
    if part.reference is None:
        remark = _("The reference was written on another version of this instrument, so nothing is compared.")
    else:
        sentence = _("%(same)s of %(total)s answers are the same.") % {"same": part.same, "total": len(part.rows)}
    return Part(
        sheet.pk,
        sheet.title,
        sheet.language,
        tuple(line for is_same, line in lines if not is_same),
        tuple(line for is_same, line in lines if is_same),
        sentence,
        remark,
    )


def _line(part, row):
    criterion = part.own.sheet.criterion(row.key)
    return Line(
        criterion,
        answer_word(criterion, row.own),
        _reason(part.own, row.key),
        answer_word(criterion, row.reference),
        _reason(part.reference, row.key),
        _difference(row),
    )


def _reason(answers, key):
    stored = answers.stored.get(key)
    return stored.answer.rationale if stored else ""


def answer_word(criterion, code):
    """An answer as the form calls it; a level with its number."""
    option = criterion.option(code) if code else None
    if option is None:
        return _("No answer")
    return f"{code} – {option.label}" if code.isdigit() and criterion.spec.answer_kind.is_level else option.label


def _difference(row):
    """How far from the reference, where both are levels; nothing is said of an order that is none."""
    if not row.steps:
        return ""
    if row.steps > 0:
        return ngettext("%(n)s level above the reference", "%(n)s levels above the reference", row.steps) % {
            "n": row.steps
        }
    return ngettext("%(n)s level below the reference", "%(n)s levels below the reference", -row.steps) % {
        "n": -row.steps
    }


# -- The group ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class GroupLine:
    """One criterion over the group, ready for a row of a table."""

    criterion: CriterionText
    reference: str
    said: tuple[str, ...]
    as_reference: str
    among: str


@dataclass(frozen=True)
class GroupTable:
    """One instrument over the group; `note` says why the reference or the agreement is missing."""

    pk: int
    title: str
    language: str
    lines: tuple[GroupLine, ...]
    sentence: str
    notes: tuple[str, ...]
    has_reference: bool
    # Whether two reviewers can be compared at all.
    has_pairs: bool


def tables_in_words(parts):
    """[GroupTable] of what `selectors.practice.group_of` gives."""
    return [_table(part) for part in parts]


def _table(part):
    has_reference = part.reference is not None
    sentence = ngettext("%(n)s reviewer has practised.", "%(n)s reviewers have practised.", part.reviewers) % {
        "n": part.reviewers
    }
    if has_reference:
        same = _("%(same)s of %(total)s answers are those of the reference.") % {
            "same": part.same,
            "total": part.answered,
        }
        sentence = f"{sentence} {same}"
    if part.among.value is not None:
        pairs = _("Two reviewers give the same answer in %(percent)s %% of the cases.") % {
            "percent": _percent(part.among.value)
        }
        sentence = f"{sentence} {pairs}"
    notes = [] if part.among.value is not None else [_(REASON_TEXTS[part.among.reason_code])]
    if not has_reference:
        notes.append(_("There is no published reference on this version, so nothing is compared with it."))
    lines = tuple(_group_line(part, row, has_reference=has_reference) for row in part.rows)
    sheet = part.sheet
    return GroupTable(
        sheet.pk, sheet.title, sheet.language, lines, sentence, tuple(notes), has_reference, part.reviewers > 1
    )


def _group_line(part, row, *, has_reference):
    criterion = part.sheet.criterion(row.key)
    return GroupLine(
        criterion,
        answer_word(criterion, row.reference) if has_reference else "",
        tuple(
            _("%(answer)s: %(n)s") % {"answer": answer_word(criterion, code), "n": number}
            for code, number in row.counts
        ),
        _("%(same)s of %(total)s") % {"same": row.same, "total": row.answered} if has_reference else "",
        "–" if row.among.value is None else _("%(n)s %%") % {"n": _percent(row.among.value)},
    )


def offsets_in_words(offsets):
    """[(Offset, "12 of 17", [("Checklist", "+9 points")])] of the reviewers beside the reference."""
    return [
        (
            each,
            _("%(same)s of %(total)s") % {"same": each.same, "total": each.total},
            [(title, _points(difference)) for title, difference in each.shares],
        )
        for each in offsets
    ]


def _points(difference):
    """A difference of two shares in whole points, with its sign."""
    points = presentation.percent(abs(difference))
    sign = "" if not points else "+" if difference > 0 else "−"
    return ngettext("%(n)s point", "%(n)s points", points) % {"n": f"{sign}{points}"}


def _percent(value):
    return number_format(round(value * 100), 0)
