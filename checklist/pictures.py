"""Logos: what is taken, and how it is made safe. A picture is opened, drawn anew and written by us."""

from __future__ import annotations

import io
from dataclasses import dataclass

from django.utils.translation import gettext as _

MOST_BYTES = 2 * 1024**2
MOST_PIXELS = 25_000_000
# Wide enough for print at the size of a letterhead.
LONGEST_SIDE = 1200
SHORTEST_SIDE = 16
MEDIA_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg"}


class RefusedPicture(Exception):
    """The picture is not taken; the message says why."""


@dataclass(frozen=True)
class Logo:
    """A picture that we wrote ourselves: nothing of the file that was sent is in it but what one sees."""

    data: bytes
    media_type: str
    width: int
    height: int


def read_logo(file):
    """A Logo of an uploaded PNG or JPEG. Raises RefusedPicture."""
    from PIL import Image, ImageOps  # loaded where a logo is sent, not with every page

    if file.size > MOST_BYTES:
        raise RefusedPicture(_("The picture is larger than %(n)s MB.") % {"n": MOST_BYTES // 1024**2})
    try:
        with Image.open(file, formats=tuple(MEDIA_TYPES)) as picture:
            kind = picture.format
            if picture.width * picture.height > MOST_PIXELS:
                raise RefusedPicture(_("The picture has too many points. Make it smaller and send it again."))
            picture.load()
            picture = ImageOps.exif_transpose(picture)
            drawn = picture.convert("RGBA" if kind == "PNG" else "RGB")
    except RefusedPicture:
        raise
    except Exception as problem:  # whatever a broken file makes the library say
        raise RefusedPicture(_("This is no picture that we can read. Send a PNG or a JPEG.")) from problem
    if min(drawn.size) < SHORTEST_SIDE:
        raise RefusedPicture(_("The picture is too small to be read."))
    drawn.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    if kind == "PNG" and drawn.getextrema()[3] == (255, 255):
        drawn = drawn.convert("RGB")
    return _written(drawn, kind)


def _written(drawn, kind):
    from PIL import Image

    # A new picture takes the points over and nothing else: no comments, no places, no profiles.
    clean = Image.new(drawn.mode, drawn.size)
    clean.paste(drawn)
    out = io.BytesIO()
    if kind == "PNG":
        clean.save(out, "PNG", optimize=True)
    else:
        clean.save(out, "JPEG", quality=90)
    return Logo(out.getvalue(), MEDIA_TYPES[kind], *clean.size)
