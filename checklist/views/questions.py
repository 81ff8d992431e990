"""The questions to the applicants of a round: where each proposal stands."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from checklist import rules
from checklist.filters import QUESTION_CHOICES, QuestionFilter
from checklist.selectors.asking import attach_counts, to_ask, with_questions
from proposals import rules as proposal_rules
from proposals.views.loading import load_round
from screening.listing import Column, build_listing, export_response

REFERENCE = Column("reference", _("Reference"), ("reference",), lambda row: row.reference, css="fit")
TITLE = Column("title", _("Proposal"), ("title",), lambda row: row.title)
APPLICANT = Column("applicant", _("Applicant"), ("applicant__name",), lambda row: str(row.applicant or ""))
LEFT = Column("left", _("Not taken up"), value=lambda row: row.counts.left, css="num")
DRAFTS = Column("drafts", _("To be sent"), value=lambda row: row.counts.drafts, css="num")
WAITING = Column("waiting", _("Waiting for an answer"), value=lambda row: row.counts.waiting, css="num")
DUE = Column("due", _("Answer by"), value=lambda row: row.counts.first_due)
ANSWERED = Column("answered", _("Answered"), value=lambda row: row.counts.answered, css="num")
INVITE = Column("invite", _("Reviewers to invite"), value=lambda row: row.counts.to_invite, css="num")

SHOWN = [TITLE, LEFT, DRAFTS, WAITING, ANSWERED, INVITE]
EXPORTED = [REFERENCE, TITLE, APPLICANT, LEFT, DRAFTS, WAITING, DUE, ANSWERED, INVITE]


@login_required
@require_safe
def question_list(request, reference):
    round_ = load_round(request, reference, needs=rules.can_see_questions_in_round)
    user, today = request.user, timezone.localdate()
    proposals = to_ask(user, round_)
    listing = build_listing(
        request,
        proposals.select_related("applicant").defer("summary", "notes", "search_text"),
        EXPORTED if request.GET.get("export") else SHOWN,
        filterset=QuestionFilter,
        default_sort="title",
        prepare=lambda rows: _prepared(rows, round_, today),
    )
    may_export = proposal_rules.can_export(user, round_)
    if listing.export_format:
        name = f"questions-{round_.reference}"
        return export_response(request, listing, name=name, subject=round_, may_export=may_export, round_id=round_.pk)
    context = {
        "round": round_,
        "listing": listing,
        "figures": [
            (state, label, with_questions(proposals, state, today).count()) for state, label in QUESTION_CHOICES
        ],
        "can_export": may_export,
    }
    return render(request, "checklist/question_list.html", context)


def _prepared(rows, round_, today):
    for row in rows:
        row.round = round_
    attach_counts(rows)
    for row in rows:
        row.is_overdue = row.counts.is_overdue(today)
