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
from screening.templatetags.components import LEVEL_WORDS, STATE_WORDS

# What a mark is called in `screening.svg`; only "unanswered" has another name there.
STATES = {str(each): str(each) for each in scoring.Favourability} | {"unanswered": svg.EMPTY}


def mark_state(favourability) -> str:
    """The state of `screening.svg` for a favourability, or for the state of a principle."""
    return STATES[str(favourability)]


def state_word(state) -> str:
    """ "Favourable", "Not enough information" ... in the language in force."""
    return str(STATE_WORDS[state])


def level_word(level) -> str:
    """ "3 – Sound"."""
    return f"{level} – {LEVEL_WORDS[level]}"


def percent(share: Fraction | Decimal | None) -> int | None:
    """A share as a whole per cent, halves up; `share` runs from 0 to 1."""
    if share is None:
        return None
    return int(_hundredfold(share).quantize(Decimal(1), ROUND_HALF_UP))


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
