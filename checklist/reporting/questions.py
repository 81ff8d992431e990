"""The letter with questions to the applicant, as it was sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from checklist.enums import ReportKind
from checklist.questions import QuestionLetterContent
from checklist.report_rules import can_take_reports_on
from checklist.selectors.letterheads import look_of
from checklist.selectors.questions import letter_content, letter_with_all

from .data import as_json
from .making import Maker
from .outside import letter_facts


@dataclass(frozen=True)
class QuestionsLetter:
    """One letter that went out; `content` is what it said."""

    reference: str
    title: str
    dated_at: datetime
    language: str
    round_reference: str
    facts: tuple[tuple[str, str], ...]
    content: QuestionLetterContent

    def to_json(self):
        return as_json(ReportKind.QUESTIONS, self)


def build(letter, _options, _user):
    """The letter in the language in which it was sent, whatever is asked for."""
    content = letter_content(letter)
    proposal = letter.proposal
    with override(content.language):
        return QuestionsLetter(
            reference=proposal.reference,
            title=_("Questions %(reference)s: %(title)s") % {"reference": proposal.reference, "title": proposal.title},
            dated_at=letter.sent_at,
            language=content.language,
            round_reference=proposal.round.reference,
            facts=letter_facts(proposal),
            content=content,
        )


def _back(letter):
    return str(letter.proposal), reverse("checklist:proposal-questions", args=[letter.proposal_id])


MAKER = Maker(
    kind=ReportKind.QUESTIONS,
    template="checklist/reports/questions.html",
    load=letter_with_all,
    may_read=lambda user, letter: can_take_reports_on(user, letter.proposal),
    build=build,
    holders=lambda letter: {"proposal": letter.proposal},
    back=_back,
    # The language is that of the letter.
    offers=("paper",),
    letterhead=lambda letter: look_of(letter.proposal.round),
)
