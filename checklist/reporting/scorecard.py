"""The scorecard of one submitted assessment as one of the family: letterhead, paper, words left out, issues."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from checklist.enums import ReportKind
from checklist.models import Assessment
from checklist.report_rules import can_take_reports_on
from checklist.reports import build_scorecard
from checklist.selectors.batches import letter_of
from checklist.selectors.letterheads import board_look
from checklist.selectors.scorecards import assessments_for_reports

from .making import A4, LETTERS, Maker, Options, describe, document_of


def load(pk):
    """The submitted assessment with what its scorecard prints, or None."""
    return assessments_for_reports().submitted().filter(pk=pk).first()


def may_read(user, assessment):
    """Whoever takes reports on the proposal and may read this assessment of it."""
    if not can_take_reports_on(user, assessment.proposal):
        return False
    return Assessment.objects.visible_to(user).submitted().filter(pk=assessment.pk).exists()


def build(assessment, options, user):
    """The Scorecard as this person may see it."""
    letter = letter_of(assessment, user, always=options.names == LETTERS)
    return build_scorecard(assessment, language=options.language, letter=letter)


def scorecard_of(assessment, *, language, letter="", paper=A4):
    """(Scorecard, its PDF described but not yet made) for whoever sees the reviewer under this letter, or by name."""
    card = build_scorecard(assessment, language=language, letter=letter)
    return card, document_of(MAKER, assessment, _options(card, paper), card)


def scorecard_document(card):
    """The PDF of a scorecard on plain paper with nothing left out, described but not yet made."""
    return describe(MAKER, _options(card, A4), card)


def _options(card, paper):
    """An assessment may be in a language that the program itself does not speak; the card keeps its own."""
    language = card.language if card.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    return Options(language, paper)


MAKER = Maker(
    kind=ReportKind.SCORECARD,
    template="checklist/reports/scorecard.html",
    load=load,
    may_read=may_read,
    build=build,
    holders=lambda assessment: {"assessment": assessment},
    back=lambda assessment: (assessment.proposal.title, reverse("checklist:assessment-result", args=[assessment.pk])),
    letterhead=lambda assessment: board_look(assessment.proposal.round),
)
