"""The ranking of a round: stops and thresholds first, then scores; and the funding line as a what-if."""

from decimal import Decimal

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils.translation import get_language, gettext_lazy
from django.views.decorators.http import require_safe

from checklist import charts, rules
from checklist.forms.ranking import BudgetForm, RankingFilterForm
from checklist.ranking import OrderBy, funding_line
from checklist.selectors.agreement import owes_in_round
from checklist.selectors.portfolio import portfolio_of
from checklist.selectors.proposal_rows import country_name
from checklist.selectors.ranking import ranking_of
from checklist.tables.ranking import columns_of, offset_parts, shown_rows, tie_texts
from proposals import rules as proposal_rules
from proposals.views.loading import load_round
from screening.listing import Column, build_row_listing, export_response, kept_views, shown_query

SELECT = Column("select", gettext_lazy("Select"), css="fit", hidden=True)
FILTERS = ("country", "four_p", "standing")


@login_required
@require_safe
def round_ranking(request, reference):
    """The list, its export, the funding line, and the portfolio of what it would reach."""
    round_ = load_round(request, reference, needs=rules.can_see_ranking)
    may_export = proposal_rules.can_export(request.user, round_)
    if owes_in_round(request.user, round_):
        return render(request, "checklist/round_ranking.html", {"round": round_, "is_closed": True})
    by = OrderBy.ADJUSTED if request.GET.get("by") == OrderBy.ADJUSTED else OrderBy.RAW
    ranking = ranking_of(round_, request.user, by)
    form = _filter_form(request, ranking)
    budget_form = BudgetForm(request.GET if "budget" in request.GET else None, round_=round_)
    line = _line(budget_form, ranking, round_)
    listing = build_row_listing(
        request,
        shown_rows(_filtered(ranking.rows, form), line),
        _columns(request, ranking, line, can_select=may_export),
        default_sort="place",
        form=form,
    )
    if listing.export_format:
        name = f"ranking-{round_.reference}"
        return export_response(request, listing, name=name, subject=round_, may_export=may_export, round_id=round_.pk)
    is_filtered = any(form.chosen(name) for name in FILTERS)
    context = {
        "round": round_,
        "ranking": ranking,
        "listing": listing,
        "is_filtered": is_filtered,
        "shows_line": line is not None and listing.order == "place" and not is_filtered,
        "filter_form": form,
        "budget_form": budget_form,
        "line": line,
        "kept": kept_views(request, f"checklist:round-ranking {round_.reference}"),
        "more_span": len(listing.columns) - (2 if may_export else 1),
        "ties": tie_texts(ranking.by),
        "can_export": may_export,
        "can_set_up": proposal_rules.can_change_round(request.user, round_),
        "offsets": offset_parts(ranking) if rules.can_see_offsets(request.user, round_) else None,
        "shown_query": shown_query(request),
    }
    return render(request, "checklist/round_ranking.html", context | _portfolio(ranking, line, round_))


def _columns(request, ranking, line, *, can_select):
    """Those of the table, and one to tick rows by for whoever may make reports of them."""
    exported = bool(request.GET.get("export"))
    columns = columns_of(ranking, line, exported=exported)
    return columns if exported or not can_select else [SELECT, *columns]


def _filter_form(request, ranking):
    language = get_language()
    codes = {code for row in ranking.rows for code in row.countries}
    countries = sorted(((code, country_name(code, language)) for code in codes), key=lambda pair: pair[1])
    return RankingFilterForm(request.GET, countries=countries, has_adjusted=ranking.adjusted.is_usable)


def _filtered(rows, form):
    country, four_p, standing = (form.chosen(name) for name in FILTERS)
    return [
        row
        for row in rows
        if (not country or country in row.countries)
        and (not four_p or four_p in row.four_p)
        and (not standing or row.ranked.standing == standing)
    ]


def _line(form, ranking, round_):
    """The funding line, or None where no budget is given."""
    budget = round_.budget
    if form.is_bound:
        budget = form.cleaned_data.get("budget") if form.is_valid() else None
    if budget is None or not ranking.slug:
        return None
    return funding_line([row.ranked for row in ranking.rows], Decimal(budget), form.rule_chosen)


def _portfolio(ranking, line, round_):
    if line is None or not line.within:
        return {}
    reached = {ranked.entry.id for ranked in line.within}
    groups = portfolio_of([row for row in ranking.rows if row.proposal.pk in reached], ranking.rows)
    drawn = [(group, charts.portfolio(group, round_.currency)) for group in groups]
    return {"portfolio": drawn, "reached": len(reached)}
