"""The decision letter: what was decided, why, and under which conditions, in the words of the round."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override

from checklist.enums import DecisionState, Outcome, ReportKind
from checklist.letters import DECISION, Block, compose
from checklist.questions import fill_places
from checklist.selectors.decisions import decision_in
from checklist.selectors.letter_texts import wording_of

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
    money,
)


@dataclass(frozen=True)
class DecisionLetter:
    """One applied decision as the applicant reads it."""

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
    outcome: str

    def to_json(self):
        return as_json(ReportKind.DECISION, self)


def load(pk):
    """The proposal with `applied`, its decision that took effect; None where there is none."""
    proposal = load_proposal(pk)
    if proposal is None:
        return None
    proposal.applied = decision_in(DecisionState.APPLIED, proposal)
    return proposal if proposal.applied else None


def build(proposal, options, _user):
    """The letter in the wording of the round, filled with what was decided."""
    decision = proposal.applied
    with override(options.language):
        subject, body = wording_of(proposal.round, f"{DECISION}/{decision.outcome}", options.language)
        values = common_places(proposal) | {
            "amount": money(decision.amount, proposal.currency or proposal.round.currency),
            "conditions": decision.conditions,
            "reasons": decision.reasons,
            "reserve_place": str(decision.reserve_order or ""),
            "decided_on": date_format(localtime(decision.applied_at), "j F Y"),
        }
        return DecisionLetter(
            reference=proposal.reference,
            title=_("Decision %(reference)s: %(title)s") % {"reference": proposal.reference, "title": proposal.title},
            dated_at=decision.applied_at,
            language=options.language,
            donor=donor(proposal.round),
            round_reference=proposal.round.reference,
            addressee=applicant_name(proposal),
            facts=letter_facts(proposal),
            subject=fill_places(subject, values),
            blocks=compose(body, values),
            outcome=str(Outcome(decision.outcome).label),
        )


MAKER = Maker(
    kind=ReportKind.DECISION,
    template="checklist/reports/decision.html",
    load=load,
    may_read=may_read,
    build=build,
    holders=holders,
    back=back_to_decision,
    offers=OFFERS,
    letterhead=letterhead,
)
