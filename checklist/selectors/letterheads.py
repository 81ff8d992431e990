"""The letterhead under which a round writes: its own, or that of the house."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from django.db.models import Q

from checklist.models import Letterhead
from screening.pdf import Picture

LOGO = "logo"


@dataclass(frozen=True)
class Look:
    """A letterhead as reports use it. `logo` is a picture of the document, or None."""

    name: str
    address: tuple[str, ...]
    footer: str
    colour: str
    paper: str
    logo: Picture | None
    logo_description: str

    @property
    def pictures(self) -> tuple[Picture, ...]:
        return (self.logo,) if self.logo else ()


def letterhead_row(round_):
    """The Letterhead of the round, else that of the house, else None."""
    rows = Letterhead.objects.filter(Q(round=round_) | Q(round__isnull=True)).order_by("pk")
    return max(rows, key=lambda row: row.round_id is not None, default=None)


def look_of(round_):
    """How letters of the round look; the donor's name alone where nothing is set."""
    return look(letterhead_row(round_), round_.donor_name or round_.title)


def look(row, donor):
    """One Letterhead as a Look; `donor` stands where it gives no name."""
    if row is None:
        return Look(donor, (), "", "", "a4", None, "")
    return Look(
        name=row.name or donor,
        address=tuple(line.strip() for line in row.address.splitlines() if line.strip()),
        footer=row.footer,
        colour=row.colour,
        paper=row.paper,
        logo=_picture(row),
        logo_description=row.logo_description or row.name or donor,
    )


def _picture(row):
    if not row.logo:
        return None
    with row.logo.open("rb") as file:
        return Picture(LOGO, row.logo_media_type, base64.b64encode(file.read()).decode("ascii"))
