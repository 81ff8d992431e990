"""The ranking, the agreement and the portfolio of a round, from the rows of the screens."""

from __future__ import annotations

from django.utils.translation import gettext as _

from checklist.enums import DecisionState
from checklist.ranking import WhenItDoesNotFit, funding_line
from checklist.selectors.agreement import instruments_of, kept_agreement, ratings_of, work_out
from checklist.selectors.deciding import FUNDED
from checklist.selectors.portfolio import portfolio_of
from checklist.tables.agreement import table_of
from checklist.tables.decisions import number
from checklist.tables.ranking import exact, shown_rows

from .round_values import (
    AgreementLine,
    AgreementTable,
    PortfolioGroup,
    PortfolioPart,
    RankingLine,
    ShareAgreement,
    Statistic,
)


def ranking_lines(round_, ranking):
    """([RankingLine], FundingLine or None) by the scores as given, with the budget of the round."""
    line = None
    if round_.budget is not None and ranking.slug:
        line = funding_line([row.ranked for row in ranking.rows], round_.budget, WhenItDoesNotFit.STOP)
    return tuple(_line(shown, ranking) for shown in shown_rows(ranking.rows, line)), line


def line_words(line, currency):
    """What the funding line says, in a sentence; "" without one."""
    if line is None:
        return ""
    words = {"spent": number(line.spent), "left": number(line.left), "currency": currency}
    return _("Funding line: %(currency)s %(spent)s asked for above it, %(currency)s %(left)s left") % words


def _line(shown, ranking):
    row, proposal = shown.row, shown.proposal
    details = [shown.stops, *row.shortfalls, shown.flags]
    if row.overridden:
        details.append(_("Overridden by the chair:") + " " + shown.overridden)
    if row.limits:
        details.append(_("%(n)s of %(total)s thresholds reached") % {"n": row.passed, "total": row.limits})
    adjusted = ranking.adjusted.is_usable
    return RankingLine(
        place=shown.place,
        reference=proposal.reference,
        title=proposal.title,
        applicant=shown.applicant,
        countries=shown.countries,
        standing=shown.standing_word,
        details=tuple(filter(None, details)),
        mean=exact(shown.mean),
        adjusted=exact(shown.adjusted) if adjusted else None,
        spread=exact(shown.spread),
        coverage=exact(shown.coverage),
        reviewers=len(row.own.each),
        reviews_words=shown.reviews_text,
        mean_words=shown.mean_text,
        adjusted_words=shown.adjusted_text if adjusted else "",
        spread_words=shown.spread_text,
        coverage_words=shown.coverage_text,
        consensus_words=shown.consensus_text,
        amount=shown.amount,
        amount_words=f"{proposal.currency} {number(shown.amount)}" if shown.amount is not None else "",
        reach=shown.reach,
        recommendation=shown.recommendation,
        decision=shown.decision,
        is_last_within=shown.is_last_within,
    )


# -- Agreement ------------------------------------------------------------------------------------


def agreement_tables(round_, user, language):
    """[AgreementTable] over the whole round. What takes long is worked out once and kept."""
    ratings = ratings_of(round_, user)
    found = kept_agreement(ratings) or work_out(ratings)
    return tuple(_table(table_of(each)) for each in instruments_of(round_, found, language))


def _table(table):
    return AgreementTable(
        title=table.title,
        version=table.number,
        counts=table.counts,
        lines=tuple(_agreement_line(line) for line in table.lines),
        together=_agreement_line(table.together) if table.together else None,
        shares=tuple(ShareAgreement(each.name, each.meaning, _statistic(each.cell)) for each in table.shares),
        notes=tuple(table.notes.lines),
    )


def _agreement_line(line):
    cells = (_statistic(cell) for cell in (line.percent, line.alpha, line.kappa))
    return AgreementLine(line.number, line.title, line.metric, *cells, line.kappa_form)


def _statistic(cell):
    return Statistic(cell.text, cell.interval, cell.note, cell.n, cell.k)


# -- Portfolio ------------------------------------------------------------------------------------


def portfolio(ranking, line, decided):
    """(what was chosen, [PortfolioGroup]): what is funded by decision, else what the funding line reaches.

    `decided` maps proposal ids to decisions that are to hold.
    """
    funded = {pk for pk, decision in decided.items() if decision.outcome in FUNDED}
    pending = any(decided[pk].state == DecisionState.PENDING for pk in funded)
    if funded:
        chosen = _("Funded, pending decisions too") if pending else _("Funded by applied decisions")
    elif line and line.within:
        funded = {each.entry.id for each in line.within}
        chosen = _("Within the funding line; nothing is decided yet")
    else:
        return "", ()
    groups = portfolio_of([row for row in ranking.rows if row.proposal.pk in funded], ranking.rows)
    return chosen, tuple(PortfolioGroup(group.title, tuple(map(_part, group.parts))) for group in groups)


def _part(part):
    return PortfolioPart(part.label, part.chosen, part.of, part.amount, number(part.amount))
