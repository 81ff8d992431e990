"""The scores of a round as a stream: every assessment with its answers, in flat memory.

Six queries whatever the size: assessments with their frozen scores, answers, sub-answers and evidence
are read side by side in the same order and joined as they pass by. Only their ids are held.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from checklist.enums import AssessmentKind
from checklist.models import Assessment, Evidence, Response, SubmittedScore, SubResponse
from checklist.selectors.instruments import pinned_versions, sheet

CHUNK = 2000
# The same order in every query, so that they can be joined while streaming.
ORDER = ("assessment__proposal__reference", "assessment_id")


@dataclass(frozen=True)
class GivenAnswer:
    """What was said on one criterion; `subs` maps keys to (code, text)."""

    code: str
    rationale: str
    subs: dict[str, tuple[str, str]]
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class ScoredAssessment:
    """One submitted assessment: the row of `assessments_to_export`, scores by version, answers by criterion id."""

    row: dict
    scores: dict[int, dict]
    answers: dict[int, GivenAnswer]


def visible_assessments(user, round_, kinds=(AssessmentKind.INDIVIDUAL,)):
    """Submitted assessments of the round that this person may read, by default those of single reviewers.

    Practice is none of them.
    """
    visible = Assessment.objects.visible_to(user).submitted().filter(kind__in=kinds)
    return visible.counted().filter(proposal__round=round_)


def sheets_to_export(user, round_, language, *, kinds=(AssessmentKind.INDIVIDUAL,)):
    """The sheets of every version the round judges or has judged by, pinned ones first."""
    used = Assessment.versions.through.objects.filter(
        assessment__in=visible_assessments(user, round_, kinds).values("pk")
    )
    others = used.order_by("instrumentversion_id").values_list("instrumentversion_id", flat=True).distinct()
    return [sheet(pk, language) for pk in dict.fromkeys([*pinned_versions(round_), *others])]


def scored_assessments(
    user, round_, *, kinds=(AssessmentKind.INDIVIDUAL,), proposals=None
) -> Iterator[ScoredAssessment]:
    """Every submitted assessment the person may read, by reference of the proposal, one at a time.

    Of some `proposals` only, where they are given. One that is handed in while the others are read is left
    for the next export.
    """
    visible = visible_assessments(user, round_, kinds)
    if proposals is not None:
        visible = visible.filter(proposal__in=proposals)
    pks = visible.values("pk")
    known = set(visible.values_list("pk", flat=True))

    def grouped(rows, *order, fields):
        read = rows.order_by(*order).values_list(*fields).iterator(chunk_size=CHUNK)
        return _grouped(row for row in read if row[0] in known)

    scores = grouped(SubmittedScore.objects.filter(assessment__in=pks), *ORDER, "version_id", fields=SCORE_FIELDS)
    answers = grouped(Response.objects.filter(assessment__in=pks), *ORDER, "pk", fields=ANSWER_FIELDS)
    subs = grouped(SubResponse.objects.filter(response__assessment__in=pks), *_below(), "pk", fields=SUB_FIELDS)
    evidence = Evidence.objects.filter(response__assessment__in=pks)
    places = grouped(evidence, *_below(), "position", "pk", fields=PLACE_FIELDS)
    ordered = visible.order_by("proposal__reference", "pk").values(*ASSESSMENT_FIELDS)
    for row in ordered.iterator(chunk_size=CHUNK):
        pk = row["pk"]
        if pk not in known:
            continue
        yield ScoredAssessment(
            row,
            {score[1]: dict(zip(SCORE_FIELDS[1:], score[1:], strict=True)) for score in scores(pk)},
            _answers(answers(pk), subs(pk), places(pk)),
        )


ASSESSMENT_FIELDS = (
    "pk",
    "kind",
    "state",
    "submitted_at",
    "submission_number",
    "language",
    "conclusion",
    "conclusion_reason",
    "override_reason",
    "reviewer__name",
    "reviewer__email",
    "proposal__reference",
    "proposal__title",
    "proposal__status",
    "proposal__applicant__name",
)
SCORE_FIELDS = ("assessment_id", "version_id", "marks", "share", "low", "high", "judged", "total", "blocks")
ANSWER_FIELDS = ("assessment_id", "pk", "criterion_id", "answer", "rationale")
SUB_FIELDS = ("response__assessment_id", "response_id", "sub_question__key", "answer", "text")
PLACE_FIELDS = ("response__assessment_id", "response_id", "document__name", "page", "quote")


def _below():
    return tuple(f"response__{field}" for field in ORDER)


def _grouped(rows):
    """A function that gives the rows of one assessment after the other; asked for in the order of the rows."""
    groups = groupby(rows, key=itemgetter(0))
    waiting: list = []

    def of(pk):
        if not waiting:
            found = next(groups, None)
            if found is None:
                return ()
            waiting.append((found[0], list(found[1])))
        return waiting.pop()[1] if waiting[0][0] == pk else ()

    return of


def _answers(answers, subs, places):
    by_response: dict[int, dict[str, tuple[str, str]]] = {}
    for _assessment, response, key, code, text in subs:
        by_response.setdefault(response, {})[key] = (code, text)
    cited: dict[int, list[str]] = {}
    for _assessment, response, document, page, quote in places:
        said = ", ".join(part for part in (document, page, f"“{quote}”" if quote else "") if part)
        cited.setdefault(response, []).append(said)
    return {
        criterion: GivenAnswer(code, rationale, by_response.get(response, {}), tuple(cited.get(response, ())))
        for _assessment, response, criterion, code, rationale in answers
    }
