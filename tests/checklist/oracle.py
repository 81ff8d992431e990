"""What raw answers come to, worked out a second time: slowly, plainly, after instruments.md, using no code of ours.

For the shipped instruments: the SIREN checklist with its sub-questions (1.1 to 1.3), scales of levels and
"met" (2 and 3). Weights are 1, as they are shipped.
"""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import product

VALUE = {
    "yes": Fraction(1), "linked": Fraction(1), "partly": Fraction(1, 2),
    "no": Fraction(0), "alone": Fraction(0), "not_effective": Fraction(0),
}  # fmt: skip
MET = {"met": 2, "partly": 1, "not_met": 0}
TOP = {"P": 4, "T": 3, "O": 2}
# The place of an answer to a sub-question, from worse to better.
RANK = {
    "yes": 2, "yes_exploitation": 2, "yes_behaviour": 2, "yes_both": 2, "adequate": 2,
    "partly": 1, "weak": 1, "no": 0, "pilot": 0, "none": 0, "not_effective": -1,
}  # fmt: skip
# Yes to "the same activity, place, group" is an overlap: the worst of item 3.
OVERLAP = {"yes": 0, "partly": 1, "no": 2}


def item_value(key, answer, subs):
    """A number from 0 to 1, "nei" or "na", of one item of the checklist; `subs` are (letter, code) pairs."""
    if answer is None:
        return _from_subs(key, dict(subs))
    if answer in ("nei", "na"):
        return answer
    return 1 - VALUE[answer] if key == "3" else VALUE[answer]


def _from_subs(key, subs):
    """The rule of the item; what is not known is tried every way."""
    applicable = {letter: code for letter, code in subs.items() if code != "na"}
    if not applicable:
        return "na"
    unknown = [letter for letter, code in applicable.items() if code == "nei"]
    known = {letter: _rank(key, letter, code) for letter, code in applicable.items() if code != "nei"}
    found = {
        _item_rank(key, {**known, **dict(zip(unknown, way, strict=True))})
        for way in product((0, 1, 2), repeat=len(unknown))
    }
    if len(found) > 1:
        return "nei"
    rank = found.pop()
    return "na" if rank is None else Fraction(max(rank, 0), 2)


def _rank(key, letter, code):
    return OVERLAP[code] if key == "3" and letter in "abc" else RANK[code]


def _item_rank(key, ranks):
    def least(letters):
        return min((ranks[letter] for letter in letters if letter in ranks), default=None)

    def most(letters):
        return max((ranks[letter] for letter in letters if letter in ranks), default=None)

    if key == "3":
        apart = most("ab")
        if apart != 0:
            return apart
        return 1 if ranks.get("c", 0) > 0 or ranks.get("d") == 2 else 0
    if key == "4":
        parts = [part for part in (most("abc"), ranks.get("d")) if part is not None]
        return min(parts)
    if key == "8":
        both = least("ab")
        return both if both is None or ranks.get("c", 2) == 2 else min(both, 1)
    if key == "11":
        both = least("ab")
        if both is None:
            return min(ranks["c"], 1)
        return min(both, 1) if ranks.get("c") == 0 else both
    return least("abcd")


def checklist(values):
    """(share, lowest, highest, judged, applicable) of item values."""
    judged = [value for value in values if value not in ("nei", "na")]
    applicable = [value for value in values if value != "na"]
    missing = len(applicable) - len(judged)
    share = sum(judged, Fraction(0)) / len(judged) if judged else None
    if not applicable:
        return share, None, None, 0, 0
    low = sum(judged, Fraction(0)) / len(applicable)
    return share, low, low + Fraction(missing, len(applicable)), len(judged), len(applicable)


def level(key, answer):
    """(level, highest level) of a criterion of a profile, "nei" or "na" in place of the level."""
    if answer in ("nei", "na"):
        return answer, TOP[key[0]]
    return MET.get(answer, None) if key[0] == "O" else int(answer), TOP[key[0]]


def sound_share(levels):
    """The part of the judged criteria of a profile that are sound: at two thirds of the scale or above."""
    judged = [(each, top) for each, top in levels if each not in ("nei", "na")]
    return Fraction(sum(3 * each >= 2 * top for each, top in judged), len(judged)) if judged else None


def mean(values):
    values = [value for value in values if value is not None]
    return sum(values, Fraction(0)) / len(values) if values else None


def spread(values):
    values = [value for value in values if value is not None]
    return max(values) - min(values) if len(values) > 1 else None


def rounded(number, places):
    """Halves up, as one rounds by hand."""
    step = Decimal(1).scaleb(-places)
    return (Decimal(number.numerator) / Decimal(number.denominator)).quantize(step, ROUND_HALF_UP)


def percent(share, places=0):
    """ "–" where nothing was judged."""
    return "–" if share is None else f"{rounded(share * 100, places)} %"
