"""The kinds of reports there are, with one line of what each is for; where each is made."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from checklist.enums import ReportKind
from checklist.selectors.outside import with_feedback
from proposals.models import Proposal

from .making import maker_of

FOR_WHAT = {
    ReportKind.ROUND: gettext_lazy(
        "For the board: the round in figures, ranking, portfolio, agreement, decisions with their reasons."
    ),
    ReportKind.PROPOSAL: gettext_lazy(
        "For those who decide: all reviewers side by side, the panel, declarations, the decision. With or without names."
    ),
    ReportKind.FEEDBACK: gettext_lazy("For the applicant: strengths, weaknesses and questions. Nothing internal."),
    ReportKind.QUESTIONS: gettext_lazy(
        "For the applicant: what reviewers could not judge, on your letterhead. Many at once: the newest of each proposal."
    ),
    ReportKind.DECISION: gettext_lazy("For the applicant: the decision with its reasons, on your letterhead."),
    ReportKind.SCORECARD: gettext_lazy("For the file: one assessment as its reviewer handed it in."),
    ReportKind.BLANK: gettext_lazy("For paper: an instrument of the round, to be filled in by hand."),
}
# Reports on one proposal that have it as their subject, in the order in which they are offered.
OF_PROPOSAL = (ReportKind.PROPOSAL, ReportKind.FEEDBACK, ReportKind.DECISION)


@dataclass(frozen=True)
class Offer:
    """One kind of report and where to get it; `url` is "" where there is none yet, and `words` say why."""

    label: str
    text: str
    url: str
    words: str


def offers_on(proposal, user):
    """[Offer] of the reports on one proposal."""
    assessments = reverse("checklist:proposal-assessments", args=[proposal.pk])
    questions = reverse("checklist:proposal-questions", args=[proposal.pk])
    return [
        *(_on_proposal(kind, proposal, user) for kind in OF_PROPOSAL),
        _offer(ReportKind.QUESTIONS, questions, _("Choose a letter that went out")),
        _offer(ReportKind.SCORECARD, assessments, _("Choose an assessment, then Scorecard")),
    ]


def _on_proposal(kind, proposal, user):
    maker = maker_of(kind)
    subject = maker.load(proposal.pk)
    if subject is None:
        return _offer(kind, "", _("Once a decision is applied."))
    if not maker.may_read(user, subject):
        return _offer(kind, "", _("Not open to you."))
    if kind == ReportKind.FEEDBACK and not with_feedback(Proposal.objects.filter(pk=proposal.pk)).exists():
        return _offer(kind, "", _("Once an assessment is submitted."))
    return _offer(kind, reverse("checklist:report", args=[kind, subject.pk]), _("Open"))


def offers_in(round_, user):
    """[Offer] of every kind of report in a round."""
    maker = maker_of(ReportKind.ROUND)
    if maker.may_read(user, round_):
        whole = reverse("checklist:report", args=[ReportKind.ROUND, round_.pk]), _("Open")
    else:
        whole = "", _("It opens once you have handed in all assessments asked of you in this round.")
    proposals = reverse("checklist:proposal-list", args=[round_.reference])
    return [
        _offer(ReportKind.ROUND, *whole),
        *(_offer(kind, proposals, _("Choose a proposal, then Reports")) for kind in OF_PROPOSAL),
        _offer(
            ReportKind.QUESTIONS, reverse("checklist:question-list", args=[round_.reference]), _("Choose a proposal")
        ),
        _offer(ReportKind.SCORECARD, "#scorecards", _("See below")),
        _offer(ReportKind.BLANK, reverse("checklist:instrument-list"), _("Choose an instrument")),
    ]


def _offer(kind, url, words):
    return Offer(str(ReportKind(kind).label), str(FOR_WHAT[kind]), url, words)
