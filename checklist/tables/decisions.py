"""Decisions and what they rest on, in words."""

from datetime import datetime
from decimal import Decimal

from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from checklist.enums import Conclusion, DecisionState, NamesShown, Outcome
from checklist.presentation import rounded
from checklist.selectors.flags import STATE_OF_LETTER
from checklist.selectors.instruments import sheet

KINDS = {Outcome.FUND: "good", Outcome.FUND_WITH_CONDITIONS: "good", Outcome.RESERVE: "warn", Outcome.DECLINE: "off"}


def number(amount):
    """An amount with its thousands apart, without cents where there are none; "" where there is no amount."""
    if amount is None:
        return ""
    amount = Decimal(amount)
    return number_format(amount, 0 if amount == int(amount) else 2, force_grouping=True)


def percent(value, places=0):
    """ "68 %" for a number from 0 to 100; "" for None."""
    return "" if value is None else _("%(n)s %%") % {"n": number_format(rounded(Decimal(value), places), places)}


def mean_percent(value):
    """ "68.3 %": means of several reviewers stand with one decimal, as in the ranking."""
    return percent(value, 1)


def decision_words(decision):
    """ "Reserve list, place 2"; "" where nothing is decided."""
    if decision is None:
        return ""
    if decision.reserve_order:
        words = {"outcome": decision.get_outcome_display(), "place": decision.reserve_order}
        return _("%(outcome)s, place %(place)s") % words
    return decision.get_outcome_display()


def decided_tag(decision):
    """(words, kind of tag) of a decision; a pending one is marked as open."""
    if decision is None:
        return None
    kind = "open" if decision.state == DecisionState.PENDING else KINDS[decision.outcome]
    return decision_words(decision), kind


def result_words(standing):
    """(what the reviewers come to, over how many) of the instrument that ranks."""
    if standing.share is not None:
        said = mean_percent(standing.share)
    elif standing.levels:
        said = " ".join(_level(level) for level in standing.levels)
    else:
        said = "–"
    over = ngettext("%(n)s reviewer", "%(n)s reviewers", standing.judged) % {"n": standing.judged}
    return said, over if standing.judged else ""


def snapshot_words(snapshot, language):
    """What a decision rests on as the parts of a page: results, reviewers, stops, advice, rules."""
    if not snapshot:
        return None
    return {
        "made_at": _time(snapshot["made_at"]),
        "results": [_result(each, language) for each in snapshot["results"]],
        "reviewers": [_reviewer(each, language) for each in snapshot["reviewers"]],
        "consensus": _reviewer(snapshot["consensus"], language) if snapshot["consensus"] else None,
        "stops": [_stop(each) for each in snapshot["stops"]],
        "recommendation": _advice(snapshot["recommendation"]),
        "instruments": snapshot["round"]["instruments"],
        "rules": list(_rules(snapshot["round"])),
    }


def _result(each, language):
    shown = sheet(each["version"], language)
    agreement = each["agreement"]
    return {
        "title": shown.short_title,
        "number": each["number"],
        "mean": mean_percent(each["mean"]),
        "spread": percent(each["spread"]) if each["n"] > 1 else "",
        "levels": [
            (criterion.short_title, _level(level))
            for criterion, level in zip(shown.criteria, each["levels"], strict=False)
        ],
        "n": each["n"],
        "agreement": percent(agreement["percent"]),
        "agreement_n": agreement["n"],
        "agreement_k": agreement["k"],
    }


def _reviewer(each, language):
    return {
        "name": each["name"],
        "submitted_at": _time(each["submitted_at"]),
        "conclusion": dict(Conclusion.choices).get(each["conclusion"], ""),
        "override_reason": each["override_reason"],
        "scores": [_score(score, language) for score in each["scores"]],
    }


def _score(score, language):
    shown = sheet(score["version"], language)
    has_levels = any(mark.isdigit() for mark in score["marks"])
    return {
        "title": shown.short_title,
        "share": percent(score["share"]),
        "low": percent(score["low"]),
        "high": percent(score["high"]),
        "judged": score["judged"],
        "total": score["total"],
        "states": () if has_levels else tuple(STATE_OF_LETTER[mark] for mark in score["marks"]),
        "levels": " ".join(score["marks"]) if has_levels else "",
    }


def _stop(stop):
    said = [_("the panel") if who["is_panel"] else who["name"] for who in stop["said_by"]]
    override = stop["override"]
    return {
        **stop,
        "said_by": ", ".join(said),
        "override": override and {**override, "at": _time(override["at"])},
    }


def _advice(advice):
    return advice and {**advice, "outcome": Outcome(advice["outcome"]).label, "at": _time(advice["at"])}


def _rules(terms):
    """(term, words) of the rules the round had then."""
    kept, yes_no = terms["rules"], {True: _("yes"), False: _("no")}
    budget = number(terms["budget"])
    yield _("Budget"), f"{terms['currency']} {budget}" if budget else ""
    yield _("Reviewers per proposal"), terms["reviewers_wanted"]
    yield _("Difference that calls for a further reviewer"), percent(kept["difference_limit"])
    yield _("Consensus required"), yes_no[kept["needs_consensus"]]
    yield _("Reserve list kept"), yes_no[kept["has_reserve_list"]]
    yield _("Names among reviewers"), NamesShown(kept["names_shown"]).label


def _level(level):
    return "–" if level is None else number_format(rounded(Decimal(level)), 1).rstrip("0").rstrip(".,")


def _time(text):
    return date_format(localtime(datetime.fromisoformat(text)), "DATETIME_FORMAT")
