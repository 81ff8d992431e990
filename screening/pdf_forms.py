"""Fields that can be filled in: what stands in them and how they are read out.

The template only says where a field is; its name, words, answers and content come from a
`FormField`, so that nothing a person wrote passes through HTML. The finished file is PDF/UA-1 with
tags, tooltips and tab order; it is not PDF/A, which wants every field drawn beforehand.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from screening.pdf_letters import FIRST_CODE, FONT, WESTERN, Encoding, encoding_of, metrics

VARIANT = "pdf/ua-1"
FONT_NAME, MARKS_NAME = "FormFont", "ZaDb"
FONT_SIZE, LEADING, PADDING = 9, 12, 3
INK = "0.12 0.11 0.09 rg"

RADIO, CHOICE, TEXT, LINE, HIDDEN = "radio", "choice", "text", "line", "hidden"
# Bits of /Ff and /F.
READ_ONLY, MULTILINE, IS_RADIO, IS_COMBO = 1, 1 << 12, 1 << 15, 1 << 17
NOT_SHOWN, PRINTED = 1 << 1, 1 << 2
NON_SYMBOLIC = 1 << 5
ESCAPED = re.compile(rb"([\\()])")


@dataclass(frozen=True)
class FormField:
    """One field. `options` are (code, label); `value` is a code, or the text of a field for text."""

    name: str
    kind: str
    tooltip: str
    value: str = ""
    options: tuple[tuple[str, str], ...] = ()
    max_length: int = 0

    @property
    def shown(self) -> str:
        """What stands in it, in words."""
        return dict(self.options).get(self.value, self.value)


def fields_from_json(values: Iterable[Mapping[str, Any]]) -> tuple[FormField, ...]:
    """The reverse of `dataclasses.asdict` for several fields."""
    return tuple(
        FormField(**{**each, "options": tuple(tuple(option) for option in each["options"])}) for each in values
    )


def finish(pdf: Any, fields: Iterable[FormField]) -> None:
    """Give the fields that WeasyPrint placed their content, and add the hidden ones."""
    own = {field.name: field for field in fields}
    form = pdf.catalog["AcroForm"]
    writer = _Writer(pdf)
    placed: dict[str, Any] = {}
    for reference in list(form["Fields"]):
        node = writer.object(reference)
        if "Parent" in node:
            continue  # a button of a group; the group is listed itself
        name = _text(node["T"])
        if name in placed:
            writer.join(placed[name], node)  # a group that goes on over the page
        else:
            placed[name] = node
    for name, node in placed.items():
        writer.fill(node, own[name])
    hidden = [writer.hidden(field) for field in own.values() if field.kind == HIDDEN]
    form["Fields"][:] = [node.reference for node in (*placed.values(), *hidden)]
    writer.settle(form)


def _text(value: Any) -> str:
    return value.string if isinstance(value.string, str) else value.string.decode()


class _Writer:
    """Changes the objects of a PDF that is about to be written."""

    def __init__(self, pdf: Any) -> None:
        import pydyf  # comes with the PDF engine

        self.pdf, self.pydyf = pdf, pydyf
        self.drawn: dict[tuple[float, float, bool], Any] = {}
        self.appearance = pydyf.String(f"/{FONT_NAME} {FONT_SIZE} Tf {INK}")
        self.descriptor = self.add_descriptor()
        fonts = {FONT_NAME: self.add_font(WESTERN).reference, MARKS_NAME: self.add_marks().reference}
        self.resources = pydyf.Dictionary({"Font": pydyf.Dictionary(fonts)})
        self.own: dict[Encoding, Any] = {WESTERN: self.resources}

    def object(self, reference: bytes) -> Any:
        return self.pdf.objects[int(reference.split()[0])]

    def add(self, item: Any) -> Any:
        self.pdf.add_object(item)
        return item

    def join(self, first: Any, more: Any) -> None:
        """The buttons of a group on the next page belong to the group on the page before."""
        for reference in more["Kids"]:
            self.object(reference)["Parent"] = first.reference
        first["Kids"].extend(more["Kids"])

    def fill(self, node: Any, field: FormField) -> None:
        node["TU"] = self.pydyf.String(field.tooltip)
        if field.kind == RADIO:
            self.fill_group(node, field)
            return
        node["DA"] = self.appearance
        if field.kind == CHOICE:
            node["Ff"] = IS_COMBO
            pairs = (("", ""), *field.options)
            string = self.pydyf.String
            node["Opt"] = self.pydyf.Array(self.pydyf.Array(map(string, pair)) for pair in pairs)
        elif field.kind == TEXT:
            node["Ff"] = MULTILINE
        if field.max_length:
            node["MaxLen"] = field.max_length
        node["V"] = node["DV"] = self.pydyf.String(field.value)
        node["Rect"] = _upright(node["Rect"])
        if field.value or field.kind == CHOICE:
            self.draw(node, field)

    def draw(self, node: Any, field: FormField) -> None:
        """What stands in a field, as all viewers show it; what they would have to shape is left to them."""
        text = field.shown
        encoding = encoding_of(text)
        if encoding is None:
            return
        left, bottom, right, top = node["Rect"]
        width, height = right - left, top - bottom
        lines = encoding.lines(text, width - 2 * PADDING if field.kind == TEXT else math.inf, FONT_SIZE)
        first = height - PADDING - FONT_SIZE if field.kind == TEXT else (height - FONT_SIZE) / 2 + 0.22 * FONT_SIZE
        shown = b"".join(b"(%s) Tj T* " % ESCAPED.sub(rb"\\\1", encoding.data(line)) for line in lines)
        box = f"1 1 {width - 2:.2f} {height - 2:.2f} re W n"
        place = f"{LEADING} TL {PADDING} {first:.2f} Td"
        start = f"/Tx BMC q {box} BT {INK} /{FONT_NAME} {FONT_SIZE} Tf {place} "
        extra = {
            "Type": "/XObject",
            "Subtype": "/Form",
            "BBox": self.pydyf.Array((0, 0, round(width, 2), round(height, 2))),
            "Resources": self.resources_for(encoding),
        }
        arrow = _arrow(width - 6, height / 2) if field.kind == CHOICE else b""
        stream = self.add(self.pydyf.Stream([start.encode() + shown + b"ET " + arrow + b"Q EMC"], extra))
        node["AP"] = self.pydyf.Dictionary({"N": stream.reference})

    def resources_for(self, encoding: Encoding) -> Any:
        """The font in which letters have these codes; fields with the same letters share it."""
        if encoding not in self.own:
            fonts = self.pydyf.Dictionary({FONT_NAME: self.add_font(encoding).reference})
            self.own[encoding] = self.pydyf.Dictionary({"Font": fonts})
        return self.own[encoding]

    def settle(self, form: Any) -> None:
        """What holds for all fields."""
        form["DR"], form["DA"] = self.resources, self.appearance
        # Never true: some viewers then draw everything anew, and answers that were chosen look like none.
        form["NeedAppearances"] = "false"

    def fill_group(self, group: Any, field: FormField) -> None:
        """Buttons named by the code of their answer; a second click may take an answer back, where the viewer can."""
        group["Ff"] = IS_RADIO
        group["V"] = f"/{field.value or 'Off'}"
        group.pop("Opt", None)
        for reference, (code, label) in zip(group["Kids"], field.options, strict=True):
            button = self.object(reference)
            button.pop("T", None)
            button["TU"] = self.pydyf.String(f"{label} – {field.tooltip}")
            button["Rect"] = _upright(button["Rect"])
            left, bottom, right, top = button["Rect"]
            size = (round(right - left, 2), round(top - bottom, 2))
            states = {code: self.dot(*size, True).reference, "Off": self.dot(*size, False).reference}
            button["AP"] = self.pydyf.Dictionary({"N": self.pydyf.Dictionary(states)})
            button["AS"] = f"/{code if code == field.value else 'Off'}"
            # The ring is drawn on the page already. Whoever draws the button anew draws a disc (l in ZapfDingbats).
            button["MK"] = self.pydyf.Dictionary({"CA": self.pydyf.String("l")})
            button["DA"] = self.pydyf.String(f"/{MARKS_NAME} 0 Tf {INK}")

    def dot(self, width: float, height: float, is_on: bool) -> Any:
        """What stands inside the ring of a button."""
        key = (width, height, is_on)
        if key not in self.drawn:
            box = self.pydyf.Array((0, 0, width, height))
            extra = {"Type": "/XObject", "Subtype": "/Form", "BBox": box}
            self.drawn[key] = self.add(
                self.pydyf.Stream([_disc(width / 2, height / 2, 0.38 * min(width, height))] if is_on else [b""], extra)
            )
        return self.drawn[key]

    def hidden(self, field: FormField) -> Any:
        """A field that nobody sees, on the first page."""
        page = self.pdf.page_references[0]
        node = self.add(
            self.pydyf.Dictionary(
                {
                    "Type": "/Annot",
                    "Subtype": "/Widget",
                    "FT": "/Tx",
                    "Ff": READ_ONLY,
                    "F": NOT_SHOWN,
                    "Rect": self.pydyf.Array((0, 0, 0, 0)),
                    "P": page,
                    "DA": self.appearance,
                    "T": self.pydyf.String(field.name),
                    "TU": self.pydyf.String(field.tooltip),
                    "V": self.pydyf.String(field.value),
                }
            )
        )
        self.object(page).setdefault("Annots", self.pydyf.Array()).append(node.reference)
        return node

    def font_file(self, data: bytes) -> Any:
        """The whole font: the engine has embedded it already where it laid out a field in it."""
        for item in self.pdf.objects:
            if isinstance(item, self.pydyf.Stream) and item.stream == [data]:
                return item
        return self.add(self.pydyf.Stream([data], {"Length1": len(data)}, compress=True))

    def add_marks(self) -> Any:
        """The font of marks that every viewer has; nothing is drawn in it here."""
        return self.add(self.pydyf.Dictionary({"Type": "/Font", "Subtype": "/Type1", "BaseFont": "/ZapfDingbats"}))

    def add_descriptor(self) -> Any:
        """The font itself."""
        stream, measures = self.font_file(FONT.read_bytes()), metrics()
        return self.add(
            self.pydyf.Dictionary(
                {
                    "Type": "/FontDescriptor",
                    "FontName": "/NotoSans-Regular",
                    "Flags": NON_SYMBOLIC,
                    "FontBBox": self.pydyf.Array(measures["box"]),
                    "ItalicAngle": 0,
                    "Ascent": measures["ascent"],
                    "Descent": measures["descent"],
                    "CapHeight": measures["capitals"],
                    "StemV": 80,
                    "FontFile2": stream.reference,
                }
            )
        )

    def add_font(self, encoding: Encoding) -> Any:
        """A font in which viewers can write: one byte a letter, as all of them understand."""
        return self.add(
            self.pydyf.Dictionary(
                {
                    "Type": "/Font",
                    "Subtype": "/TrueType",
                    "BaseFont": "/NotoSans-Regular",
                    "Encoding": self.codes(encoding),
                    "FirstChar": FIRST_CODE,
                    "LastChar": FIRST_CODE + len(encoding.letters) - 1,
                    "Widths": self.pydyf.Array(encoding.widths),
                    "FontDescriptor": self.descriptor.reference,
                }
            )
        )

    def codes(self, encoding: Encoding) -> Any:
        if encoding == WESTERN:
            return "/WinAnsiEncoding"
        names = self.pydyf.Array([FIRST_CODE, *(f"/{name}" for name in encoding.glyphs)])
        base = {"Type": "/Encoding", "BaseEncoding": "/WinAnsiEncoding"}
        return self.pydyf.Dictionary({**base, "Differences": names})


def _upright(corners: Any) -> Any:
    """A rectangle as left, bottom, right, top."""
    first_x, first_y, other_x, other_y = corners
    corners[:] = [min(first_x, other_x), min(first_y, other_y), max(first_x, other_x), max(first_y, other_y)]
    return corners


def _arrow(x: float, y: float) -> bytes:
    """What says that a field has a list; its point is below x."""
    return f"{x - 3.5:.2f} {y + 2:.2f} m {x + 3.5:.2f} {y + 2:.2f} l {x:.2f} {y - 2.5:.2f} l f ".encode()


def _disc(x: float, y: float, radius: float) -> bytes:
    """Drawing operators of a filled circle."""
    bend = 4 / 3 * (math.sqrt(2) - 1) * radius
    arcs = "".join(f"{points} c " for points in _arcs(x, y, radius, bend))
    return f"{INK} {x + radius:.3f} {y:.3f} m {arcs}f".encode()


def _arcs(x: float, y: float, radius: float, bend: float) -> Iterator[str]:
    for cos, sin in ((1, 0), (0, 1), (-1, 0), (0, -1)):
        points = (
            (x + radius * cos - bend * sin, y + radius * sin + bend * cos),
            (x - radius * sin + bend * cos, y + radius * cos + bend * sin),
            (x - radius * sin, y + radius * cos),
        )
        yield " ".join(f"{value:.3f}" for point in points for value in point)
