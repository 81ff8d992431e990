"""Reads YAML by its nodes, so that every error can name its file and line. Pure, no Django.

Scalars are taken as they are written: `yes` and `no` stay words and never become booleans.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import yaml

from checklist.tidying import CONTROL, tidy_line, tidy_text

DEEPEST = 20


@dataclass(frozen=True)
class FileError:
    """One thing wrong in a file, with its place."""

    file: str
    line: int
    path: str
    message: str
    # Of a workbook: the name of the sheet and the letter of the column; the line is the row.
    sheet: str = ""
    column: str = ""

    @property
    def place(self) -> str:
        """Where it stands in the file: the line, or sheet and cell; "" for the file as a whole."""
        if self.sheet:
            return f"{self.sheet}!{self.column}{self.line}"
        return str(self.line) if self.line else ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.place}" if self.place else self.file
        return f"{where}: {self.path}: {self.message}" if self.path else f"{where}: {self.message}"


class InvalidFile(ValueError):
    """The file cannot be used; `errors` lists everything that is wrong, in the order of lines."""

    def __init__(self, errors: list[FileError]) -> None:
        self.errors = tuple(sorted(dict.fromkeys(errors), key=lambda error: (error.sheet, error.line)))
        super().__init__("\n".join(str(error) for error in self.errors))


class Section:
    """A mapping in the file. What is asked for is checked; `finish` complains of what was not."""

    def __init__(self, node: yaml.Node, path: str, file: str, errors: list[FileError]) -> None:
        self.node, self.path, self._file, self._errors = node, path, file, errors
        self._asked: set[str] = set()
        self._values: dict[str, yaml.Node] = {}
        if not isinstance(node, yaml.MappingNode):
            self.error("must be a mapping of names to values")
            return
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self.error("a name must be a text", at=key)
                continue
            if key.value in self._values:
                self.error(f"{key.value!r} stands here twice", at=key)
            self._values[str(key.value)] = value

    def error(self, message: str, key: str = "", at: yaml.Node | None = None) -> None:
        """Note an error at this section, or at the value of `key` in it."""
        node = at or self._values.get(key, self.node)
        path = f"{self.path}/{key}".strip("/") if key else self.path
        mark = node.start_mark
        sheet, column = getattr(mark, "sheet", ""), getattr(mark, "letter", "")
        self._errors.append(FileError(self._file, mark.line + 1, path, message, sheet, column))

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def keys(self) -> tuple[str, ...]:
        """The names in this mapping, as written."""
        return tuple(self._values)

    def text(self, key: str, default: str | None = None, longest: int = 0) -> str:
        """A text of at most `longest` signs; without `default` it must be there and not be empty."""
        self._asked.add(key)
        node = self._values.get(key)
        if node is None:
            if default is None:
                self.error(f"{key!r} is missing")
            return default or ""
        if not isinstance(node, yaml.ScalarNode):
            self.error("must be a text", key)
            return default or ""
        value = tidy_text(str(node.value))
        if not value and default is None:
            self.error("must not be empty", key)
        if CONTROL.search(value):
            self.error("has a control character in it; write the text anew", key)
        if longest and len(value) > longest:
            self.error(f"has {len(value)} signs; {longest} fit", key)
        return value

    def choice(self, key: str, choices: object, default: str | None = None) -> str:
        """One of `choices`; the first of them stands in after an error."""
        known = [str(choice) for choice in choices]  # type: ignore[attr-defined]
        value = self.text(key, default)
        if value in known:
            return value
        if key in self._values and value:
            self.error(f"{value!r} is not known; choose one of: {', '.join(known)}", key)
        return known[0]

    def number(self, key: str, largest: int) -> int:
        """A whole number from 1 to `largest`."""
        value = self.text(key)
        if value.isascii() and value.isdigit() and len(value) <= len(str(largest)) and 0 < int(value) <= largest:
            return int(value)
        if value:
            self.error(f"{value!r} is not a whole number from 1", key)
        return 1

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, empty when it is not there."""
        self._asked.add(key)
        node = self._values.get(key)
        if node is None:
            return ()
        if not isinstance(node, yaml.SequenceNode) or not all(
            isinstance(each, yaml.ScalarNode) and each.value.strip() for each in node.value
        ):
            self.error("must be a list of texts", key)
            return ()
        if any(CONTROL.search(each.value) for each in node.value):
            self.error("has a control character in it; write the text anew", key)
        return tuple(tidy_line(str(each.value)) for each in node.value)

    def section(self, key: str) -> Section | None:
        """The mapping under `key`, None when it is not there."""
        self._asked.add(key)
        node = self._values.get(key)
        return None if node is None else self._child(node, key)

    def sections(self, key: str) -> Iterator[Section]:
        """The mappings in the list under `key`; each takes its own `key` into its path."""
        self._asked.add(key)
        node = self._values.get(key)
        if node is None:
            return
        if not isinstance(node, yaml.SequenceNode):
            self.error("must be a list", key)
            return
        for number, each in enumerate(node.value, start=1):
            child = self._child(each, f"{key}/#{number}")
            named = child._values.get("key")
            if isinstance(named, yaml.ScalarNode) and named.value:
                child.path = f"{self.path}/{key}/{named.value}".strip("/")
            yield child

    def children(self) -> Iterator[tuple[str, Section]]:
        """Every value of this mapping as a mapping, with its name."""
        for key, node in self._values.items():
            self._asked.add(key)
            yield key, self._child(node, key)

    def finish(self) -> None:
        """Complain of every name that nobody asked for."""
        for key in self._values:
            if key not in self._asked:
                known = ", ".join(sorted(self._asked))
                self.error(f"is not known here; known are: {known}", key)

    def _child(self, node: yaml.Node, key: str) -> Section:
        return Section(node, f"{self.path}/{key}".strip("/"), self._file, self._errors)


def read_sections(text: str, file: str) -> tuple[Section, list[FileError]]:
    """The top mapping of a YAML text and the list in which its errors gather.

    Raises InvalidFile when the text is no YAML. Aliases are refused: they make a file hard to read.
    """
    try:
        node = _compose(text, file)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise InvalidFile([FileError(file, line, "", f"is not YAML: {error.problem}")]) from error
    except yaml.YAMLError as error:
        raise InvalidFile([FileError(file, 1, "", f"is not YAML: {error}")]) from error
    if node is None:
        raise InvalidFile([FileError(file, 1, "", "the file is empty")])
    errors: list[FileError] = []
    return Section(node, "", file, errors), errors


def _compose(text: str, file: str) -> yaml.Node | None:
    """The nodes of the text, by libyaml where it is there: a twentieth of the time.

    What that cannot read is read again by the parser that says in plainer words, and of the right line, what is wrong.
    """
    if yaml.__with_libyaml__:
        with suppress(yaml.YAMLError):
            return _composed_by(yaml.CSafeLoader, text, file)
    return _composed_by(yaml.SafeLoader, text, file)


def _composed_by(loader: Any, text: str, file: str) -> yaml.Node | None:
    _refuse_what_harms(text, file, loader)
    return yaml.compose(text, loader)


def _refuse_what_harms(text: str, file: str, loader: Any) -> None:
    """Aliases make a file hard to read, and deep nesting takes the parser for ever."""
    depth = 0
    for event in yaml.parse(text, loader):
        if isinstance(event, yaml.AliasEvent):
            line = event.start_mark.line + 1 if event.start_mark else 1
            raise InvalidFile([FileError(file, line, "", "aliases (*name) are not allowed")])
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            message = "is nested too deeply to be an instrument"
            line = event.start_mark.line + 1 if event.start_mark else 1
            raise InvalidFile([FileError(file, line, "", message)])
