"""What a tagged PDF still lacks when WeasyPrint 70 has laid it out, as ISO 32000-1 wants it.

It tells every cell the identifiers of its headers, but leaves out the tree in which a reader looks identifiers up
(14.7.2: required as soon as there is one), and the scope of a header (14.8.5.7). Paragraphs that stand directly
in an item of a list get no list body around them (14.8.4.3.3).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def complete(pdf: Any) -> None:
    """Complete the structure tree of a `pydyf.PDF` in place."""
    _complete_headers(pdf)
    _complete_lists(pdf)


def _complete_lists(pdf: Any) -> None:
    """Put what stands in an item of a list beside its label into a body."""
    import pydyf

    for item in [each for each in pdf.objects if isinstance(each, dict) and each.get("S") == "/LI"]:
        loose = [kid for kid in _kids(pdf, item) if kid["S"] not in ("/Lbl", "/LBody", "/L")]
        if not loose:
            continue
        body = pydyf.Dictionary({"Type": "/StructElem", "S": "/LBody", "Pg": item["Pg"], "P": item.reference})
        pdf.add_object(body)
        body["K"] = pydyf.Array([kid.reference for kid in loose])
        first = item["K"].index(loose[0].reference)
        item["K"][first] = body.reference
        item["K"][:] = [kid for kid in item["K"] if kid not in body["K"]]
        for kid in loose:
            kid["P"] = body.reference


def _complete_headers(pdf: Any) -> None:
    """Give each header cell its scope, and the structure tree its identifiers."""
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
