"""What the reviewers of a round came to on every proposal: read once, from the frozen scores.

Ranking, panel, exports and reports take their numbers per proposal from here. Nothing is scored again but
the critical items, which are kept by the content of the assessments.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from statistics import median

from django.core.cache import cache
from django.db.models import Exists, F, OuterRef

from checklist import splits
from checklist.enums import AssessmentKind, AssessmentState, ResultKind
from checklist.models import Assessment, RoundInstrument, SubmittedScore
from checklist.scoring import share_of
from proposals.enums import AccessLevel
from proposals.models import Proposal, ProposalAccess

from .eligibility import STOPPED
from .flags import SEEN, harm_in, seen_flags
from .instruments import sheet
from .results import load_contents
from .stops import is_answered, overrides_of

# From here on an answer of a profile counts as sound: 3 of 0 to 4, 2 of 0 to 3, "met".
SOUND_FROM = Fraction(2, 3)
NOT_APPLICABLE = "X"
KEPT_FOR = 30 * 24 * 3600


@dataclass(frozen=True)
class OneResult:
    """One instrument in one submitted assessment; shares from 0 to 1.

    `share` is the share of favourable answers; of a profile, the share of the judged criteria that are
    sound; None where nothing could be judged and for instruments that have no order.
    """

    assessment_pk: int
    reviewer_pk: int
    reviewer: str
    version_pk: int
    marks: str
    share: Fraction | None
    judged: int
    applicable: int


@dataclass(frozen=True)
class InstrumentResult:
    """One instrument over the reviewers of one proposal; `consensus` is the panel's, once it is closed."""

    slug: str
    kind: str
    each: tuple[OneResult, ...] = ()
    consensus: OneResult | None = None

    @property
    def shares(self):
        return [one.share for one in self.each if one.share is not None]

    @property
    def mean(self):
        """The mean of the reviewers' shares: what a proposal is put in order by."""
        shares = self.shares
        return sum(shares, Fraction(0)) / len(shares) if shares else None

    @property
    def median(self):
        shares = self.shares
        return median(shares) if shares else None

    @property
    def spread(self):
        """The highest less the lowest reviewer; None with fewer than two."""
        shares = self.shares
        return max(shares) - min(shares) if len(shares) > 1 else None

    @property
    def coverage(self):
        """The judged part of what applies, over all reviewers."""
        applicable = sum(one.applicable for one in self.each)
        return Fraction(sum(one.judged for one in self.each), applicable) if applicable else None

    @property
    def mean_levels(self):
        """{criterion key: mean rank, or None where nobody could judge} of a profile."""
        places: dict[str, list[Fraction]] = defaultdict(list)
        order: dict[str, int] = {}
        for one in self.each:
            for criterion, letter in zip(sheet(one.version_pk).criteria, one.marks, strict=True):
                top = order.setdefault(criterion.key, criterion.spec.answer_kind.top_rank)
                place = splits.place_of(letter, top)
                if place is not None:
                    places[criterion.key].append(place * top)
        return {key: sum(places[key], Fraction(0)) / len(places[key]) if places[key] else None for key in order}


@dataclass(frozen=True)
class Stop:
    """A critical item that blocks, see `stops`; `is_overridden` by the chair, in writing."""

    slug: str
    key: str
    criterion_pk: int
    version_pk: int
    is_overridden: bool


@dataclass(frozen=True)
class ProposalResult:
    """Everything that the reviewers came to on one proposal. Instruments are never added to each other."""

    proposal: Proposal
    instruments: Mapping[str, InstrumentResult]
    stops: tuple[Stop, ...] = ()
    adverse_critical: int = 0
    seen: frozenset[str] = frozenset()
    harm: frozenset[str] = frozenset()
    # Reviewers who are asked, without those who will not review.
    asked: int = 0

    def of(self, slug):
        """The result of one instrument; an empty one where nobody has judged by it."""
        return self.instruments.get(slug) or InstrumentResult(slug, "")

    @property
    def open_stops(self):
        return tuple(stop for stop in self.stops if not stop.is_overridden)


@dataclass(frozen=True)
class RoundResults:
    """The results of a round. `proposals` are those this person may see, `everything` is for sums alone.

    `left_out` are those found not eligible or withdrawn after they were judged: they stand in no sum.
    """

    pins: tuple[RoundInstrument, ...]
    everything: tuple[ProposalResult, ...]
    left_out: tuple[ProposalResult, ...] = ()
    closed: frozenset[int] = field(default_factory=frozenset)

    @property
    def proposals(self):
        return tuple(each for each in self.everything if each.proposal.pk not in self.closed)

    @property
    def hidden(self):
        return len(self.everything) - len(self.proposals)

    def of_proposal(self, pk):
        """The result of one proposal, of one that is left out too; None where a conflict closes it."""
        shown = (each for each in (*self.everything, *self.left_out) if each.proposal.pk not in self.closed)
        return next((each for each in shown if each.proposal.pk == pk), None)

    @property
    def ranking_pin(self):
        """The instrument that puts the proposals in order, or None."""
        return next((pin for pin in self.pins if pin.ranks), None)


def round_results(round_, user):
    """The results of all proposals of the round but practice, in a constant number of queries.

    Individual submitted assessments only, whatever their version of the instrument. What a conflict of
    interest closes to this person is counted as hidden.
    """
    proposals = Proposal.objects.counted().filter(round=round_).select_related("applicant")
    proposals = proposals.defer("summary", "notes", "search_text").order_by("reference", "pk")
    proposals = proposals.annotate(asked=F("digest__asked"))
    rows = _scores(round_)
    criticals = _criticals(round_, rows)
    overridden = overrides_of(proposals.values("pk"))
    by_proposal = defaultdict(list)
    for row in rows:
        by_proposal[row["assessment__proposal_id"]].append(row)
    closed = ProposalAccess.objects.filter(user=user, level=AccessLevel.CLOSED, proposal__round=round_)
    results = [_result(each, by_proposal[each.pk], criticals, overridden) for each in proposals]
    return RoundResults(
        pins_of(round_),
        tuple(each for each in results if each.proposal.status not in STOPPED),
        tuple(each for each in results if each.proposal.status in STOPPED),
        frozenset(closed.values_list("proposal_id", flat=True)),
    )


def pins_of(round_):
    """The instruments of the round in their order; one query."""
    pins = RoundInstrument.objects.filter(round=round_).select_related("version__instrument")
    return tuple(pins.order_by("position", "pk"))


FIELDS = (
    "assessment_id",
    "assessment__kind",
    "assessment__proposal_id",
    "assessment__reviewer_id",
    "assessment__reviewer__name",
    "assessment__reviewer__email",
    "assessment__submission_number",
    "assessment__submitted_at",
    "version_id",
    "version__instrument__slug",
    "version__result_kind",
    "marks",
    "share",
    "judged",
    "counts_for_stops",
)


def _scores(round_):
    """The frozen scores of single reviewers and of closed consensuses, in the order in which reviewers were asked."""
    rows = SubmittedScore.objects.filter(
        assessment__proposal__round=round_,
        assessment__proposal__is_practice=False,
        assessment__state=AssessmentState.SUBMITTED,
        assessment__kind__in=(AssessmentKind.INDIVIDUAL, AssessmentKind.CONSENSUS),
    )
    counting = Assessment.objects.counting_for_stops().filter(pk=OuterRef("assessment_id"))
    rows = rows.annotate(counts_for_stops=Exists(counting))
    return list(rows.order_by("assessment__assignment_id", "assessment_id", "version_id").values(*FIELDS))


def _result(proposal, rows, criticals, overridden):
    ones, kinds, consensus = defaultdict(list), {}, {}
    seen, harm, found = set(), set(), {}
    for row in rows:
        slug, kind = row["version__instrument__slug"], row["version__result_kind"]
        kinds[slug] = kind
        said = criticals.get((row["assessment_id"], row["version_id"]), ()) if row["counts_for_stops"] else ()
        for key, blocks in said:
            place = (slug, key, row["version_id"])
            found.setdefault(place, [])
            if blocks:
                found[place].append(row["assessment__submitted_at"])
        if row["assessment__kind"] == AssessmentKind.CONSENSUS:
            consensus[slug] = _one(row)
            continue
        ones[slug].append(_one(row))
        if kind == ResultKind.FLAGS and SEEN in row["marks"]:
            shown = sheet(row["version_id"])
            seen |= {criterion.key for criterion in seen_flags(shown, row["marks"])}
            harm |= {criterion.key for criterion in harm_in(shown, row["marks"])}
    stops = tuple(_stop(proposal, *place, said, overridden) for place, said in found.items() if said)
    return ProposalResult(
        proposal,
        {slug: InstrumentResult(slug, kinds[slug], tuple(ones[slug]), consensus.get(slug)) for slug in kinds},
        stops,
        len({(slug, key) for slug, key, _version in found}),
        frozenset(seen),
        frozenset(harm),
        proposal.asked or 0,
    )


def _stop(proposal, slug, key, version_pk, said, overridden):
    """`said` are the times at which assessments that say stop were submitted."""
    criterion_pk = sheet(version_pk).criterion(key).pk
    override = overridden.get((proposal.pk, criterion_pk))
    return Stop(slug, key, criterion_pk, version_pk, is_answered(override, said))


def _one(row):
    marks = row["marks"]
    return OneResult(
        row["assessment_id"],
        row["assessment__reviewer_id"],
        row["assessment__reviewer__name"] or row["assessment__reviewer__email"],
        row["version_id"],
        marks,
        _share(row),
        row["judged"],
        len(marks) - marks.count(NOT_APPLICABLE),
    )


def _share(row):
    """The exact share, from the marks: the stored one is rounded, and a mean of such can miss its threshold."""
    kind, criteria = row["version__result_kind"], sheet(row["version_id"]).criteria
    if kind not in (ResultKind.SHARE, ResultKind.PROFILE):
        return None
    places = [
        splits.place_of(letter, criterion.spec.answer_kind.top_rank)
        for criterion, letter in zip(criteria, row["marks"], strict=True)
    ]
    if kind == ResultKind.SHARE:
        return share_of(zip((criterion.spec.weight for criterion in criteria), places, strict=True))
    known = [place for place in places if place is not None]
    return Fraction(sum(place >= SOUND_FROM for place in known), len(known)) if known else None


def _criticals(round_, rows):
    """{(assessment id, version id): ((criterion key, whether it blocks), ...)} of reviewers and consensuses.

    A submission never changes what it said nor the terms it was scored under, so this is worked out once
    for the same submissions.
    """
    pks = sorted({row["assessment_id"] for row in rows})
    name = f"criticals-1:{round_.pk}:{content_digest(rows)}"
    found = cache.get(name)
    if found is None:
        assessments = Assessment.objects.filter(pk__in=pks).select_related("proposal__round")
        found = {}
        for pk, content in load_contents(assessments).items():
            for each in content.instruments:
                said = tuple((critical.key, critical.blocks) for critical in each.result.criticals)
                if said:
                    found[pk, each.sheet.pk] = said
        cache.set(name, found, KEPT_FOR)
    return found


def content_digest(rows):
    """A name for exactly these submissions of these assessments."""
    said = sorted(
        {
            (row["assessment_id"], row["assessment__submission_number"], row["assessment__submitted_at"].isoformat())
            for row in rows
        }
    )
    return hashlib.sha256(repr(said).encode()).hexdigest()[:32]
