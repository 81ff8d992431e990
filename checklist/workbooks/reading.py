"""Reads the workbook of an instrument: into the same tree as a file, and from there by the same checks.

So a workbook is refused for what a file is refused for, each error with sheet, row and column.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import yaml
from django.utils.translation import gettext as _

from checklist.instrument_content import InstrumentFile
from checklist.instrument_files import read_content, read_instrument
from checklist.tidying import tidy_line, tidy_lines
from checklist.workbooks import columns as c
from checklist.yaml_reading import FileError, InvalidFile, Section
from screening.tabular import NothingInTable, Table, TableProblem, read_table

NEEDED_SHEETS = (c.INSTRUMENT, c.CRITERIA)
PLACES = re.compile(
    r"title|short_title|introduction|interpretation_note|official|domains/[^/]+/title"
    r"|criteria/[^/]+/(short_title|wording|guidance|look_for|warning_signs"
    r"|sub/[^/]+/(wording|hint)|levels/[^/]+/(label|descriptor))"
)
LISTS = ("look_for", "warning_signs")


@dataclass(frozen=True)
class Mark:
    """A cell, in the shape in which the nodes of a YAML file say their place."""

    line: int
    sheet: str
    letter: str


@dataclass(frozen=True)
class Cell:
    """A text with its place."""

    text: str
    mark: Mark

    @property
    def node(self) -> yaml.ScalarNode:
        """The text as a node."""
        return yaml.ScalarNode("tag:yaml.org,2002:str", self.text, self.mark)

    @property
    def lines(self) -> yaml.SequenceNode:
        """Its lines as a list."""
        return self.items(tidy_lines(self.text))

    def items(self, texts: Iterable[str]) -> yaml.SequenceNode:
        """A list of texts that all stand in this cell."""
        nodes = [yaml.ScalarNode("tag:yaml.org,2002:str", text, self.mark) for text in texts]
        return yaml.SequenceNode("tag:yaml.org,2002:seq", nodes, self.mark)


@dataclass
class Tree:
    """A mapping that is being put together; a name may come twice, which the reader then complains of."""

    mark: Mark
    entries: list[tuple[Cell, yaml.Node | Tree]] = field(default_factory=list)

    def put(self, name: str, value: yaml.Node | Tree, mark: Mark) -> None:
        """Add a value under a name."""
        self.entries.append((Cell(name, mark), value))

    def under(self, name: str, mark: Mark) -> Tree:
        """The tree with this name, made when it is not there."""
        for cell, value in self.entries:
            if cell.text == name and isinstance(value, Tree):
                return value
        made = Tree(mark)
        self.put(name, made, mark)
        return made

    @property
    def node(self) -> yaml.MappingNode:
        """The mapping as a node."""
        pairs = [(name.node, value.node if isinstance(value, Tree) else value) for name, value in self.entries]
        return yaml.MappingNode("tag:yaml.org,2002:map", pairs, self.mark)


Line = dict[str, Cell]


def read_any(data: bytes, file: str) -> InstrumentFile:
    """The instrument in a YAML file or a workbook. Raises InvalidFile, and UnicodeDecodeError for what is no text."""
    if data.startswith(b"PK") or file.lower().endswith((".xlsx", ".xls")):
        return read_workbook(data, file)
    return read_instrument(data.decode("utf-8-sig"), file)


def read_workbook(data: bytes, file: str) -> InstrumentFile:
    """Parse and check a workbook; `file` is its name in messages. Raises InvalidFile with every error."""
    book = _Book(data, file)
    top = Tree(Mark(0, c.INSTRUMENT, "A"))
    _put_fields(top, book)
    _put_list(top, "domains", c.DOMAINS, [_row_tree(line) for line in book.rows(c.DOMAINS)])
    _put_list(top, "criteria", c.CRITERIA, list(_criteria(book)))
    translations = _translations(book)
    if translations.entries:
        top.put("translations", translations, translations.mark)
    return read_content(Section(top.node, "", file, book.errors), book.errors)


class _Book:
    """The sheets of a workbook as lines of named cells, and the errors found so far."""

    def __init__(self, data: bytes, file: str) -> None:
        self._data, self._file = data, file
        self.errors: list[FileError] = []
        if not data.startswith(b"PK"):
            self._refuse(_("This is not an Excel workbook (.xlsx)."))
        first = self._table(c.INSTRUMENT, is_needed=True)
        self._sheets = first.sheets if first else ()
        missing = [sheet for sheet in NEEDED_SHEETS if sheet not in self._sheets]
        if missing:
            self._refuse(_("The workbook has no sheet %(sheets)s.") % {"sheets": ", ".join(missing)})
        self._lines = {sheet: list(self._read(sheet)) for sheet in c.TABLES}

    def _refuse(self, message: str) -> None:
        raise InvalidFile([FileError(self._file, 0, "", message)])

    def error(self, message: str, mark: Mark) -> None:
        """Note an error at a cell."""
        self.errors.append(FileError(self._file, mark.line + 1, "", message, mark.sheet, mark.letter))

    def rows(self, sheet: str) -> list[Line]:
        """The rows of a sheet as {name: cell}; cells that may be empty and are, are left out."""
        return self._lines[sheet]

    def _table(self, sheet: str, is_needed: bool = False) -> Table | None:
        try:
            return read_table(io.BytesIO(self._data), self._file, sheet)
        except NothingInTable as problem:
            if is_needed:
                self._refuse(str(problem))
            return None
        except TableProblem as problem:
            self._refuse(str(problem))
            raise

    def _read(self, sheet: str) -> Iterator[Line]:
        table = self._table(sheet) if sheet in self._sheets else None
        if table is None:
            return
        letters = [_letter(place) for place in table.places]
        known = {column.name: column for column in c.TABLES[sheet]}
        names = [self._name(sheet, title) for title in table.columns]
        self._check_titles(sheet, known, names, table, letters)
        for row in table.rows:
            for text in row.extra:
                message = _("“%(text)s” stands beside the table: its column has no title.") % {"text": text[:40]}
                self.error(message, Mark(row.line - 1, sheet, ""))
            line = {}
            for name, letter, text in zip(names, letters, row.cells, strict=True):
                column = known.get(name, c.Column(name))
                if not column.is_only_shown and (text.strip() or column.is_required):
                    value = text.strip().casefold() if column.is_flag else text
                    line[name] = Cell(value, Mark(row.line - 1, sheet, letter))
            yield line

    @staticmethod
    def _name(sheet: str, title: str) -> str:
        """The name of a column; in the sheet of texts the other titles are codes of languages."""
        name = c.name_of(title)
        is_language = sheet == c.TEXTS and name not in {column.name for column in c.TEXT_COLUMNS}
        return title.strip() if is_language else name

    def _check_titles(
        self, sheet: str, known: dict[str, c.Column], names: list[str], table: Table, letters: list[str]
    ) -> None:
        for name, title, letter in zip(names, table.columns, letters, strict=True):
            if name not in known and sheet != c.TEXTS:
                message = _("The column “%(title)s” is not known in this sheet.") % {"title": title}
                self.error(message, Mark(0, sheet, letter))
        for column in known.values():
            if column.name not in names and (column.is_required or sheet == c.INSTRUMENT and not column.is_only_shown):
                message = _("The column “%(title)s” is missing.") % {"title": column.title}
                self.error(message, Mark(0, sheet, "A"))


def _letter(number: int) -> str:
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(number))


# -- sheets to trees --------------------------------------------------------------------------


def _put_fields(top: Tree, book: _Book) -> None:
    fields = {each.name: each for each in c.FIELDS}
    for line in book.rows(c.INSTRUMENT):
        if "field" not in line:
            continue
        name = c.name_of(line["field"].text)
        known = fields.get(name, c.Column(name, is_required=True))
        value = line.get("value", Cell("", line["field"].mark))
        if value.text.strip() or known.is_required:
            text = value.text.strip().casefold() if known.is_flag else value.text
            top.put(name, Cell(text, value.mark).node, line["field"].mark)


def _put_list(tree: Tree, name: str, sheet: str, trees: list[Tree]) -> None:
    """A list of mappings, left out when it is empty."""
    mark = trees[0].mark if trees else Mark(0, sheet, "A")
    if trees:
        tree.put(name, yaml.SequenceNode("tag:yaml.org,2002:seq", [each.node for each in trees], mark), mark)


def _row_tree(line: Line, leave_out: tuple[str, ...] = ()) -> Tree:
    first = next(iter(line.values()))
    tree = Tree(Mark(first.mark.line, first.mark.sheet, "A"))
    for name, cell in line.items():
        if name not in leave_out:
            tree.put(name, cell.lines if name in LISTS else cell.node, cell.mark)
    return tree


def _criteria(book: _Book) -> Iterator[Tree]:
    lines = book.rows(c.CRITERIA)
    keys = {line["key"].text.strip() for line in lines if "key" in line}
    subs, levels = _by_criterion(book, c.SUB_QUESTIONS, keys), _by_criterion(book, c.LEVELS, keys)
    critical = ("critical_rule", "critical_when", "critical_scope")
    for line in lines:
        tree = _row_tree(line, leave_out=critical)
        _put_critical(tree, line)
        key = line["key"].text.strip() if "key" in line else ""
        _put_list(tree, "sub_questions", c.SUB_QUESTIONS, [_row_tree(each, ("criterion",)) for each in subs[key]])
        own = [each for each in levels[key] if "label" in each or "descriptor" in each]
        if own:
            answers = Tree(own[0]["criterion"].mark)
            for each in own:
                code = each.get("code", each["criterion"])
                words = _row_tree(each, ("criterion", "code"))
                words.mark = code.mark
                answers.put(code.text.strip(), words, code.mark)
            tree.put("answers", answers, answers.mark)
        yield tree


def _put_critical(tree: Tree, line: Line) -> None:
    given = [line[name] for name in ("critical_rule", "critical_when", "critical_scope") if name in line]
    if not given:
        return
    critical = Tree(given[0].mark)
    rule = line.get("critical_rule", Cell("none", given[0].mark))
    critical.put("rule", rule.node, rule.mark)
    if "critical_when" in line:
        critical.put("when", line["critical_when"].node, line["critical_when"].mark)
    if "critical_scope" in line:
        cell = line["critical_scope"]
        keys = [tidy_line(key) for key in re.split(r"[,;]", cell.text)]
        critical.put("scope", cell.items(key for key in keys if key), cell.mark)
    tree.put("critical", critical, critical.mark)


def _by_criterion(book: _Book, sheet: str, keys: set[str]) -> dict[str, list[Line]]:
    """The rows of a sheet by the criterion that they belong to; an error where there is none."""
    found: dict[str, list[Line]] = {key: [] for key in keys | {""}}
    for line in book.rows(sheet):
        cell = line.get("criterion")
        if cell is None:  # the column itself is missing, which is said already
            continue
        if cell.text.strip() in keys and cell.text.strip():
            found[cell.text.strip()].append(line)
        else:
            book.error(_("There is no criterion “%(key)s”.") % {"key": cell.text.strip()}, cell.mark)
    return found


def _translations(book: _Book) -> Tree:
    tree = Tree(Mark(0, c.TEXTS, "A"))
    for line in book.rows(c.TEXTS):
        place = line.get("place")
        if place is None:
            continue
        if not PLACES.fullmatch(place.text.strip()):
            message = _("“%(place)s” is not the place of a text. Leave this column as it was exported.")
            book.error(message % {"place": place.text.strip()}, place.mark)
            continue
        for language, cell in line.items():
            if language != "place":
                header = Mark(0, c.TEXTS, cell.mark.letter)
                _put_text(tree.under(language, header), place.text.strip(), cell)
    return tree


def _put_text(tree: Tree, path: str, cell: Cell) -> None:
    """Put a text where a file has it; the short title of a criterion is its `title`, levels are `answers`."""
    *parents, name = path.split("/")
    for parent in parents:
        tree = tree.under({"sub": "sub_questions", "levels": "answers"}.get(parent, parent), cell.mark)
    if name == c.OFFICIAL:
        cell = Cell(cell.text.strip().casefold(), cell.mark)
    if parents and name == "short_title":
        name = "title"
    tree.put(name, cell.lines if name in LISTS else cell.node, cell.mark)
