"""The text of Word and Excel files."""

from office_checks import check_office, parse_xml
from parser_output import MAX_PAGES, MAX_TEXT_PER_PAGE

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
