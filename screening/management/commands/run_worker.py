"""Run background jobs, and put back the ones that a killed worker left behind."""

import logging
import threading
import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import close_old_connections, connection
from django.utils.module_loading import import_string

from screening import jobs
from screening.orphans import clear_orphans

logger = logging.getLogger(__name__)

REQUEUE_EVERY = jobs.STALE_SECONDS
TIDY_EVERY = 24 * 3600
KEEP_DAYS = 14
# Then the worker ends and the supervisor starts a new one: PDF libraries keep memory.
MAX_TASKS = 200


class Command(BaseCommand):
    help = "Run background jobs. `serve` starts this beside the web process."

    def handle(self, **options: Any) -> None:
        jobs.requeue_stale()
        threading.Thread(target=keep_house, name="housekeeping", daemon=True).start()
        call_command("db_worker", interval=0.5, startup_delay=False, max_tasks=MAX_TASKS, reload=False)


def keep_house() -> None:
    """Requeue stale jobs and do the regular work now and then; once a day drop old results,
    sessions and files that no row names.

    A failure is logged and tried again in the next round: a database that is away ends
    the worker itself, and the supervisor waits for it to come back.
    """
    tidied_at: float | None = None
    while True:
        try:
            jobs.requeue_stale()
            regular_work()
            if tidied_at is None or time.monotonic() - tidied_at > TIDY_EVERY:
                tidy()
                tidied_at = time.monotonic()
        except Exception:
            logger.exception("Housekeeping failed; next attempt in %s s", REQUEUE_EVERY)
            connection.close()
        close_old_connections()
        time.sleep(REQUEUE_EVERY)


def regular_work() -> None:
    """What the apps ask for; one that fails does not keep the others from being done."""
    for path in settings.SCREENING_REGULAR_WORK:
        try:
            import_string(path)()
        except Exception:
            logger.exception("%s failed; next attempt in %s s", path, REQUEUE_EVERY)
            connection.close()


def tidy() -> None:
    call_command("prune_db_task_results", min_age_days=KEEP_DAYS, verbosity=0)
    call_command("clearsessions")
    clear_orphans()
