"""PDFs are rendered in a child process: a text that hangs the engine or fills the memory ends there.

The child is kept warm between PDFs and replaced after a number of them. It gets no secrets: its
environment holds paths and language only, it knows neither database nor settings. If the parent
dies, the child reads the end of its input and goes; if it hangs then, an alarm ends it.
"""

from __future__ import annotations

import atexit
import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, cast

from django.utils.translation import gettext_noop as _

from screening.garbage import settle
from screening.pdf import MadePdf, PdfDocument, PdfUnavailable, ReportFailed, prepare_engine, unavailable_reason

TIME_LIMIT_SECONDS = 120
MEMORY_LIMIT_BYTES = 2 * 1024**3
# Then a new one is started, which takes as long as a few PDFs; sooner where it has grown large.
RENDERS_PER_CHILD = 250
LARGE_BYTES = 400 * 1024**2
KEPT_VARIABLES = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "TMPDIR",
    "LD_LIBRARY_PATH",
    "DYLD_FALLBACK_LIBRARY_PATH",
    "SYSTEMROOT",
    "XDG_CACHE_HOME",
    "FONTCONFIG_FILE",
    "FONTCONFIG_PATH",
)

# Each answer begins with one of these, then the length and the content.
MADE, REFUSED, FAILED, OUT_OF_MEMORY, UNAVAILABLE = b"+", b"r", b"-", b"m", b"u"


class Child:
    """One child process; `render` is called by one thread at a time."""

    def __init__(self, *, seconds: float, memory: int) -> None:
        self.seconds = seconds
        self.renders = 0
        self.owner = os.getpid()
        root = str(Path(__file__).resolve().parent.parent)
        kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
        self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-m", "screening.pdf_child", str(memory), str(int(seconds) + 5)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=root,
            env={**kept, "PYTHONPATH": root},
            start_new_session=True,
        )
        self.input = cast(BinaryIO, self.process.stdin)
        self.output = cast(BinaryIO, self.process.stdout)

    @property
    def is_usable(self) -> bool:
        if self.owner != os.getpid() or self.process.poll() is not None:
            return False
        return self.renders < RENDERS_PER_CHILD and _resident_bytes(self.process.pid) < LARGE_BYTES

    def render(self, document: PdfDocument) -> MadePdf:
        """The finished PDF. After any refusal the child is gone and must be replaced."""
        self.renders += 1
        late = threading.Event()
        alarm = threading.Timer(self.seconds, lambda: (late.set(), self.process.kill()))
        alarm.daemon = True
        alarm.start()
        try:
            _write(self.input, document.to_json().encode())
            kind = self.output.read(1)
            content = _read(self.output)
        except (BrokenPipeError, EOFError, OSError):
            kind, content = b"", b""
        except BaseException:
            # Its answer would be read as that to the next document.
            self.stop()
            raise
        finally:
            alarm.cancel()
        if kind != MADE:
            self.stop()
        if late.is_set():
            raise ReportFailed(_("The report took too long and was stopped."))
        return _made(kind, content)

    def stop(self) -> None:
        """End the process and wait for it."""
        if self.owner == os.getpid():
            self.process.kill()
            self.process.wait()
            self.output.close()
            with suppress(OSError):  # bytes that were not sent to a process that is gone
                self.input.close()


def _resident_bytes(pid: int) -> int:
    """The memory a process holds; 0 where the system does not say."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _made(kind: bytes, content: bytes) -> MadePdf:
    if kind == MADE:
        return MadePdf(content[4:], int.from_bytes(content[:4], "big"))
    if kind == REFUSED:
        raise ReportFailed(content.decode())
    if kind == UNAVAILABLE:
        raise PdfUnavailable(unavailable_reason() or content.decode())
    if kind == OUT_OF_MEMORY:
        raise ReportFailed(_("The report needed more memory than one report may use and was stopped."))
    if kind == FAILED:
        raise ReportFailed(f"The report could not be made: {content.decode()}")
    raise ReportFailed(
        _("The report used more memory than one report may use, or broke the PDF engine; it was stopped.")
    )


_lock = threading.Lock()
_kept: Child | None = None


def render(document: PdfDocument, *, seconds: float | None = None, memory: int | None = None) -> MadePdf:
    """Render in the kept child; own limits get a child of their own."""
    global _kept
    if seconds is not None or memory is not None:
        child = Child(seconds=seconds or TIME_LIMIT_SECONDS, memory=memory or MEMORY_LIMIT_BYTES)
        try:
            return child.render(document)
        finally:
            child.stop()
    with _lock:
        if _kept is None or not _kept.is_usable:
            stop_kept()
            _kept = Child(seconds=TIME_LIMIT_SECONDS, memory=MEMORY_LIMIT_BYTES)
        return _kept.render(document)


def kept_pid() -> int | None:
    """The number of the kept child's process, for those who measure; None where there is none."""
    return _kept.process.pid if _kept is not None else None


def stop_kept() -> None:
    """End the kept child, if there is one."""
    global _kept
    if _kept is not None:
        _kept.stop()
        _kept = None


atexit.register(stop_kept)


# -- Frames: eight bytes of length, then the content --------------------------------------------


def _write(pipe: BinaryIO, content: bytes) -> None:
    pipe.write(len(content).to_bytes(8, "big") + content)
    pipe.flush()


def _read(pipe: BinaryIO) -> bytes:
    head = pipe.read(8)
    if len(head) < 8:
        raise EOFError
    length = int.from_bytes(head, "big")
    content = pipe.read(length)
    if len(content) < length:
        raise EOFError
    return content


# -- In the child -------------------------------------------------------------------------------


def main(memory: int, seconds: int) -> None:
    """Answer documents until the input ends."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nothing else writes there
    _limit_memory(memory)
    _warm_up()
    while True:
        try:
            request = _read(sys.stdin.buffer)
        except EOFError:
            return
        if hasattr(signal, "alarm"):
            signal.alarm(seconds)
        kind, content = _answer(request)
        if hasattr(signal, "alarm"):
            signal.alarm(0)
        answers.write(kind)
        _write(answers, content)


def _warm_up() -> None:
    """Load the engine, its styles and fonts before the first document, and leave them out of collections."""
    try:
        prepare_engine()
    except Exception:
        return  # said by name where a document asks for it
    settle()


def _answer(request: bytes) -> tuple[bytes, bytes]:
    try:
        made = PdfDocument.from_json(request).make_here()
    except MemoryError:
        return OUT_OF_MEMORY, b""
    except PdfUnavailable as problem:
        return UNAVAILABLE, str(problem).encode()
    except ReportFailed as problem:
        return REFUSED, str(problem).encode()
    except Exception as problem:
        return FAILED, f"{type(problem).__name__}: {problem}"[:300].encode()
    return MADE, made.page_count.to_bytes(4, "big") + made.data


def _limit_memory(limit: int) -> None:
    """Address space of this process; without effect where the system has no such limit."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
