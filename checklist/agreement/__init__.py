"""How far reviewers agree, and what a score comes to when the harsh and the lenient are allowed for.

Pure: plain data in, frozen values out; no Django. Every function names its source. A number that the
data cannot give is None with a reason, never a nought; data of the wrong shape is a ValueError.
"Not applicable" and "not enough information" are no ratings: the caller passes them as None.

The names that other modules need are all importable from here.
"""

from checklist.agreement.adjusting import (
    DEFAULT_SHRINKAGE,
    FEWEST_RATINGS,
    AdjustedScores,
    Part,
    adjusted_scores,
)
from checklist.agreement.alpha import METRICS, krippendorff_alpha
from checklist.agreement.intraclass import ICC_FORMS, icc
from checklist.agreement.kappa import WEIGHTS, cohen_kappa, fleiss_kappa
from checklist.agreement.percent import percent_agreement
from checklist.agreement.statistic import LEVEL, REASON_TEXTS, Reason, Statistic

__all__ = [
    "DEFAULT_SHRINKAGE",
    "FEWEST_RATINGS",
    "ICC_FORMS",
    "LEVEL",
    "METRICS",
    "REASON_TEXTS",
    "WEIGHTS",
    "AdjustedScores",
    "Part",
    "Reason",
    "Statistic",
    "adjusted_scores",
    "cohen_kappa",
    "fleiss_kappa",
    "icc",
    "krippendorff_alpha",
    "percent_agreement",
]
