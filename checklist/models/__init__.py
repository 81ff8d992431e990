"""How proposals are judged: instruments, and what reviewers said with them."""

from .assessments import Assessment, Assignment, Evidence, Response, SubmittedScore, SubResponse
from .digests import ProposalDigest
from .drafts import DraftEdit
from .instruments import (
    Criterion,
    CriterionMatch,
    CrossWalk,
    Domain,
    Instrument,
    InstrumentVersion,
    Level,
    SubQuestion,
    Tension,
    TensionSide,
    TensionText,
    Translation,
)
from .reports import IssuedReport
from .rounds import RoundCriticalRule, RoundInstrument

__all__ = [
    "Assessment",
    "Assignment",
    "Criterion",
    "CriterionMatch",
    "CrossWalk",
    "Domain",
    "DraftEdit",
    "Evidence",
    "Instrument",
    "InstrumentVersion",
    "IssuedReport",
    "Level",
    "ProposalDigest",
    "Response",
    "RoundCriticalRule",
    "RoundInstrument",
    "SubQuestion",
    "SubResponse",
    "SubmittedScore",
    "Tension",
    "TensionSide",
    "TensionText",
    "Translation",
]
