"""What every PDF of ours must be, as a list of what is wrong: tagged, described, archivable; for the tests of reports."""

import json
import re
import shutil
import subprocess
import tempfile
from io import BytesIO

import pikepdf
import pypdfium2

# What may stand directly in what (ISO 32000-1, 14.8.4).
INSIDE = {
    "/L": {"/LI", "/L", "/Caption"},
    "/LI": {"/Lbl", "/LBody", "/L"},
    "/Table": {"/TR", "/THead", "/TBody", "/TFoot", "/Caption"},
    "/THead": {"/TR"},
    "/TBody": {"/TR"},
    "/TR": {"/TH", "/TD"},
}
HEADING = re.compile(r"H([1-6])")


def problems_of(data, *, language):
    """Everything that is wrong with a PDF; [] for a good one."""
    found = []
    with pikepdf.open(BytesIO(data)) as pdf:
        root = pdf.Root
        found += [f"language is {root.get('/Lang')}"] if str(root.get("/Lang")) != language else []
        found += [] if bool(root.get("/MarkInfo", {}).get("/Marked", False)) else ["not marked as tagged"]
        found += [] if str(pdf.docinfo.get("/Title", "")) else ["no title"]
        found += [] if root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False) else ["title is not shown"]
        found += [] if "/Outlines" in root else ["no bookmarks"]
        found += _metadata_problems(pdf)
        found += _attachment_problems(pdf)
        found += _tree_problems(root.StructTreeRoot) if "/StructTreeRoot" in root else ["no structure tree"]
        found += _header_problems(root.StructTreeRoot) if "/StructTreeRoot" in root else []
    return found + _qpdf_problems(data)


def text_of(data):
    """All its words with single spaces, without the places at which lines may break."""
    return " ".join(pages_of(data))


def pages_of(data):
    """The same of each page."""
    document = pypdfium2.PdfDocument(data)
    pages = [page.get_textpage().get_text_bounded() for page in document]
    document.close()
    return [" ".join(re.sub("[\u200b\ufffe\u00ad]", "", page).split()) for page in pages]


def data_in(data):
    """The JSON inside."""
    with pikepdf.open(BytesIO(data)) as pdf:
        (name,) = [each for each in pdf.attachments if each != "issue.json"]
        return json.loads(pdf.attachments[name].get_file().read_bytes())


def ink_in_margins(data, width=40):
    """Numbers of pages with anything in the outermost points at the left or the right."""
    document = pypdfium2.PdfDocument(data)
    found = []
    for number, page in enumerate(document, start=1):
        picture = page.render(scale=1, grayscale=True).to_pil()
        strips = (picture.crop((0, 0, width, picture.height)), picture.crop((picture.width - width, 0, *picture.size)))
        if any(strip.getextrema() != (255, 255) for strip in strips):
            found.append(number)
    document.close()
    return found


def _metadata_problems(pdf):
    with pdf.open_metadata() as metadata:
        said = {name: metadata.get(name) for name in ("pdfaid:part", "pdfaid:conformance", "pdfuaid:part", "dc:title")}
    expected = {"pdfaid:part": "3", "pdfaid:conformance": "A", "pdfuaid:part": "1"}
    wrong = [f"{name} is {said[name]}" for name, value in expected.items() if said[name] != value]
    return wrong if said["dc:title"] else [*wrong, "no title in the metadata"]


def _attachment_problems(pdf):
    listed = [str(each.get("/AFRelationship")) for each in pdf.Root.get("/AF", [])]
    return [] if listed and set(listed) == {"/Data"} else [f"files inside: {listed}"]


def _tree_problems(tree):
    found, level, tables = [], 0, []
    for element, table in _elements(tree, None):
        kind = str(element.get("/S", "")).lstrip("/")
        heading = HEADING.fullmatch(kind)
        if heading:
            if int(heading[1]) > level + 1:
                found.append(f"a heading of level {heading[1]} after level {level}")
            level = int(heading[1])
        if kind == "Table":
            tables.append(0)
        if kind == "TH" and table is not None:
            tables[table] += 1
        if kind == "Figure" and not str(element.get("/Alt", "")):
            found.append("a figure without words")
        allowed = INSIDE.get(f"/{kind}")
        if allowed:
            inside = [str(kid.get("/S")) for kid in _kids(element) if isinstance(kid, pikepdf.Dictionary)]
            found += [f"{each} in {kind}" for each in inside if each not in allowed]
            found += [] if inside else [f"an empty {kind}"]
    return found + [f"table {number} has no head" for number, heads in enumerate(tables) if not heads]


def _header_problems(tree):
    """Header cells without a scope, and cells whose headers cannot be looked up."""
    elements = [element for element, _table in _elements(tree, None)]
    names = list(tree.get("/IDTree", {}).get("/Names", []))
    known = {bytes(key): element for key, element in zip(names[::2], names[1::2], strict=True)}
    found = [] if list(known) == sorted(known) else ["the tree of identifiers is not in order"]
    for element in elements:
        about = element.get("/A", {})
        if element.get("/S") == "/TH" and about.get("/Scope") not in ("/Row", "/Column"):
            found.append("a header cell without scope")
        if element.get("/S") == "/TD":
            found += [
                f"header {bytes(key)!r} is not to be found"
                for key in about.get("/Headers", [])
                if bytes(key) not in known or known[bytes(key)].get("/S") != "/TH"
            ]
    return found


def _elements(start, table):
    """(element, number of the table it stands in) of the whole tree in reading order, without recursion."""
    waiting, tables = [(start, table)], 0
    while waiting:
        element, table = waiting.pop()
        if str(element.get("/S", "")) == "/Table":
            table, tables = tables, tables + 1
        if "/S" in element:
            yield element, table
        waiting += [(kid, table) for kid in reversed(_kids(element)) if isinstance(kid, pikepdf.Dictionary)]


def _kids(element):
    kids = element.get("/K", [])
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


def _qpdf_problems(data):
    program = shutil.which("qpdf")
    if program is None:
        return []
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(data)
        file.flush()
        done = subprocess.run([program, "--check", file.name], capture_output=True, check=False)
    return [] if done.returncode == 0 else [f"qpdf: {(done.stderr + done.stdout).decode(errors='replace')[:300]}"]
