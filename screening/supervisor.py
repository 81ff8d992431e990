"""Run child processes for as long as this process lives: start, restart, stop.

Plain Python without Django, so that it survives whatever happens to the database.
"""

import ctypes
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import FrameType

logger = logging.getLogger(__name__)

FIRST_PAUSE = 1.0  # seconds before a child that failed is started again; doubles each time
LONGEST_PAUSE = 30.0
SETTLED_AFTER = 60.0  # a child that lived this long begins again with the first pause
STOP_WITHIN = 20.0  # seconds a child has to finish what it is doing
POLL = 0.25
PR_SET_PDEATHSIG = 1


@dataclass
class Service:
    """One child process that has to run."""

    name: str
    command: Sequence[str]
    pass_fds: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_again_at: float = 0.0
    failures: int = field(default=0)

    def start(self) -> None:
        # A session of its own: Ctrl-C in the terminal reaches the supervisor only, and
        # whatever the child started can be ended together with it.
        self.process = subprocess.Popen(
            self.command,
            pass_fds=self.pass_fds,
            start_new_session=True,
            preexec_fn=die_with_parent(),
        )
        self.started_at = time.monotonic()

    def end(self, number: signal.Signals) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    def end_group(self) -> None:
        """Kill what is left of the child and of its own children."""
        if self.process is None:
            return
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass  # nothing left (macOS says so by refusing)


def die_with_parent() -> Callable[[], None] | None:
    """What a child runs first, so that it gets TERM when the supervisor is killed. Linux only."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def ask_for_signal() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it died in between
            os._exit(1)

    return ask_for_signal


class Supervisor:
    """Keeps services running until TERM or INT; a second signal does not wait for them."""

    def __init__(self, services: Sequence[Service]) -> None:
        self.services = list(services)
        self._signals = 0
        self._wake = threading.Event()

    def run(self) -> None:
        """Return when a signal came and every child has ended."""
        previous = {
            number: signal.signal(number, self._note_signal)
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
        }
        try:
            while not self._signals:
                for service in self.services:
                    self._look_after(service)
                self._wake.wait(POLL)
        finally:
            self._stop()
            for number, handler in previous.items():
                signal.signal(number, handler)

    def _note_signal(self, number: int, frame: FrameType | None) -> None:
        self._signals += 1
        self._wake.set()

    def _look_after(self, service: Service) -> None:
        now = time.monotonic()
        if service.process is None:
            if now >= service.start_again_at:
                service.start()
            return
        code = service.process.poll()
        if code is None:
            return
        service.end_group()
        service.process = None
        pause = self._pause_after(service, code, now)
        service.start_again_at = now + pause
        if code:
            logger.warning("%s ended (%s); starting it again in %.0f s", service.name, _reason(code), pause)

    def _pause_after(self, service: Service, code: int, now: float) -> float:
        """A child that ended by itself, in order, is replaced at once (workers do that now and then)."""
        if code == 0 and now - service.started_at > FIRST_PAUSE:
            service.failures = 0
            return 0.0
        if now - service.started_at > SETTLED_AFTER:
            service.failures = 0
        pause: float = min(FIRST_PAUSE * 2**service.failures, LONGEST_PAUSE)
        service.failures += 1
        return pause

    def _stop(self) -> None:
        for service in self.services:
            service.end(signal.SIGTERM)
        deadline = time.monotonic() + STOP_WITHIN
        while any(s.process is not None and s.process.poll() is None for s in self.services):
            if self._signals > 1 or time.monotonic() > deadline:
                logger.warning("Not waiting any longer for what is still running")
                break
            time.sleep(0.05)
        for service in self.services:
            service.end_group()
            if service.process is not None:
                service.process.wait()


def _reason(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"code {code}"
