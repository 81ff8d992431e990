"""The whole site as `./start` runs it: supervisor, web process and worker on an empty system."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = [
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc"),
    pytest.mark.skipif("sqlite3" not in settings.DATABASES["default"]["ENGINE"], reason="brings its own SQLite"),
]

START_WITHIN = 60
ADMINISTRATOR = {"SCREENING_ADMIN_EMAIL": "first@example.org", "SCREENING_ADMIN_PASSWORD": "a long enough phrase"}


def environment(data: Path) -> dict[str, str]:
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("SCREENING_", "COV_", "PYTEST_")) and name not in ("SECRET_KEY", "DATABASE_URL")
    }
    return {
        **clean,
        **ADMINISTRATOR,
        "SCREENING_DATA": str(data),
        "DJANGO_SETTINGS_MODULE": "screening.settings.base",
        "PYTHONUNBUFFERED": "1",
    }


class Site:
    """A running `manage.py serve`; `extra` are further variables of its environment."""

    beginning = ("--prepare", "empty")

    def __init__(self, data: Path, **extra: str) -> None:
        self.log = data.with_suffix(".log")
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", *self.beginning, "--port", "0", "--workers", "1"],
                cwd=settings.BASE_DIR,
                env={**environment(data), **extra},
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
            )
        line = self.wait_for(self._serving_line, START_WITHIN)
        self.url = line.split()[2]

    def _serving_line(self) -> str | None:
        if self.process.poll() is not None:
            raise AssertionError(self.log.read_text())
        return next((line for line in self.log.read_text().splitlines() if line.startswith("Serving on ")), None)

    def get(self, path: str) -> tuple[int, dict[str, str], str]:
        try:
            with urllib.request.urlopen(self.url + path, timeout=30) as response:
                return response.status, dict(response.headers), response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, dict(error.headers), error.read().decode()

    def child(self, part: str) -> int | None:
        """The process id of the child of the supervisor whose command line holds `part`."""
        pid = self.process.pid
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            try:
                if part in Path(f"/proc/{child}/cmdline").read_text():
                    return int(child)
            except FileNotFoundError:
                continue
        return None

    def wait_for(self, condition, seconds: float = 20, pause: float = 0.1):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if value := condition():
                return value
            time.sleep(pause)
        raise AssertionError(f"It did not happen in time.\n{self.log.read_text()}")


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("serve") / "data"


@pytest.fixture(scope="module")
def site(data):
    running = Site(data)
    yield running
    running.process.kill()
    running.process.wait()


def test_it_is_alive_and_ready(site):
    assert site.get("livez")[0] == 200
    status, _, body = site.get("readyz")
    assert (status, body) == (200, '{"status": "ok", "checks": {"database": "ok", "disk": "ok"}}')


def test_the_sign_in_page_is_served_under_the_policy(site):
    status, headers, body = site.get("accounts/login/")

    assert status == 200
    assert 'name="login"' in body
    assert set(headers["Content-Security-Policy"].split("; ")) == {
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "frame-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'self'",
    }


def test_static_files_have_names_that_can_be_kept_for_ever(site, data):
    names = json.loads((data / "static" / "staticfiles.json").read_text())["paths"]
    [style] = [stored for name, stored in names.items() if name == "css/tokens.css"]

    status, headers, _ = site.get(f"static/{style}")

    assert status == 200
    assert "immutable" in headers["Cache-Control"]


def test_what_lies_in_the_data_directory_is_for_the_owner_only(site, data):
    assert (data / "secret_key").stat().st_mode & 0o077 == 0
    assert data.stat().st_mode & 0o077 == 0


def test_a_killed_web_process_comes_back_and_nobody_is_refused(site):
    first = site.child("gunicorn")

    os.kill(first, signal.SIGKILL)

    # The supervisor holds the socket: this request waits for the new process, or is served
    # by the child that the killed one left and that has not seen it yet.
    assert site.get("livez")[0] == 200
    assert site.wait_for(lambda: (found := site.child("gunicorn")) and found != first and found)


def test_a_killed_worker_comes_back(site):
    first = site.wait_for(lambda: site.child("run_worker"))

    os.kill(first, signal.SIGKILL)

    assert site.wait_for(lambda: (found := site.child("run_worker")) and found != first and found)


def test_a_second_site_on_the_port_is_told(site, tmp_path):
    port = site.url.rstrip("/").rpartition(":")[2]

    second = subprocess.run(
        [sys.executable, "manage.py", "serve", "--port", port],
        cwd=settings.BASE_DIR,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert second.returncode == 2
    assert f"port {port}" in second.stderr


def test_term_stops_everything(site):
    children = [site.wait_for(lambda name=name: site.child(name)) for name in ("gunicorn", "run_worker")]

    site.process.terminate()

    assert site.process.wait(timeout=30) == 0
    assert [pid for pid in children if Path(f"/proc/{pid}").exists()] == []
    assert site.log.read_text().rstrip().endswith("Stopped.")
