"""Two addresses for whoever watches the site. Neither says anything about its content."""

import shutil

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

LEAST_FREE_BYTES = 100 * 1024 * 1024


@require_safe
@never_cache
def livez(request: HttpRequest) -> JsonResponse:
    """The process answers. Restart it when it does not."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """The process can do its work: 200, or 503 naming what is wrong."""
    checks = {"database": _database_is_ready(), "disk": _disk_has_room()}
    is_ready = all(checks.values())
    return JsonResponse(
        {
            "status": "ok" if is_ready else "unavailable",
            "checks": {name: "ok" if good else "failed" for name, good in checks.items()},
        },
        status=200 if is_ready else 503,
    )


def _database_is_ready() -> bool:
    """The database answers and has every migration."""
    try:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return False


def _disk_has_room() -> bool:
    try:
        return shutil.disk_usage(settings.SCREENING_DATA).free >= LEAST_FREE_BYTES
    except OSError:
        return False
