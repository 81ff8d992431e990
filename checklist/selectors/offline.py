"""Reads around forms that are filled in offline; everything here is the reviewer's own."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F, Prefetch

from checklist.enums import AssessmentState, AssignmentState, UploadState
from checklist.models import Assessment, OfflineForm, OfflineUpload
from checklist.offline.comparing import bases_of
from proposals.enums import AccessLevel, ProposalStatus
from proposals.models import Document
from screening.models import AuditEvent

from .phases import review_refusal

# Enough to see what became of the last ones; the history keeps all.
MOST_CLOSED = 20
_FORM = "form__assessment__proposal__round"


@dataclass(frozen=True)
class OpenAssessment:
    """One of her drafts; `refusal` says why it takes no answers today."""

    assessment: Assessment
    refusal: str


@dataclass(frozen=True)
class ClosedUpload:
    """A form that was dealt with; whether it was compared and nothing was chosen of it."""

    upload: OfflineUpload
    took_nothing: bool


def open_assessments(user):
    """Her drafts, as far as she declared on them, by due date; two queries, and one for each round with dates."""
    closed = user.accesses.filter(level=AccessLevel.CLOSED).values("proposal_id")
    rows = (
        Assessment.objects.individual()
        .filter(reviewer=user, state=AssessmentState.DRAFT, assignment__state=AssignmentState.DECLARED)
        .exclude(proposal_id__in=closed)
        .select_related("assignment", "reviewer", "proposal__round", "proposal__applicant")
        .prefetch_related(Prefetch("proposal__documents", Document.objects.kept().order_by("kind", "name")))
        .order_by(F("assignment__due_on").asc(nulls_last=True), "pk")
    )
    refusals: dict[tuple, str] = {}
    found = []
    for assessment in rows:
        proposal = assessment.proposal
        key = (proposal.round_id, proposal.is_practice, proposal.status == ProposalStatus.INELIGIBLE)
        if key not in refusals:
            refusals[key] = review_refusal(proposal)
        found.append(OpenAssessment(assessment, refusals[key]))
    return found


def waiting_uploads(user):
    """Her forms that are still to be compared, the oldest first."""
    return list(OfflineUpload.objects.visible_to(user).waiting().select_related(_FORM).order_by("at", "pk"))


def closed_uploads(user):
    """The last of her forms that were taken over, discarded or refused; at most two queries."""
    rows = OfflineUpload.objects.visible_to(user).exclude(state=UploadState.READ).select_related(_FORM)
    found = list(rows.order_by("-at", "-pk")[:MOST_CLOSED])
    confirmed = [upload for upload in found if upload.state == UploadState.CONFIRMED]
    without = _taken_over_without_answers(confirmed) if confirmed else set()
    return [ClosedUpload(upload, upload.pk in without) for upload in found]


def _taken_over_without_answers(uploads):
    """The ids of those of which nothing was chosen; the trail has the count."""
    subjects = {str(upload.form.assessment_id) for upload in uploads}
    rows = AuditEvent.objects.filter(
        event="offline_form_confirmed",
        subject_type=Assessment._meta.model_name,
        subject_id__in=subjects,
        after__answers=0,
    )
    # A file is taken over once: its assessment and its hash say which one it was.
    empty = {(subject, after["sha256"]) for subject, after in rows.values_list("subject_id", "after")}
    return {upload.pk for upload in uploads if (str(upload.form.assessment_id), upload.sha256) in empty}


def visible_upload(user, pk):
    """One of her forms with its assessment, or None."""
    return _with_assessment(OfflineUpload.objects.visible_to(user)).filter(pk=pk, form__isnull=False).first()


def upload_to_close(pk):
    """The upload with its assessment, locked until the end of the transaction."""
    return _with_assessment(OfflineUpload.objects.select_for_update(of=("self",))).get(pk=pk)


def _with_assessment(rows):
    return rows.select_related(
        "form__assessment__assignment",
        "form__assessment__reviewer",
        "form__assessment__proposal__round",
        "form__assessment__proposal__applicant",
    )


def form_with_token(token):
    """The form that carries this token, or None."""
    rows = OfflineForm.objects.select_related(
        "assessment__assignment",
        "assessment__reviewer",
        "assessment__proposal__round",
        "assessment__proposal__applicant",
    )
    return rows.filter(token=token).first() if token else None


def known_bases(upload):
    """{owner: digest} of what its form said before this upload, as handed out or as it was taken over since.

    What another copy of the form brought in after this one was uploaded was changed here in the meantime:
    nobody can tell which of the two was written later.
    """
    form = upload.form
    taken = form.uploads.filter(state=UploadState.CONFIRMED, closed_at__lte=upload.at).order_by("closed_at", "pk")
    return bases_of(form.revisions, list(taken.values_list("content", flat=True)))
