"""The report of a round for the board: process, ranking, agreement, portfolio, decisions, instruments."""

from __future__ import annotations

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from checklist.enums import AssignmentState, CheckOutcome, Outcome, ReportKind
from checklist.models import Assessment, Decision, StopOverride
from checklist.presentation import rounded
from checklist.selectors.agreement import owes_in_round
from checklist.selectors.deciding import FUNDED, HELD, counts_of, reserve_list, sums_of, to_decide
from checklist.selectors.eligibility import found_ineligible
from checklist.selectors.instruments import sheet
from checklist.selectors.letterheads import board_look
from checklist.selectors.process import process_of
from checklist.selectors.ranking import ranking_of
from checklist.selectors.round_results import pins_of
from checklist.tables.decisions import decision_words, number
from checklist.tables.ranking import kind_words, tie_texts
from proposals.models import FundingRound
from proposals.rules import can_export

from .calling import calling_in_round
from .data import newest
from .making import LETTERS, Maker
from .proposal import sources_of
from .round_ranking import agreement_tables, line_words, portfolio, ranking_lines
from .round_values import DecidedLine, Figure, IneligibleLine, InstrumentText, OverrideLine, RoundReport


def load(pk):
    """The round, or None."""
    return FundingRound.objects.filter(pk=pk).first()


def may_read(user, round_):
    """Whoever exports in the round and owes no assessment in it."""
    return can_export(user, round_) and not owes_in_round(user, round_)


def build(round_, options, user):
    """The RoundReport as this person may see it."""
    with override(options.language):
        return _report(round_, options, user)


def _report(round_, options, user):
    calling = calling_in_round(round_, options.names)
    process = process_of(round_, user)
    held = held_decisions(round_, user)
    decided = _decided_parts(round_, user, held, options.language, calling)
    times = [each.at for each in (*decided["decisions"], *decided["overrides"])]
    times += [each.applied_at for each in held]
    ineligible = found_ineligible(round_, user)
    times += [each.checked_at for each in ineligible]
    return RoundReport(
        reference=round_.reference,
        title=_("Round report %(reference)s: %(title)s") % {"reference": round_.reference, "title": round_.title},
        language=options.language,
        is_lettered=options.names == LETTERS,
        dated_at=newest(round_.created_at, process.newest, *times),
        donor=round_.donor_name or round_.title,
        round_title=round_.title,
        description=round_.description,
        phase=str(round_.get_phase_display()),
        currency=round_.currency,
        figures=tuple(_figures(round_, process)),
        money=tuple(_money(round_, user)),
        outcomes=tuple(_outcomes(round_, user, held)),
        left_out=process.ineligible + process.withdrawn,
        ineligible=tuple(_ineligible(each, calling) for each in ineligible),
        agreement=agreement_tables(round_, user, options.language),
        **_ranking_parts(round_, user, held, options.language),
        **decided,
    )


def _ranking_parts(round_, user, held, language):
    """The ranking with its rules, the portfolio of what is chosen, and the instruments."""
    ranking, pins = ranking_of(round_, user), pins_of(round_)
    lines, line = ranking_lines(round_, ranking)
    chosen, groups = portfolio(ranking, line, {each.proposal_id: each for each in held})
    pin = _ranking_pin(pins)
    return {
        "hidden": ranking.hidden,
        "ranked_by": sheet(pin.version_id, language).title if pin else "",
        "score_words": kind_words(ranking.kind) if ranking.slug else "",
        "limits": tuple(limit.label for limit in ranking.limits),
        "ties": tuple(tie_texts(ranking.by)),
        "has_adjusted": ranking.adjusted.is_usable,
        "why_not_adjusted": "" if ranking.adjusted.is_usable else _(ranking.adjusted.reason),
        "ranking": lines,
        "line_words": line_words(line, round_.currency),
        "portfolio_of": chosen,
        "portfolio": groups,
        "instruments": tuple(_instruments(round_, pins, language)),
    }


def _decided_parts(round_, user, held, language, calling):
    """What was decided and why, what comes next, and what was let through."""
    return {
        "decisions": tuple(_decided(each, round_, calling) for each in held),
        "reserve": tuple(_decided(each, round_, calling) for each in reserve_list(user, round_)),
        "overrides": override_lines(round_, user, language, calling),
    }


def _ranking_pin(pins):
    return next((pin for pin in pins if pin.ranks), None)


# -- Figures --------------------------------------------------------------------------------------


def _figures(round_, process):
    states = process.states
    counts = (
        (_("Proposals received"), process.received),
        (_("Eligible"), process.eligible),
        (_("Not eligible"), process.ineligible),
        (_("Withdrawn"), process.withdrawn),
        (_("Proposals assessed"), process.assessed),
        (_("With all assessments wanted"), process.complete),
        (_("Assessments handed in"), process.assessments),
        (_("Reviewers who handed in"), process.reviewers),
        (_("Consensus closed"), process.consensus),
        (_("Conflicts of interest"), states[AssignmentState.CONFLICTED]),
        (_("Declined"), states[AssignmentState.DECLINED]),
        (_("Abstained"), states[AssignmentState.ABSTAINED]),
    )
    for label, value in counts:
        yield Figure(label, number_format(value, force_grouping=True), value)
    if process.days is not None:
        days = rounded(process.days)
        shown = number_format(days, 1)
        yield Figure(_("Days from being asked to handing in (median)"), shown, days)
    if round_.opens_on or round_.closes_on:
        ends = (date_format(day, "j F Y") if day else "–" for day in (round_.opens_on, round_.closes_on))
        yield Figure(
            _("Open for proposals"), _("%(start)s to %(end)s") % dict(zip(("start", "end"), ends, strict=True))
        )


def _money(round_, user):
    sums = sums_of(user, round_)
    rows = (
        (_("Budget"), sums.budget),
        (_("Granted"), sums.granted),
        (_("Granted by decisions that are pending"), sums.pending),
        (_("Left"), sums.left),
        (_("On the reserve list"), sums.reserve),
    )
    for label, value in rows:
        if value is not None:
            yield Figure(label, f"{round_.currency} {number(value)}", value)
    if sums.unknown:
        yield Figure(_("Funded without an amount"), str(sums.unknown), sums.unknown)


def _outcomes(round_, user, held):
    """How many decisions of each kind there are, and on how many proposals nothing is decided."""
    codes = [each.outcome for each in held]
    for outcome in Outcome:
        yield Figure(str(outcome.label), str(codes.count(outcome)), codes.count(outcome))
    waiting, pending, _applied = counts_of(user, round_)
    if pending:
        yield Figure(_("Of these pending"), str(pending), pending)
    yield Figure(_("Not decided"), str(waiting), waiting)


# -- Decisions ------------------------------------------------------------------------------------


def held_decisions(round_, user):
    """Decisions that are to hold, pending ones instead of what they replace, by outcome and reference."""

    rows = Decision.objects.filter(proposal__in=to_decide(user, round_).values("pk"), state__in=HELD)
    rows = list(rows.select_related("proposal__applicant", "by").order_by("proposal__reference", "pk"))
    replaced = {each.replaces_id for each in rows if each.replaces_id}
    order = list(Outcome)
    kept = [each for each in rows if each.pk not in replaced]
    return sorted(kept, key=lambda each: (order.index(each.outcome), each.reserve_order or 0))


def _decided(decision, round_, calling):
    proposal = decision.proposal
    has_amount = decision.amount is not None and decision.outcome in (*FUNDED, Outcome.RESERVE)
    return DecidedLine(
        reference=proposal.reference,
        title=proposal.title,
        applicant=str(proposal.applicant or ""),
        outcome=decision_words(decision),
        state=str(decision.get_state_display()),
        amount=decision.amount if has_amount else None,
        amount_words=f"{round_.currency} {number(decision.amount)}" if has_amount else "",
        reasons=calling.text(decision.reasons),
        conditions=calling.text(decision.conditions),
        by=calling.office(decision.by, _("the programme officer")),
        at=decision.at,
        reserve_place=decision.reserve_order,
    )


def override_lines(round_, user, language, calling):
    """What chairs and reviewers wrote to let a proposal go on, in the order of the proposals."""
    open_to_her = to_decide(user, round_)
    rows = StopOverride.objects.filter(proposal__in=open_to_her.values("pk")).select_related(
        "proposal", "by", "criterion"
    )
    found = []
    for row in rows.order_by("proposal__reference", "pk"):
        shown = sheet(row.criterion.version_id, language)
        criterion = shown.criterion(row.criterion.key)
        title = f"{shown.short_title} {criterion.number}. {criterion.short_title}"
        by = calling.office(row.by, _("the chair"))
        found.append(_override(row.proposal, title, calling.text(row.reason), by, row.at))
    given = Assessment.objects.submitted().individual().filter(proposal__in=open_to_her.values("pk"))
    for row in given.exclude(override_reason="").select_related("proposal").order_by("proposal__reference", "pk"):
        title = _("Overall view: %(word)s") % {"word": row.get_conclusion_display()}
        found.append(
            _override(row.proposal, title, calling.text(row.override_reason), _("a reviewer"), row.submitted_at)
        )
    return tuple(sorted(found, key=lambda line: line.reference))


def _override(proposal, title, reason, by, at):
    return OverrideLine(proposal.reference, proposal.title, title, reason, by, at)


def _ineligible(proposal, calling):
    return IneligibleLine(
        reference=proposal.reference,
        title=proposal.title,
        applicant=str(proposal.applicant or ""),
        reasons=tuple(
            (each.check.wording, calling.text(each.reason))
            for each in proposal.checks
            if each.outcome == CheckOutcome.FAILED
        ),
    )


# -- Annex ----------------------------------------------------------------------------------------


def _instruments(round_, pins, language):
    for pin, source in zip(pins, sources_of(round_, pins), strict=True):
        shown = sheet(pin.version_id, language)
        questions = tuple((criterion.number, criterion.wording) for criterion in shown.criteria)
        yield InstrumentText(source, questions)


MAKER = Maker(
    kind=ReportKind.ROUND,
    template="checklist/reports/round.html",
    load=load,
    may_read=may_read,
    build=build,
    holders=lambda round_: {"round": round_},
    back=lambda round_: (round_.title, round_.get_absolute_url()),
    offers=("language", "paper"),
    letterhead=board_look,
)
