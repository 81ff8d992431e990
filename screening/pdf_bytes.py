"""The objects of a PDF as the bytes they are written as.

The writer asks every object for its bytes twice, to hash the file and to write it, and half of its time goes into
making them; compressed ones are compressed twice. Here they are made once, and the same file comes out.
"""

from __future__ import annotations

from typing import Any


class Written:
    """An object of a PDF with its bytes: as much of it as the writer asks for."""

    free = "n"
    offset = 0

    def __init__(self, thing: Any) -> None:
        self.number, self.generation = thing.number, thing.generation
        self.compressible, self.data = thing.compressible, thing.data

    @property
    def indirect(self) -> bytes:
        return f"{self.number} {self.generation} obj\n".encode() + self.data + b"\nendobj"


def write_once(pdf: Any) -> None:
    """Turn the objects of a `pydyf.PDF` into their bytes, in place. Nothing may be changed afterwards."""
    pdf.objects[:] = [each if each.free == "f" else Written(each) for each in pdf.objects]
