"""One statistic with what it rests on, and why it is missing where it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from checklist.marking import gettext_noop as _

# Every interval is worked out for this level; 0.95 is what the sources print.
LEVEL = 0.95


class Reason(StrEnum):
    """Why a number cannot be worked out, or must not be used; the sentence is in `REASON_TEXTS`."""

    NO_DATA = "no_data"
    ONE_RATER = "one_rater"
    ONE_UNIT = "one_unit"
    NO_PAIRS = "no_pairs"
    NO_VARIATION = "no_variation"
    UNEQUAL_RATERS = "unequal_raters"
    INCOMPLETE = "incomplete"
    NO_VARIANCE_BETWEEN = "no_variance_between"
    NOT_CONNECTED = "not_connected"
    FEW_RATINGS = "few_ratings"


REASON_TEXTS: dict[Reason, str] = {
    Reason.NO_DATA: _("There are no ratings."),
    Reason.ONE_RATER: _("There is only one reviewer, so there is nothing to compare."),
    Reason.ONE_UNIT: _("There is only one proposal; at least two are needed."),
    Reason.NO_PAIRS: _("No proposal has ratings from two reviewers."),
    Reason.NO_VARIATION: _(
        "All ratings are the same, so agreement cannot be told from chance. Look at the percent agreement."
    ),
    Reason.UNEQUAL_RATERS: _(
        "The proposals have different numbers of ratings; this statistic needs the same number for each. "
        "Look at Krippendorff's alpha."
    ),
    Reason.INCOMPLETE: _(
        "Some ratings are missing; this statistic needs every reviewer's rating of every proposal. "
        "Look at Krippendorff's alpha."
    ),
    Reason.NO_VARIANCE_BETWEEN: _("The proposals do not differ enough for this form to have a value."),
    Reason.NOT_CONNECTED: _(
        "The reviewers fall into groups that share no proposal, so scores cannot be compared between the groups."
    ),
    Reason.FEW_RATINGS: _(
        "A reviewer has fewer than three ratings, too few to tell a harsh reviewer from a weak proposal."
    ),
}


@dataclass(frozen=True)
class Statistic:
    """A statistic over `n` units (proposals) and `k` raters.

    `value` is None exactly where `reason_code` is set. `low` and `high` bound it at `level`; all three
    are None where there is no honest interval, which can be so though there is a value.
    """

    value: float | None
    n: int
    k: int
    reason_code: Reason | None = None
    low: float | None = None
    high: float | None = None
    level: float | None = None

    @property
    def reason(self) -> str | None:
        """Why there is no value, as an English sentence; None where there is one."""
        return REASON_TEXTS[self.reason_code] if self.reason_code else None


def missing(reason: Reason, n: int, k: int) -> Statistic:
    """A statistic that cannot be worked out, and why."""
    return Statistic(None, n, k, reason)


def found(value: float, n: int, k: int, bounds: tuple[float, float] | None) -> Statistic:
    """A statistic with its interval, where there is one."""
    if bounds is None:
        return Statistic(value, n, k)
    return Statistic(value, n, k, None, bounds[0], bounds[1], LEVEL)
