"""Agreement over a whole round: the ratings read in one query, the statistics kept by their content.

Working out the intervals takes seconds for a large round, so a worker does it; the page says so meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from django.core.cache import cache

from checklist.agreeing import Measures, Rating, Scale, VersionAgreement, agreement_of_version, metric_of
from checklist.enums import ResultKind
from checklist.models import Assignment, SubmittedScore
from screening.models import Job

from .eligibility import STOPPED
from .instruments import Sheet, pinned_versions, sheet
from .panel_rounds import top_level
from .results import in_order
from .round_results import KEPT_FOR, content_digest
from .scores import visible_assessments

# With more ratings than this (criteria x assessments) the work is done by the worker.
AT_ONCE = 1200
KIND = "checklist.work_out_agreement"


@dataclass(frozen=True)
class Ratings:
    """All that agreement rests on: {version id: (kind of result, [Rating])}, and a name for exactly this."""

    by_version: dict[int, tuple[str, list[Rating]]]
    digest: str

    @property
    def size(self):
        return sum(len(ratings) * len(ratings[0].marks) for _kind, ratings in self.by_version.values() if ratings)


@dataclass(frozen=True)
class Instrument:
    """One version with its statistics, and the criteria with theirs in the order of the instrument."""

    sheet: Sheet
    found: VersionAgreement
    is_pinned: bool

    @property
    def rows(self):
        """[(criterion, Measures)]"""
        return list(zip(self.sheet.criteria, self.found.items, strict=True))

    @property
    def together(self) -> Measures | None:
        return self.found.together


def owes_in_round(user, round_):
    """Whether she has still to hand in an assessment in this round; practice does not count."""
    return Assignment.objects.waiting_for(user).counted().filter(proposal__round=round_).exists()


def ratings_of(round_, user):
    """The Ratings of the whole round, one query.

    Left out: what a conflict closes to this person, practice, and what was found not eligible or withdrawn.
    """
    visible = visible_assessments(user, round_).exclude(proposal__status__in=STOPPED)
    rows = list(
        SubmittedScore.objects.filter(assessment__in=visible.values("pk"))
        .order_by("assessment__proposal__reference", "assessment_id", "version_id")
        .values(
            "assessment_id",
            "assessment__proposal_id",
            "assessment__reviewer_id",
            "assessment__submission_number",
            "assessment__submitted_at",
            "version_id",
            "version__result_kind",
            "marks",
            "share",
        )
    )
    by_version: dict[int, tuple[str, list[Rating]]] = {}
    for row in sorted(rows, key=lambda row: in_order(row["version__result_kind"], row["version_id"])):
        share = None if row["share"] is None else Fraction(row["share"]) / 100
        rating = Rating(row["assessment__proposal_id"], row["assessment__reviewer_id"], row["marks"], share)
        by_version.setdefault(row["version_id"], (row["version__result_kind"], []))[1].append(rating)
    return Ratings(by_version, content_digest(rows))


def kept_agreement(ratings):
    """{version id: VersionAgreement} if it was worked out before, or is quickly done; else None."""
    found = cache.get(_name(ratings))
    if found is None and ratings.size <= AT_ONCE:
        found = work_out(ratings)
    return found


def work_out(ratings):
    """Work the statistics out and keep them by what they rest on."""
    found = {
        version_pk: agreement_of_version(_scales(version_pk), rated, has_share=kind == ResultKind.SHARE)
        for version_pk, (kind, rated) in ratings.by_version.items()
    }
    cache.set(_name(ratings), found, KEPT_FOR)
    return found


def instruments_of(round_, found, language):
    """[Instrument] of what was worked out, in the order of an assessment."""
    pinned = set(pinned_versions(round_))
    return [Instrument(sheet(pk, language), each, pk in pinned) for pk, each in found.items()]


def job_of(round_, ratings):
    """The newest Job for exactly these ratings, or None."""
    return Job.objects.filter(kind=KIND, key=job_key(round_, ratings)).order_by("-pk").first()


def job_key(round_, ratings):
    """The key of the work on exactly these ratings."""
    return f"agreement:{round_.pk}:{ratings.digest}"


def _name(ratings):
    return f"agreement-2:{ratings.digest}"


def _scales(version_pk):
    return [Scale(each.key, metric_of(each.answer_kind), top_level(each)) for each in sheet(version_pk).spec.items]
