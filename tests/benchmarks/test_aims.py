"""What the benchmark calls reached, and how it measures."""

import pytest
from django.test import Client

from benchmarks import measuring
from benchmarks.aims import judge, judge_reports
from tests.factories import make_user


def row(name="proposal list", kind="list", **values):
    usual = {"median": 10.0, "queries": 9, "ratio": 2.0, "cpu_ratio": 2.0, "peak_kb": 500}
    return {"name": name, "kind": kind, **usual, **values}


def result(*rows):
    return {"rows": list(rows)}


def verdicts(results):
    return {aim: is_reached for aim, _figure, is_reached in judge(results)}


def test_a_list_that_keeps_all_aims():
    found = verdicts({100: result(row()), 10_000: result(row(median=14.9))})

    assert len(found) == 4
    assert all(found.values())


@pytest.mark.parametrize(
    ("large", "aim"),
    [
        (row(queries=16), "proposal list: at most 15 queries"),
        (row(queries=10), "proposal list: the same number of queries at every size"),
        (row(ratio=3.1), "proposal list: within 3 times the floor"),
        (row(median=15.1), "proposal list: within 1.5 times its time at the smallest size"),
        (row("saving one answer", "save", queries=9), "saving one answer: at most 8 queries"),
        (row("saving one answer", "save", ratio=2.1), "saving one answer: within 2 times the floor"),
        (row("form", "form", ratio=4.1), "form: within 4 times the floor"),
        (row("export", "export", peak_kb=31_000, ratio=None), "export: flat memory"),
    ],
)
def test_each_aim_can_be_missed(large, aim):
    small = {**large, "median": 10.0, "queries": 9, "ratio": 1.0, "peak_kb": 500}

    assert verdicts({100: result(small), 10_000: result(large)})[aim] is False


def test_one_size_alone_says_nothing_of_growth():
    assert set(verdicts({100: result(row())})) == {
        "proposal list: at most 15 queries",
        "proposal list: within 3 times the floor",
    }


@pytest.mark.django_db
def test_a_page_is_measured_beside_its_floor():
    client = Client()
    client.force_login(make_user(), backend="screening.adapter.Backend")

    found = measuring.measure_page(
        "rounds", "list", lambda: client.get("/rounds/"), lambda: client.get("/livez"), repeats=3
    )

    assert found.queries > 2
    assert found.bytes == len(client.get("/rounds/").content)
    assert found.ratio > 1
    assert found.peak_kb > 0


@pytest.mark.django_db
def test_a_page_that_is_not_there_is_no_figure():
    with pytest.raises(RuntimeError, match="answered 404"):
        measuring.measure_page("nothing", "list", *[lambda: Client().get("/nothing-here/")] * 2, repeats=1)


def test_p95_is_one_of_the_times():
    assert measuring.p95([3.0, 1.0, 2.0]) == 3.0
    assert measuring.p95([float(n) for n in range(1, 101)]) == 95.0


def reports(**values):
    whole = {"proposals": 200, "seconds": 20.0, "child_peak_mb": 300}
    usual = {
        "scorecard": {"ratio": 0.5, "pages": 4},
        "stored": {"wall": 0.006, "cpu": 0.004},
        "many": {"worker_mb": [90, 91], "child_mb": [120, 122]},
        "workers": {"workers": 2, "asked": 200, "done": 200, "seconds": 59.0, "cpu": 110.0},
        "round": whole,
    }
    return {**usual, **values}


def by_workers(**values):
    return {**reports()["workers"], **values}


@pytest.mark.parametrize(
    ("found", "missed"),
    [
        (reports(), 0),
        (reports(scorecard={"ratio": 0.6, "pages": 4}), 1),
        (reports(stored={"wall": 0.006, "cpu": 0.0051}), 1),
        (reports(many={"worker_mb": [90, 140], "child_mb": [120, 122]}), 1),
        (reports(workers=by_workers(seconds=61.0)), 1),
        (reports(workers=by_workers(done=199)), 1),
        (reports(workers=by_workers(asked=100, done=100, seconds=31.0)), 1),
        (reports(round={"proposals": 200, "seconds": 31.0, "child_peak_mb": 300}), 1),
        (reports(round={"proposals": 200, "seconds": 20.0, "child_peak_mb": 401}), 1),
        (reports(round={"proposals": 1000, "seconds": 90.0, "child_peak_mb": 900}), 0),
    ],
)
def test_reports_are_judged(found, missed):
    assert [is_reached for _aim, _figure, is_reached in judge_reports(found)].count(False) == missed
