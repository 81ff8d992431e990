"""Forms that go out to be filled in offline, and what is taken over from them.

Nothing is taken over before the reviewer compared it with what is saved and confirmed; then it is
saved like anything she says on the screen. Nothing is ever submitted from here.
"""

from __future__ import annotations

from secrets import token_urlsafe

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from checklist.enums import AssessmentKind, AssignmentState, UploadState
from checklist.models import OfflineForm, OfflineUpload
from checklist.offline.checking import check_claims, outdated, read_content
from checklist.offline.comparing import BOTH, IN_FORM, NEW, SAVED, compare
from checklist.offline.plan import VIEW, FormPlan, plan_of
from checklist.offline.reading import Spoiled, UploadedForm
from checklist.scoring import SubAnswer
from checklist.selectors.drafts import load_draft
from checklist.selectors.offline import form_with_token, known_bases, upload_to_close
from screening import audit

from .assessments import AssessmentClosed, GivenResponse, Pointer, refusal_of, save_form


class CannotTakeOver(Exception):
    """Nothing was taken over; the message says why."""


class ChoiceMissing(CannotTakeOver):
    """An answer changed in both places, and nobody said which one counts."""


def new_token() -> str:
    """What a form is known by; nobody can guess it."""
    return token_urlsafe(32)


@transaction.atomic
def hand_out_form(*, plan: FormPlan, token, file_format, by):
    """Note that this form went out, before it is sent, and return its OfflineForm. Raises AssessmentClosed."""
    assessment = plan.assessment
    if assessment.kind != AssessmentKind.INDIVIDUAL:
        raise AssessmentClosed(_("Only what one reviewer assesses can be filled in offline."))
    refusal = refusal_of(assessment)
    if refusal:
        raise AssessmentClosed(refusal)
    if by is None or assessment.reviewer_id != by.pk:
        raise AssessmentClosed(_("Only the reviewer herself can answer."))
    form = OfflineForm.objects.create(
        assessment=assessment,
        token=token,
        file_format=file_format,
        language=plan.language,
        revisions=plan.revisions(),
        conclusion_revision=assessment.conclusion_revision,
        submission_number=assessment.submission_number,
        made_by=by,
    )
    _record("offline_form_made", assessment, by, after={"format": file_format, "language": plan.language})
    return form


def receive_forms(*, uploads: list[UploadedForm], by):
    """Keep each form that can be taken over to be compared, and why each other one cannot; the OfflineUploads."""
    return [_receive(upload, by) for upload in uploads]


@transaction.atomic
def _receive(upload, by):
    form = None
    try:
        if upload.form is None:
            raise Spoiled(upload.problem)
        form = _own_form(upload.form, by)
        content = _content(upload, form, by)
    except Spoiled as spoiled:
        return _refuse(upload, form, str(spoiled), by)
    kept = OfflineUpload(form=form, name=upload.name, sha256=upload.sha256, state=UploadState.READ, by=by)
    kept.content = content
    upload.file.file.seek(0)
    kept.file.save("form", upload.file.file, save=False)
    kept.save()
    _record("offline_form_read", form.assessment, by, after={"file": upload.name, "sha256": upload.sha256})
    return kept


def _own_form(read, by):
    """The OfflineForm with the token of the file, if it is hers."""
    form = form_with_token(read.token)
    if form is None:
        raise Spoiled(
            _("The mark by which this form is known was changed, or it was made somewhere else. Take a new form.")
        )
    if form.assessment.reviewer_id != by.pk:
        raise Spoiled(_("This form was made for another person. Only she can upload it."))
    return form


def _content(upload, form, by):
    """What the file says of the assessment as it is now."""
    assessment = form.assessment
    assignment = assessment.assignment
    if assignment is None or assignment.state == AssignmentState.CONFLICTED:
        raise Spoiled(_("A conflict of interest closes this proposal to you."))
    refusal = refusal_of(assessment)
    if refusal:
        raise Spoiled(refusal)
    twin = form.uploads.filter(by=by, sha256=upload.sha256, state__in=(UploadState.READ, UploadState.CONFIRMED)).first()
    if twin is not None and twin.state == UploadState.CONFIRMED:
        raise Spoiled(_("This file was taken over already. What you changed since then is not in it."))
    if twin is not None:
        raise Spoiled(_("This file is here already and waits to be compared."))
    plan = plan_of(load_draft(assessment, language=form.language), form.language)
    check_claims(upload.form, plan)
    return read_content(upload.form, plan)


def _refuse(upload, form, problem, by):
    refused = OfflineUpload.objects.create(
        form=form,
        name=upload.name,
        sha256=upload.sha256,
        state=UploadState.REFUSED,
        problem=problem[:400],
        by=by,
        closed_at=timezone.now(),
    )
    details = {"after": {"file": upload.name, "reason": problem}, "private_to": by}
    if form is not None and form.assessment.reviewer_id == by.pk:
        _record("offline_form_refused", form.assessment, by, **details)
    else:
        audit.record("offline_form_refused", refused, by=by, label=upload.name, **details)
    return refused


@transaction.atomic
def take_over(*, upload, choices, revisions, by):
    """Save what she chose of a compared form, all of it or nothing; returns how many answers were taken over.

    `choices` says "form" or "saved" for each criterion id (as text) and for "view"; what was changed in
    the form alone counts unless she chose otherwise or the form is empty there; where a saved text is emptied in it
    she has to choose. `revisions` are those of what she compared with.
    Raises CannotTakeOver, ChoiceMissing, AssessmentClosed.
    """
    held = _held(upload, by)
    assessment = held.form.assessment
    draft = load_draft(assessment)
    if refusal := outdated(held.content, draft):
        raise CannotTakeOver(refusal)
    chosen = []
    for each in compare(draft, held.content, known_bases(held)):
        if each.kind not in (NEW, BOTH):
            continue
        if each.revision != revisions.get(each.owner, each.revision if each.kind == NEW else None):
            raise CannotTakeOver(_("Something was saved here in the meantime. Compare once more."))
        choice = choices.get(each.owner, each.choice)
        if choice not in (IN_FORM, SAVED):
            raise ChoiceMissing(_("Choose what counts in each place that leaves it open."))
        if choice == IN_FORM:
            chosen.append(each)
    _save(assessment, draft, chosen, by)
    _close(held, UploadState.CONFIRMED)
    after = {"file": held.name, "sha256": held.sha256, "answers": len(chosen)}
    _record("offline_form_confirmed", assessment, by, after=after)
    return len(chosen)


def _save(assessment, draft, chosen, by):
    """Through the same action as the form on the screen; one that was changed meanwhile undoes all of it."""
    given = [_given(draft, each) for each in chosen if each.owner != VIEW]
    view = next((each for each in chosen if each.owner == VIEW), None)
    conclusion = {**view.in_form, "revision": view.revision} if view else None
    outcome = save_form(assessment=assessment, given=given, conclusion=conclusion, by=by)
    if outcome.conflicts or outcome.conclusion_conflict:
        raise CannotTakeOver(_("Something was saved here in the meantime. Compare once more."))


def _given(draft, compared):
    """What the form says of one criterion; the places in documents that she noted stay."""
    pk, said = int(compared.owner), compared.in_form
    stored = draft.place(pk).stored
    return GivenResponse(
        criterion_pk=pk,
        revision=compared.revision,
        answer=said["answer"] or None,
        rationale=said["rationale"],
        subs={key: SubAnswer(sub["answer"] or None, sub["text"]) for key, sub in said["subs"].items()},
        evidence=tuple(Pointer(each.document_pk, each.page, each.quote) for each in stored.evidence),
    )


@transaction.atomic
def discard_form(*, upload, by):
    """Close a form without taking anything over."""
    held = _held(upload, by)
    _close(held, UploadState.DISCARDED)
    _record("offline_form_discarded", held.form.assessment, by, after={"file": held.name, "sha256": held.sha256})


def _held(upload, by):
    """The upload as it is now, locked; refused when it was closed or is somebody else's."""
    held = upload_to_close(upload.pk)
    if held.by_id != by.pk:
        raise CannotTakeOver(_("Only the reviewer herself can answer."))
    if held.state != UploadState.READ:
        raise CannotTakeOver(_("This form was dealt with already."))
    return held


def _close(upload, state):
    upload.state, upload.closed_at = state, timezone.now()
    upload.save(update_fields=["state", "closed_at"])


def _record(event, assessment, by, **details):
    proposal = assessment.proposal
    audit.record(
        event, assessment, by=by, thread=proposal.thread, round_id=proposal.round_id, label=str(proposal), **details
    )
