"""Child processes are started again, stopped, and do not outlive the supervisor."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from screening import supervisor

SLEEP = "import os, sys, time; open(sys.argv[1], 'a').write(f'{os.getpid()}\\n'); time.sleep(60)"
RUN = """
import sys
from screening.supervisor import Service, Supervisor
Supervisor([Service("child", [sys.executable, "-c", sys.argv[1], sys.argv[2]])]).run()
print("clean")
"""


@pytest.fixture
def pids(tmp_path) -> Path:
    return tmp_path / "pids"


@pytest.fixture
def start(pids):
    """Starts a supervisor whose child writes its process id down; ends it after the test."""
    started = []

    def start_supervisor(child: str = SLEEP) -> subprocess.Popen:
        process = subprocess.Popen(
            [sys.executable, "-c", RUN, child, str(pids)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        started.append(process)
        return process

    yield start_supervisor
    for process in started:
        process.kill()
        process.communicate()


def wait_for(condition, seconds: float = 10):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := condition():
            return value
        time.sleep(0.05)
    raise AssertionError("It did not happen in time.")


def written(pids: Path, count: int):
    return lambda: (lines := pids.read_text().split() if pids.exists() else []) and len(lines) >= count and lines


def is_alive(pid: str) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_killed_child_is_started_again(start, pids):
    start()
    [first] = wait_for(written(pids, 1))

    os.kill(int(first), signal.SIGKILL)

    lines = wait_for(written(pids, 2))
    assert lines[1] != first


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_the_child_and_ends_in_order(start, pids, number):
    process = start()
    [child] = wait_for(written(pids, 1))

    process.send_signal(number)
    out, err = process.communicate(timeout=10)

    assert (process.returncode, out) == (0, "clean\n"), err
    assert not is_alive(child)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells children")
def test_the_child_does_not_outlive_a_killed_supervisor(start, pids):
    process = start()
    [child] = wait_for(written(pids, 1))

    process.kill()

    wait_for(lambda: not is_alive(child))


def test_a_child_that_ignores_term_is_killed_at_the_second_signal(start, pids):
    process = start("import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + SLEEP)
    [child] = wait_for(written(pids, 1))

    process.terminate()
    time.sleep(0.3)
    assert process.poll() is None
    process.terminate()
    process.communicate(timeout=10)

    assert process.returncode == 0
    assert not is_alive(child)


class TestPause:
    def pauses(self, ends):
        service = supervisor.Service("child", [])
        keeper = supervisor.Supervisor([service])
        return [keeper._pause_after(service, code, lived) for code, lived in ends]

    def test_doubles_to_half_a_minute(self):
        assert self.pauses([(1, 0.1)] * 7) == [1, 2, 4, 8, 16, 30, 30]

    def test_begins_again_after_a_child_that_had_settled(self):
        assert self.pauses([(1, 0.1), (1, 0.1), (1, 61.0), (1, 0.1)]) == [1, 2, 1, 2]

    def test_is_none_for_a_child_that_ended_in_order(self):
        assert self.pauses([(0, 5.0)]) == [0]

    def test_holds_back_a_child_that_ends_at_once_without_error(self):
        assert self.pauses([(0, 0.1), (0, 0.1)]) == [1, 2]
