"""Many scorecards as an officer asks for them: by the workers, over the database, until the batch has ended.

Called by `report_cases`, for `benchmarks/run`.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
COUNT, WORKERS = 200, 2
STARTING_SECONDS = 8
LONGEST_SECONDS = 900
LOOK_AGAIN_SECONDS = 0.5


def made_by_workers(cases: Any) -> dict[str, Any]:
    """Seconds from asking to the last PDF, and the processor time of all that took part, start of workers included."""
    from django.utils import timezone

    from benchmarks.cases import OFFICER
    from checklist.actions.batches import request_batch
    from checklist.selectors.batches import progress_of, scorecards_of
    from screening.models import User

    officer = User.objects.get(email=OFFICER)
    cards = list(scorecards_of(officer, cases.round).exclude(pk=cases.submitted.pk)[:COUNT])
    look = {"language": "en", "paper": "a4", "names": "named"}
    before = _cpu_of_children()
    with _workers():
        time.sleep(STARTING_SECONDS)
        began = time.perf_counter()
        batch = request_batch(round_=cases.round, kind="scorecard", subjects=cards, options=look, by=officer)
        while batch.state == "running" and time.perf_counter() - began < LONGEST_SECONDS:
            time.sleep(LOOK_AGAIN_SECONDS)
            batch.refresh_from_db()
        seconds = time.perf_counter() - began
    progress = progress_of(batch, timezone.now())
    return {
        "workers": WORKERS,
        "asked": len(cards),
        "done": progress.done,
        "failed": progress.failed,
        "seconds": seconds,
        "cpu": _cpu_of_children() - before,
    }


@contextmanager
def _workers():
    """Workers of this installation; ended in order, so that what they used is known."""
    command = [sys.executable, str(ROOT / "manage.py"), "run_worker"]
    running = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(WORKERS)
    ]
    try:
        yield
    finally:
        for worker in running:
            worker.terminate()
        for worker in running:
            worker.wait(timeout=60)


def _cpu_of_children() -> float:
    """Processor seconds of processes that have ended and were waited for, theirs included."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
