"""The order of the proposals of a round: stops and thresholds first, then the instrument that ranks."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction

from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from checklist import presentation
from checklist.agreement import AdjustedScores, adjusted_scores
from checklist.enums import DecisionState, Outcome, ResultKind
from checklist.models import Decision, Recommendation
from checklist.ranking import Entry, OrderBy, Ranked, Threshold, rank
from proposals.enums import TagVocabulary
from proposals.models import Place, Proposal, ProposalTag

from .eligibility import STOPPED
from .instruments import sheet
from .round_results import ProposalResult, round_results

# These have no place: they are not judged against the others any more.
LEFT_OUT = STOPPED


@dataclass(frozen=True)
class Limit:
    """One threshold of the round with its words; `beneath` says what falls short of it."""

    threshold: Threshold
    label: str
    beneath: str


@dataclass(frozen=True)
class Beside:
    """What another instrument than the ranking one says, in words; it never moves a place."""

    title: str
    text: str


@dataclass(frozen=True)
class RankingRow:
    """One proposal with its place and everything that a row shows."""

    ranked: Ranked
    result: ProposalResult
    slug: str
    beside: tuple[Beside, ...]
    stops: tuple[str, ...]
    overridden: tuple[str, ...]
    shortfalls: tuple[str, ...]
    limits: int
    expected: int
    recommendation: str
    decision: str
    countries: tuple[str, ...]
    four_p: tuple[str, ...]
    populations: tuple[str, ...]

    @property
    def proposal(self):
        return self.result.proposal

    @property
    def place(self):
        return self.ranked.place

    @property
    def own(self):
        """The result of the instrument that ranks."""
        return self.result.of(self.slug)

    @property
    def reviews_in(self):
        return len(self.own.each)

    @property
    def is_complete(self):
        """Whether as many assessments are in as the round wants, and nobody who is asked is missing."""
        return self.reviews_in >= self.expected

    @property
    def passed(self):
        """How many of the round's thresholds it reaches."""
        return self.limits - len(self.ranked.shortfalls)


@dataclass(frozen=True)
class Ranking:
    """The ranking of a round as far as this person may see it.

    Places are those among all proposals. `hidden` counts proposals that a conflict of interest closes to
    her, `left_out` are those found not eligible or withdrawn. `slug` is "" where no instrument ranks.
    """

    rows: tuple[RankingRow, ...]
    slug: str
    kind: str
    by: OrderBy
    adjusted: AdjustedScores
    limits: tuple[Limit, ...]
    reviewers: dict[int, str]
    hidden: int
    left_out: tuple[Proposal, ...]


def ranking_of(round_, user, by=OrderBy.RAW):
    """The Ranking of a round in a constant number of queries; by raw scores where no adjusted ones may be used."""
    results = round_results(round_, user)
    pin = results.ranking_pin
    slug = pin.version.instrument.slug if pin else ""
    adjusted = _adjusted(results.everything, slug)
    by = by if adjusted.is_usable else OrderBy.RAW
    limits = tuple(_limits(results.pins))
    entries = [_entry(each, slug, round_.currency, adjusted, results.pins) for each in results.everything]
    by_pk = {each.proposal.pk: each for each in results.everything}
    ranked = rank(entries, [limit.threshold for limit in limits], by)
    shown = [each for each in ranked if each.entry.id not in results.closed]
    facts = _Facts([each.entry.id for each in shown])
    left_out = tuple(each.proposal for each in results.left_out if each.proposal.pk not in results.closed)
    return Ranking(
        rows=tuple(
            _row(each, by_pk[each.entry.id], results.pins, limits, facts, round_.reviewers_wanted) for each in shown
        ),
        slug=slug,
        kind=pin.version.result_kind if pin else "",
        by=by,
        adjusted=adjusted,
        limits=limits,
        reviewers={one.reviewer_pk: one.reviewer for each in results.everything for one in each.of(slug).each},
        hidden=sum(each.entry.id in results.closed for each in ranked),
        left_out=left_out,
    )


def _adjusted(everything, slug):
    ratings = [(each.proposal.pk, one.reviewer_pk, one.share) for each in everything for one in each.of(slug).each]
    return adjusted_scores(ratings)


def _entry(each, slug, currency, adjusted, pins):
    own, proposal = each.of(slug), each.proposal
    values = {}
    for pin in pins:
        found = each.of(pin.version.instrument.slug)
        values[str(pin.version_id)] = lowest_level(found, pin) if _is_profile(pin) else found.mean
        values[f"{pin.version_id}:coverage"] = found.coverage
    return Entry(
        id=proposal.pk,
        reference=proposal.reference,
        share=own.mean,
        adjusted=adjusted.proposals.get(proposal.pk) if adjusted.is_usable else None,
        adverse_critical=each.adverse_critical,
        coverage=own.coverage,
        spread=own.spread,
        values=values,
        stops=tuple(f"{stop.slug} {stop.key}" for stop in each.open_stops),
        amount=proposal.amount if proposal.currency == currency else None,
    )


def lowest_level(found, pin):
    """The lowest mean level of a profile as a part of the highest (0 to 1); None where nothing was judged."""
    levels = [level for level in found.mean_levels.values() if level is not None]
    return min(levels) / highest_level(pin) if levels else None


def highest_level(pin):
    return max(criterion.spec.answer_kind.top_rank for criterion in sheet(pin.version_id).criteria)


def _is_profile(pin):
    return pin.version.result_kind == ResultKind.PROFILE


def _limits(pins):
    language = get_language()
    for pin in pins:
        title = sheet(pin.version_id, language).short_title
        if pin.threshold is not None:
            said = {"title": title, "least": _plain(pin.threshold)}
            least = Fraction(pin.threshold)
            if _is_profile(pin):
                threshold = Threshold(str(pin.version_id), least / highest_level(pin))
                label = _("%(title)s: at least level %(least)s on average in every criterion") % said
                yield Limit(threshold, label, _("%(title)s below level %(least)s") % said)
            else:
                threshold = Threshold(str(pin.version_id), least / 100)
                label = _("%(title)s: at least %(least)s %%") % said
                yield Limit(threshold, label, _("%(title)s below %(least)s %%") % said)
        if pin.minimum_coverage is not None:
            said = {"title": title, "least": pin.minimum_coverage}
            threshold = Threshold(f"{pin.version_id}:coverage", Fraction(pin.minimum_coverage, 100))
            label = _("%(title)s: at least %(least)s %% of what applies could be judged") % said
            yield Limit(threshold, label, _("%(title)s: less than %(least)s %% could be judged") % said)


def _plain(number):
    return f"{number.normalize():f}"


def _row(ranked, result, pins, limits, facts, wanted):
    pk = result.proposal.pk
    named = {limit.threshold.key: limit for limit in limits}
    ranking = next((pin.version.instrument.slug for pin in pins if pin.ranks), "")
    others = [pin for pin in pins if pin.version.instrument.slug != ranking]
    return RankingRow(
        ranked=ranked,
        result=result,
        slug=ranking,
        beside=tuple(_beside(pin, result) for pin in others),
        stops=tuple(_stop_words(stop) for stop in result.open_stops),
        overridden=tuple(_stop_words(stop) for stop in result.stops if stop.is_overridden),
        shortfalls=tuple(_shortfall(named[each.key], each) for each in ranked.shortfalls),
        limits=len(limits),
        expected=max(result.asked, wanted),
        recommendation=facts.recommendations.get(pk, ""),
        decision=facts.decisions.get(pk, ""),
        countries=tuple(facts.countries[pk]),
        four_p=tuple(facts.tags[pk, TagVocabulary.FOUR_P]),
        populations=tuple(facts.tags[pk, TagVocabulary.POPULATION]),
    )


def _shortfall(limit, shortfall):
    if shortfall.value is None:
        return _("%(limit)s: nobody could judge it") % {"limit": limit.label}
    return limit.beneath


def _stop_words(stop):
    shown = sheet(stop.version_pk, get_language())
    return f"{shown.short_title} {shown.criterion(stop.key).number}"


def _beside(pin, result):
    shown = sheet(pin.version_id, get_language())
    found = result.of(shown.slug)
    return Beside(shown.short_title, result_words(pin.version.result_kind, found, result, shown))


def result_words(kind, found, result, shown):
    """One instrument over all reviewers in few words; "" where nobody has judged by it."""
    if not found.each:
        return ""
    if kind == ResultKind.SHARE:
        if found.mean is None:
            return ""
        return _("%(n)s %%") % {"n": number_format(presentation.rounded(found.mean * 100), 1)}
    if kind == ResultKind.PROFILE:
        levels = ((shown_number(shown, key), level) for key, level in found.mean_levels.items())
        return "; ".join(f"{number}: {_level(level)}" for number, level in levels)
    if kind == ResultKind.FLAGS:
        said = _("seen: %(n)s") % {"n": len(result.seen)}
        harm = _("about harm: %(n)s") % {"n": len(result.harm)} if result.harm else ""
        return ", ".join(filter(None, [said, harm]))
    return _("%(n)s of %(total)s judged") % {
        "n": max(one.judged for one in found.each),
        "total": max(one.applicable for one in found.each),
    }


def shown_number(shown, key):
    """The number of a criterion in this version; its key where the version does not have it."""
    return next((criterion.number for criterion in shown.criteria if criterion.key == key), key)


def _level(level):
    return "–" if level is None else f"{float(level):.1f}"


class _Facts:
    """What stands beside the results: places, tags, recommendation and decision; four queries."""

    def __init__(self, pks):
        self.countries: dict[int, dict[str, None]] = defaultdict(dict)
        for pk, code, area in (
            Place.objects.filter(proposal__in=pks).order_by("pk").values_list("proposal_id", "country", "area")
        ):
            self.countries[pk][code or area] = None
        self.tags: dict[tuple[int, str], list[str]] = defaultdict(list)
        for pk, vocabulary, code in (
            ProposalTag.objects.filter(proposal__in=pks).order_by("pk").values_list("proposal_id", "vocabulary", "code")
        ):
            self.tags[pk, vocabulary].append(code)
        # The newest recommendation counts; of decisions only what was applied is shown here.
        self.recommendations = dict(
            Recommendation.objects.filter(proposal__in=pks).order_by("pk").values_list("proposal_id", "outcome")
        )
        self.decisions = dict(
            Decision.objects.filter(proposal__in=pks, state=DecisionState.APPLIED).values_list("proposal_id", "outcome")
        )


def outcome_word(code):
    """The word for a recommendation or decision; "" for none."""
    return str(Outcome(code).label) if code else ""
