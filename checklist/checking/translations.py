"""What is missing in the translations of an instrument. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from checklist.checking.findings import Finding, doubtful
from checklist.instrument_content import InstrumentFile

_LISTS = ("look_for", "warning_signs")


def translation_findings(content: InstrumentFile, languages: Sequence[str]) -> Iterator[Finding]:
    """Languages without a text, places where some are missing, and lists of another length."""
    originals = {path: text for path, text in content.texts() if text.strip()}
    by_language: dict[str, dict[str, str]] = {}
    for each in content.translations:
        if each.text.strip():
            by_language.setdefault(each.language, {})[each.path] = each.text
    for language in languages:
        if language != content.language and language not in by_language and originals:
            yield doubtful("translation_missing", f"translations/{language}", language=language)
    for language, texts in by_language.items():
        yield from _of_language(language, texts, originals)


def _of_language(language: str, texts: Mapping[str, str], originals: Mapping[str, str]) -> Iterator[Finding]:
    places: dict[str, list[str]] = {}
    for path in originals:
        places.setdefault(_place(path), []).append(path)
    for paths in places.values():
        missing = [path for path in paths if path not in texts]
        if missing:
            count = {"missing": str(len(missing)), "total": str(len(paths))}
            yield doubtful("translation_partial", f"translations/{language}/{missing[0]}", language=language, **count)
    for path, text in texts.items():
        if path.rpartition("/")[2] not in _LISTS or path not in originals:
            continue
        here, there = len(text.splitlines()), len(originals[path].splitlines())
        if here != there:
            lines = {"lines": str(here), "wanted": str(there)}
            yield doubtful("translation_lines", f"translations/{language}/{path}", language=language, **lines)


def _place(path: str) -> str:
    """What a reader sees as one place: a criterion, or the head of the instrument."""
    parts = path.split("/")
    return "/".join(parts[:2]) if parts[0] == "criteria" else ""
