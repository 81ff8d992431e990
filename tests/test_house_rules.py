"""Rules of the house that no other tool checks."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = settings.BASE_DIR
APPS = ("screening", "proposals", "checklist")
LONGEST_FUNCTION = 40
LONGEST_FILE = 400
# What is longer, each with its reason.
LONGER_FUNCTIONS: dict[str, str] = {
    "checklist/selectors/drafts.py:_union": "the seven parts of one UNION, which must line up",
    "screening/gallery.py:samples": "a list of samples without a branch",
}
LONGER_FILES: dict[str, str] = {
    "tests/checklist/test_agreement.py": "worked examples beside each other",
    "tests/checklist/test_matching.py": "worked examples beside each other",
}

MODULES = sorted(path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts)
TESTS = sorted((ROOT / "tests").rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
# E-mails and the templates of PDFs never meet the policy of a browser.
PAGES = [path for path in TEMPLATES if not {"emails", "reports"} & set(path.parts)]
SCRIPTS_AND_STYLES = sorted(
    path for kind in ("js", "mjs", "css") for path in (ROOT / "static").rglob(f"*.{kind}") if "vendor" not in path.parts
)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_files_stay_short():
    long = {name(path) for path in MODULES + TESTS if len(path.read_text().splitlines()) > LONGEST_FILE}

    assert long == set(LONGER_FILES)


def test_functions_stay_short():
    long = {
        f"{name(path)}:{node.name}"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    }

    assert long == set(LONGER_FUNCTIONS)


def test_actions_never_see_a_request():
    actions = [path for path in MODULES if "actions" in path.parts or path.name == "actions.py"]
    seeing = {
        name(path)
        for path in actions
        for node in ast.walk(ast.parse(path.read_text()))
        if "request" in (getattr(node, "id", ""), getattr(node, "arg", ""))
        or (isinstance(node, ast.ImportFrom) and (node.module or "").startswith("django.http"))
    }

    assert actions
    assert seeing == set()


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("style attributes", r"<[^>{%]*\sstyle\s*="),
        ("style elements", r"<style\b"),
        ("handlers in attributes", r"<[^>]*\son[a-z]+\s*="),
        ("scripts in the page", r"<script\b(?![^>]*\b(src|type=\"application/json\"))"),
    ],
)
def test_pages_hold_nothing_that_the_policy_forbids(what, pattern):
    assert PAGES
    assert [name(path) for path in PAGES if re.search(pattern, path.read_text(), re.IGNORECASE)] == []


def test_nothing_is_fetched_from_elsewhere():
    fetched = re.compile(
        r"""(src|srcset|action|<link[^>]*href)\s*=\s*["'](https?:)?//|url\(\s*["']?(https?:)?//|@import"""
    )

    assert [name(path) for path in TEMPLATES + SCRIPTS_AND_STYLES if fetched.search(path.read_text())] == []


def test_maps_of_sources_are_not_named():
    # A manifest of static files stops at a map that is not there.
    files = [path for kind in ("js", "mjs", "css") for path in (ROOT / "static").rglob(f"*.{kind}")]

    assert [name(path) for path in files if "sourceMappingURL=" in path.read_text()] == []
