"""Asking reviewers, and the reviewer's own side: her list, declaring, declining."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from checklist import rules
from checklist.actions.assessments import CannotStartAssessment, start_assessment
from checklist.actions.assignments import (
    CannotAbstain,
    CannotAssign,
    CannotDeclare,
    CannotDecline,
    CannotWithdraw,
    abstain,
    assign_reviewers,
    declare_conflict,
    declare_no_conflict,
    decline_assignment,
    withdraw_assignment,
)
from checklist.actions.conflicts import find_conflicts
from checklist.enums import AssignmentState
from checklist.filters import AssignmentFilter, ProposalFilter
from checklist.forms.assignments import AssignForm, DeclarationForm, ReasonForm
from checklist.models import Assignment
from checklist.selectors.assigning import mark_stands, plan_pairs, reviewers_of
from checklist.selectors.conflicts import counts_of
from checklist.selectors.deciding import decided_words
from checklist.selectors.eligibility import not_assignable
from checklist.selectors.further import differences, with_reviewers
from checklist.selectors.plans import fits_of
from checklist.selectors.practice import practice_refusal
from checklist.selectors.queue import review_queue
from checklist.selectors.tasks import assignments_in_round, count_own, tasks_of
from proposals import rules as proposal_rules
from proposals.models import Proposal
from proposals.views.loading import load_proposal, load_round
from screening.listing import PAGE_SIZE, Column, build_listing, export_response, shown_query
from screening.row_ids import row_ids

from .queue import Way, way_from

MAX_SELECTED = 2000
MOST_FURTHER = 20

SELECT = Column("select", gettext_lazy("Select"), css="fit", hidden=True)
REFERENCE = Column(
    "reference", gettext_lazy("Reference"), ("proposal__reference",), lambda row: row.proposal.reference, css="fit"
)
TITLE = Column("title", gettext_lazy("Proposal"), ("proposal__title",), lambda row: row.proposal.title)
REVIEWER = Column("reviewer", gettext_lazy("Reviewer"), ("reviewer__name",), lambda row: str(row.reviewer))
STATE = Column("state", gettext_lazy("State"), ("state", "due_on"), lambda row: row.stand.words)
WORDS = Column("words", gettext_lazy("In words"), value=lambda row: row.words)
DUE_ON = Column("due_on", gettext_lazy("Due on"), ("due_on",), lambda row: row.due_on, css="fit", blanks_last=True)
ASKED_ON = Column("assigned_at", gettext_lazy("Asked on"), ("assigned_at",), lambda row: row.assigned_at)
ACTIONS = Column("actions", gettext_lazy("Actions"), css="fit", hidden=True)

# On the page her words stand below the title.
SHOWN_COLUMNS = [REFERENCE, TITLE, REVIEWER, STATE, DUE_ON, ACTIONS]
EXPORTED_COLUMNS = [REFERENCE, TITLE, REVIEWER, STATE, WORDS, DUE_ON, ASKED_ON]


# -- The officer's side -----------------------------------------------------------------------


@login_required
def assignment_list(request, reference):
    round_ = load_round(request, reference, needs=proposal_rules.can_see_assignments)
    can_export = proposal_rules.can_export(request.user, round_)
    listing = build_listing(
        request,
        Assignment.objects.visible_to(request.user)
        .counted()
        .filter(proposal__round=round_)
        .not_closed_to(request.user)
        .with_progress()
        .select_related("proposal", "reviewer")
        .defer("proposal__summary", "proposal__notes", "proposal__search_text"),
        EXPORTED_COLUMNS if request.GET.get("export") else [*([SELECT] if can_export else []), *SHOWN_COLUMNS],
        filterset=AssignmentFilter,
        default_sort="reference",
        prepare=_mark_state,
    )
    if listing.export_format:
        name = f"reviews-{round_.reference}"
        return export_response(request, listing, name=name, subject=round_, may_export=can_export, round_id=round_.pk)
    context = {
        "round": round_,
        "listing": listing,
        "can_assign": proposal_rules.can_assign_reviewers(request.user, round_),
        "can_remind": rules.can_send_messages(request.user, round_),
        "can_export": can_export,
        "has_boxes": can_export and any(row.submitted_pk for row in listing.rows),
        "shown_query": shown_query(request),
        "conflicts": counts_of(round_, request.user),
        "further": _further(request.user, round_),
    }
    return render(request, "checklist/assignment_list.html", context)


def _further(user, round_):
    """Where two reviewers differ, with whom to ask; for those who may ask somebody."""
    if not proposal_rules.can_assign_reviewers(user, round_):
        return []
    return with_reviewers(round_, user, differences([round_], user)[round_.pk][:MOST_FURTHER])


def _mark_state(rows):
    mark_stands(rows, timezone.localdate())
    for row in rows:
        row.words = row.closing_reason or row.declaration
        found = getattr(row, "assessment", None)
        row.submitted_pk = found.pk if found and found.is_submitted else None


@login_required
def assign(request, reference):
    """Choose reviewers for the selected proposals, see who would get what, then ask them."""
    round_ = load_round(request, reference, needs=proposal_rules.can_assign_reviewers)
    proposals = Proposal.objects.visible_to(request.user).filter(round=round_).select_related("applicant")
    proposals, held_back = _without_held_back(request, proposals)
    step = request.POST.get("step", "") if request.method == "POST" else ""
    data = request.POST if step in ("preview", "confirm", "back") else None
    form = AssignForm(
        data,
        proposals=proposals,
        reviewers=reviewers_of(round_),
        initial={"proposals": _selected(request, proposals), "due_on": round_.review_due_on},
    )
    if step in ("preview", "confirm") and form.is_valid():
        chosen = form.cleaned_data
        in_order = chosen["proposals"].order_by("reference", "pk")
        if step == "preview":
            find_conflicts(proposals=in_order, people=chosen["reviewers"], by=request.user)
        pairs = plan_pairs(in_order, chosen["reviewers"], ask_again=chosen["ask_again"])
        left_out = _left_out(pairs, request.POST.getlist("despite") if step == "confirm" else ())
        if step == "confirm":
            return _confirmed(request, round_, chosen, left_out)
        return render(request, "checklist/assign_preview.html", _preview(round_, form, pairs, left_out))
    selected = form["proposals"].value() or []
    shown = list(proposals.filter(pk__in=row_ids(selected)).order_by("reference", "pk"))
    has_reviewers = form.fields["reviewers"].queryset.exists()
    form.fields["reviewers"].words = fits_of(round_, request.user, shown) if shown else {}
    context = {
        "round": round_,
        "form": form,
        "proposals": shown,
        "held_back": held_back,
        "has_reviewers": has_reviewers,
    }
    return render(request, "checklist/assign.html", context)


def _without_held_back(request, proposals):
    """(the proposals that may be assigned, [(one that was selected and may not, why)])."""
    selected = list(proposals.filter(pk__in=_selected(request, proposals)).order_by("reference", "pk"))
    refused = not_assignable(selected)
    held_back = [(proposal, refused[proposal.pk]) for proposal in selected if proposal.pk in refused]
    return proposals.exclude(pk__in=list(refused)), held_back


def _selected(request, proposals):
    """Ids of the proposals ticked in the list, or of all in the list's filter."""
    if request.GET.get("all"):
        filtered = ProposalFilter(request.GET, queryset=proposals.counted(), request=request).qs
        return list(filtered.order_by("reference", "pk").values_list("pk", flat=True)[:MAX_SELECTED])
    ticked = request.POST.getlist("proposals") or request.GET.getlist("proposals")
    return row_ids(ticked[:MAX_SELECTED])


def _left_out(pairs, despite):
    """Pairs with a warning that nobody said to ask all the same, as (proposal id, reviewer id)."""
    return {
        (pair.proposal.pk, pair.reviewer.pk)
        for pair in pairs
        if pair.is_possible and pair.warning and pair.key not in despite
    }


def _preview(round_, form, pairs, left_out):
    asked = [pair for pair in pairs if pair.is_possible and not pair.warning]
    by_reviewer = {}
    for pair in asked:
        by_reviewer.setdefault(pair.reviewer, []).append(pair.proposal)
    return {
        "round": round_,
        "form": form,
        "by_reviewer": list(by_reviewer.items()),
        "asked_count": len(asked),
        "warned": [pair for pair in pairs if (pair.proposal.pk, pair.reviewer.pk) in left_out],
        "left_out": [pair for pair in pairs if not pair.is_possible and not pair.is_asked],
        "asked_already": [pair for pair in pairs if pair.is_asked],
        "proposal_count": len({pair.proposal.pk for pair in pairs}),
        "due_on": form.cleaned_data["due_on"],
    }


def _confirmed(request, round_, chosen, left_out):
    try:
        made = assign_reviewers(
            round_=round_,
            proposals=chosen["proposals"],
            reviewers=chosen["reviewers"],
            due_on=chosen["due_on"],
            ask_again=chosen["ask_again"],
            leave_out=left_out,
            by=request.user,
        )
    except CannotAssign as refusal:
        messages.error(request, str(refusal))
        return redirect("checklist:proposal-list", round_.reference)
    if made:
        text = ngettext("%(n)s request is made.", "%(n)s requests are made.", len(made)) % {"n": len(made)}
        messages.success(request, _("%(text)s Each reviewer declares first, then assesses.") % {"text": text})
    else:
        messages.info(request, _("Nobody was asked: everybody chosen was asked already or is left out."))
    return redirect("checklist:proposal-list", round_.reference)


@login_required
def withdraw(request, pk):
    assignment = load_assignment(request, pk, needs=rules.can_withdraw_assignment)
    back = assignment.proposal.get_absolute_url()
    form = ReasonForm(request.POST or None, submit_label=_("Take the request back"), cancel_url=back)
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_assignment(assignment=assignment, reason=form.cleaned_data["reason"], by=request.user)
        except CannotWithdraw as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The request to %(name)s is taken back.") % {"name": assignment.reviewer})
            return redirect("checklist:proposal-assessments", assignment.proposal_id)
    return render(request, "checklist/withdraw.html", {"assignment": assignment, "form": form})


# -- The reviewer's side ------------------------------------------------------------------------


@login_required
def my_reviews(request, reference):
    round_ = load_round(request, reference)
    submitted, own, total = count_own(request.user, round_)
    if not total and "reviewer" not in proposal_rules.roles_in(request.user, round_):
        raise PermissionDenied
    page = Paginator(assignments_in_round(request.user, round_), PAGE_SIZE).get_page(request.GET.get("page"))
    tasks = tasks_of(page.object_list, today=timezone.localdate())
    decided = decided_words(request.user, [task.proposal.pk for task in tasks if task.step == "submitted"])
    for task in tasks:
        task.assignment.decided = decided.get(task.proposal.pk, "")
    context = {
        "round": round_,
        "page": page,
        "waiting": [task for task in tasks if task.is_waiting],
        "submitted": [task for task in tasks if task.step == "submitted"],
        "closed": [task for task in tasks if task.step == "closed"],
        "submitted_count": submitted,
        "own_count": own,
        "total": total,
        "way": Way(review_queue(request.user, round_), round_),
    }
    return render(request, "checklist/my_reviews.html", context)


@login_required
def declare(request, pk):
    """The declaration, before the proposal opens; later on, a conflict that has come up since."""
    assignment = load_own_assignment(request, pk)
    proposal = load_proposal(request, assignment.proposal_id, named_only=True)
    is_later = assignment.state == AssignmentState.DECLARED
    form = DeclarationForm(request.POST or None, only_conflict=is_later)
    if request.method == "POST" and form.is_valid():
        try:
            return _declared(request, assignment, form)
        except CannotDeclare as refusal:
            form.add_error(None, str(refusal))
    context = {
        "assignment": assignment,
        "proposal": proposal,
        "round": proposal.round,
        "participations": list(proposal.participations.select_related("organisation").order_by("pk")),
        "form": form,
        "is_later": is_later,
        "way": way_from(request, assignment),
    }
    return render(request, "checklist/declare.html", context)


def _declared(request, assignment, form):
    round_ = assignment.proposal.round
    if form.has_conflict:
        declare_conflict(assignment=assignment, declaration=form.declaration, by=request.user)
        messages.success(
            request, _("Your declaration is on record. The proposal is closed to you, and the officer is told.")
        )
        return redirect("checklist:my-reviews", round_.reference)
    declared = declare_no_conflict(assignment=assignment, declaration=form.declaration, by=request.user)
    return _to_the_form(request, declared, round_)


def _to_the_form(request, assignment, round_):
    """On to the assessment form, or back to her list where the assessment could not begin."""
    assessment = getattr(Assignment.objects.select_related("assessment").get(pk=assignment.pk), "assessment", None)
    if assessment is not None:
        return redirect(
            reverse("checklist:assessment-edit", args=[assessment.pk]) + way_from(request, assignment).query
        )
    why = practice_refusal(assignment.proposal, request.user)
    missing = _("The round has no instrument yet, so the assessment begins later.")
    messages.warning(request, _("Your declaration is kept. %(why)s") % {"why": why or missing})
    return redirect("checklist:my-reviews", round_.reference)


@login_required
@require_POST
def begin(request, pk):
    """Begin the assessment where that was not possible at the time of the declaration."""
    assignment = load_own_assignment(request, pk)
    load_proposal(request, assignment.proposal_id)
    try:
        assessment = start_assessment(assignment=assignment, by=request.user)
    except CannotStartAssessment as refusal:
        messages.error(request, str(refusal))
        return redirect("checklist:my-reviews", assignment.proposal.round.reference)
    return redirect("checklist:assessment-edit", assessment.pk)


@login_required
def decline(request, pk):
    assignment = load_own_assignment(request, pk)
    proposal = load_proposal(request, assignment.proposal_id, named_only=True)
    round_ = proposal.round
    form = ReasonForm(
        request.POST or None,
        submit_label=_("Decline to review this proposal"),
        cancel_url=reverse("checklist:my-reviews", args=[round_.reference]),
    )
    if request.method == "POST" and form.is_valid():
        try:
            decline_assignment(assignment=assignment, reason=form.cleaned_data["reason"], by=request.user)
        except CannotDecline as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("You declined. The officer is told and can ask somebody else."))
            return redirect("checklist:my-reviews", round_.reference)
    context = {"assignment": assignment, "proposal": proposal, "round": round_, "form": form}
    return render(request, "checklist/decline.html", context)


@login_required
def abstention(request, pk):
    """She has declared and then finds that she cannot judge: the proposal closes to her, her draft is kept."""
    assignment = load_own_assignment(request, pk)
    proposal = load_proposal(request, assignment.proposal_id)
    round_ = proposal.round
    form = ReasonForm(
        request.POST or None,
        submit_label=_("Abstain from this proposal"),
        cancel_url=reverse("checklist:my-reviews", args=[round_.reference]),
    )
    if request.method == "POST" and form.is_valid():
        try:
            abstain(assignment=assignment, reason=form.cleaned_data["reason"], by=request.user)
        except CannotAbstain as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("You abstained. The officer is told and can ask somebody else."))
            return redirect("checklist:my-reviews", round_.reference)
    context = {"assignment": assignment, "proposal": proposal, "round": round_, "form": form}
    return render(request, "checklist/abstain.html", context)


# -- Loading ------------------------------------------------------------------------------------


def load_assignment(request, pk, *, needs):
    """The assignment with proposal, round and reviewer; 404 unless she may see it, 403 unless `needs` holds."""
    related = ("proposal__round", "proposal__applicant", "reviewer")
    assignments = Assignment.objects.visible_to(request.user).select_related(*related)
    assignment = get_object_or_404(assignments, pk=pk)
    if proposal_rules.is_closed_by_conflict(request.user, assignment.proposal):
        raise Http404
    request.round = assignment.proposal.round
    if not needs(request.user, assignment):
        raise PermissionDenied
    return assignment


def load_own_assignment(request, pk):
    """The assignment, of its reviewer only."""
    return load_assignment(request, pk, needs=rules.is_assigned_reviewer)
