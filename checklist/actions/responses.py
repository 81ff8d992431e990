"""Saving what a reviewer says, one criterion at a time, as she says it.

A draft is kept whatever it lacks: rules are shown as hints and only submitting insists on
them. Refused are answers that are not answers of the question, and saves that would
overwrite what was saved elsewhere in the meantime.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from checklist import scoring
from checklist.enums import AssessmentKind
from checklist.models import Evidence, Response, SubResponse
from checklist.selectors.drafts import Draft, Place, load_draft
from checklist.selectors.results import EvidenceText, StoredAnswer
from screening import audit

from .holding import AssessmentClosed, hold_answers, refusal_of


class NotAnAnswer(Exception):
    """Something that this question cannot store; the message says what."""


class NotAsked(NotAnAnswer):
    """The criterion is not part of the assessment."""


class ResponseConflict(Exception):
    """The answer was saved elsewhere in the meantime, with other content.

    `place` holds what is stored now, `given` what was to be saved.
    """

    def __init__(self, place, given):
        super().__init__(_("This answer was changed in another window or on another device."))
        self.place = place
        self.given = given


@dataclass(frozen=True)
class Pointer:
    """A place in a document, with the words found there."""

    document_pk: int | None = None
    page: str = ""
    quote: str = ""


@dataclass(frozen=True)
class GivenResponse:
    """What a form says of one criterion; `revision` is the one the form was filled in on.

    With `is_join` the texts are added to those that are stored.
    """

    criterion_pk: int
    revision: int = 0
    answer: str | None = None
    rationale: str = ""
    subs: Mapping[str, scoring.SubAnswer] = field(default_factory=dict)
    evidence: tuple[Pointer, ...] = ()
    is_join: bool = False


@dataclass(frozen=True)
class SaveOutcome:
    """`draft` as it is now; what was saved, and what was not because of a save elsewhere."""

    draft: Draft
    saved: tuple[int, ...]
    conflicts: tuple[ResponseConflict, ...] = ()
    conclusion_conflict: Exception | None = None


@transaction.atomic
def save_response(
    *, assessment, criterion, by, answer=None, rationale="", subs=None, evidence=(), revision=0, is_join=False
):
    """Save what is said on one criterion and return the SaveOutcome.

    `subs` maps keys of sub-questions to `scoring.SubAnswer`, `evidence` lists Pointers; together with
    answer and rationale they are all that is said on it from now on. The same content again is
    no change, whatever the revision. Raises AssessmentClosed, NotAnAnswer, ResponseConflict.
    """
    given = GivenResponse(criterion.pk, revision, answer, rationale, subs or {}, tuple(evidence), is_join)
    outcome = save_responses(assessment=assessment, given=[given], by=by, last_criterion_pk=criterion.pk)
    if outcome.conflicts:
        raise outcome.conflicts[0]
    return outcome


@transaction.atomic
def save_responses(*, assessment, given, by, last_criterion_pk=None):
    """Save what is said on several criteria; what was saved elsewhere in the meantime is left alone.

    `assessment` is loaded with proposal and round. Returns a SaveOutcome.
    """
    answered = {each.criterion_pk for each in given}
    hold_answers(assessment, by, last_criterion_pk=last_criterion_pk if last_criterion_pk in answered else None)
    event = "reference_saved" if assessment.kind == AssessmentKind.REFERENCE else "response_saved"
    return store_responses(assessment=assessment, given=given, by=by, event=event)


def store_responses(*, assessment, given, by, event="response_saved", note=""):
    """The same for an assessment that the caller holds open; `event` and `note` go into the audit trail."""
    draft = load_draft(assessment)
    saved, conflicts = [], []
    for each in given:
        place = draft.place(each.criterion_pk)
        if place is None:
            raise NotAsked(
                _(
                    "This question is not part of the assessment. The round may use a newer version of the instrument "
                    "now: open the form again."
                )
            )
        each = _clean(each, place, draft)
        if _content(each) == _stored_content(place.stored):
            saved.append(each.criterion_pk)
        elif each.revision != place.stored.revision:
            conflicts.append(ResponseConflict(place, each))
        else:
            draft = _write(assessment, draft, place, each, by, event, note)
            saved.append(each.criterion_pk)
    return SaveOutcome(draft, tuple(saved), tuple(conflicts))


def what_differs(draft, given):
    """Ids of the criteria on which `given` says something else than is stored; nothing is saved.

    What cannot be stored is left out.
    """
    found = []
    for each in given:
        place = draft.place(each.criterion_pk)
        if place is None:
            continue
        try:
            cleaned = _clean(each, place, draft)
        except NotAnAnswer:
            continue
        if _content(cleaned) != _stored_content(place.stored):
            found.append(each.criterion_pk)
    return found


def _clean(given, place, draft):
    """The response with only what this criterion can store; raises NotAnAnswer."""
    criterion = place.criterion
    if given.answer and not criterion.spec.answer_kind.has(given.answer):
        raise NotAnAnswer(_("This is not one of the answers to question %(number)s.") % {"number": criterion.number})
    subs = {key: _clean_sub(criterion, key, sub) for key, sub in given.subs.items()}
    known = {document.pk for document in draft.documents} | {each.document_pk for each in place.stored.evidence}
    pointers = [Pointer(each.document_pk, clean_text(each.page), clean_text(each.quote)) for each in given.evidence]
    pointers = [each for each in pointers if each != Pointer()]
    for each in pointers:
        if each.document_pk is not None and each.document_pk not in known:
            raise NotAnAnswer(_("This document does not belong to the proposal."))
        if len(each.page) > 60:
            raise NotAnAnswer(_("Page or section: at most 60 characters. Longer words belong in the quote."))
    cleaned = replace(
        given, answer=given.answer or None, rationale=clean_text(given.rationale), subs=subs, evidence=tuple(pointers)
    )
    return _joined(cleaned, place.stored) if given.is_join else cleaned


def _clean_sub(criterion, key, sub):
    """What is said on one sub-question; raises NotAnAnswer."""
    question = criterion.sub(key)
    kind = scoring.ANSWER_KINDS[question.kind] if question else None
    answer = kind.typed(sub.answer) if kind and sub.answer else None
    number = question.label if question else f"{criterion.number}{key}"
    if kind and kind.is_percent and answer and not kind.has(answer):
        raise NotAnAnswer(_("%(number)s: write a number from 0 to 100, or leave it out.") % {"number": number})
    if kind is None or (answer and not kind.has(answer)):
        raise NotAnAnswer(_("This is not one of the answers to question %(number)s.") % {"number": number})
    return scoring.SubAnswer(answer or None, clean_text(sub.text))


def clean_text(text):
    """One kind of line end, no blanks around, and no NUL, which PostgreSQL cannot store."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()


def _joined(given, stored):
    """Mine added to what is stored: my choices count, both texts stay, and all pointers."""
    theirs = [_pointer(each) for each in stored.evidence]
    subs = dict(stored.answer.subs)
    for key, sub in given.subs.items():
        other = subs.get(key, scoring.SubAnswer())
        subs[key] = scoring.SubAnswer(sub.answer or other.answer, _both(other.text, sub.text))
    return replace(
        given,
        answer=given.answer or stored.answer.answer,
        rationale=_both(stored.answer.rationale, given.rationale),
        subs=subs,
        evidence=(*theirs, *(each for each in given.evidence if each not in theirs)),
    )


def _both(theirs, mine):
    if mine in theirs:
        return theirs
    return mine if theirs in mine else f"{theirs}\n\n{mine}"


def _pointer(evidence):
    return Pointer(evidence.document_pk, evidence.page, evidence.quote)


def _content(given):
    subs = {key: sub for key, sub in given.subs.items() if sub != scoring.SubAnswer()}
    return given.answer, given.rationale, subs, _in_any_order(given.evidence)


def _stored_content(stored):
    subs = {key: sub for key, sub in stored.answer.subs.items() if sub != scoring.SubAnswer()}
    return stored.answer.answer, stored.answer.rationale, subs, _in_any_order(map(_pointer, stored.evidence))


def _in_any_order(pointers):
    return sorted(pointers, key=lambda each: (each.document_pk or 0, each.page, each.quote))


def _write(assessment, draft, place, given, by, event, note):
    """Store one changed response with its audit event; returns the draft as it is then."""
    now = timezone.now()
    fields = {
        "answer": given.answer or "",
        "rationale": given.rationale,
        "revision": place.stored.revision + 1,
        "saved_at": now,
    }
    response = Response(pk=place.response_pk, assessment_id=assessment.pk, criterion_id=place.criterion.pk, **fields)
    if place.response_pk is None:
        response.save(force_insert=True)
    else:
        response.save(force_update=True, update_fields=list(fields))
    _write_subs(response, place, given)
    evidence = _write_evidence(response, draft, place, given)
    before, after = _differences(place.stored, given, draft)
    audit.record(
        event,
        response,
        by=by,
        thread=assessment.proposal.thread,
        round_id=assessment.proposal.round_id,
        private_to=assessment.reviewer,
        note=note,
        before=before,
        after=after,
        label=f"{place.criterion.number}. {place.criterion.short_title}",
    )
    item = replace(place.stored.answer, answer=given.answer, rationale=given.rationale, subs=given.subs)
    return draft.with_stored(place, StoredAnswer(item, fields["revision"], now, evidence), response.pk)


def _write_subs(response, place, given):
    before = place.stored.answer.subs
    changed = [
        SubResponse(
            response=response,
            sub_question_id=question.pk,
            answer=given.subs.get(question.key, scoring.SubAnswer()).answer or "",
            text=given.subs.get(question.key, scoring.SubAnswer()).text,
        )
        for question in place.criterion.subs
        if given.subs.get(question.key, scoring.SubAnswer()) != before.get(question.key, scoring.SubAnswer())
    ]
    if changed:
        SubResponse.objects.bulk_create(
            changed,
            update_conflicts=True,
            unique_fields=["response", "sub_question"],
            update_fields=["answer", "text"],
        )


def _write_evidence(response, draft, place, given):
    """Bring the stored pointers in line: what is the same stays, the rest is changed in its place."""
    names = {document.pk: document.name for document in draft.documents}
    left, fresh = list(place.stored.evidence), []
    for pointer in given.evidence:
        same = next((each for each in left if _pointer(each) == pointer), None)
        if same is None:
            fresh.append(pointer)
        else:
            left.remove(same)
    kept = [each for each in place.stored.evidence if each not in left]
    changed = [
        Evidence(pk=old.pk, response=response, document_id=new.document_pk, page=new.page, quote=new.quote)
        for old, new in zip(left, fresh, strict=False)
    ]
    if changed:
        Evidence.objects.bulk_update(changed, ["document_id", "page", "quote"])
    if len(left) > len(fresh):
        Evidence.objects.filter(pk__in=[each.pk for each in left[len(fresh) :]]).delete()
    first = len(place.stored.evidence) + 1
    added = Evidence.objects.bulk_create(
        Evidence(response=response, document_id=new.document_pk, page=new.page, quote=new.quote, position=first + index)
        for index, new in enumerate(fresh[len(left) :])
    )
    removed_names = {each.document_pk: each for each in place.stored.evidence}
    rows = {each.pk: each for each in kept}
    for row in (*changed, *added):
        old = removed_names.get(row.document_id)
        name = names.get(row.document_id) or (old.document_name if old else "")
        rows[row.pk] = EvidenceText(row.pk, row.document_id, name, bool(old and old.is_removed), row.page, row.quote)
    order = {each.pk: index for index, each in enumerate(place.stored.evidence)}
    return tuple(sorted(rows.values(), key=lambda each: (order.get(each.pk, len(order)), each.pk)))


def _differences(stored, given, draft):
    """(before, after) of what changed, for the audit trail."""
    names = {document.pk: document.name for document in draft.documents}
    names.update({each.document_pk: each.document_name for each in stored.evidence})
    old = {"answer": stored.answer.answer or "", "rationale": stored.answer.rationale}
    new = {"answer": given.answer or "", "rationale": given.rationale}
    for key in dict.fromkeys([*stored.answer.subs, *given.subs]):
        for side, subs in ((old, stored.answer.subs), (new, given.subs)):
            sub = subs.get(key, scoring.SubAnswer())
            side[f"sub_{key}"] = sub.answer or ""
            side[f"sub_{key}_text"] = sub.text
    old["evidence"] = [_said(_pointer(each), names) for each in stored.evidence]
    new["evidence"] = [_said(each, names) for each in given.evidence]
    keys = [key for key in new if old[key] != new[key]]
    return {key: old[key] for key in keys}, {key: new[key] for key in keys}


def _said(pointer, names):
    """A pointer in one line: document, page, quote."""
    parts = (names.get(pointer.document_pk, ""), pointer.page, f"“{pointer.quote}”" if pointer.quote else "")
    return ", ".join(part for part in parts if part)


__all__ = [
    "AssessmentClosed",
    "GivenResponse",
    "NotAnAnswer",
    "NotAsked",
    "Place",
    "Pointer",
    "ResponseConflict",
    "SaveOutcome",
    "refusal_of",
    "save_response",
    "save_responses",
    "store_responses",
    "what_differs",
]
