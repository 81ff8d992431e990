"""Many reports at once: asked for, taken on by the workers one by one, cancelled, tried again.

An item is taken on by one conditional update, so that any number of workers on any number of machines
share a batch. Whoever holds one says now and then that she is alive; what nobody holds any more is
taken on again.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from checklist.enums import BatchState, ItemState, ReportKind
from checklist.models import BatchItem, ReportBatch
from screening import audit
from screening.jobs import MAX_ATTEMPTS, STALE_SECONDS, enqueue
from screening.models import User

BATCH_JOB = "checklist.make_batch"
# So many workers can share one batch; those that find nothing to do are done at once.
LANES = 8
# Behind what somebody waits for on a page.
PRIORITY = -10
# An item is given up sooner than the job that held it, so that the job finds it when it is begun again.
ABANDONED_SECONDS = STALE_SECONDS / 2
# What one click asks for at most.
MOST_ITEMS = 6000
# Who asks for the same again within so many seconds did not mean to.
TWICE_SECONDS = 10
STOPPED = gettext_noop("The worker stopped several times while making this report.")


class CannotAskForReports(Exception):
    """No reports can be made of this selection; the message says why."""


class CannotChangeBatch(Exception):
    """The batch is past that; the message says why."""


@transaction.atomic
def request_batch(*, round_, kind, subjects, options, by):
    """Ask for one report of this kind for each subject and return the ReportBatch.

    `subjects` are assessments for scorecards, else proposals, in the order wanted; `options` is
    {"language", "paper", "names"}. The caller has made sure that `by` may read them; it is asked anew
    when each is made and when it is taken. Who asks twice for the same, as by a double click, gets the batch
    that is there. Raises CannotAskForReports.
    """
    subjects = list(dict.fromkeys(subjects))
    if not subjects:
        raise CannotAskForReports(_("Nothing in this selection can be made into this report."))
    if len(subjects) > MOST_ITEMS:
        raise CannotAskForReports(_("These are more than %(n)s. Select fewer.") % {"n": MOST_ITEMS})
    look = {name: options[name] for name in ("paper", "names")}
    asked = {"round": round_, "kind": kind, "language": options["language"], "options": look, "asked_by": by}
    field = "assessment" if kind == ReportKind.SCORECARD else "proposal"
    # The second of two requests waits here until the first has its batch.
    User.objects.select_for_update().get(pk=by.pk)
    if twin := _twin(asked, field, subjects):
        return twin
    batch = ReportBatch.objects.create(**asked)
    items = (BatchItem(batch=batch, position=n, **{field: each}) for n, each in enumerate(subjects, start=1))
    BatchItem.objects.bulk_create(items, batch_size=500)
    _record("batch_requested", batch, by, {"kind": str(kind), "reports": len(subjects)})
    set_to_work(batch, len(subjects))
    return batch


def _twin(asked, field, subjects):
    """The batch in which she asked for exactly this just now, or of which nothing is begun yet.

    What was made before that may show what has changed since.
    """
    just_now = Q(asked_at__gte=timezone.now() - timedelta(seconds=TWICE_SECONDS))
    begun = BatchItem.objects.filter(batch=OuterRef("pk")).exclude(state=ItemState.WAITING)
    untouched = Q(state=BatchState.RUNNING) & ~Exists(begun)
    pks = [each.pk for each in subjects]
    known = ReportBatch.objects.filter(state__in=(BatchState.RUNNING, BatchState.DONE), **asked)
    for batch in known.filter(just_now | untouched).order_by("-pk"):
        if list(batch.items.order_by("position").values_list(f"{field}_id", flat=True)) == pks:
            return batch
    return None


@transaction.atomic
def cancel_batch(*, batch, by):
    """Make no more of it; what is made stays. Raises CannotChangeBatch."""
    now = timezone.now()
    is_running = ReportBatch.objects.filter(pk=batch.pk, state=BatchState.RUNNING)
    if not is_running.update(state=BatchState.CANCELLED, finished_at=now):
        raise CannotChangeBatch(_("These reports are finished already."))
    left = batch.items.filter(state=ItemState.WAITING).update(state=ItemState.CANCELLED, finished_at=now)
    _record("batch_cancelled", batch, by, {"left_out": left})


@transaction.atomic
def retry_failed(*, batch, by):
    """Try those again that failed, and only those; returns how many. Raises CannotChangeBatch."""
    ReportBatch.objects.select_for_update().get(pk=batch.pk)
    failed = batch.items.filter(state=ItemState.FAILED)
    count = failed.update(state=ItemState.WAITING, attempts=0, error="", taken_at=None, finished_at=None)
    if not count:
        raise CannotChangeBatch(_("None of these reports failed."))
    ReportBatch.objects.filter(pk=batch.pk).update(state=BatchState.RUNNING, finished_at=None)
    _record("batch_retried", batch, by, {"reports": count})
    set_to_work(batch, count)
    return count


@transaction.atomic
def record_batch_taken(*, batch, by):
    """Note who took the finished reports of a batch, before they are sent."""
    _record("report_downloaded", batch, by, {"kind": batch.kind, "together": True})


# -- The workers' side --------------------------------------------------------------------------


def set_to_work(batch, count):
    """Ask for as many workers as can do something at a batch with `count` items left."""
    for lane in range(1, min(LANES, count) + 1):
        work_on(batch=batch, lane=lane, turn=1)


def work_on(*, batch, lane, turn):
    """Ask a worker to take its turn; `turn` counts up, so that other work comes in between."""
    key = f"batch:{batch.pk}:{lane}:{turn}"
    return enqueue(kind=BATCH_JOB, subject=batch, key=key, by=batch.asked_by, priority=PRIORITY)


def take_item(*, batch_pk, now=None):
    """The next item, held from now on by whoever called, or None where nothing is left to take."""
    now = now or timezone.now()
    items = BatchItem.objects.filter(batch_id=batch_pk, batch__state=BatchState.RUNNING)
    while True:
        item = items.filter(state=ItemState.WAITING).order_by("position").first()
        item = item or items.filter(_abandoned(now)).order_by("position").first()
        if item is None:
            return None
        if item.attempts >= MAX_ATTEMPTS:
            end_item(item=item, error=STOPPED)
            continue
        held = BatchItem.objects.filter(pk=item.pk, state=item.state, attempts=item.attempts)
        if held.update(state=ItemState.WORKING, attempts=F("attempts") + 1, taken_at=now):
            item.attempts += 1
            item.state = ItemState.WORKING
            return item


def keep_item(*, item):
    """Say that whoever holds the item is alive."""
    _held(item).update(taken_at=timezone.now())


def end_item(*, item, report=None, error=""):
    """Note what became of the item: a report, or why there is none. Ends the batch with its last item.

    Nothing happens where somebody else holds the item by now, or has finished it.
    """
    now = timezone.now()
    state = ItemState.DONE if report else ItemState.FAILED
    if _held(item).update(state=state, report=report, error=error[:300], finished_at=now):
        end_batch(batch_pk=item.batch_id)


def end_batch(*, batch_pk):
    """Close the batch where nothing of it is left to do."""
    if not BatchItem.objects.filter(batch_id=batch_pk, state__in=OPEN_STATES).exists():
        running = ReportBatch.objects.filter(pk=batch_pk, state=BatchState.RUNNING)
        running.update(state=BatchState.DONE, finished_at=timezone.now())


OPEN_STATES = (ItemState.WAITING, ItemState.WORKING)


def _held(item):
    """The row while it is as the caller took it."""
    return BatchItem.objects.filter(pk=item.pk, state=ItemState.WORKING, attempts=item.attempts)


def _abandoned(now):
    """Items held by a worker that has not been heard of for a while."""
    return Q(state=ItemState.WORKING, taken_at__lt=now - timedelta(seconds=ABANDONED_SECONDS))


def _record(event, batch, by, after):
    label = f"{ReportKind(batch.kind).label} ({batch.round.reference})"
    audit.record(event, batch, by=by, round_id=batch.round_id, label=label, after=after)
