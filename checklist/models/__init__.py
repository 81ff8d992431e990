"""How proposals are judged: instruments, what reviewers said with them, and what came of it."""

from .assessments import (
    Assessment,
    Assignment,
    Evidence,
    Response,
    SubmittedScore,
    SubmittedState,
    SubResponse,
)
from .decisions import Decision, Recommendation, StopOverride
from .digests import ProposalDigest
from .drafts import DraftEdit
from .eligibility import EligibilityCheck, EligibilityResult
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
from .notices import Notice, NoticeSetting, RoundMessage
from .offline import OfflineForm, OfflineUpload
from .panels import ConsensusChange, DiscussionEntry, MeetingItem, PanelMeeting
from .questions import ApplicantQuestion, QuestionLetter, QuestionOrigin
from .reports import (
    BatchItem,
    ColumnChoice,
    FeedbackText,
    IssuedReport,
    Letterhead,
    LetterText,
    Redaction,
    ReportBatch,
)
from .reviewers import AssignmentPlan, PlannedAssignment, ReviewerSkill, ReviewerTie, SuspectedConflict
from .rounds import RoundCriticalRule, RoundInstrument, RoundRules

__all__ = [
    "ApplicantQuestion",
    "Assessment",
    "Assignment",
    "AssignmentPlan",
    "BatchItem",
    "ColumnChoice",
    "ConsensusChange",
    "Criterion",
    "CriterionMatch",
    "CrossWalk",
    "Decision",
    "DiscussionEntry",
    "Domain",
    "DraftEdit",
    "EligibilityCheck",
    "EligibilityResult",
    "Evidence",
    "FeedbackText",
    "Instrument",
    "InstrumentVersion",
    "IssuedReport",
    "LetterText",
    "Letterhead",
    "Level",
    "MeetingItem",
    "Notice",
    "NoticeSetting",
    "OfflineForm",
    "OfflineUpload",
    "PanelMeeting",
    "PlannedAssignment",
    "ProposalDigest",
    "QuestionLetter",
    "QuestionOrigin",
    "Recommendation",
    "Redaction",
    "ReportBatch",
    "Response",
    "ReviewerSkill",
    "ReviewerTie",
    "RoundCriticalRule",
    "RoundInstrument",
    "RoundMessage",
    "RoundRules",
    "StopOverride",
    "SubQuestion",
    "SubResponse",
    "SubmittedScore",
    "SubmittedState",
    "SuspectedConflict",
    "Tension",
    "TensionSide",
    "TensionText",
    "Translation",
]
