"""Who did what with one proposal, when, with before and after, as far as a person may read it.

That somebody answered is no secret to those who may read the history. What she answered stays
hidden until her assessment is submitted and open to the reader.
"""

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Paginator
from django.db.models import Q

from checklist.enums import AssignmentState
from checklist.history_words import changes_in_words
from checklist.models import Assessment, Assignment
from screening import audit
from screening.models import AuditEvent

PAGE_SIZE = 100


@dataclass(frozen=True)
class Entry:
    """One event. `changes` are (field, before, after) in words; `is_hidden` says that they are kept back."""

    at: datetime
    by: str
    text: str
    note: str
    changes: tuple[tuple[str, str, str], ...]
    is_hidden: bool


def events_of(thread):
    """The events of a thread ("proposal:12"), the newest first."""
    return AuditEvent.objects.filter(thread=thread).order_by("-id")


def history_of(thread, user):
    """All entries of the thread for this reader, the newest first. At most three queries."""
    return entries_for(user, thread, events_of(thread))


def history_page(thread, user, number):
    """One page of `history_of`, as a Page whose objects are entries."""
    page = Paginator(events_of(thread), PAGE_SIZE).get_page(number)
    page.object_list = entries_for(user, thread, page.object_list)
    return page


def assessment_history_page(assessment, user, number):
    """One page of what belongs to one assessment: its own events, its assignment's, the answers in it."""
    own = Q(subject_type="assessment", subject_id=str(assessment.pk)) | Q(private_to_id=assessment.reviewer_id)
    if assessment.assignment_id:
        own |= Q(subject_type="assignment", subject_id=str(assessment.assignment_id))
    thread = assessment.proposal.thread
    page = Paginator(events_of(thread).filter(own), PAGE_SIZE).get_page(number)
    page.object_list = entries_for(user, thread, page.object_list)
    return page


def entries_for(user, thread, events):
    """Audit events as entries; what is private to somebody comes without its content."""
    events = list(events)
    owners = {event.private_to_id for event in events if event.private_to_id}
    open_to_her = _open_owners(user, thread) if owners - {user.pk} else set()
    return [_entry(event, user, open_to_her) for event in events]


def _entry(event, user, open_to_her):
    owner = event.private_to_id
    is_hidden = owner is not None and owner != user.pk and owner not in open_to_her
    return Entry(
        at=event.at,
        by=event.actor_label,
        text=audit.sentence(event),
        note="" if is_hidden else event.note,
        changes=() if is_hidden else tuple(changes_in_words(event)),
        is_hidden=is_hidden and bool(event.before or event.after or event.note),
    )


def _open_owners(user, thread):
    """Ids of the people whose judgement of this proposal the reader may see."""
    kind, _colon, pk = thread.partition(":")
    if kind != "proposal" or not pk.isdigit():
        return set()
    if user.is_auditor and not _is_asked(user, pk):
        return set(Assignment.objects.filter(proposal_id=pk).values_list("reviewer_id", flat=True))
    visible = Assessment.objects.visible_to(user).submitted().filter(proposal_id=pk)
    return set(visible.values_list("reviewer_id", flat=True))


def _is_asked(user, proposal_pk):
    """Whether she is to judge the proposal herself, and so must not read others' drafts."""
    states = (AssignmentState.ASSIGNED, AssignmentState.DECLARED)
    return Assignment.objects.filter(proposal_id=proposal_pk, reviewer=user, state__in=states).exists()
