"""Feedback to the applicant: what was found strong and weak, safe for the outside.

Only what is named here can reach it: facts that the applicant gave, titles of criteria, findings in words
over all reviewers, questions with the applicant's answers, and what the officer wrote for the applicant.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from checklist.enums import ReportKind
from checklist.letters import FEEDBACK, Block, compose
from checklist.questions import fill_places
from checklist.selectors.letter_texts import wording_of
from checklist.selectors.outside import (
    OPEN,
    STRONG,
    WEAK,
    OutsidePart,
    answered_questions,
    feedback_text,
    findings_for_outside,
)

from .data import as_json
from .making import Maker
from .outside import (
    OFFERS,
    applicant_name,
    back_to_decision,
    common_places,
    donor,
    holders,
    letter_facts,
    letterhead,
    load_proposal,
    may_read,
)


@dataclass(frozen=True)
class Answered:
    """A question that was put to the applicant, with the answer."""

    question: str
    answer: str
    answered_on: date | None


@dataclass(frozen=True)
class Feedback:
    """What one applicant is told."""

    reference: str
    title: str
    dated_at: datetime
    language: str
    donor: str
    round_reference: str
    addressee: str
    facts: tuple[tuple[str, str], ...]
    subject: str
    blocks: tuple[Block, ...]
    # Whether the officer worded the points; else they are criteria alone.
    is_worded: bool
    strengths: tuple[str, ...]
    weaknesses: tuple[str, ...]
    not_judged: tuple[str, ...]
    advice: tuple[str, ...]
    parts: tuple[OutsidePart, ...]
    answered: tuple[Answered, ...]

    def to_json(self):
        return as_json(ReportKind.FEEDBACK, self)


def build(proposal, options, _user):
    """Feedback in one language: the officer's points where she wrote some, else the findings alone."""
    language = options.language
    with override(language):
        parts, judged_at = findings_for_outside(proposal, language)
        own = feedback_text(proposal, language)
        values = common_places(proposal)
        subject, body = wording_of(proposal.round, FEEDBACK, language)
        return Feedback(
            reference=proposal.reference,
            title=_("Feedback %(reference)s: %(title)s") % {"reference": proposal.reference, "title": proposal.title},
            dated_at=max(filter(None, (proposal.created_at, judged_at, own and own.at))),
            language=language,
            donor=donor(proposal.round),
            round_reference=proposal.round.reference,
            addressee=applicant_name(proposal),
            facts=letter_facts(proposal),
            subject=fill_places(subject, values),
            blocks=compose(body, values),
            is_worded=own is not None,
            strengths=lines(own.strengths) if own else points(parts, STRONG),
            weaknesses=lines(own.weaknesses) if own else points(parts, WEAK),
            not_judged=tuple(each.title for part in parts for each in part.findings if each.standing == OPEN),
            advice=lines(own.advice) if own else (),
            parts=tuple(parts),
            answered=tuple(Answered(*each) for each in answered_questions(proposal)),
        )


def lines(text):
    """The points of a text, one a line."""
    return tuple(line.strip().removeprefix("- ").strip() for line in text.splitlines() if line.strip(" -\t"))


def points(parts, standing, reasons=None):
    """One point per finding of this standing: the criterion, what is weak about it, and a reason where one is given."""
    reasons = reasons or {}
    said = []
    for part in parts:
        for each in part.findings:
            if each.standing == standing:
                reason = " ".join(reasons.get(each.criterion_pk, "").split())
                values = {"title": each.title, "finding": each.finding.lower()}
                point = each.title if standing == STRONG else _("%(title)s: %(finding)s") % values
                said.append(f"{point}. {reason}" if reason else point)
    # Two instruments can have criteria of one name.
    return tuple(dict.fromkeys(said))


MAKER = Maker(
    kind=ReportKind.FEEDBACK,
    template="checklist/reports/feedback.html",
    load=load_proposal,
    may_read=may_read,
    build=build,
    holders=holders,
    back=back_to_decision,
    offers=OFFERS,
    letterhead=letterhead,
)
