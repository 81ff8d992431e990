"""Results in words and marks: the same for the page, the PDF, the embedded data and the exports.

Nothing is summed here; every number comes from `scoring` and is only rounded and put in a sentence.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from checklist import scoring
from screening import svg
from screening.templatetags.components import STATE_WORDS

# What a mark is called in `screening.svg`; only "unanswered" has another name there.
STATES = {state: state for state in svg.STATES} | {"unanswered": svg.EMPTY}
# What a critical rule is called as the grade of a flag.
GRADES = {
    scoring.CriticalMode.BLOCK: "stop",
    scoring.CriticalMode.EXPLAIN: "explain",
    scoring.CriticalMode.NONE: "note",
}


def mark_state(favourability) -> str:
    """The state of `screening.svg` for a favourability, or for the state of a principle."""
    return STATES[str(favourability)]


def state_word(state) -> str:
    """ "Favourable", "Not enough information" ... in the language in force."""
    return str(STATE_WORDS[state])


def finding(criterion, code, mark) -> str:
    """What an answer comes to in words: the level, what it means for the proposal, or the answer itself.

    "Favourable" is said of answers that make up a share; others speak for themselves.
    """
    option = criterion.option(code) if code else None
    kind = criterion.spec.answer_kind
    if option is None:
        return state_word(mark)
    if mark == "level":
        return f"{code} – {option.label}"
    says_itself = scoring.ResultKind.SHARE not in kind.results or kind.code == "met"
    return option.label if says_itself else state_word(mark)


def judged_sentence(result) -> str:
    """ "5 of 6 judged"."""
    return _("%(judged)s of %(total)s judged") % {"judged": result.judged, "total": result.total}


def flags_sentence(result: scoring.FlagsResult) -> str:
    """ "3 flags seen, 1 of them about harm to people; 2 unclear; 25 looked for"."""
    seen = len(result.seen)
    if not seen:
        said = _("No flag seen")
    else:
        said = ngettext("%(n)s flag seen", "%(n)s flags seen", seen) % {"n": seen}
    parts = [said]
    if result.harm:
        parts.append(_("about harm to people: %(n)s") % {"n": len(result.harm)})
    if result.unclear:
        parts.append(_("unclear: %(n)s") % {"n": len(result.unclear)})
    return "; ".join([*parts, _("looked for: %(n)s") % {"n": result.total}])


def coverage_sentence(result: scoring.CoverageResult) -> str:
    """How many themes are addressed, and which part of the budget is known."""
    addressed = sum(item.mark in (svg.MAIN, svg.ALSO) for item in result.items)
    said = _("Addresses %(n)s of %(total)s") % {"n": addressed, "total": result.total}
    if result.budget is None:
        return said
    return said + "; " + _("known of the budget: %(n)s %%") % {"n": _plain(result.budget * 100)}


def budget_text(result: scoring.CoverageResult) -> str:
    """Shares of the budget that cannot be right, in a sentence; "" when there is nothing to say."""
    if not result.budget_notice or result.budget is None:
        return ""
    return _(scoring.BUDGET_TEXTS[result.budget_notice]) % {"sum": _plain(result.budget * 100)}


def tension_text(content, found, title, text) -> str:
    """A tension in words, with the criteria that brought it up."""
    return f"{title} {text} ({', '.join(place_names(content, found.places))})"


def place_names(content, places) -> list[str]:
    """ "OSCE ten 6" for (instrument, criterion)."""
    sheets = {each.sheet.slug: each.sheet for each in content.instruments}
    return [f"{sheets[slug].short_title} {sheets[slug].criterion(key).number}" for slug, key in places]


def percent(share: Fraction | Decimal | None) -> int | None:
    """A share as a whole per cent, halves up; `share` runs from 0 to 1."""
    if share is None:
        return None
    return int(_hundredfold(share).quantize(Decimal(1), ROUND_HALF_UP))


def rounded(number: Decimal | Fraction | float, places: int = 1) -> Decimal:
    """A number to show with this many decimals, halves up; number_format alone would cut it off."""
    exact = number if isinstance(number, Decimal) else Decimal(str(float(number)))
    return exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def exact_percent(share: Fraction | None) -> Decimal | None:
    """A share as per cent with three decimals, as it is stored with a submission."""
    return None if share is None else _hundredfold(share).quantize(Decimal("0.001"), ROUND_HALF_UP)


def _hundredfold(share):
    return Decimal(share.numerator * 100) / Decimal(share.denominator) if isinstance(share, Fraction) else share * 100


def counts_in_order(counts) -> tuple[tuple[str, str, int], ...]:
    """(state, word, count) for every state that occurs, best first."""
    named = {mark_state(state): count for state, count in counts.items()}
    return tuple((state, state_word(state), named[state]) for state in svg.STATES if named.get(state))


def share_sentence(result: scoring.ChecklistResult) -> str:
    """ "72 % favourable, judged on 9 of 11"."""
    if result.share is None:
        return _("Nothing could be judged: 0 of %(total)s") % {"total": result.total}
    return _("%(share)s %% favourable, judged on %(judged)s of %(total)s") % {
        "share": percent(result.share),
        "judged": result.judged,
        "total": result.total,
    }


def range_sentence(result: scoring.ChecklistResult) -> str:
    """What missing information leaves open."""
    if result.range is None:
        return _("No item applies to this proposal.")
    missing = result.applicable - result.judged
    if not missing:
        return _("Nothing is missing: the share cannot move.")
    values = {"n": missing, "low": percent(result.range.low), "high": percent(result.range.high)}
    return (
        ngettext(
            "%(n)s item could not be judged. Were it adverse, the share would be %(low)s %%; "
            "were it favourable, %(high)s %%.",
            "%(n)s items could not be judged. Were all of them adverse, the share would be %(low)s %%; "
            "were all favourable, %(high)s %%.",
            missing,
        )
        % values
    )


def formula_sentences(spec: scoring.InstrumentSpec, result) -> tuple[str, ...]:
    """How the numbers of one instrument come about, ending with the sum itself where there is one."""
    if spec.result_kind is scoring.ResultKind.FLAGS:
        return (
            _("Each flag counts once. What is seen is listed, harm to people first; there is no number."),
            _("Stop asks for a written clearance, explain becomes a question to the applicant, note is listed."),
            _("“Unclear” becomes a question to the applicant. “Not seen” is no merit."),
        )
    if spec.result_kind is scoring.ResultKind.COVERAGE:
        return (_("What is covered describes the proposal and does not judge it. Nothing is added up."),)
    if spec.result_kind is scoring.ResultKind.PROFILE and not spec.items[0].answer_kind.is_level:
        return (
            _("Each criterion is met, partly met or not met; “not applicable” and “not enough information” are said."),
            _("The criteria stand side by side. They are not added up, neither with each other nor with another."),
        )
    if spec.result_kind is scoring.ResultKind.PROFILE and spec.items[0].kind != "level_0_4":
        return (
            _("Each criterion has a level: the highest of which all of the descriptor holds."),
            _("The levels stand side by side. They are not added up, neither with each other nor with another."),
        )
    if spec.result_kind is scoring.ResultKind.PROFILE:
        return (
            _("Each principle has a level from 0 to 4: the highest of which all descriptors hold."),
            _("The levels stand side by side. They are not added up, neither with each other nor with the checklist."),
        )
    weights = {item.weight for item in spec.items}
    return (
        _("A favourable answer counts 1, a partly favourable one ½, an adverse one 0."),
        _("Every item weighs the same.") if len(weights) == 1 else _weights_sentence(spec),
        _("Share = what the judged items count, divided by the weight of the judged items."),
        _("“Not applicable” leaves the sum. “Not enough information” leaves the share as it is and widens the range."),
        *_sum_sentence(result, weights),
    )


def _weights_sentence(spec):
    listed = ", ".join(f"{item.key}: {_plain(item.weight)}" for item in spec.items)
    return _("Weights of the items: %(weights)s.") % {"weights": listed}


def _sum_sentence(result, weights):
    if not result.judged:
        return ()
    count = {mark_state(state): number for state, number in result.counts.items()}
    answer = f"{exact_percent(result.share).quantize(Decimal('0.1'), ROUND_HALF_UP)} %"
    if weights == {Fraction(1)}:
        parts = f"{count[svg.FAVOURABLE]} × 1 + {count[svg.PARTLY]} × ½ + {count[svg.ADVERSE]} × 0"
        return (
            _("Here: (%(parts)s) ÷ %(judged)s = %(answer)s")
            % {"parts": parts, "judged": result.judged, "answer": answer},
        )
    judged = sum((item.weight for item in result.items if item.value is not None), Fraction(0))
    gained = result.share * judged
    return (
        _("Here: %(gained)s ÷ %(judged)s = %(answer)s")
        % {"gained": _plain(gained), "judged": _plain(judged), "answer": answer},
    )


def _plain(value: Fraction) -> str:
    number = Decimal(value.numerator) / Decimal(value.denominator)
    return f"{number.normalize():f}"


def flag_text(code) -> str:
    return _(scoring.FLAG_TEXTS[code])


def notice_text(notice, titles) -> str:
    """Where checklist and principle seem to disagree. `titles` names the principles by key."""
    values = {
        "items": ", ".join(notice.items),
        "principle": titles.get(notice.principle, notice.principle),
        "level": notice.level,
    }
    return _(scoring.NOTICE_TEXTS[notice.code]) % values


def critical_text(critical) -> str:
    """What a critical rule that was set off asks for."""
    said = _(scoring.CRITICAL_TEXTS[critical.reason_key])
    if critical.is_assumed:
        said = f"{said} {_(scoring.CRITICAL_TEXTS['assumed_contact'])}"
    return said
