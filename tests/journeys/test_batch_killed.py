"""A dozen reports on two workers, one of which is killed in the middle: nothing is lost or made twice."""

import hashlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import pytest
from django.conf import settings

from tests.screening.test_serve import environment

pytestmark = [
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="ends processes by their group"),
    pytest.mark.skipif("sqlite3" not in settings.DATABASES["default"]["ENGINE"], reason="brings its own SQLite"),
]

COUNT = 12
SEED = """
import django
django.setup()
from tests.journeys.helpers import seed_batch
seed_batch(12)
"""


class Workers:
    """An installation without a web server, and workers that are started one by one."""

    def __init__(self, data, prepared):
        shutil.copytree(prepared, data)
        self.data = data
        self.environment = {**environment(data), "SCREENING_JOB_STALE_SECONDS": "3"}
        self.running = []
        subprocess.run([sys.executable, "-c", SEED], cwd=settings.BASE_DIR, env=self.environment, check=True)

    def start(self):
        """A worker in a group of its own, as the supervisor starts it."""
        command = [sys.executable, "manage.py", "run_worker"]
        worker = subprocess.Popen(command, cwd=settings.BASE_DIR, env=self.environment, start_new_session=True)
        self.running.append(worker)
        return worker

    def stop(self):
        for worker in self.running:
            if worker.poll() is None:
                worker.terminate()
                worker.wait(timeout=60)

    def query(self, sql):
        database = f"file:{self.data / 'db.sqlite3'}?mode=ro"
        with closing(sqlite3.connect(database, uri=True, timeout=20)) as connection:
            return connection.execute(sql).fetchall()

    def states(self):
        return dict(self.query("SELECT state, COUNT(*) FROM checklist_batchitem GROUP BY state"))

    def wait_for(self, condition, seconds):
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, self.states()
            time.sleep(0.02)


@pytest.fixture
def workers(tmp_path, prepared_data):
    found = Workers(tmp_path / "data", prepared_data)
    yield found
    found.stop()


def test_a_worker_killed_in_the_middle_of_a_dozen_reports(workers):
    killed, _other = workers.start(), workers.start()
    workers.wait_for(lambda: workers.states().get("done", 0) >= 4 and workers.states().get("working") == 2, 120)

    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait()
    workers.wait_for(lambda: workers.query("SELECT 1 FROM checklist_reportbatch WHERE state = 'done'"), 180)

    assert workers.states() == {"done": COUNT}
    reports = workers.query("SELECT content_key, file, sha256 FROM checklist_issuedreport")
    assert len({key for key, _file, _hash in reports}) == len(reports) == COUNT
    for _key, name, sha256 in reports:
        assert hashlib.sha256((workers.data / "uploads" / name).read_bytes()).hexdigest() == sha256
    made = workers.query("SELECT COUNT(*) FROM screening_auditevent WHERE event = 'report_made'")
    assert made == [(COUNT,)]
    # What the killed worker held was begun again, and only that.
    attempts = dict(workers.query("SELECT attempts, COUNT(*) FROM checklist_batchitem GROUP BY attempts"))
    assert set(attempts) <= {1, 2}
    assert attempts.get(2, 0) <= 1
