"""The child process that opens files sent by strangers: a program of its own, without Django.

Called by `document_reading` as `document_parser.py ACTION KIND FILE [DIRECTORY]`. It limits its
own memory, time and open files before it looks at anything, and says what it found as one
JSON object a line: {"page": ...} for each page, then {"done": ...} or {"refused": code}.

PDFium is not safe to call from several threads and is written in C++: a file that breaks it
breaks this process and nothing else.
"""

import json
import resource
import sys
import warnings
import zipfile
from pathlib import Path

MEMORY = 1024 * 1024 * 1024
FILE_SIZE = 64 * 1024 * 1024
MAX_PAGES = 1000
MAX_TEXT_PER_PAGE = 200_000
MAX_TEXT = 5_000_000
LEFT_OUT = "[…]"
# Line ends, and the invisible marks that Khmer, Thai and Persian words need.
KEPT = "\n\t\u200b\u200c\u200d"

# Page pictures: wide enough to read small print on a laptop.
PICTURE_WIDTH = 1100
PICTURE_MAX_HEIGHT = 4000
PICTURE_QUALITY = 70
GREY_TOLERANCE = 8

# Office files are ZIP archives. Real ones stay far below these.
MAX_ENTRIES = 5_000
MAX_INFLATED = 250 * 1024 * 1024
MAX_RATIO = 150
RATIO_COUNTS_FROM = 5 * 1024 * 1024
MAIN_PARTS = {
    "docx": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        "word/document.xml",
    ),
    "xlsx": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        "xl/workbook.xml",
    ),
}
ARCHIVE_STARTS = (b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08", b"BZh")
PDF_NEEDS_PASSWORD = 4  # FPDF_ERR_PASSWORD


class Refused(Exception):
    """The file is not taken; the argument is a code of `document_reading.REASONS`."""


def main(arguments):
    action, kind, path = arguments[:3]
    say = Speaker()
    try:
        if action == "check":
            say(done=check_pdf(path) if kind == "pdf" else check_office(path, kind))
        else:
            read = {"pdf": read_pdf, "docx": read_docx, "xlsx": read_xlsx}[kind]
            say(done=read(path, Path(arguments[3]), say), memory=peak_memory())
    except Refused as refusal:
        say(refused=str(refusal))
    except MemoryError:
        say(refused="memory")
    except Exception as problem:
        # Parsers raise whatever they like on broken files. The type helps whoever looks into it.
        say(refused="damaged", detail=type(problem).__name__)


class Speaker:
    """Writes one JSON object a line, at once, and counts the text said so far."""

    def __init__(self):
        self.characters = 0

    def __call__(self, **message):
        sys.stdout.write(json.dumps(message) + "\n")
        sys.stdout.flush()

    def page(self, number, *, title="", text="", **picture):
        room = max(0, min(MAX_TEXT_PER_PAGE, MAX_TEXT - self.characters))
        text = clean(text).strip()
        if len(text) > room:
            text = f"{text[:room].rstrip()}\n{LEFT_OUT}"
        self.characters += len(text)
        self(page=number, title=" ".join(clean(title).split())[:200], text=text, **picture)


def clean(text):
    """Without control characters and marks that turn the direction of text; every space a plain one."""
    return "".join(c if c.isprintable() or c in KEPT else " " if c.isspace() else "" for c in text)


def peak_memory():
    """In kilobytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


# -- PDF ------------------------------------------------------------------------------------


def open_pdf(path):
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as problem:
        raise Refused("encrypted" if problem.err_code == PDF_NEEDS_PASSWORD else "damaged") from None
    if not len(pdf):
        raise Refused("no_pages")
    if len(pdf) > MAX_PAGES:
        raise Refused("too_many_pages")
    return pdf


def check_pdf(path):
    """The number of pages, after the first one could really be opened."""
    pdf = open_pdf(path)
    pdf[0].close()
    return len(pdf)


def read_pdf(path, directory, say):
    """One message and one picture for each page. A page that cannot be drawn keeps its text."""
    import pypdfium2

    pdf = open_pdf(path)
    for index in range(len(pdf)):
        text, picture = "", {}
        try:
            page = pdf[index]
        except pypdfium2.PdfiumError:
            say.page(index + 1)
            continue
        try:
            text = page_text(page)
            picture = page_picture(page, directory / f"{index + 1}.webp")
        except pypdfium2.PdfiumError:
            pass
        finally:
            page.close()
        say.page(index + 1, text=text, **picture)
    return len(pdf)


def page_text(page):
    from pypdfium2.raw import FPDFText_CountChars

    textpage = page.get_textpage()
    try:
        if FPDFText_CountChars(textpage) <= 0:
            return ""
        # U+FFFE stands where a word was divided at the end of a line.
        return textpage.get_text_bounded().replace("\r\n", "\n").replace("\r", "\n").replace("\ufffe", "")
    finally:
        textpage.close()


def page_picture(page, target):
    """Draws one page into `target`; {} for a page without an area."""
    width, height = page.get_size()
    if not (width > 0 and height > 0):
        return {}
    scale = min(PICTURE_WIDTH / width, PICTURE_MAX_HEIGHT / height)
    bitmap = page.render(scale=scale, may_draw_forms=False)
    picture = bitmap.to_pil().convert("RGB")
    bitmap.close()
    if is_grey(picture):
        picture = picture.convert("L")
    picture.save(target, "WEBP", quality=PICTURE_QUALITY, method=2)
    return {"picture": target.name, "width": picture.width, "height": picture.height}


def is_grey(picture):
    from PIL import ImageChops

    red, green, blue = picture.split()
    differences = (ImageChops.difference(red, green), ImageChops.difference(green, blue))
    return all(difference.getextrema()[1] <= GREY_TOLERANCE for difference in differences)


# -- Office files: is it what it says? ------------------------------------------------------


def check_office(path, kind):
    """None; refuses what is no honest Word or Excel file without macros."""
    try:
        archive = zipfile.ZipFile(path)
    except zipfile.BadZipFile:
        raise Refused("damaged") from None
    with archive:
        check_inflation(archive.infolist())
        check_kind(archive, kind)
        check_entries(archive)
    return None


def check_inflation(entries):
    """Goes by the sizes that the archive declares: reading stops there, whatever is behind."""
    if len(entries) > MAX_ENTRIES or len({entry.filename for entry in entries}) != len(entries):
        raise Refused("bomb")
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise Refused("encrypted")
    if sum(entry.file_size for entry in entries) > MAX_INFLATED:
        raise Refused("bomb")
    for entry in entries:
        if entry.file_size > RATIO_COUNTS_FROM and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
            raise Refused("bomb")


def check_kind(archive, kind):
    names = set(archive.namelist())
    if "[Content_Types].xml" not in names:
        raise Refused("not_office")
    types = archive.read("[Content_Types].xml").decode("utf-8", "replace")
    if "macroEnabled" in types or any(name.lower().endswith(("vbaproject.bin", "vbadata.xml")) for name in names):
        raise Refused("macros")
    wanted, main_part = MAIN_PARTS[kind]
    if wanted not in types:
        other = next((name for name, (word, _part) in MAIN_PARTS.items() if word in types), None)
        raise Refused(f"is_{other}" if other else "not_office")
    if main_part not in names:
        # Legal, but no program of today writes it so: the parser decides.
        return
    parse_xml(archive.read(main_part))


def check_entries(archive):
    """Every entry is whole, and none is an archive, save files embedded by Office itself."""
    for entry in archive.infolist():
        with archive.open(entry) as file:
            start = file.read(8)
            while file.read(1024 * 1024):  # raises where the checksum is wrong
                pass
        if start.startswith(ARCHIVE_STARTS):
            if "/embeddings/" not in entry.filename:
                raise Refused("nested")
            check_embedded(archive, entry)


def check_embedded(archive, entry):
    try:
        with archive.open(entry) as file, zipfile.ZipFile(file) as inner:
            check_inflation(inner.infolist())
            if any("/embeddings/" in item.filename for item in inner.infolist()):
                raise Refused("nested")
    except zipfile.BadZipFile:
        return


def parse_xml(data):
    """The root element; entities are never resolved and nothing is fetched."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        raise Refused("damaged") from None
    if root.getroottree().docinfo.doctype:
        raise Refused("damaged")
    return root


# -- Office files: text ---------------------------------------------------------------------

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
NOTES = ("/footnotes", "/endnotes")
LONG_PART = 8_000


def read_docx(path, directory, say):
    """One part for each heading; a long part is divided between paragraphs."""
    check_office(path, "docx")
    import docx

    document = docx.Document(path)
    headings = heading_styles(document)
    number, title, lines, length = 0, "", [], 0

    def end_part():
        nonlocal number, lines, length
        if lines or title:
            number += 1
            if number <= MAX_PAGES:
                say.page(number, title=title, text="\n".join(lines))
        lines, length = [], 0

    for is_heading, text in [*word_lines(document.element.body, headings), *note_lines(document)]:
        if is_heading or length > LONG_PART:
            end_part()
        if is_heading:
            title = text
        else:
            lines.append(text)
            length += len(text)
    end_part()
    return min(number, MAX_PAGES)


def heading_styles(document):
    """Ids of the paragraph styles that are headings, also in a Word of another language."""
    found = set()
    for style in document.styles:
        level = style.element.find(f"{WORD}pPr/{WORD}outlineLvl")
        named = (style.name or "").lower().startswith(("heading", "title"))
        if named or (level is not None and level.get(f"{WORD}val") != "9"):
            found.add(style.style_id)
    return found


def word_lines(element, headings):
    """(is heading, text) for every paragraph and table row, content controls and insertions included."""
    for child in element:
        if child.tag == f"{WORD}p":
            text = paragraph_text(child)
            if text:
                yield is_heading(child, headings), text
        elif child.tag == f"{WORD}tbl":
            for row in child.iter(f"{WORD}tr"):
                cells = [" ".join(cell_lines(cell)) for cell in row.iter(f"{WORD}tc")]
                if any(cells):
                    yield False, " | ".join(cells)
        elif child.tag in (f"{WORD}sdt", f"{WORD}sdtContent", f"{WORD}ins", f"{WORD}moveTo", f"{WORD}customXml"):
            yield from word_lines(child, headings)


def cell_lines(cell):
    return [text for text in map(paragraph_text, cell.iter(f"{WORD}p")) if text]


def is_heading(paragraph, headings):
    style = paragraph.find(f"{WORD}pPr/{WORD}pStyle")
    level = paragraph.find(f"{WORD}pPr/{WORD}outlineLvl")
    return (style is not None and style.get(f"{WORD}val") in headings) or (
        level is not None and level.get(f"{WORD}val") != "9"
    )


def paragraph_text(paragraph):
    """The words that stand in the paragraph now: what was deleted under track changes is left out."""
    pieces, skip = [], None
    for node in paragraph.iter():
        if skip is not None and skip in node.iterancestors():
            continue
        if node.tag in (FALLBACK, f"{WORD}del", f"{WORD}moveFrom"):
            skip = node
        elif node.tag == f"{WORD}t":
            pieces.append(node.text or "")
        elif node.tag in (f"{WORD}tab", f"{WORD}br", f"{WORD}cr") and node.getparent().tag == f"{WORD}r":
            pieces.append(" ")
    return "".join(pieces).strip()


def note_lines(document):
    for relation in document.part.rels.values():
        if relation.is_external or not relation.reltype.endswith(NOTES):
            continue
        for note in parse_xml(relation.target_part.blob):
            text = " ".join(cell_lines(note))
            if text:
                yield False, f"[{note.get(f'{WORD}id')}] {text}"


def read_xlsx(path, directory, say):
    """One part for each sheet, one line for each row that holds something, tabs between the cells."""
    check_office(path, "xlsx")
    import openpyxl

    # Stored results, and formulas for the cells that were never calculated.
    # Opened by us, because openpyxl wants a path to end in .xlsx and ours are random.
    with open(path, "rb") as first, open(path, "rb") as second:
        results = openpyxl.load_workbook(first, read_only=True, data_only=True)
        formulas = openpyxl.load_workbook(second, read_only=True)
        names = [sheet.title for sheet in results.worksheets][:MAX_PAGES]
        for number, name in enumerate(names, start=1):
            say.page(number, title=name, text="\n".join(sheet_lines(results[name], formulas[name])))
    return len(names)


def sheet_lines(results, formulas):
    """Stops when the sheet has given as much text as is kept."""
    length = 0
    for sheet in (results, formulas):
        sheet.reset_dimensions()  # what the file claims may be a million empty columns
    for values, sources in zip(results.iter_rows(values_only=True), formulas.iter_rows(values_only=True), strict=False):
        cells = [cell_text(value, source) for value, source in zip(values, sources, strict=False)]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            line = "\t".join(cells)
            length += len(line)
            yield line
        if length > MAX_TEXT_PER_PAGE:
            return


def cell_text(value, source):
    shown = source if value is None else value
    if shown is None:
        return ""
    if hasattr(shown, "isoformat"):
        return shown.isoformat().removesuffix("T00:00:00").replace("T", " ")
    if isinstance(shown, float):
        return f"{shown:.10g}"
    return " ".join(str(shown).split())


def limit_myself():
    """Before any file is opened: little memory, little disk, no core files; end with the parent."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_SIZE, FILE_SIZE))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform.startswith("linux"):
        import ctypes

        ctypes.CDLL(None).prctl(1, 9)  # PR_SET_PDEATHSIG, SIGKILL


if __name__ == "__main__":
    limit_myself()
    warnings.simplefilter("ignore")
    main(sys.argv[1:])
