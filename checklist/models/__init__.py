"""How proposals are judged: instruments, and what reviewers said with them."""

from .assessments import Assessment, Assignment, Evidence, Response, SubmittedScore, SubResponse
from .instruments import (
    Criterion,
    CrossWalk,
    Domain,
    Instrument,
    InstrumentVersion,
    Level,
    SubQuestion,
    Translation,
)
from .reports import IssuedReport
from .rounds import RoundCriticalRule, RoundInstrument

__all__ = [
    "Assessment",
    "Assignment",
    "Criterion",
    "CrossWalk",
    "Domain",
    "Evidence",
    "Instrument",
    "InstrumentVersion",
    "IssuedReport",
    "Level",
    "Response",
    "RoundCriticalRule",
    "RoundInstrument",
    "SubQuestion",
    "SubResponse",
    "SubmittedScore",
    "Translation",
]
