"""Reads of many reports at once: how far they are, what failed, and who may take them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from checklist.enums import BatchState, ItemState
from checklist.models import Assessment, Assignment, BatchItem, ReportBatch
from checklist.naming import letter
from checklist.selectors.naming import names_for
from proposals.rules import can_export
from screening.enums import JobState
from screening.models import Job

# The speed is measured over the last so many reports.
MEASURED_OVER = 24


@dataclass(frozen=True)
class Progress:
    """How far a batch is. `seconds_left` is None while nothing can be said of it."""

    total: int
    done: int
    failed: int
    cancelled: int
    seconds_left: int | None

    @property
    def left(self) -> int:
        return self.total - self.done - self.failed - self.cancelled

    @property
    def ended(self) -> int:
        return self.total - self.left


def batch_for(pk, user):
    """The batch if this person asked for it and may still take reports out of its round, else None.

    Reports are made as whoever asked may see them; so nobody else gets them.
    """
    batch = ReportBatch.objects.select_related("round", "asked_by").filter(pk=pk, asked_by=user).first()
    return batch if batch and can_export(user, batch.round) else None


def own_batches(user, round_):
    """The batches this person asked for in the round, the newest first, each with its counts."""
    counted = {
        name: Count("items", filter=Q(items__state=state))
        for name, state in (("done", ItemState.DONE), ("failed", ItemState.FAILED))
    }
    return (
        ReportBatch.objects.filter(round=round_, asked_by=user)
        .annotate(total=Count("items"), **counted)
        .order_by("-asked_at", "-pk")
    )


def progress_of(batch, now):
    """The Progress of a batch; two queries."""
    states = dict(batch.items.order_by().values_list("state").annotate(n=Count("pk")))
    counted = {state: states.get(state, 0) for state in ItemState.values}
    left = counted[ItemState.WAITING] + counted[ItemState.WORKING]
    ended = batch.items.filter(state__in=(ItemState.DONE, ItemState.FAILED), finished_at__isnull=False)
    times = list(ended.order_by("-finished_at").values_list("finished_at", flat=True)[:MEASURED_OVER])
    return Progress(
        total=sum(counted.values()),
        done=counted[ItemState.DONE],
        failed=counted[ItemState.FAILED],
        cancelled=counted[ItemState.CANCELLED],
        seconds_left=_seconds_left(times, left, now),
    )


def _seconds_left(times, left, now):
    """From the speed of the last reports, standing still included; None before there are three."""
    if len(times) < 3 or not left:
        return None
    each = (now - times[-1]).total_seconds() / (len(times) - 1)
    return round(each * left)


def failed_items(batch):
    """What failed, in order, with what it is about."""
    items = batch.items.filter(state=ItemState.FAILED)
    return items.select_related("proposal", "assessment__proposal", "assessment__reviewer").order_by("position")


def finished_items(batch):
    """What was made, in order, with report and subject."""
    items = batch.items.filter(state=ItemState.DONE, report__isnull=False)
    return items.select_related(
        "report", "proposal__round", "assessment__proposal__round", "assessment__reviewer"
    ).order_by("position")


def letter_of(assessment, reader, *, always):
    """What the reviewer is called for this reader, "" for her name; `always` hides names from everybody."""
    shown = names_for(assessment.proposal, reader).letter(assessment.reviewer_id)
    if shown or not always or not assessment.assignment_id:
        return shown
    earlier = Assignment.objects.filter(proposal_id=assessment.proposal_id, pk__lt=assessment.assignment_id)
    return letter(earlier.count())


def waits_for_workers(batch):
    """Whether something of the batch is left that nobody has taken on."""
    waiting = BatchItem.objects.filter(batch_id=batch.pk, batch__state=BatchState.RUNNING, state=ItemState.WAITING)
    return waiting.exists()


def left_batches():
    """Batches that have not ended and no job, waiting or at work, that would end them."""
    jobs = Job.objects.filter(
        subject_type="reportbatch", state__in=(JobState.QUEUED, JobState.RUNNING), key__startswith="batch:"
    )
    busy = set(jobs.values_list("subject_id", flat=True))
    running = ReportBatch.objects.filter(state=BatchState.RUNNING).select_related("asked_by")
    return [batch for batch in running if str(batch.pk) not in busy]


def scorecards_of(user, round_, proposals=None, assessments=None):
    """Submitted assessments of the round that this person may read: of these proposals, or these very ones."""
    found = Assessment.objects.visible_to(user).submitted().individual().counted().filter(proposal__round=round_)
    if proposals is not None:
        found = found.filter(proposal__in=proposals)
    if assessments is not None:
        found = found.filter(pk__in=assessments)
    return found.order_by("proposal__reference", "pk")


def is_open(item, user):
    """Whether what the item shows may still be read by her; for scorecards."""
    return Assessment.objects.visible_to(user).submitted().filter(pk=item.assessment_id).exists()
