"""What a decision rests on: everything that was known of a proposal when it was taken, as plain values.

The snapshot is kept with the decision and shown beside it years later, whatever became of the round.
Numbers stand as they were shown: per cent with three decimals, as text, so that nothing is rounded again.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal

from django.forms.models import model_to_dict
from django.utils import timezone

from checklist.agreement import percent_agreement
from checklist.enums import AssessmentKind
from checklist.models import Assessment, Decision, Recommendation, RoundCriticalRule, RoundInstrument, SubmittedScore
from checklist.scoring import MARK_LETTERS, Favourability

from .instruments import sheet
from .readiness import rules_of
from .results import in_order
from .stops import stops_of

# Marks with which somebody says nothing that could agree or differ.
SILENT = {MARK_LETTERS[state] for state in (Favourability.NEI, Favourability.NA, Favourability.UNANSWERED)}
SHOWN = Decimal("0.001")
# What an instrument and its criterion are called; the version and the ids beside them say which they are.
STOP_WORDS = frozenset({"title", "instrument"})


def snapshot_of(proposal):
    """What is known of one proposal, as JSON values; loaded with its round."""
    return snapshots_of(proposal.round, [proposal])[proposal.pk]


def snapshots_of(round_, proposals):
    """{proposal id: snapshot} for proposals of one round; a constant number of queries."""
    proposals = list(proposals)
    pks = [proposal.pk for proposal in proposals]
    assessments = defaultdict(list)
    rows = Assessment.objects.submitted().exclude(kind=AssessmentKind.REFERENCE).select_related("reviewer")
    for assessment in rows.filter(proposal__in=pks).order_by("assignment_id", "pk"):
        assessments[assessment.proposal_id].append(assessment)
    scores = _scores(pks)
    stops = stops_of(proposals)
    advice = newest_recommendations(pks)
    terms = _round(round_)
    found = {}
    for proposal in proposals:
        own = assessments[proposal.pk]
        single = [each for each in own if each.kind == AssessmentKind.INDIVIDUAL]
        agreed = next((each for each in own if each.kind == AssessmentKind.CONSENSUS), None)
        given = [scores.get(each.pk, []) for each in single]
        found[proposal.pk] = {
            "made_at": timezone.now().isoformat(timespec="seconds"),
            "proposal": _proposal(proposal),
            "round": terms,
            "reviewers": [_assessment(each, scores) for each in single],
            "results": _results(given),
            "consensus": _assessment(agreed, scores) if agreed else None,
            "stops": [_stop(stop) for stop in stops[proposal.pk]],
            "recommendation": _advice(advice.get(proposal.pk)),
        }
    return found


def has_changed(kept, now):
    """Whether what a decision rests on is no longer what is known; the time of the look does not count."""
    leave_out = {"made_at", "round"}
    return any(_wordless(kept.get(part)) != _wordless(now.get(part)) for part in now if part not in leave_out)


def _wordless(part):
    """A part without the words of instruments, which depend on the language in which it was looked at."""
    if not isinstance(part, list):
        return part
    return [{name: value for name, value in each.items() if name not in STOP_WORDS} for each in part]


def newest_recommendations(proposal_pks):
    """{proposal id: Recommendation} of the panel that counts. One query."""
    rows = Recommendation.objects.filter(proposal__in=proposal_pks).select_related("by").order_by("pk")
    return {row.proposal_id: row for row in rows}


def decisions_of(proposal):
    """Every decision on the proposal, the newest first."""
    rows = Decision.objects.filter(proposal=proposal).select_related("by", "applied_by", "replaces", "replaced_by")
    return list(rows.order_by("-pk"))


def decision_in(state, proposal):
    """The pending or the applied decision on the proposal, or None."""
    return Decision.objects.filter(proposal=proposal, state=state).select_related("by").first()


# -- Parts ----------------------------------------------------------------------------------------


def _scores(pks):
    """{assessment id: [score]} of what is submitted on these proposals, in the order of the instruments."""
    rows = SubmittedScore.objects.filter(assessment__proposal__in=pks).values_list(
        "assessment_id", "version_id", "version__result_kind", "marks", "share", "low", "high", "judged", "total"
    )
    found = defaultdict(list)
    for pk, version, kind, marks, share, low, high, judged, total in sorted(
        rows, key=lambda row: (row[0], in_order(row[2], row[1]))
    ):
        shown = sheet(version)
        found[pk].append(
            {
                "version": version,
                "instrument": shown.slug,
                "number": shown.number,
                "kind": str(kind),
                "marks": marks,
                "share": _number(share),
                "low": _number(low),
                "high": _number(high),
                "judged": judged,
                "total": total,
            }
        )
    return found


def _assessment(assessment, scores):
    return {
        "id": assessment.reviewer_id,
        "name": str(assessment.reviewer),
        "assessment": assessment.pk,
        "submitted_at": assessment.submitted_at.isoformat(timespec="seconds"),
        "submission": assessment.submission_number,
        "conclusion": str(assessment.conclusion),
        "override_reason": assessment.override_reason,
        "scores": scores.get(assessment.pk, []),
    }


def _results(given):
    """What the reviewers come to together, for each version apart: the mean, and how far they agree."""
    by_version = defaultdict(list)
    for scores in given:
        for score in scores:
            by_version[score["version"]].append(score)
    return [_together(scores) for scores in by_version.values()]


def _together(scores):
    first = scores[0]
    shares = [Decimal(score["share"]) for score in scores if score["share"] is not None]
    rows = [[None if mark in SILENT else mark for mark in score["marks"]] for score in scores]
    agreement = percent_agreement(rows)
    levels = [
        [int(mark) for mark in marks if mark.isdigit()] for marks in zip(*(s["marks"] for s in scores), strict=True)
    ]
    return {
        **{key: first[key] for key in ("version", "instrument", "number", "kind")},
        "n": len(shares) if shares else len(scores),
        "mean": _number(sum(shares) / len(shares)) if shares else None,
        "spread": _number(max(shares) - min(shares)) if shares else None,
        "levels": [_number(Decimal(sum(each)) / len(each)) if each else None for each in levels] if any(levels) else [],
        "agreement": {
            "percent": None if agreement.value is None else _number(Decimal(agreement.value * 100)),
            "n": agreement.n,
            "k": agreement.k,
        },
    }


def _stop(stop):
    override = stop.override
    return {
        "criterion": stop.criterion_pk,
        "version": stop.version_pk,
        "instrument": stop.instrument,
        "number": stop.number,
        "title": stop.title,
        "said_by": [{"id": said.user_pk, "name": said.name, "is_panel": said.is_panel} for said in stop.said_by],
        "override": override
        and {
            "by": str(override.by),
            "at": override.at.isoformat(timespec="seconds"),
            "reason": override.reason,
        },
    }


def _advice(recommendation):
    return recommendation and {
        "outcome": str(recommendation.outcome),
        "conditions": recommendation.conditions,
        "reasons": recommendation.reasons,
        "by": str(recommendation.by),
        "at": recommendation.at.isoformat(timespec="seconds"),
    }


def _proposal(proposal):
    return {
        "reference": proposal.reference,
        "title": proposal.title,
        "amount": None if proposal.amount is None else str(proposal.amount),
        "currency": proposal.currency,
    }


def _round(round_):
    """The rules of the round and the versions it judges by, each with the fingerprint of its content."""
    rules = model_to_dict(rules_of(round_), exclude=("id", "round", "setup_step"))
    pins = RoundInstrument.objects.filter(round=round_).select_related("version__instrument").order_by("position", "pk")
    critical = RoundCriticalRule.objects.filter(round=round_).select_related("criterion").order_by("pk")
    return {
        "reference": round_.reference,
        "title": round_.title,
        "currency": round_.currency,
        "budget": None if round_.budget is None else str(round_.budget),
        "reviewers_wanted": round_.reviewers_wanted,
        "stage": str(round_.stage),
        "rules": {name: value if isinstance(value, bool | int | None) else str(value) for name, value in rules.items()},
        "instruments": [
            {
                "version": pin.version_id,
                "instrument": pin.version.instrument.slug,
                "number": pin.version.number,
                "title": pin.version.title,
                "hash": pin.version.content_hash,
                "ranks": pin.ranks,
                "threshold": None if pin.threshold is None else str(pin.threshold),
                "minimum_coverage": pin.minimum_coverage,
            }
            for pin in pins
        ],
        "critical": [
            {"version": each.criterion.version_id, "criterion": each.criterion.key, "rule": str(each.rule)}
            for each in critical
        ],
    }


def _number(value):
    """A number as it is kept and shown; None stays None."""
    return None if value is None else str(Decimal(value).quantize(SHOWN, ROUND_HALF_UP))
