"""Who could review what: reviewers for proposals, so that all rules hold and scores can be compared.

Pure: plain frozen values in and out; no Django. It proposes; an officer looks, changes and applies.

The names that other modules need are all importable from here.
"""

from checklist.matching.matching import match_reviewers
from checklist.matching.shapes import (
    OBSTACLE_TEXTS,
    WHY_TEXTS,
    Candidate,
    Cause,
    Match,
    Matching,
    Obstacle,
    ObstacleKind,
    Request,
    Why,
)

__all__ = [
    "OBSTACLE_TEXTS",
    "WHY_TEXTS",
    "Candidate",
    "Cause",
    "Match",
    "Matching",
    "Obstacle",
    "ObstacleKind",
    "Request",
    "Why",
    "match_reviewers",
]
