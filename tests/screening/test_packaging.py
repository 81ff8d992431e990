"""What is installed, and what the files in the checkout promise about it."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.conf import settings
from django.db.backends.postgresql import psycopg_any

ROOT = settings.BASE_DIR
REQUIREMENT_FILES = sorted((ROOT / "requirements").glob("*.txt"))


def test_django_uses_psycopg2():
    # Django takes psycopg 3 without a word as soon as anything installs it.
    assert psycopg_any.is_psycopg3 is False


def test_there_are_requirements_to_run_and_to_test():
    assert [path.name for path in REQUIREMENT_FILES] == ["base.txt", "dev.txt"]


@pytest.mark.parametrize("path", [*REQUIREMENT_FILES, ROOT / "pyproject.toml"], ids=lambda path: path.name)
def test_requirements_name_no_address(path):
    assert "://" not in path.read_text()


@pytest.mark.parametrize("path", REQUIREMENT_FILES, ids=lambda path: path.name)
def test_every_requirement_has_an_exact_version_and_a_hash(path):
    entries = re.split(r"\n(?=\S)", path.read_text().strip())

    for entry in entries:
        assert re.match(r"[a-z0-9-]+==\S+", entry), entry
        assert "--hash=sha256:" in entry, entry


def test_tests_run_with_the_versions_that_run_the_site():
    def pins(name):
        return set(re.findall(r"^([a-z0-9-]+==[^ \\]+)", (ROOT / "requirements" / name).read_text(), re.MULTILINE))

    assert pins("base.txt") <= pins("dev.txt")


def test_every_named_dependency_is_compiled():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    named = {re.match(r"[A-Za-z0-9-]+", line)[0].lower() for line in project["dependencies"]}
    compiled = set(re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements" / "base.txt").read_text(), re.MULTILINE))

    assert named - compiled == set()


def test_the_licence_is_bsd_3_clause():
    text = (ROOT / "LICENSE").read_text()

    assert text.startswith("BSD 3-Clause License")
    assert "The screening contributors" in text


@pytest.mark.parametrize("script", ["start", "runtests", ".ci/run", "manage.py", "requirements/compile"])
def test_scripts_can_be_run(script):
    assert os.access(ROOT / script, os.X_OK)


@pytest.mark.parametrize("script", ["start", "runtests", ".ci/run", "scripts/install.sh", "requirements/compile"])
def test_scripts_are_valid_bash(script):
    checked = subprocess.run(["bash", "-n", ROOT / script], capture_output=True, text=True, check=False)

    assert (checked.returncode, checked.stderr) == (0, "")


def test_only_the_two_modules_that_make_pdfs_import_weasyprint():
    importers = [
        path.relative_to(ROOT).as_posix()
        for app in ("screening", "proposals", "checklist")
        for path in (ROOT / app).rglob("*.py")
        if re.search(r"^\s*(from|import) weasyprint", path.read_text(), re.MULTILINE)
    ]

    assert set(importers) == {"screening/pdf.py", "screening/pdf_lines.py"}


def run(script: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a script of the checkout with nothing of ours in its environment."""
    clean = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [ROOT / script, *arguments],
        env={**clean, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


class TestStart:
    def test_help_names_every_option(self):
        text = run("start", "--help").stdout

        for option in ("--empty", "--port", "--host", "--data", "--install-only", "DATABASE_URL"):
            assert option in text

    @pytest.mark.parametrize("port", ["0", "65536", "eighty", "-1", "999999"])
    def test_a_port_that_is_none_is_refused(self, port):
        started = run("start", "--port", port)

        assert started.returncode == 2
        assert f"not '{port}'" in started.stderr

    def test_an_unknown_option_is_refused(self):
        started = run("start", "--prot", "8001")

        assert started.returncode == 2
        assert "Unknown option: --prot" in started.stderr

    def test_a_taken_port_is_named_before_anything_is_done(self, tmp_path):
        import socket

        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            started = run("start", "--port", str(port), "--data", str(tmp_path / "data"))

        assert started.returncode == 2
        assert f"Port {port} is taken" in started.stderr
        assert not (tmp_path / "data").exists()

    def test_a_python_that_was_named_and_is_none_is_refused(self, tmp_path):
        started = run("start", SCREENING_PYTHON=str(tmp_path / "none"))

        assert started.returncode == 1
        assert f"SCREENING_PYTHON names {tmp_path}/none" in started.stderr


class TestInstall:
    """The functions of scripts/install.sh on machines that this one is not."""

    def bash(self, text: str) -> subprocess.CompletedProcess[str]:
        prelude = f'set -euo pipefail; ROOT="{ROOT}"; PYTHON="{sys.executable}"; . "$ROOT/scripts/install.sh"; '
        return subprocess.run(["bash", "-c", prelude + text], capture_output=True, text=True, timeout=60, check=False)

    def test_probing_asks_the_loader(self):
        assert self.bash("has_library libc.so.6").returncode == 0
        assert self.bash("has_library libscreening-has-no-such-library.so.0").returncode != 0

    def test_without_root_missing_libraries_are_named_and_the_start_goes_on(self):
        done = self.bash(
            "has_library() { [ $1 != libpangoft2-1.0.so.0 ]; }; can_install_packages() { false; }; "
            "ensure_pdf_libraries; echo went on"
        )

        assert (done.returncode, done.stdout) == (0, "went on\n")
        assert "apt-get install -y libpangoft2-1.0-0\n" in done.stderr

    def test_root_installs_them(self):
        done = self.bash(
            "has_library() { false; }; can_install_packages() { true; }; "
            'install_packages() { echo "apt: $*"; }; ensure_pdf_libraries'
        )

        assert done.returncode == 0
        assert done.stdout.splitlines()[-1] == "apt: libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"

    def test_without_venv_and_root_the_line_to_run_is_printed(self, tmp_path):
        done = self.bash(
            f"VENV={tmp_path}/none; VENV_PYTHON=$VENV/bin/python; can_install_packages() {{ false; }}; "
            f'PYTHON="{self._python_without_venv(tmp_path)}"; ensure_venv'
        )

        assert done.returncode == 1
        assert re.search(r"apt-get install -y python3\.\d+-venv", done.stderr)

    def test_an_old_python_is_named(self, tmp_path):
        self._fake_python(tmp_path, "3.9.2")

        done = self.bash(f"SYSTEM_PYTHON=none; PATH={tmp_path}:/usr/bin:/bin; find_python")

        assert done.returncode == 1
        assert "Python 3.11 or newer is needed; this is Python 3.9.2" in done.stderr

    def test_the_python_of_the_system_is_preferred_where_it_can_make_an_environment(self, tmp_path):
        assert self.bash(f"SYSTEM_PYTHON={sys.executable}; find_python; echo $PYTHON").stdout == f"{sys.executable}\n"

        bare = self._python_without_venv(tmp_path)
        assert self.bash(f"SYSTEM_PYTHON={bare}; find_python; echo $PYTHON").stdout == "python3\n"

    def _fake_python(self, directory: Path, version: str) -> None:
        for name in ("python3", "python3.11", "python3.12", "python3.13", "python3.14"):
            script = directory / name
            script.write_text(f'#!/bin/sh\n[ "$1" = --version ] && echo "Python {version}" && exit 0\nexit 1\n')
            script.chmod(0o755)

    def _python_without_venv(self, directory: Path) -> Path:
        script = directory / "python"
        script.write_text(f'#!/bin/sh\ncase "$2" in *ensurepip*) exit 1 ;; esac\nexec "{sys.executable}" "$@"\n')
        script.chmod(0o755)
        return script


def test_this_python_is_one_we_support():
    assert sys.version_info >= (3, 11)
