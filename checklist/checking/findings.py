"""A finding of the checker: what, how bad, where, and the words that its sentence needs. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """Wrong: cannot be published like that. Doubtful: may be meant, a person should look."""

    WRONG = "wrong"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True)
class Finding:
    """One thing found. `params` fill the named places of the sentence that belongs to `code`.

    A name that ends in `_label` holds an English text of a registry; whoever shows it translates it.
    """

    code: str
    severity: Severity
    path: str
    params: Mapping[str, str] = field(default_factory=dict)


def wrong(code: str, path: str, **params: str) -> Finding:
    return Finding(code, Severity.WRONG, path, params)


def doubtful(code: str, path: str, **params: str) -> Finding:
    return Finding(code, Severity.DOUBTFUL, path, params)
