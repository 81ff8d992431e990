"""Background work after a process was killed: nothing is lost, nothing is done twice."""

import datetime as dt
import threading

import pytest
from django.db import OperationalError
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from screening import jobs
from screening.enums import JobState
from screening.models import Job
from tests.factories import make_user

pytestmark = pytest.mark.django_db

LONG_AGO = timezone.now() - dt.timedelta(hours=1)


@pytest.fixture
def done(monkeypatch):
    """The ids of the jobs that were worked on, in order."""
    ids = []
    monkeypatch.setattr(jobs, "_handler", lambda kind: lambda job: ids.append(job.pk))
    return ids


def make_job(**fields):
    subject = make_user()
    fields = {"created_at": LONG_AGO, "key": f"test:{subject.pk}", **fields}
    return Job.objects.create(kind="screening.test", subject_type="user", subject_id=str(subject.pk), **fields)


def wait_in_queue(job):
    DBTaskResult.objects.create(
        task_path=jobs.run_job.module_path, args_kwargs={"args": [job.pk], "kwargs": {}}, run_after=timezone.now(),
        queue_name="default", backend_name="default", exception_class_path="", traceback="",
    )  # fmt: skip


def test_a_job_whose_task_was_never_made_is_done_all_the_same(done):
    job = make_job()  # the web process was killed between the two

    assert jobs.requeue_stale() == 1

    job.refresh_from_db()
    assert (done, job.state, job.attempts) == ([job.pk], JobState.DONE, 1)


def test_a_job_that_waits_its_turn_is_left_alone(done):
    wait_in_queue(make_job())

    assert jobs.requeue_stale() == 0
    assert done == []


def test_a_job_that_was_just_asked_for_is_left_alone(done):
    make_job(created_at=timezone.now())

    assert jobs.requeue_stale() == 0
    assert done == []


def test_a_running_job_without_a_sign_of_life_is_begun_again(done):
    job = make_job(state=JobState.RUNNING, attempts=1, heartbeat_at=LONG_AGO)

    assert jobs.requeue_stale() == 1
    assert done == [job.pk]


def test_a_running_job_that_shows_life_is_left_alone(done):
    make_job(state=JobState.RUNNING, attempts=1, heartbeat_at=timezone.now())

    assert jobs.requeue_stale() == 0
    assert done == []


def test_a_job_that_killed_its_worker_every_time_is_given_up(done):
    job = make_job(state=JobState.RUNNING, attempts=jobs.MAX_ATTEMPTS, heartbeat_at=LONG_AGO)

    assert jobs.requeue_stale() == 0

    job.refresh_from_db()
    assert (done, job.state) == ([], JobState.FAILED)
    assert "several times" in job.error


def test_a_task_that_runs_twice_does_the_work_once(done):
    job = make_job()

    jobs.run_job.call(job.pk)
    jobs.run_job.call(job.pk)

    assert done == [job.pk]


def test_a_worker_goes_on_saying_that_it_is_alive_after_the_database_was_busy(monkeypatch):
    monkeypatch.setattr(jobs, "HEARTBEAT_SECONDS", 0.01)
    said, often = [], threading.Event()

    def say():
        said.append(len(said))
        if len(said) < 3:
            raise OperationalError("database is locked")
        often.set()

    with jobs.heartbeat(say):
        assert often.wait(timeout=30)
