"""What a set of proposals would come to together: where it works, what it serves, for whom, for how much."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from proposals.enums import FourP, Population

from .proposal_rows import country_name


@dataclass(frozen=True)
class Part:
    """One country, P or population: how many of the chosen proposals, of how many in the ranking, and their amounts."""

    label: str
    chosen: int
    of: int
    amount: Decimal


@dataclass(frozen=True)
class Group:
    """One way to look at the set. A proposal that names several parts counts in each, with its whole amount."""

    title: str
    parts: tuple[Part, ...]


def portfolio_of(chosen, rows):
    """[Group] of the chosen rows of a ranking (`RankingRow`), beside all of them; nothing is read for it."""
    language = get_language()
    four_p, populations = dict(FourP.choices), dict(Population.choices)
    groups = (
        (_("Countries"), lambda row: row.countries, lambda code: country_name(code, language)),
        (_("Area of work"), lambda row: row.four_p, lambda code: str(four_p.get(code, code))),
        (_("Populations"), lambda row: row.populations, lambda code: str(populations.get(code, code))),
    )
    return [Group(title, _parts(chosen, rows, codes_of, word)) for title, codes_of, word in groups]


def _parts(chosen, rows, codes_of, word):
    everywhere = Counter(code for row in rows for code in codes_of(row) or ("",))
    counts, amounts = Counter(), defaultdict(Decimal)
    for row in chosen:
        for code in codes_of(row) or ("",):
            counts[code] += 1
            amounts[code] += row.ranked.entry.amount or Decimal(0)
    named = [(word(code) if code else _("Not stated"), code) for code in everywhere]
    named.sort(key=lambda pair: (pair[1] == "", -amounts[pair[1]], -counts[pair[1]], pair[0]))
    return tuple(Part(label, counts[code], everywhere[code], amounts[code]) for label, code in named)
