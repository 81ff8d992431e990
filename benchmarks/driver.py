"""Runs every engine and size, prints the tables and writes the JSON."""

import argparse
import datetime as dt
import json
import os
import platform
import subprocess
import sys
import tempfile
from contextlib import contextmanager, nullcontext
from pathlib import Path

from benchmarks import postgres
from benchmarks.aims import judge, judge_reports

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"
ENGINES = ("sqlite", "postgresql")
REVIEWERS_OF_PANEL = 25
HEAD = f"{'':34} {'median':>9} {'p95':>9} {'floor':>8} {'ratio':>6} {'cpu':>9} {'ratio':>6} {'queries':>8} {'bytes':>11} {'peak':>9}"


def main():
    options = arguments()
    results = {
        "machine": machine(),
        "repeats": options.repeats,
        "skipped": [],
        "engines": {},
        "panel": {},
        "reports": {},
    }
    for engine in options.engine:
        with directory_for(engine, options.keep) as directory:
            measured = run_engine(engine, options, directory, results["skipped"])
            panel = run_panel(engine, options, directory / "panel", results["skipped"])
            reports = run_reports(engine, options, directory / "reports", results["skipped"])
        if measured:
            results["engines"][engine] = measured
            show(engine, measured)
        if panel:
            results["panel"][engine] = panel
            show_panel(engine, panel)
        if reports:
            results["reports"][engine] = reports
            show_reports(engine, reports)
    for reason in results["skipped"]:
        print(f"\nSkipped: {reason}")
    RESULTS.mkdir(exist_ok=True)
    stamp = dt.datetime.now(dt.UTC).strftime("%Y%m%d-%H%M%S")
    target = RESULTS / f"{stamp}.json"
    target.write_text(json.dumps(results, indent=1))
    print(f"\nWritten to {target.relative_to(ROOT)}")


def arguments():
    parser = argparse.ArgumentParser(prog="benchmarks/run", description="Measure the program at several sizes.")
    parser.add_argument("--sizes", default="100,1000,10000", help="numbers of proposals (default: %(default)s)")
    parser.add_argument("--engine", default="all", choices=("all", *ENGINES), help="which database (default: all)")
    parser.add_argument("--repeats", type=int, default=30, help="timed requests for each page (default: %(default)s)")
    parser.add_argument(
        "--panel", type=int, default=200, help="proposals of the round of a panel, 0: none (default: 200)"
    )
    parser.add_argument(
        "--reports", type=int, default=200, help="proposals of the round of the reports, 0: none (default: 200)"
    )
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the data there and use what is there already")
    options = parser.parse_args()
    options.sizes = sorted(int(size) for size in options.sizes.split(",") if size)
    options.engine = ENGINES if options.engine == "all" else (options.engine,)
    return options


@contextmanager
def directory_for(engine, keep):
    """Where the installations of one engine lie: gone afterwards, or kept to be measured again."""
    if keep:
        directory = keep.resolve() / engine
        directory.mkdir(parents=True, exist_ok=True)
        yield directory
        return
    with tempfile.TemporaryDirectory(prefix="screening-bench-") as temporary:
        yield Path(temporary)


def run_engine(engine, options, directory, skipped):
    """{size: what `one_size` found}; empty where the engine is not here."""
    programs = postgres.find_programs() if engine == "postgresql" else None
    if engine == "postgresql" and programs is None:
        skipped.append("PostgreSQL is not installed on this machine.")
        return {}
    measured = {}
    for size in options.sizes:
        place = directory / str(size)
        place.mkdir(exist_ok=True)
        with postgres.running(programs, place) if programs else nullcontext("") as database_url:
            print(f"{engine}, {size} proposals", file=sys.stderr, flush=True)
            try:
                measured[size] = run_size(size, options.repeats, place, database_url)
            except subprocess.CalledProcessError:
                skipped.append(f"{engine}, {size} proposals: it failed; see above.")
    return measured


def run_panel(engine, options, place, skipped):
    """What `panel_cases` found in a fresh installation; None where there is no such engine or no panel is asked for."""
    numbers = (options.panel, REVIEWERS_OF_PANEL, options.repeats)
    return run_part(engine, "benchmarks.panel_cases", numbers, place, skipped)


def run_reports(engine, options, place, skipped):
    """What `report_cases` found in a fresh installation; None where there is no such engine or none are asked for."""
    return run_part(engine, "benchmarks.report_cases", (options.reports,), place, skipped)


def run_part(engine, module, numbers, place, skipped):
    """What one module writes of a round with so many proposals as its first number says; None for 0."""
    programs = postgres.find_programs() if engine == "postgresql" else None
    if not numbers[0] or (engine == "postgresql" and programs is None):
        return None
    name = module.removeprefix("benchmarks.").removesuffix("_cases")
    place.mkdir(exist_ok=True)
    with postgres.running(programs, place) if programs else nullcontext("") as database_url:
        print(f"{engine}, {name} with {numbers[0]} proposals", file=sys.stderr, flush=True)
        try:
            return run_child(module, numbers, place, database_url)
        except subprocess.CalledProcessError:
            skipped.append(f"{engine}, {name}: it failed; see above.")
            return None


def run_size(size, repeats, place, database_url):
    return run_child("benchmarks.one_size", (size, repeats), place, database_url)


def run_child(module, numbers, place, database_url):
    """What the module writes, run in a process and an installation of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SCREENING_", "DATABASE_URL"))}
    target = place / "result.json"
    environment = {
        **kept,
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        "SCREENING_DATA": str(place / "data"),
        **({"DATABASE_URL": database_url} if database_url else {}),
    }
    command = [sys.executable, "-m", module, *map(str, numbers), str(target)]
    subprocess.run(command, check=True, cwd=ROOT, env=environment)
    return json.loads(target.read_text())


def show_panel(engine, panel):
    print(f"\n== {engine}, a panel: the work behind it\n{'':34} {'wall':>9} {'cpu':>9}")
    for work in panel["works"]:
        print(f"{work['name']:34} {work['wall']:7.2f} s {work['cpu']:7.2f} s  {work['note']}")
    print(f"\n== {engine}, a panel: its pages\n{HEAD}")
    for row in panel["pages"]:
        show_row(row)


def show(engine, measured):
    for size, result in measured.items():
        made = f"made in {result['made_in']} s" if result["made_in"] else "kept from before"
        print(f"\n== {engine}, {size} proposals x 3 assessments, {made}\n{HEAD}")
        for row in result["rows"]:
            show_row(row)
    show_aims(engine, judge(measured))


def show_aims(engine, judged):
    print(f"\n== {engine}, aims")
    for aim, figure, is_reached in judged:
        print(f"{'reached' if is_reached else 'NOT REACHED':12} {aim}: {figure}")


def show_reports(engine, reports):
    card = reports["scorecard"]
    pairs = {"plain WeasyPrint": {"ours": card["ours"], "theirs": card["reference"], "ratio": card["ratio"]}}
    print(f"\n== {engine}, reports\n{'processor time of one PDF':34} {'ours':>9} {'theirs':>11} {'ratio':>6}")
    for name, pair in {**pairs, **reports["peers"]}.items():
        ours, theirs = pair["ours"] * 1000, pair["theirs"] * 1000
        print(f"{'scorecard PDF against ' + name:40} {ours:6.0f} ms {theirs:5.0f} ms {pair['ratio']:6.2f}")
    for name in reports["missing"]:
        print(f"{'scorecard PDF against ' + name:40} not installed")
    stored, many, whole, workers = (reports[name] for name in ("stored", "many", "round", "workers"))
    print(
        f"a scorecard has {card['pages']} pages and {card['bytes']:,} bytes; the first of a process takes {card['first']:.2f} s\n"
        f"stored scorecard, served: {stored['wall'] * 1000:.1f} ms, processor {stored['cpu'] * 1000:.1f} ms\n"
        f"{many['count']} scorecards in a row: {many['each']:.2f} s each, processor {many['cpu_build']:.3f} s to gather and "
        f"{many['cpu_render']:.3f} s to lay out; worker {many['worker_mb']} MB, child {many['child_mb']} MB\n"
        f"{workers['done']} of {workers['asked']} scorecards by {workers['workers']} workers: {workers['seconds']:.0f} s, "
        f"processor {workers['cpu']:.0f} s in all; {workers['failed']} failed\n"
        f"round report, {whole['proposals']} proposals: {whole['seconds']:.1f} s, of these {whole['built_in']:.1f} s to gather; "
        f"{whole['pages']} pages, {whole['child_peak_mb']} MB"
    )
    show_aims(engine, judge_reports(reports))


def show_row(row):
    floor = f"{row['floor']:8.1f} {row['ratio']:6.1f}" if row["floor"] else f"{'':8} {'':6}"
    cpu = f"{row['cpu']:6.1f} ms {row['cpu_ratio'] or 0:6.1f}"
    print(
        f"{row['name']:34} {row['median']:6.1f} ms {row['p95']:6.1f} ms {floor} {cpu} {row['queries']:8} "
        f"{row['bytes']:11,} {row['peak_kb'] / 1024:6.1f} MB"
    )


def machine():
    return {
        "system": platform.platform(),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
    }


if __name__ == "__main__":
    main()
