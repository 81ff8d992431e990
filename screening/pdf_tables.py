"""Header cells of tagged tables, as ISO 32000-1 wants them: with a scope, and found by their identifiers.

WeasyPrint 70 tells every cell the identifiers of its headers, but leaves out the tree in which a reader looks
identifiers up (14.7.2: required as soon as there is one), and the scope of a header (14.8.5.7).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def complete_headers(pdf: Any) -> None:
    """Give each header cell of a `pydyf.PDF` its scope, and the structure tree its identifiers."""
    import pydyf

    identified: dict[str, bytes] = {}
    for row in pdf.objects:
        if not (isinstance(row, dict) and row.get("S") == "/TR"):
            continue
        cells = list(_kids(pdf, row))
        named = {key.string for cell in cells if cell["S"] == "/TD" for key in cell["A"].get("Headers", ())}
        for cell in cells:
            if cell["S"] == "/TH":
                cell["A"]["Scope"] = "/Row" if cell["ID"].string in named else "/Column"
                identified[cell["ID"].string] = cell.reference
    if identified:
        names: list[Any] = []
        for key, reference in sorted(identified.items()):
            names += [pydyf.String(key), reference]
        tree = pydyf.Dictionary({"Names": pydyf.Array(names)})
        pdf.add_object(tree)
        pdf.objects[_number(pdf.catalog["StructTreeRoot"])]["IDTree"] = tree.reference


def _kids(pdf: Any, element: Any) -> Iterator[Any]:
    """The structure elements directly below one; content of the page is no element."""
    for kid in element["K"]:
        if isinstance(kid, bytes):
            yield pdf.objects[_number(kid)]


def _number(reference: bytes) -> int:
    """12 of b"12 0 R"."""
    return int(reference.split()[0])
