"""One engine at one size, in a process of its own: makes the data, measures, writes JSON.

Called by `benchmarks/run` as `one_size.py SIZE REPEATS FILE`, with SCREENING_DATA and DATABASE_URL set.
"""

import json
import sys
import time
from pathlib import Path

import django


def main(size, repeats, target):
    django.setup()
    from django.core.management import call_command
    from django.urls import get_resolver

    from benchmarks.cases import Cases

    _ = get_resolver().url_patterns  # a mistake in a view shows before the data are made
    call_command("prepare", stdout=sys.stderr)
    made_in = make_data(size)
    cases = Cases(size, repeats)
    rows = []
    for measured in cases.run():
        print(f"  {measured.name}: {measured.median:.1f} ms, {measured.queries} queries", file=sys.stderr, flush=True)
        rows.append(measured.as_dict())
    Path(target).write_text(json.dumps({"made_in": made_in, "rows": rows}))


def make_data(size):
    """Seconds that the large round took to make; None where it is here already."""
    from django.core.management import call_command
    from django.db import connection

    from benchmarks.cases import add_work_in_progress
    from proposals.models import FundingRound

    if FundingRound.objects.filter(reference=f"BENCH-{size}").exists():
        return None
    start = time.perf_counter()
    call_command("create_demo", proposals=size, stdout=sys.stderr)
    made_in = time.perf_counter() - start
    add_work_in_progress()
    with connection.cursor() as cursor:
        # What autovacuum does by itself after a while.
        cursor.execute("ANALYZE")
    return round(made_in, 1)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
