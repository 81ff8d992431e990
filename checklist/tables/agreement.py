"""How far reviewers agree, as the rows of tables and of an export."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from checklist.agreeing import INTERVAL, KAPPA_TEXTS, METRIC_TEXTS
from checklist.agreement import ICC_FORMS, REASON_TEXTS

FORM_NAMES = {
    "ICC1": "ICC(1,1)",
    "ICC2": "ICC(2,1)",
    "ICC3": "ICC(3,1)",
    "ICC1k": "ICC(1,k)",
    "ICC2k": "ICC(2,k)",
    "ICC3k": "ICC(3,k)",
}


@dataclass(frozen=True)
class Cell:
    """One statistic as it is shown; `note` is the letter of the reason where there is no value."""

    text: str
    interval: str
    note: str
    n: int
    k: int


@dataclass
class Notes:
    """The reasons that a table names, each under one letter."""

    found: dict[str, str] = field(default_factory=dict)

    def letter(self, code):
        return self.found.setdefault(code, "abcdefghij"[len(self.found)])

    @property
    def lines(self):
        """[(letter, sentence)]"""
        return [(letter, _(REASON_TEXTS[code])) for code, letter in self.found.items()]


@dataclass(frozen=True)
class Line:
    """One criterion, or all together; `kappa_form` is named where it has a value."""

    number: str
    title: str
    metric: str
    percent: Cell
    alpha: Cell
    kappa: Cell
    kappa_form: str


@dataclass(frozen=True)
class ShareLine:
    """One statistic of the shares."""

    name: str
    meaning: str
    cell: Cell


@dataclass(frozen=True)
class Table:
    """One instrument: criteria, shares, and why what is missing is missing."""

    pk: int
    title: str
    number: int
    is_pinned: bool
    found: object
    lines: tuple[Line, ...]
    together: Line | None
    shares: tuple[ShareLine, ...]
    notes: Notes

    @property
    def counts(self):
        """ "600 assessments, 200 proposals, 25 reviewers"."""
        found = self.found
        said = (
            (ngettext("%(n)s assessment", "%(n)s assessments", found.assessments), found.assessments),
            (ngettext("%(n)s proposal", "%(n)s proposals", found.proposals), found.proposals),
            (ngettext("%(n)s reviewer", "%(n)s reviewers", found.reviewers), found.reviewers),
        )
        return ", ".join(text % {"n": number_format(n, force_grouping=True)} for text, n in said)


def table_of(instrument):
    """The tables of one `selectors.agreement.Instrument`."""
    notes = Notes()
    shares = tuple(_share_lines(instrument.found.share, notes))
    lines = tuple(
        _line(criterion.number, criterion.short_title, measures, notes) for criterion, measures in instrument.rows
    )
    together = instrument.together
    return Table(
        pk=instrument.sheet.pk,
        title=instrument.sheet.title,
        number=instrument.sheet.number,
        is_pinned=instrument.is_pinned,
        found=instrument.found,
        lines=lines,
        together=_line("", _("All criteria together"), together, notes) if together else None,
        shares=shares,
        notes=notes,
    )


def _line(number, title, measures, notes):
    return Line(
        number,
        title,
        _(METRIC_TEXTS[measures.metric]),
        _cell(measures.percent, notes, is_percent=True),
        _cell(measures.alpha, notes),
        _cell(measures.kappa, notes),
        _(KAPPA_TEXTS[measures.kappa_form]) if measures.kappa.value is not None else "",
    )


def _share_lines(share, notes):
    if share is None:
        return
    alpha = _("chance-corrected; metric: %(metric)s") % {"metric": _(METRIC_TEXTS[INTERVAL])}
    yield ShareLine(_("Krippendorff's alpha"), alpha, _cell(share.alpha, notes))
    for form, statistic in share.icc.items():
        yield ShareLine(FORM_NAMES[form], _(ICC_FORMS[form]), _cell(statistic, notes))


def _cell(statistic, notes, *, is_percent=False):
    n, k = statistic.n, statistic.k
    if statistic.value is None:
        return Cell("", "", notes.letter(statistic.reason_code), n, k)
    shown = _percent if is_percent else _number
    interval = ""
    if statistic.low is not None:
        interval = _("%(low)s to %(high)s") % {"low": shown(statistic.low), "high": shown(statistic.high)}
    return Cell(shown(statistic.value), interval, "", n, k)


def _number(value):
    return number_format(round(value, 2) + 0.0, 2)


def _percent(value):
    return _("%(n)s %%") % {"n": round(value * 100)}


# -- Export ---------------------------------------------------------------------------------------


def export_columns():
    return [
        _("Instrument"),
        _("Version"),
        _("Number"),
        _("Criterion"),
        _("Statistic"),
        _("Form"),
        _("Value"),
        _("Low"),
        _("High"),
        _("Level of the interval"),
        _("Proposals (n)"),
        _("Reviewers (k)"),
        _("Why it is not computable"),
    ]


def export_rows(instruments):
    """One row per statistic, of every criterion and of the shares, as exact numbers."""
    for each in instruments:
        lead = [each.sheet.short_title, each.sheet.number]
        rows = [(criterion.number, criterion.short_title, measures) for criterion, measures in each.rows]
        if each.together:
            rows.append(("", _("All criteria together"), each.together))
        for number, title, measures in rows:
            metric = _(METRIC_TEXTS[measures.metric])
            own = [*lead, number, title]
            yield [*own, _("Percent agreement"), "", *_values(measures.percent)]
            yield [*own, _("Krippendorff's alpha"), metric, *_values(measures.alpha)]
            yield [*own, _("Kappa"), _(KAPPA_TEXTS[measures.kappa_form]), *_values(measures.kappa)]
        if each.found.share:
            own = [*lead, "", _("Share of favourable answers")]
            interval = _(METRIC_TEXTS[INTERVAL])
            yield [*own, _("Krippendorff's alpha"), interval, *_values(each.found.share.alpha)]
            for form, statistic in each.found.share.icc.items():
                yield [*own, FORM_NAMES[form], _(ICC_FORMS[form]), *_values(statistic)]


def _values(statistic):
    numbers = [statistic.value, statistic.low, statistic.high]
    rounded = [None if number is None else round(number, 6) for number in numbers]
    reason = _(statistic.reason) if statistic.reason else ""
    return [*rounded, statistic.level, statistic.n, statistic.k, reason]
