"""Who did what with one proposal, when, with before and after, as far as a person may read it.

That somebody answered is no secret to those who may read the history. What she answered stays
hidden until her assessment is submitted and open to the reader.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from django.core.paginator import Paginator
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import ngettext

from checklist.enums import AssessmentState, AssignmentState
from checklist.history_words import changes_in_words
from checklist.models import Assessment, Assignment
from checklist.naming import by_letter
from proposals.models import FundingRound, Proposal
from screening import audit
from screening.models import AuditEvent
from screening.row_ids import row_id

from .audit_words import in_reader_language
from .statuses import OUTCOMES

PAGE_SIZE = 50
ASKED = (AssignmentState.ASSIGNED, AssignmentState.DECLARED)
# Events of which a page of typing makes many.
SAVES = {"response_saved", "reference_saved", "conclusion_saved"}
# Events whose words would tell a reviewer what others think of the proposal.
JUDGING = {
    "recommendation_recorded",
    "stop_overridden",
    "decision_recorded",
    "decision_withdrawn",
    "decision_applied",
    "reserve_place_changed",
    # What others could not judge.
    "question_written",
    "question_changed",
    "question_dropped",
    "question_order_changed",
    "questions_sent",
    "answer_recorded",
    "answer_corrected",
    # What was found strong and weak.
    "feedback_worded",
}


@dataclass(frozen=True)
class Entry:
    """One event, several saves of the same answer one after the other, or all that somebody saved on one day.

    `changes` are (field, before, after) in words; `is_hidden` says that they are kept back.
    `saves` are the entries of the single saves, the newest first, and `since` is the time of the
    first; of one event there are none. `inside` are the entries of what somebody saved on one day one
    after the other, the newest first; only pages fold so far.
    """

    at: datetime
    by: str
    text: str
    note: str
    changes: tuple[tuple[str, str, str], ...]
    is_hidden: bool
    saves: tuple["Entry", ...] = ()
    since: datetime | None = None
    inside: tuple["Entry", ...] = ()

    @property
    def day(self):
        return timezone.localdate(self.at)

    @property
    def times(self):
        """How many events it stands for."""
        return sum(each.times for each in self.inside) or len(self.saves) or 1


def events_of(thread):
    """The events of a thread ("proposal:12"), the newest first."""
    return AuditEvent.objects.filter(thread=thread).order_by("-id")


def history_of(thread, user):
    """All entries of the thread for this reader, the newest first. At most six queries."""
    return entries_for(user, thread, events_of(thread))


def history_page(thread, user, number, narrow=None):
    """One page of `history_of`, as a Page whose objects are entries; `narrow` takes and gives events.

    What somebody saved on one day one after the other is one entry, and it is entries that a page counts.
    """
    events = events_of(thread)
    return _page(user, thread, narrow(events) if narrow else events, number)


def assessment_history_page(assessment, user, number, names):
    """One page of what belongs to one assessment: its own events, its assignment's, the answers in it.

    People are called what `names` (a `naming.Names`) calls them.
    """
    answers = [str(pk) for pk in assessment.responses.values_list("pk", flat=True)]
    own = Q(subject_type="assessment", subject_id=str(assessment.pk)) | Q(
        subject_type="response", subject_id__in=answers
    )
    if assessment.assignment_id:
        own |= Q(subject_type="assignment", subject_id=str(assessment.assignment_id))
    thread = assessment.proposal.thread
    return _page(user, thread, events_of(thread).filter(own), number, lambda events: _called(events, names))


def _page(user, thread, events, number, prepare=list):
    """The events in runs, a page of them; `prepare` changes the events before they are put into words."""
    heads = events.only("pk", "event", "actor_id", "thread", "at")
    runs = [[event.pk for event in run] for _same, run in groupby(heads, _who_saves_where)]
    page = Paginator(runs, PAGE_SIZE).get_page(number)
    wanted = [pk for run in page.object_list for pk in run]
    read = {event.pk: event for event in prepare(AuditEvent.objects.filter(pk__in=wanted).order_by("-id"))}
    entries = iter(entries_for(user, thread, read.values()))
    page.object_list = [_folded(_take(entries, len(run))) for run in page.object_list]
    page.has_folds = any(entry.times > 1 for entry in page.object_list)
    return page


def _take(entries, count):
    """The next entries, as many as stand for `count` events."""
    taken = []
    while count > 0:
        taken.append(next(entries))
        count -= taken[-1].times
    return taken


def _folded(entries):
    if len(entries) == 1:
        return entries[0]
    times = sum(each.times for each in entries)
    oldest = entries[-1].since or entries[-1].at
    text = _saved_times(entries[0].by, times)
    return Entry(entries[0].at, entries[0].by, text, "", (), False, since=oldest, inside=tuple(entries))


def _saved_times(actor, times):
    words = {"actor": actor, "n": times}
    return ngettext("%(actor)s saved %(n)s time", "%(actor)s saved %(n)s times", times) % words


def _called(events, names):
    """The events with people called what `names` calls them; what only tells who she is comes without."""
    events = list(events)
    for event in events:
        event.subject_label = names.in_words(event.subject_label)
        letter = names.letter(event.actor_id)
        if letter:
            event.actor_label = by_letter(letter)
        if letter and event.subject_type == "assignment":
            event.note = ""
    return events


@dataclass(frozen=True)
class Row:
    """One event of the whole trail. `proposal` and `round` are what it belongs to and the reader may open.

    `is_closed` says that it is about a proposal that is closed to her: then nothing names it. `inside` are the
    rows of what somebody saved on one proposal one after the other, the newest first; of one event there are none.
    """

    at: datetime
    text: str
    about: str
    note: str
    proposal: Proposal | None
    round: FundingRound | None
    is_closed: bool
    inside: tuple["Row", ...] = ()

    @property
    def day(self):
        return timezone.localdate(self.at)


def audit_rows(events, user):
    """The events as rows for an auditor. At most four queries, however many events."""
    events = in_reader_language(events)
    pks = {event.pk: _proposal_pk(event.thread) for event in events}
    named = Proposal.objects.filter(pk__in=set(pks.values()) - {None}).only("reference", "title")
    proposals = {proposal.pk: proposal for proposal in named.visible_to(user)}
    rounds = FundingRound.objects.visible_to(user).in_bulk({event.round_id for event in events} - {None})
    runs = (list(run) for _same, run in groupby(events, _who_saves_where))
    return [_row_of_run(run, [_row(event, pks[event.pk], proposals, rounds) for event in run]) for run in runs]


def _who_saves_where(event):
    """The same for saves of one person on one proposal on one day, and for nothing else."""
    return (event.actor_id, event.thread, timezone.localdate(event.at)) if event.event in SAVES else event.pk


def _row_of_run(events, rows):
    if len(rows) == 1:
        return rows[0]
    return replace(rows[0], text=_saved_times(events[0].actor_label, len(rows)), note="", inside=tuple(rows))


def _row(event, proposal_pk, proposals, rounds):
    is_closed = proposal_pk is not None and proposal_pk not in proposals
    if is_closed:
        event.subject_label, event.note = "…", ""
    return Row(
        at=event.at,
        text=audit.sentence(event),
        about="" if is_closed else event.subject_label,
        note=event.note,
        proposal=proposals.get(proposal_pk),
        round=rounds.get(event.round_id),
        is_closed=is_closed,
    )


def _proposal_pk(thread):
    """The key of the proposal that a thread belongs to, or None."""
    kind, _colon, pk = thread.partition(":")
    return row_id(pk) if kind == "proposal" else None


def entries_for(user, thread, events):
    """Audit events as entries; what is private to somebody comes without its content.

    Saves of the same answer by the same person that follow each other become one entry.
    """
    events = in_reader_language(events)
    owners = {event.private_to_id for event in events if event.private_to_id}
    open_to_her = _open_owners(user, thread) if owners - {user.pk} else set()
    if any(_is_judging(event) for event in events) and _still_owes(user, thread):
        for event in events:
            event.is_kept_back = _is_judging(event)
    runs = (list(run) for _same, run in groupby(events, _what_is_saved))
    return [_entry_of_run(run, user, open_to_her) for run in runs]


def _is_judging(event):
    """Whether its words tell what others think, or what the funder decided."""
    is_outcome = event.event == "proposal_status_changed" and (event.after or {}).get("status") in OUTCOMES
    return event.event in JUDGING or is_outcome


def _what_is_saved(event):
    """The same for saves that belong together, and for nothing else."""
    if event.event in SAVES:
        day = timezone.localdate(event.at)
        return event.event, event.actor_id, event.subject_type, event.subject_id, day
    return event.pk


def _entry_of_run(run, user, open_to_her):
    """One entry of events that belong together (the newest first): before the first, after the last."""
    newest, oldest = run[0], run[-1]
    if newest is oldest:
        return _entry(newest, user, open_to_her)
    saves = tuple(_entry(event, user, open_to_her) for event in run)
    before: dict[str, object] = {}
    after: dict[str, object] = {}
    for event in reversed(run):
        for field, was, is_now in audit.changes(event):
            before.setdefault(field, was)
            after[field] = is_now
    newest.before, newest.after = before, after
    return replace(_entry(newest, user, open_to_her), saves=saves, since=oldest.at)


def _entry(event, user, open_to_her):
    owner = event.private_to_id
    is_hidden = owner is not None and owner != user.pk and owner not in open_to_her
    is_hidden = is_hidden or getattr(event, "is_kept_back", False)
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
    pk = _proposal_pk(thread)
    if pk is None:
        return set()
    if user.is_auditor and not _is_asked(user, pk):
        # What somebody declined or abstained from stays on record for the auditor. What is still being written
        # is nobody's to read but hers: she judges alone until she has handed it in.
        asked = Assignment.objects.filter(proposal_id=pk)
        writing = asked.filter(state__in=ASKED).exclude(assessment__state=AssessmentState.SUBMITTED)
        everybody = asked.values_list("reviewer_id", flat=True).union(
            Assessment.objects.filter(proposal_id=pk).values_list("reviewer_id", flat=True)
        )
        return set(everybody) - set(writing.values_list("reviewer_id", flat=True))
    visible = Assessment.objects.visible_to(user).submitted().filter(proposal_id=pk)
    return set(visible.values_list("reviewer_id", flat=True))


def _still_owes(user, thread):
    """Whether she has still to hand in her own judgement of the proposal."""
    return Assignment.objects.waiting_for(user).filter(proposal_id=_proposal_pk(thread)).exists()


def _is_asked(user, proposal_pk):
    """Whether she is to judge the proposal herself, and so must not read others' drafts."""
    return Assignment.objects.filter(proposal_id=proposal_pk, reviewer=user, state__in=ASKED).exists()
