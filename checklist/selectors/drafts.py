"""An assessment being written: everything its form needs, read in one query.

Saving an answer happens hundreds of times an assessment, so this reads in one statement what
`results.load_content` reads in several; a test holds both to the same content.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.db import connection
from django.db.models import BigIntegerField, CharField, DateTimeField, F, IntegerField, TextField, Value
from django.db.models.functions import Cast, Concat

from checklist import scoring
from checklist.models import (
    Assessment,
    CrossWalk,
    Evidence,
    Response,
    RoundCriticalRule,
    SubResponse,
    TensionSide,
)
from proposals.models import Document

from .instruments import CriterionText, sheet, spec_for_round
from .results import AssessmentContent, EvidenceText, InstrumentAnswers, StoredAnswer, in_order, round_context
from .tensions import rules_of

# Stand in the kept statement where each assessment puts its own ids.
ASSESSMENT, ROUND, PROPOSAL = -1, -2, -3
NOTHING_STORED = StoredAnswer(scoring.ItemAnswer(), 0, None, ())


@dataclass(frozen=True)
class DocumentText:
    """One document of the proposal, as far as a pointer to it needs."""

    pk: int
    name: str
    page_count: int


@dataclass(frozen=True)
class Place:
    """One criterion of the assessment with what is stored on it."""

    instrument: InstrumentAnswers
    criterion: CriterionText
    stored: StoredAnswer
    response_pk: int | None


@dataclass(frozen=True)
class Draft:
    """The content of an assessment, the proposal's documents, the cross-walk, the tensions, the ids of its rows."""

    content: AssessmentContent
    documents: tuple[DocumentText, ...]
    links: tuple[scoring.CrossWalkRow, ...]
    response_pks: dict[tuple[int, str], int]
    tensions: tuple[scoring.TensionSpec, ...] = ()

    def places(self):
        """Every criterion in the order of the form."""
        for instrument in self.content.instruments:
            for criterion in instrument.sheet.criteria:
                yield self._place(instrument, criterion)

    def place(self, criterion_pk):
        """The criterion with this id, or None when it is not asked in this assessment."""
        for instrument in self.content.instruments:
            for criterion in instrument.sheet.criteria:
                if criterion.pk == criterion_pk:
                    return self._place(instrument, criterion)
        return None

    def with_stored(self, place, stored, response_pk):
        """The draft as it is when something else is stored on one criterion."""
        version_pk, key = place.instrument.sheet.pk, place.criterion.key
        instruments = tuple(
            replace(each, stored={**each.stored, key: stored}) if each.sheet.pk == version_pk else each
            for each in self.content.instruments
        )
        content = replace(self.content, instruments=instruments)
        return replace(self, content=content, response_pks={**self.response_pks, (version_pk, key): response_pk})

    def _place(self, instrument, criterion):
        stored = instrument.stored.get(criterion.key, NOTHING_STORED)
        return Place(instrument, criterion, stored, self.response_pks.get((instrument.sheet.pk, criterion.key)))


def load_draft(assessment, *, language=None):
    """The draft of one assessment, loaded with proposal and round. One query beside the kept sheets."""
    parts = {part: [] for part in ("response", "sub", "evidence", "version", "rule", "document", "link", "tension")}
    for row in _rows(assessment):
        parts[row[0]].append(row[1:])
    stored, response_pks = _stored(parts)
    modes = {}
    for version_pk, _ref, key, code, *_rest in parts["rule"]:
        modes.setdefault(version_pk, {})[key] = scoring.CriticalMode(code)
    context = round_context(assessment.proposal)
    length = scoring.FormLength(assessment.proposal.round.form_length)
    instruments = []
    for version_pk, _ref, _kind, *_rest in sorted(parts["version"], key=lambda row: in_order(row[2], row[0])):
        version_sheet = sheet(version_pk, language or assessment.language)
        spec = spec_for_round(version_sheet, modes)
        instruments.append(InstrumentAnswers(version_sheet, spec, stored.get(version_pk, {}), context, length))
    documents = sorted(parts["document"], key=lambda row: row[0])
    return Draft(
        AssessmentContent(assessment, tuple(instruments)),
        tuple(DocumentText(row[0], row[2], row[5]) for row in documents),
        tuple(_link(row) for row in sorted(parts["link"], key=lambda row: row[0])),
        response_pks,
        _tensions(parts["tension"]),
    )


def _link(row):
    source, target, strength = row[4].split(" ")
    return scoring.CrossWalkRow(source, row[2], target, row[3], scoring.Strength(strength))


def _tensions(rows):
    """In the order of tensions and their sides."""
    in_place = sorted(rows, key=lambda row: (row[0], row[6], row[5]))
    split = (row[4].split(" ") for row in in_place)
    return rules_of(
        (slug, row[6], instrument, row[2], row[3]) for row, (slug, instrument) in zip(in_place, split, strict=True)
    )


def _stored(parts):
    """({version id: {key: StoredAnswer}}, {(version id, key): response id})"""
    subs, evidence = {}, {}
    for owner, _ref, key, code, text, *_rest in parts["sub"]:
        subs.setdefault(owner, {})[key] = scoring.SubAnswer(code or None, text)
    for owner, ref, key, code, text, pk, _position, at in sorted(parts["evidence"], key=lambda row: (row[6], row[5])):
        pointer = EvidenceText(pk, ref, key or "", at is not None, code, text)
        evidence.setdefault(owner, []).append(pointer)
    stored, pks = {}, {}
    for pk, version_pk, key, code, text, revision, _position, at in parts["response"]:
        answer = scoring.ItemAnswer(code or None, text, subs.get(pk, {}))
        stored.setdefault(version_pk, {})[key] = StoredAnswer(answer, revision, at, tuple(evidence.get(pk, ())))
        pks[version_pk, key] = pk
    return stored, pks


_STATEMENTS: dict[str, tuple[str, tuple]] = {}


def _rows(assessment):
    """What belongs to the assessment, of all kinds.

    Putting the statement together takes longer than running it. It is the same for every
    assessment, so it is kept for each kind of database, and only the ids are put in.
    """
    if connection.vendor not in _STATEMENTS:
        _STATEMENTS[connection.vendor] = _union().query.sql_with_params()
    sql, params = _STATEMENTS[connection.vendor]
    ids = {ASSESSMENT: assessment.pk, ROUND: assessment.proposal.round_id, PROPOSAL: assessment.proposal_id}
    with connection.cursor() as cursor:
        cursor.execute(sql, [ids.get(value, value) for value in params])
        rows = cursor.fetchall()
    at = Value(None, output_field=DateTimeField())
    converters = connection.ops.get_db_converters(at)
    for *row, value in rows:
        for convert in converters:
            value = convert(value, at, connection)
        yield *row, value


def _union():
    """One UNION over all kinds of rows; the first part gives the columns their types."""
    return _columns(
        Response.objects.filter(assessment=ASSESSMENT),
        "response",
        owner="pk",
        ref="criterion__version_id",
        key="criterion__key",
        code="answer",
        text="rationale",
        number="revision",
        at="saved_at",
    ).union(
        _columns(
            SubResponse.objects.filter(response__assessment=ASSESSMENT),
            "sub",
            owner="response_id",
            key="sub_question__key",
            code="answer",
            text="text",
        ),
        _columns(
            Evidence.objects.filter(response__assessment=ASSESSMENT),
            "evidence",
            owner="response_id",
            ref="document_id",
            key="document__name",
            code="page",
            text="quote",
            number="pk",
            position="position",
            at="document__removed_at",
        ),
        _columns(
            Assessment.versions.through.objects.filter(assessment=ASSESSMENT),
            "version",
            owner="instrumentversion_id",
            key="instrumentversion__result_kind",
        ),
        _columns(
            RoundCriticalRule.objects.filter(round_id=ROUND),
            "rule",
            owner="criterion__version_id",
            key="criterion__key",
            code="rule",
        ),
        _columns(
            Document.objects.kept().filter(proposal_id=PROPOSAL),
            "document",
            owner="pk",
            key="name",
            number="page_count",
        ),
        _columns(
            CrossWalk.objects.all(),
            "link",
            owner="pk",
            key="from_key",
            code="to_key",
            # PostgreSQL asks for one type; a slug and a text are two to Django.
            text=Concat(
                "from_instrument__slug",
                Value(" "),
                "to_instrument__slug",
                Value(" "),
                "strength",
                output_field=TextField(),
            ),
        ),
        _columns(
            TensionSide.objects.all(),
            "tension",
            owner="tension_id",
            key="key",
            code="answers",
            text=Concat("tension__slug", Value(" "), "instrument__slug", output_field=TextField()),
            number="pk",
            position="side",
        ),
        all=True,
    )


_EMPTY = {
    "owner": (0, BigIntegerField),
    "ref": (None, BigIntegerField),
    "key": ("", CharField),
    "code": ("", CharField),
    "text": ("", TextField),
    "number": (None, BigIntegerField),
    "position": (0, IntegerField),
    "at": (None, DateTimeField),
}


def _columns(rows, part, **fields):
    """The rows as the common columns, each field under its own name or empty."""
    columns = {"c_part": Value(part, output_field=CharField())}
    for name, (empty, kind) in _EMPTY.items():
        source = fields.get(name, Value(empty, output_field=kind()))
        source = F(source) if isinstance(source, str) else source
        # A cast, because PostgreSQL wants the same type in every part, and an untyped NULL is text.
        columns[f"c_{name}"] = source if name == "at" and name in fields else Cast(source, kind())
    return rows.annotate(**columns).values_list(*columns)
