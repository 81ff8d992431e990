"""Everybody's answers side by side, and what each instrument comes to over all reviewers of one proposal."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from checklist import presentation
from checklist.enums import ResultKind
from checklist.ranking import STANDING_TEXTS
from checklist.selectors.agreement import owes_in_round
from checklist.selectors.instruments import sheet
from checklist.selectors.ranking import LEFT_OUT, ranking_of, result_words
from checklist.splits import place_of
from checklist.tables.decisions import percent
from checklist.tables.panel import build_tables
from checklist.tables.ranking import exact, percent_text, shown_rows, whole_percent

from .course_values import HarmLine
from .proposal_values import Answer, CriterionRow, LevelLine, Side, Standing, Summary

# -- Answers ------------------------------------------------------------------------------------


def sides_of(assessments, consensus, calling, language):
    """[Side]: one per version that was judged by, criteria in the order of the instrument."""
    tables = build_tables(assessments, consensus, calling, language=language, in_order=True)
    return tuple(_side(table, calling, language) for table in tables)


def _side(table, calling, language):
    own = sheet(table.pk, language)
    return Side(
        slug=own.slug,
        version=own.number,
        title=own.title,
        short_title=own.short_title,
        kind=str(own.spec.result_kind),
        names=tuple(column.name for column in table.columns),
        rows=tuple(_row(row, calling) for row in table.rows),
        sums=table.sentences,
        has_consensus=any(row.consensus for row in table.rows),
    )


def _row(row, calling):
    settled = row.consensus
    return CriterionRow(
        number=row.criterion.number,
        short_title=row.criterion.short_title,
        wording=row.criterion.wording,
        parts=tuple((sub.label, sub.wording) for sub in row.criterion.subs),
        is_split=row.split.is_split,
        spread=presentation.exact_percent(row.split.spread),
        split_words=row.words,
        answers=tuple(Answer(cell.column.name, _scrubbed(cell.line, calling)) for cell in row.cells),
        consensus=Answer(_("Consensus"), _scrubbed(settled.line, calling)) if settled else None,
        settled=settled.standing if settled else "",
    )


def _scrubbed(line, calling):
    """The line with what people wrote as the report may show it; what a document says stays as it is."""
    if not calling.is_hidden:
        return line
    subs = tuple(replace(sub, text=calling.text(sub.text)) for sub in line.subs)
    return replace(line, rationale=calling.text(line.rationale), subs=subs)


# -- Over all reviewers -------------------------------------------------------------------------


def summaries_of(result, pins, snapshot, language):
    """[Summary] of the instruments that were judged by, the one that ranks first. `result` is a ProposalResult."""
    agreed = {each["instrument"]: each["agreement"] for each in snapshot["results"]}
    ranking = next((pin.version.instrument.slug for pin in pins if pin.ranks), "")
    found = [_summary(each, result, ranking, agreed, language) for each in result.instruments.values() if each.each]
    return tuple(sorted(found, key=lambda each: not each.ranks))


def _summary(own, result, ranking, agreed, language):
    shown = sheet(own.each[-1].version_pk, language)
    shares = own.shares
    agreement = agreed.get(own.slug) or {"percent": None, "n": 0, "k": 0}
    consensus = own.consensus.share if own.consensus else None
    keys = {criterion.key: f"{criterion.number}. {criterion.short_title}" for criterion in shown.criteria}
    flags = own.kind == ResultKind.FLAGS
    has_score = own.kind == ResultKind.SHARE or own.slug == ranking
    return Summary(
        slug=own.slug,
        title=shown.short_title,
        kind=own.kind,
        ranks=own.slug == ranking,
        reviewers=len(own.each),
        mean=exact(own.mean),
        median=exact(own.median),
        low=exact(min(shares)) if shares else None,
        high=exact(max(shares)) if shares else None,
        spread=exact(own.spread),
        coverage=exact(own.coverage),
        consensus=exact(consensus),
        result=result_words(own.kind, own, result, shown),
        mean_words=percent_text(own.mean) if has_score else "",
        spread_words=_points(own.spread) if has_score else "",
        coverage_words=whole_percent(own.coverage) if own.coverage is not None else "",
        consensus_words=whole_percent(consensus) if has_score and consensus is not None else "",
        levels=tuple(_levels(own, shown)) if own.kind == ResultKind.PROFILE else (),
        seen=tuple(keys[key] for key in keys if key in result.seen) if flags else (),
        agreement=None if agreement["percent"] is None else Decimal(agreement["percent"]),
        agreement_words=percent(agreement["percent"]),
        agreement_n=agreement["n"],
        agreement_k=agreement["k"],
    )


def _points(spread):
    """A distance in points of a per cent, with one decimal; "" where there is none."""
    if spread is None:
        return ""
    return number_format(presentation.rounded(exact(spread)), 1)


def _levels(own, shown):
    """The criteria of a profile that are levels, over the reviewers who judged by this version."""
    means = own.mean_levels
    same = [one for one in own.each if one.version_pk == shown.pk]
    for index, criterion in enumerate(shown.criteria):
        top = criterion.spec.answer_kind.top_rank
        places = [place_of(one.marks[index], top) for one in same]
        ranks = [place * top for place in places if place is not None]
        mean = means.get(criterion.key)
        yield LevelLine(
            criterion.number,
            criterion.short_title,
            None if mean is None else Decimal(str(round(float(mean), 3))),
            int(min(ranks)) if ranks else None,
            int(max(ranks)) if ranks else None,
            int(top),
        )


# -- In the round -------------------------------------------------------------------------------


def standing_of(proposal, user):
    """Where it stands in the ranking of its round, as far as the ranking is open to this person."""
    if owes_in_round(user, proposal.round):
        return Standing(_("The ranking opens once you have handed in all assessments asked of you in this round."))
    if proposal.status in LEFT_OUT:
        return Standing(_("It has no place: %(state)s.") % {"state": proposal.get_status_display()})
    ranking = ranking_of(proposal.round, user)
    if not ranking.slug:
        return Standing(_("No instrument of this round puts the proposals in order."))
    shown = next((each for each in shown_rows(ranking.rows, None) if each.proposal.pk == proposal.pk), None)
    if shown is None:
        return Standing(_("It is not among the proposals that are ranked."))
    adjusted = ranking.adjusted.is_usable
    total = len(ranking.limits)
    return Standing(
        why_not="",
        place=shown.place,
        standing=_(STANDING_TEXTS[shown.row.ranked.standing]),
        shortfalls=shown.row.shortfalls,
        thresholds=_("%(n)s of %(total)s thresholds reached") % {"n": shown.row.passed, "total": total}
        if total
        else "",
        raw=shown.mean_text,
        adjusted=shown.adjusted_text if adjusted else "",
        adjusted_value=exact(shown.adjusted) if adjusted else None,
        why_not_adjusted="" if adjusted else _(ranking.adjusted.reason),
    )


def harm_of(found):
    """[HarmLine] from `selectors.flags.SeenHarm`."""
    return tuple(
        HarmLine(
            f"{each.criterion.number}. {each.criterion.short_title}",
            tuple(name for _pk, name in each.seen_by),
        )
        for each in found
    )
