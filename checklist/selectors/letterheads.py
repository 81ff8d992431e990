"""The letterhead under which a round writes: its own, or that of the house."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from django.db.models import Q

from checklist.models import Letterhead
from screening.pdf import Picture
from screening.statements import KeptModels

LOGO = "logo"
A4 = "a4"


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


_ROWS = KeptModels(
    lambda round_pk: Letterhead.objects.filter(Q(round_id=round_pk) | Q(round__isnull=True)).order_by("pk")
)


def letterhead_row(round_):
    """The Letterhead of the round, else that of the house, else None."""
    return max(_ROWS(round_.pk), key=lambda row: row.round_id is not None, default=None)


def look_of(round_):
    """How letters of the round look; the donor's name alone where nothing is set."""
    return look(letterhead_row(round_), round_.donor_name or round_.title)


def board_look(round_):
    """How reports that are no letters look: under the letterhead somebody set, or None for plain ones."""
    row = letterhead_row(round_)
    return look(row, round_.donor_name or round_.title) if row else None


def paper_of(round_):
    """The paper on which the round prints, where nobody chooses another."""
    row = letterhead_row(round_)
    return row.paper if row else A4


def look(row, donor):
    """One Letterhead as a Look; `donor` stands where it gives no name."""
    if row is None:
        return Look(donor, (), "", "", A4, None, "")
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
    """The logo; None where there is none, or the store has lost it."""
    if not row.logo:
        return None
    try:
        with row.logo.open("rb") as file:
            return Picture(LOGO, row.logo_media_type, base64.b64encode(file.read()).decode("ascii"))
    except FileNotFoundError:
        return None
