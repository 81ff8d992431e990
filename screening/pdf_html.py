"""The HTML of a report as a tree, read by the XML parser of the standard library where it can be.

The templates of reports close what they open; then the parser written in C finds the same tree as an HTML
parser written in Python, which takes as long as a quarter of the layout. What it cannot read the same way is
left to the HTML parser.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree

DOCTYPE = "<!doctype html>"
# Elements that HTML never closes.
VOID = re.compile("<((?:meta|link|col|br|hr|img|wbr)(?: [^<>]*?)?)/?>")
# What HTML would close or add by itself: another tree than the one that is written.
CLOSES_PARAGRAPH = frozenset(
    "address article aside blockquote div dl figure footer form h1 h2 h3 h4 h5 h6 header hr main nav ol p pre section"
    " table ul".split()
)
# What means something else in XML, or nothing.
NOT_THE_SAME = re.compile(
    r"<(?:!|\?|(?:script|style|textarea|select|math|pre|base)\b|svg(?! xmlns=))|&(?!(?:lt|gt|amp|quot|#x?[0-9a-f]+);)"
)


def tree_of(html: str) -> ElementTree.Element | None:
    """The root element, or None where an HTML parser has to say what is meant."""
    text = html.removeprefix(DOCTYPE)
    if "\r" in text or NOT_THE_SAME.search(text):
        return None
    try:
        root = ElementTree.fromstring(VOID.sub(r"<\1/>", text))  # noqa: S314 - no doctype, so no entities
    except ElementTree.ParseError:
        return None
    return root if _is_as_written(root) else None


def _is_as_written(root: ElementTree.Element) -> bool:
    """Whether an HTML parser would neither add nor close elements of this tree."""
    if root.tag != "html" or [child.tag for child in root] != ["head", "body"]:
        return False
    if any(child.tag == "tr" for table in root.iter("table") for child in table):
        return False
    inside = (each for paragraph in root.iter("p") for each in paragraph.iter() if each is not paragraph)
    return not any(each.tag in CLOSES_PARAGRAPH for each in inside)
