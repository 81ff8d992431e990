"""Is a Word or Excel file what it says, and does it unpack to no more than it should?"""

import zipfile

from parser_output import Refused

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
