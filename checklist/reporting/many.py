"""Many reports at once: of what each kind is made, how the files are called, and all of them as one zip."""

from __future__ import annotations

from django.conf import settings
from django.utils.text import slugify
from django.utils.translation import gettext as _

from checklist.enums import ReportKind
from checklist.models import Assignment, QuestionLetter
from checklist.report_rules import can_take_reports_on
from checklist.reporting.making import LETTERS
from checklist.selectors.batches import failed_items, finished_items, is_open, letter_of, scorecards_of
from checklist.selectors.outside import with_feedback
from proposals.rules import can_export
from screening.zips import Names, file_entry, stream_zip

# In the order in which they are offered. A round report is one by itself.
KINDS = (
    ReportKind.SCORECARD,
    ReportKind.PROPOSAL,
    ReportKind.FEEDBACK,
    ReportKind.QUESTIONS,
    ReportKind.DECISION,
)


def subjects_of(kind, user, round_, proposals, assessments=None):
    """What reports of this kind can be made of: assessments, or proposals that she may report on."""
    if kind == ReportKind.SCORECARD:
        return scorecards_of(user, round_, proposals, assessments)
    owed = Assignment.objects.waiting_for(user).values("proposal_id")
    found = proposals.filter(is_practice=False).exclude(pk__in=owed)
    if kind == ReportKind.FEEDBACK:
        found = with_feedback(found)
    if kind == ReportKind.DECISION:
        found = found.filter(decisions__state="applied").distinct()
    if kind == ReportKind.QUESTIONS:
        found = found.filter(question_letters__isnull=False).distinct()
    return found.order_by("reference", "pk")


def subject_pk(kind, item):
    """Of what the maker of this kind makes the report of an item: the proposal, or its newest letter with questions.

    0 where there is none any more.
    """
    if kind != ReportKind.QUESTIONS:
        return item.proposal_id
    newest = QuestionLetter.objects.filter(proposal_id=item.proposal_id).order_by("-sent_at", "-pk")
    return newest.values_list("pk", flat=True).first() or 0


def zip_of(batch, user):
    """The finished reports of a batch as a zip file in pieces; what she may not read any more is left out."""
    names, told = Names(), {"held_back": 0, "lost": []}

    def entries():
        for item in finished_items(batch).iterator(chunk_size=100):
            if not may_take(item, batch, user):
                told["held_back"] += 1
            elif not item.report.file.storage.exists(item.report.file.name):
                told["lost"].append(_about(item))
            else:
                name = names("", _file_name(item, batch, user))
                facts = {**_about(item), "pages": item.report.page_count, "number": item.report.number}
                yield file_entry(name, item.report.made_at, item.report.file, **facts)

    return stream_zip(entries(), lambda: _manifest(batch, told), batch.asked_at)


def zip_name(batch):
    """The name of the zip file."""
    return f"{batch.kind}-{slugify(batch.round.reference)}-{batch.asked_at:%Y-%m-%d}-{batch.pk}.zip"


def may_take(item, batch, user):
    """Whether she may read what the item shows, asked when it is sent."""
    if not can_export(user, batch.round):
        return False
    if batch.kind == ReportKind.SCORECARD:
        return is_open(item, user)
    return can_take_reports_on(user, item.proposal)


def _file_name(item, batch, user):
    if batch.kind != ReportKind.SCORECARD:
        return f"{batch.kind}-{slugify(item.proposal.reference)}.pdf"
    assessment = item.assessment
    letter = letter_of(assessment, user, always=batch.options["names"] == LETTERS)
    who = _("reviewer %(letter)s") % {"letter": letter} if letter else str(assessment.reviewer)
    return f"scorecard-{slugify(f'{assessment.proposal.reference} {who}')}.pdf"


def _about(item):
    proposal = item.proposal or item.assessment.proposal
    about = {"proposal": proposal.reference, "title": proposal.title}
    if item.assessment_id:
        about["assessment"] = item.assessment_id
    if item.report:
        about["made_at"] = item.report.made_at.isoformat()
    return about


def _manifest(batch, told):
    failed = [{**_about(item), "reason": item.error} for item in failed_items(batch)]
    return {
        "site": settings.SCREENING_ADDRESS,
        "round": batch.round.reference,
        "kind": batch.kind,
        "language": batch.language,
        **batch.options,
        "asked_at": batch.asked_at.isoformat(),
        "asked_by": str(batch.asked_by),
        "not_made": failed,
        "not_open_to_you_any_more": told["held_back"],
        "files_missing_from_the_store": told["lost"],
    }
