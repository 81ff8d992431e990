"""The small markup in which the demo's documents are written: headings, paragraphs, lists, tables."""

from dataclasses import dataclass

PAGE_BREAK = "=== page ==="


@dataclass(frozen=True)
class Block:
    """One piece of a page. `kind` is title, heading, paragraph, list or table; a table's first row is its head."""

    kind: str
    text: str = ""
    items: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def read_pages(text):
    """The pages of a text, each a tuple of Blocks; blank lines divide blocks."""
    return tuple(_read_page(page) for page in text.split(PAGE_BREAK))


def _read_page(page):
    pieces = [piece.strip() for piece in page.strip().split("\n\n")]
    return tuple(_block(piece.splitlines()) for piece in pieces if piece)


def _block(lines):
    first = lines[0]
    if first.startswith("# "):
        return Block("title", _joined(lines)[2:])
    if first.startswith("## "):
        return Block("heading", _joined(lines)[3:])
    if first.startswith("- "):
        return Block("list", items=tuple(item.strip() for item in _joined(lines)[2:].split(" - ")))
    if first.startswith("|"):
        return Block("table", rows=tuple(_cells(line) for line in lines))
    return Block("paragraph", _joined(lines))


def _joined(lines):
    return " ".join(line.strip() for line in lines)


def _cells(line):
    return tuple(cell.strip() for cell in line.strip().strip("|").split("|"))
