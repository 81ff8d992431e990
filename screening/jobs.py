"""Background work: a Job row is the truth, the task queue only carries its id.

A handler is a function `handle_<name>(job)` in an app's `jobs.py`; the kind
"checklist.make_scorecard" names it, so that actions never import jobs. A handler must be
safe to run twice: a worker can die after the work and before the row says so.
"""

import logging
import threading
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_noop as _
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from .enums import JobState
from .models import Job

STALE_SECONDS = settings.SCREENING_JOB_STALE_SECONDS
HEARTBEAT_SECONDS = STALE_SECONDS / 6
MAX_ATTEMPTS = 3

logger = logging.getLogger(__name__)


class JobRefused(Exception):
    """The work cannot be done and trying again would not help.

    The message is an English sentence marked for translation; it is translated when it is shown.
    """


def enqueue(*, kind, subject, key, by=None, priority=0):
    """Ask for a piece of work and return its Job; an unfinished one with the same key is returned instead.

    The task starts after the surrounding transaction is committed. Work with a lower `priority` waits
    for the other.
    """
    existing = Job.objects.unfinished().filter(key=key).first()
    if existing:
        return existing
    try:
        with transaction.atomic():
            job = Job.objects.create(
                kind=kind, subject_type=subject._meta.model_name, subject_id=str(subject.pk), key=key, requested_by=by
            )
    except IntegrityError:
        return Job.objects.unfinished().get(key=key)
    transaction.on_commit(lambda: run_job.using(priority=priority).enqueue(job.pk))
    return job


@task()
def run_job(job_id):
    """Do the work of one Job; called by the worker."""
    now = timezone.now()
    claimed = Job.objects.filter(pk=job_id, state=JobState.QUEUED).update(
        state=JobState.RUNNING, started_at=now, heartbeat_at=now, attempts=F("attempts") + 1
    )
    if not claimed:
        return
    job = Job.objects.get(pk=job_id)
    state, error = JobState.DONE, ""
    try:
        with heartbeat(lambda: Job.objects.filter(pk=job_id).update(heartbeat_at=timezone.now())):
            _handler(job.kind)(job)
    except JobRefused as refusal:
        state, error = JobState.FAILED, str(refusal)
    except Exception as problem:
        logger.exception("Job %s (%s) failed", job_id, job.kind)
        state, error = JobState.FAILED, f"{type(problem).__name__}: {problem}"[:2000]
    Job.objects.filter(pk=job_id).update(state=state, error=error, finished_at=timezone.now())


def requeue_stale(*, now=None):
    """Queue again what was running in a worker that is gone; returns how many.

    Also hands jobs to the queue again whose task was lost before any worker took it. A job
    whose worker died MAX_ATTEMPTS times is marked failed.
    """
    now = now or timezone.now()
    before = now - timedelta(seconds=STALE_SECONDS)
    count = 0
    for job in Job.objects.stale(before=before):
        if job.attempts >= MAX_ATTEMPTS:
            text = _("The worker stopped several times while doing this.")
            Job.objects.filter(pk=job.pk, state=JobState.RUNNING).update(
                state=JobState.FAILED, error=text, finished_at=now
            )
        elif Job.objects.filter(pk=job.pk, state=JobState.RUNNING).update(state=JobState.QUEUED, heartbeat_at=now):
            run_job.enqueue(job.pk)
            count += 1
    for job in _lost(before):
        Job.objects.filter(pk=job.pk).update(heartbeat_at=now)
        run_job.enqueue(job.pk)
        count += 1
    return count


def _lost(before):
    """Queued jobs that no waiting task names: a process was killed between the job and its task."""
    jobs = Job.objects.filter(state=JobState.QUEUED)
    old = list(jobs.annotate(touched_at=Coalesce("heartbeat_at", "created_at")).filter(touched_at__lt=before))
    if not old:
        return []
    tasks = DBTaskResult.objects.filter(status=TaskResultStatus.READY, task_path=run_job.module_path)
    waiting = {said["args"][0] for said in tasks.values_list("args_kwargs", flat=True)}
    return [job for job in old if job.pk not in waiting]


def _handler(kind):
    app, name = kind.split(".")
    return import_string(f"{app}.jobs.handle_{name}")


@contextmanager
def heartbeat(say):
    """Call `say` every few seconds in a thread, to tell others that this worker is alive.

    Where the database is busy or restarts, the next beat tries again.
    """
    stop = threading.Event()

    def beat():
        try:
            while not stop.wait(HEARTBEAT_SECONDS):
                try:
                    say()
                except (OperationalError, InterfaceError):
                    connection.close()
        finally:
            connection.close()

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=HEARTBEAT_SECONDS)
