"""Measures requests: time in pairs with their floor, queries, bytes, memory. Knows no pages."""

import gc
import statistics
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from django.db import connection

WARM_UP = 3


@dataclass(frozen=True)
class Measured:
    """One page at one size. Times in milliseconds of server time; ratios are the median over the pairs.

    `cpu` and `cpu_ratio` count only what this process computed: they hold on a busy machine too,
    but leave out what a database server does.
    """

    name: str
    kind: str
    median: float
    p95: float
    queries: int
    bytes: int
    peak_kb: int
    cpu: float
    floor: float | None = None
    ratio: float | None = None
    cpu_ratio: float | None = None
    rows: int | None = None

    def as_dict(self):
        return asdict(self)


class QueryCounter:
    """Counts statements of the default connection while it is active."""

    def __init__(self):
        self.count = 0

    def __call__(self, execute, sql, params, many, context):
        self.count += 1
        return execute(sql, params, many, context)


def measure_page(name, kind, request: Callable, floor: Callable, *, repeats, rows=None) -> Measured:
    """Request and floor one after the other, warm, so often; what stands beside is the same for both."""
    for _ in range(WARM_UP):
        request()
        floor()
    ours, bare = [], []
    gc.collect()
    gc.disable()
    try:
        for turn in range(repeats):
            # Whoever goes first now and then pays for the other: they take turns.
            pairs = [(request, ours), (floor, bare)]
            for work, times in pairs if turn % 2 else reversed(pairs):
                times.append(timed(work))
    finally:
        gc.enable()
    queries, size = count(request)
    return Measured(
        name,
        kind,
        statistics.median(each.wall for each in ours),
        p95([each.wall for each in ours]),
        queries,
        size,
        peak_memory(request),
        statistics.median(each.cpu for each in ours),
        statistics.median(each.wall for each in bare),
        statistics.median(a.wall / b.wall for a, b in zip(ours, bare, strict=True)),
        statistics.median(each.cpu for each in ours) / statistics.median(each.cpu for each in bare),
        rows,
    )


def measure_stream(name, kind, request: Callable, *, repeats, rows=None) -> Measured:
    """A streamed answer, read piece by piece. Memory is that of the whole process above its start."""
    counter, times, size, peak = QueryCounter(), [], 0, 0
    for _ in range(repeats):
        gc.collect()
        before, size, counter.count = resident_kb(), 0, 0
        start = Timed(time.perf_counter(), time.process_time())
        with connection.execute_wrapper(counter):
            for piece in pieces(request()):
                size += len(piece)
                peak = max(peak, resident_kb() - before)
        times.append(since(start))
    walls, cpu = [each.wall for each in times], statistics.median(each.cpu for each in times)
    return Measured(name, kind, statistics.median(walls), p95(walls), counter.count, size, peak, cpu, rows=rows)


@dataclass(frozen=True)
class Timed:
    """Milliseconds by the clock on the wall, and of the processor."""

    wall: float
    cpu: float


def timed(work):
    start = Timed(time.perf_counter(), time.process_time())
    read(work())
    return since(start)


def since(start):
    return Timed((time.perf_counter() - start.wall) * 1000, (time.process_time() - start.cpu) * 1000)


def count(request):
    """(queries, bytes) of one request."""
    counter = QueryCounter()
    with connection.execute_wrapper(counter):
        size = len(read(request()))
    return counter.count, size


def peak_memory(request):
    """Kilobytes that one request needs beyond what was there before."""
    gc.collect()
    tracemalloc.start()
    try:
        read(request())
        return tracemalloc.get_traced_memory()[1] // 1024
    finally:
        tracemalloc.stop()


def read(response):
    if response.status_code != 200:
        msg = f"{response.request['PATH_INFO']} answered {response.status_code}"
        raise RuntimeError(msg)
    return b"".join(pieces(response))


def pieces(response):
    return response.streaming_content if response.streaming else (response.content,)


def p95(times):
    return sorted(times)[min(len(times) - 1, round(0.95 * (len(times) - 1)))]


def resident_kb():
    """Memory of this process that lies in RAM; without /proc the highest it ever was."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return pages * 4
