"""What a letter says with an invented proposal, so that its wording can be read before there is one to write about."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from checklist.letters import PLACES, QUESTIONS, Block, compose
from checklist.questions import body_parts, fill_places

from .outside import donor, money

# A day like any other; nothing hangs on it.
SAMPLE_DAY = dt.date(2030, 3, 15)
SAMPLE_AMOUNT = Decimal(250_000)


@dataclass(frozen=True)
class SampleLetter:
    """One letter with its places filled in. `questions` stand between `blocks` and `closing`."""

    subject: str
    blocks: tuple[Block, ...]
    questions: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()


def sample_letter(round_, kind, language, subject, body):
    """The SampleLetter of a wording: names of the round are real, everything else is invented."""
    with override(language):
        values = {place: text for place, text in _values(round_).items() if place in PLACES[kind].known}
        filled = fill_places(subject, values)
        if kind != QUESTIONS:
            return SampleLetter(filled, compose(body, values))
        before, after = body_parts(fill_places(body, values))
        questions = (
            _("How many people does the house take in each month, and who decides?"),
            _("Who looks after the complaints of those who live there?"),
        )
        return SampleLetter(filled, tuple(map(Block, before)), questions, after)


def _values(round_):
    day = date_format(SAMPLE_DAY, "j F Y")
    return {
        "applicant": _("Example Association"),
        "title": _("A safe way home"),
        "reference": f"{round_.reference}-000",
        "round": round_.title,
        "donor": donor(round_),
        "reply_by": day,
        "amount": money(SAMPLE_AMOUNT, round_.currency),
        "conditions": _("A written plan for the protection of staff before the first payment."),
        "reasons": _("The proposal knows the people it works with. Its budget is clear."),
        "reserve_place": "2",
        "decided_on": day,
    }
