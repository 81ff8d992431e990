"""Keys that have been used in an instrument (a key means the same thing in every version), and numbers."""

import re

from checklist.models import Criterion, Domain, DraftEdit
from checklist.paths import parse


def used_keys(version, which):
    """Keys of all "criteria" or "domains" of the instrument's versions, and of those removed from this draft."""
    model = Criterion if which == "criteria" else Domain
    used = set(model.objects.filter(version__instrument_id=version.instrument_id).values_list("key", flat=True))
    for path in DraftEdit.objects.filter(version=version, path__startswith=f"{which}/").values_list("path", flat=True):
        place = parse(path)
        used.add(place.criterion or place.domain)
    return used


def numbers_in_order(rows):
    """{key: number} that counts the items up, for (key, number) rows in their order."""
    rows = list(rows)
    found = re.fullmatch(r"(.*?)\d+", rows[0][1]) if rows else None
    prefix = found[1] if found else ""
    return {key: f"{prefix}{place}" for place, (key, _number) in enumerate(rows, start=1)}


def is_out_of_order(numbers):
    """Whether {key: number}, in the order of the items, does not count up."""
    return numbers != numbers_in_order(numbers.items())
