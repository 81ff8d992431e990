"""Reports: one beside other libraries, a stored one, many with the memory they take, and the round report.

Called by `benchmarks/run` as `report_cases.py SIZE FILE`, with SCREENING_DATA and DATABASE_URL set.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import django

from benchmarks import peers
from benchmarks.worker_cases import made_by_workers

MANY = 40
PAIRS = 5
RUNS = 7


def main(size: int, target: str) -> None:
    django.setup()
    from dataclasses import asdict

    from django.core.management import call_command

    from benchmarks.cases import Cases
    from benchmarks.one_size import make_data
    from benchmarks.scorecard_cases import measure_scorecard
    from screening.pdf import unavailable_reason

    call_command("prepare", stdout=sys.stderr)
    if reason := unavailable_reason():
        raise SystemExit(reason)
    make_data(size)
    cases = Cases(size, RUNS)
    card = measure_scorecard(cases.submitted.pk, RUNS)
    found = {"scorecard": {**asdict(card), "ratio": card.ratio}, **measure_reports(cases)}
    Path(target).write_text(json.dumps(found))


def measure_reports(cases: Any) -> dict[str, Any]:
    """Everything about reports of one installation; times are seconds."""
    from checklist.reporting.scorecard import scorecard_document
    from checklist.reports import build_scorecard
    from checklist.selectors.scorecards import assessments_for_reports

    card = build_scorecard(assessments_for_reports().get(pk=cases.submitted.pk))
    ours = scorecard_document(card).make_here
    ours()
    found = {"peers": {name: _against(ours, partial(make, card)) for name, make in peers.available().items()}}
    found["missing"] = [name for name in ("ReportLab", "Typst") if name not in found["peers"]]
    found |= {"stored": _stored(cases), "many": _many(cases), "round": _round_report(cases)}
    return {**found, "workers": made_by_workers(cases)}


def _against(ours: Callable[[], object], theirs: Callable[[], object]) -> dict[str, float]:
    """Processor time of both in turns; `ratio` is ours to theirs."""
    theirs()
    times = [(_cpu(ours), _cpu(theirs)) for _ in range(PAIRS)]
    mine, other = (statistics.median(each) for each in zip(*times, strict=True))
    return {"ours": mine, "theirs": other, "ratio": mine / other}


def _stored(cases: Any) -> dict[str, float]:
    """A finished scorecard taken out by its page, warm: the whole request, as an officer makes it."""
    from django.urls import reverse

    from benchmarks.measuring import read
    from checklist.jobs import make_scorecard
    from checklist.selectors.scorecards import assessments_for_reports
    from screening.garbage import settle

    assessment = assessments_for_reports().get(pk=cases.submitted.pk)
    settle()  # as the web process does when it starts
    make_scorecard(assessment, language=assessment.language, by=None)
    address = reverse("checklist:scorecard-pdf", args=[assessment.pk])
    times = []
    for _ in range(3 + 15):
        wall, cpu = time.perf_counter(), time.process_time()
        response = cases.officer.get(address)
        read(response)
        times.append((time.perf_counter() - wall, time.process_time() - cpu))
        if response.headers["Content-Type"] != "application/pdf":
            raise AssertionError("The stored scorecard was not served.")
    walls, cpus = zip(*times[3:], strict=True)
    return {"wall": statistics.median(walls), "cpu": statistics.median(cpus)}


def _many(cases: Any) -> dict[str, Any]:
    """Scorecards one after the other as a worker makes them: seconds each, and how the memory grows."""
    from checklist.models import Assessment
    from checklist.reporting.scorecard import scorecard_document
    from checklist.reports import build_scorecard
    from checklist.selectors.scorecards import assessments_for_reports
    from screening import pdf_child

    pks = list(Assessment.objects.submitted().filter(proposal__round=cases.round).values_list("pk", flat=True)[:MANY])
    began, parent, child, child_memory, memory = time.perf_counter(), 0.0, 0.0, [], []
    for pk in pks:
        start = time.process_time()
        document = scorecard_document(build_scorecard(assessments_for_reports().get(pk=pk)))
        document.make()
        parent += time.process_time() - start
        memory.append(_resident(os.getpid()))
        child_memory.append(_resident(pdf_child.kept_pid()))
        child = _child_cpu(pdf_child.kept_pid())
    quarter = max(len(pks) // 4, 1)
    return {
        "count": len(pks),
        "each": (time.perf_counter() - began) / len(pks),
        "cpu_build": parent / len(pks),
        "cpu_render": child / len(pks),
        "worker_mb": [memory[quarter], memory[-1]],
        "child_mb": [child_memory[quarter], child_memory[-1]],
    }


def _round_report(cases: Any) -> dict[str, Any]:
    """The report on the whole round for its officer, gathered and made."""
    from benchmarks.cases import OFFICER
    from checklist.reporting.making import Options, document_of, maker_of
    from screening import pdf_child
    from screening.models import User

    officer, maker, options = User.objects.get(email=OFFICER), maker_of("round"), Options("en")
    pdf_child.stop_kept()
    began = time.perf_counter()
    document = document_of(maker, maker.load(cases.round.pk), options, maker.build(cases.round, options, officer))
    built = time.perf_counter() - began
    made = document.make()
    peak = _peak(pdf_child.kept_pid())
    pdf_child.stop_kept()
    return {
        "proposals": cases.size,
        "seconds": time.perf_counter() - began,
        "built_in": built,
        "pages": made.page_count,
        "bytes": len(made.data),
        "child_peak_mb": peak,
    }


# -- What the system says ------------------------------------------------------------------------


def _cpu(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _status(pid: int | None, field: str) -> int:
    """A figure of /proc in MB; 0 where there is none."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith(f"{field}:")), 0)


def _resident(pid: int | None) -> int:
    return _status(pid, "VmRSS")


def _peak(pid: int | None) -> int:
    return _status(pid, "VmHWM")


def _child_cpu(pid: int | None) -> float:
    """Processor seconds of a process so far; 0 where the system does not say."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
