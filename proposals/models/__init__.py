"""What was received: rounds, organisations, proposals, their places, tags and documents."""

from .documents import Document, DocumentPage, storage_name
from .imports import ColumnMapping, ImportFile
from .proposals import (
    Organisation,
    OrganisationAlias,
    Participation,
    Place,
    Proposal,
    ProposalAccess,
    ProposalTag,
)
from .rounds import ROUND_REFERENCE, FundingRound, PhaseWindow, RoleGrant

__all__ = [
    "ROUND_REFERENCE",
    "ColumnMapping",
    "Document",
    "DocumentPage",
    "FundingRound",
    "ImportFile",
    "Organisation",
    "OrganisationAlias",
    "Participation",
    "PhaseWindow",
    "Place",
    "Proposal",
    "ProposalAccess",
    "ProposalTag",
    "RoleGrant",
    "storage_name",
]
