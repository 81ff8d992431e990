"""What the figures should be, and whether they are. Plain values in, sentences out."""

MOST_QUERIES = {"save": 8}
MOST_QUERIES_OF_A_PAGE = 15
MOST_TIMES_THE_FLOOR = {"list": 3, "home": 3, "form": 4, "save": 2}
MOST_GROWTH = 1.5
GROWS = ("list", "home")
MOST_GROWTH_OF_EXPORT_MEMORY = 1.5
# Below this the memory of an export is flat, whatever the ratio of two small numbers says.
FLAT_KB = 30_000
MOST_SCORECARD = 0.6
MOST_STORED_MS = 5
MOST_GROWTH_OF_WORKER = 1.1
SCORECARDS_OF_WORKERS, MOST_SECONDS_OF_WORKERS = 200, 60
MOST_ROUND_REPORT_SECONDS, MOST_ROUND_REPORT_MB, ROUND_REPORT_OF = 30, 400, 200


def judge(results):
    """[(aim, figure, reached)] over the sizes of one engine: {size: {"rows": [...]}}."""
    sizes = sorted(results)
    small, large = results[sizes[0]], results[sizes[-1]]
    judged = []
    for row in large["rows"]:
        by_size = {size: _row(results[size], row["name"]) for size in sizes}
        judged += _judge_row(row, _row(small, row["name"]), by_size, is_one_size=len(sizes) == 1)
    return judged


def judge_reports(reports):
    """The same of the reports of one engine, as `report_cases` finds them."""
    card = reports["scorecard"]
    figure = f"{card['ratio']:.2f} ({card['pages']} pages)"
    yield f"scorecard PDF: under {MOST_SCORECARD} of plain WeasyPrint", figure, card["ratio"] < MOST_SCORECARD
    stored = reports["stored"]["cpu"] * 1000
    figure = f"{stored:.1f} ms ({reports['stored']['wall'] * 1000:.1f} ms by the clock)"
    yield f"stored scorecard: served within {MOST_STORED_MS} ms of processor time", figure, stored <= MOST_STORED_MS
    early, late = (sum(each) for each in zip(reports["many"]["worker_mb"], reports["many"]["child_mb"], strict=True))
    is_flat = late <= early * MOST_GROWTH_OF_WORKER
    yield "many scorecards: memory does not grow", f"{early} MB, {late} MB", is_flat
    yield _judge_workers(reports["workers"])
    whole = reports["round"]
    if whole["proposals"] <= ROUND_REPORT_OF:
        is_reached = whole["seconds"] <= MOST_ROUND_REPORT_SECONDS and whole["child_peak_mb"] <= MOST_ROUND_REPORT_MB
        figure = f"{whole['seconds']:.1f} s, {whole['child_peak_mb']} MB for {whole['proposals']}"
        yield f"round report: within {MOST_ROUND_REPORT_SECONDS} s and {MOST_ROUND_REPORT_MB} MB", figure, is_reached


def _judge_workers(workers):
    most = MOST_SECONDS_OF_WORKERS * workers["asked"] / SCORECARDS_OF_WORKERS
    is_reached = workers["done"] == workers["asked"] and workers["seconds"] <= most
    figure = f"{workers['seconds']:.0f} s by the clock, {workers['cpu']:.0f} s of processor time"
    return f"{workers['asked']} scorecards on {workers['workers']} workers: within {most:.0f} s", figure, is_reached


def _judge_row(row, small, by_size, *, is_one_size):
    name, kind, judged = row["name"], row["kind"], []
    if kind != "export":
        most = MOST_QUERIES.get(kind, MOST_QUERIES_OF_A_PAGE)
        judged.append((f"{name}: at most {most} queries", str(row["queries"]), row["queries"] <= most))
    if kind in MOST_TIMES_THE_FLOOR:
        most = MOST_TIMES_THE_FLOOR[kind]
        figure = f"{row['ratio']:.1f} ({row['cpu_ratio']:.1f} by processor time)"
        judged.append((f"{name}: within {most} times the floor", figure, row["ratio"] <= most))
    if is_one_size:
        return judged
    counts = [each["queries"] for each in by_size.values()]
    judged.append((f"{name}: the same number of queries at every size", _joined(counts), len(set(counts)) == 1))
    if kind in GROWS:
        growth = row["median"] / small["median"]
        judged.append(
            (
                f"{name}: within {MOST_GROWTH} times its time at the smallest size",
                f"{growth:.2f}",
                growth <= MOST_GROWTH,
            )
        )
    if kind == "export":
        is_flat = row["peak_kb"] <= max(FLAT_KB, small["peak_kb"] * MOST_GROWTH_OF_EXPORT_MEMORY)
        peaks = _joined(f"{each['peak_kb'] / 1024:.0f} MB" for each in by_size.values())
        judged.append((f"{name}: flat memory", peaks, is_flat))
    return judged


def _row(result, name):
    return next(row for row in result["rows"] if row["name"] == name)


def _joined(values):
    return ", ".join(str(value) for value in values)
