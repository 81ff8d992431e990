"""What was answered and what it comes to: read once, scored by the one scoring function.

Form, result page, list, PDF and export all get their numbers here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from checklist import scoring
from checklist.models import Assessment, Evidence, Response, SubResponse
from proposals.enums import VictimContact
from screening.statements import KeptQuery

from .instruments import Sheet, critical_modes_by_round, cross_walk, sheet, spec_for_round


@dataclass(frozen=True)
class EvidenceText:
    """One pointer to a place in a document."""

    pk: int
    document_pk: int | None
    document_name: str
    is_removed: bool
    page: str
    quote: str


@dataclass(frozen=True)
class StoredAnswer:
    """What is stored on one criterion, beside its scoring form in `answer`."""

    answer: scoring.ItemAnswer
    revision: int
    saved_at: object
    evidence: tuple[EvidenceText, ...]


@dataclass(frozen=True)
class InstrumentAnswers:
    """One instrument in one assessment: the sheet, the round's spec, the answers, the result."""

    sheet: Sheet
    spec: scoring.InstrumentSpec
    stored: Mapping[str, StoredAnswer]
    context: scoring.RoundContext
    form_length: scoring.FormLength

    @property
    def answers(self) -> dict[str, scoring.ItemAnswer]:
        return {key: stored.answer for key, stored in self.stored.items()}

    @cached_property
    def result(self) -> scoring.Result:
        return scoring.score(self.spec, self.answers, self.context, self.form_length)

    @property
    def progress(self) -> scoring.Progress:
        return scoring.progress(self.spec, self.answers, self.form_length, self.context)

    @property
    def questions(self) -> tuple[scoring.Question, ...]:
        return scoring.questions_to_applicant(self.spec, self.answers)


@dataclass(frozen=True)
class AssessmentContent:
    """Everything said in one assessment, by instrument in the order of the round."""

    assessment: Assessment
    instruments: tuple[InstrumentAnswers, ...]

    @property
    def progress(self) -> scoring.Progress:
        """Over all instruments: a count of answers, never of scores."""
        total = scoring.Progress(0, 0, (), (), (), ())
        for each in self.instruments:
            total = total + each.progress
        return total

    @property
    def blocks_recommendation(self) -> bool:
        """Whether "recommend" needs a written override."""
        return any(critical.blocks for each in self.instruments for critical in each.result.criticals)


@dataclass(frozen=True)
class Terms:
    """What an assessment is scored under, besides its answers: {version id: {criterion key: mode}}."""

    context: scoring.RoundContext
    form_length: scoring.FormLength
    modes: Mapping[int, Mapping[str, scoring.CriticalMode]]


def terms_now(assessment, modes):
    """The terms of the round as they are, for a draft loaded with proposal and round."""
    length = scoring.FormLength(assessment.proposal.round.form_length)
    return Terms(round_context(assessment.proposal), length, modes)


def terms_of(assessment, modes):
    """The terms it was submitted under; those of the round as they are while it is a draft."""
    kept = assessment.terms
    if not assessment.is_submitted or kept is None:
        return terms_now(assessment, modes)
    return Terms(
        scoring.RoundContext(scoring.Stage(kept["stage"]), kept["direct_contact"]),
        scoring.FormLength(kept["form_length"]),
        {
            int(version_pk): {key: scoring.CriticalMode(mode) for key, mode in modes_kept.items()}
            for version_pk, modes_kept in kept["critical"].items()
        },
    )


def terms_kept(sheets_and_specs, context, form_length):
    """The terms as JSON values, to be kept with a submitted assessment."""
    return {
        "stage": context.stage.value,
        "direct_contact": context.direct_contact,
        "form_length": form_length.value,
        "critical": {
            str(version_sheet.pk): {item.key: item.critical.mode.value for item in spec.items}
            for version_sheet, spec in sheets_and_specs
        },
    }


def round_context(proposal):
    """What the conditions of critical rules look at, for a proposal loaded with its round."""
    contact = {VictimContact.YES: True, VictimContact.NO: False}.get(proposal.victim_contact)
    return scoring.RoundContext(scoring.Stage(proposal.round.stage), contact)


def load_content(assessment, *, language=None):
    """One assessment with its answers and results; seven queries beside the kept sheets.

    `assessment` is loaded with proposal and round.
    """
    return load_contents([assessment], language=language)[assessment.pk]


def load_contents(assessments, *, language=None):
    """{assessment id: AssessmentContent} in a constant number of queries; loaded with proposal and round."""
    assessments = list(assessments)
    if not assessments:
        return {}
    pks = [assessment.pk for assessment in assessments]
    versions = _versions(pks)
    modes = critical_modes_by_round(assessment.proposal.round_id for assessment in assessments)
    stored = _stored_answers(pks)
    contents = {}
    for assessment in assessments:
        terms = terms_of(assessment, modes.get(assessment.proposal.round_id, {}))
        instruments = []
        for version_pk in versions.get(assessment.pk, ()):
            version_sheet = sheet(version_pk, language or assessment.language)
            spec = spec_for_round(version_sheet, terms.modes)
            own = stored.get((assessment.pk, version_pk), {})
            instruments.append(InstrumentAnswers(version_sheet, spec, own, terms.context, terms.form_length))
        contents[assessment.pk] = AssessmentContent(assessment, tuple(instruments))
    return contents


def notices(content, rows=None):
    """Where two instruments of the assessment seem to disagree; shown, never acted on.

    `rows` is the cross-walk where the caller has it already.
    """
    by_slug = {each.sheet.slug: each for each in content.instruments}
    rows = cross_walk() if rows is None else rows
    found = []
    pairs = dict.fromkeys((row.source_instrument, row.target_instrument) for row in rows)
    for source, target in pairs:
        if source in by_slug and target in by_slug:
            own = [row for row in rows if (row.source_instrument, row.target_instrument) == (source, target)]
            found.extend(scoring.consistency_notices(own, by_slug[source].result, by_slug[target].result))
    return tuple(found)


def in_order(result_kind, version_pk):
    """The place of an instrument in an assessment: by kind of result, then by id; the same everywhere."""
    return scoring.RESULT_ORDER.index(result_kind), version_pk


def _versions(pks):
    """{assessment id: [version id]} in the order of `in_order`."""
    found: dict[int, list[int]] = {}
    for assessment_pk, version_pk, _kind in sorted(_VERSIONS(pks), key=lambda row: in_order(row[2], row[1])):
        found.setdefault(assessment_pk, []).append(version_pk)
    return found


_VERSIONS = KeptQuery(
    lambda pks: Assessment.versions.through.objects.filter(assessment_id__in=pks).values_list(
        "assessment_id", "instrumentversion_id", "instrumentversion__result_kind"
    )
)
_SUBS = KeptQuery(
    lambda pks: SubResponse.objects.filter(response__assessment_id__in=pks).values_list(
        "response_id", "sub_question__key", "answer", "text"
    )
)
_EVIDENCE = KeptQuery(
    lambda pks: (
        Evidence.objects.filter(response__assessment_id__in=pks)
        .order_by("position", "pk")
        .values_list("response_id", "pk", "document_id", "document__name", "document__removed_at", "page", "quote")
    )
)
_RESPONSES = KeptQuery(
    lambda pks: Response.objects.filter(assessment_id__in=pks).values_list(
        "pk", "assessment_id", "criterion__version_id", "criterion__key", "answer", "rationale", "revision", "saved_at"
    )
)


def _stored_answers(pks):
    """{(assessment id, version id): {criterion key: StoredAnswer}}"""
    subs: dict[int, dict[str, scoring.SubAnswer]] = {}
    for row in _SUBS(pks):
        subs.setdefault(row[0], {})[row[1]] = scoring.SubAnswer(row[2] or None, row[3])
    evidence: dict[int, list[EvidenceText]] = {}
    for row in _EVIDENCE(pks):
        text = EvidenceText(row[1], row[2], row[3] or "", row[4] is not None, row[5], row[6])
        evidence.setdefault(row[0], []).append(text)
    found: dict[tuple[int, int], dict[str, StoredAnswer]] = {}
    for row in _RESPONSES(pks):
        pk, assessment_pk, version_pk, key, answer, rationale, revision, saved_at = row
        item = scoring.ItemAnswer(answer or None, rationale, subs.get(pk, {}))
        stored = StoredAnswer(item, revision, saved_at, tuple(evidence.get(pk, ())))
        found.setdefault((assessment_pk, version_pk), {})[key] = stored
    return found
