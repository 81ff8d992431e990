"""The first page, which begins with what waits for me, and the search over everything I may see."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.shortcuts import render
from django.utils import timezone

from checklist.models import Assignment, InstrumentVersion
from checklist.selectors.home import rounds_at_work
from checklist.selectors.statuses import hidden_outcomes, status_word
from checklist.selectors.tasks import waiting_tasks
from proposals import rules
from proposals.models import FundingRound, Proposal
from screening.models import User
from screening.roles import has_system_permission

SHOWN_TASKS = 20
FOUND_PER_PAGE = 30


@login_required
def home(request):
    user, today = request.user, timezone.localdate()
    tasks = waiting_tasks(user, today=today, limit=SHOWN_TASKS + 1)
    works = rounds_at_work(user, today=today)
    is_reviewer = bool(tasks) or "reviewer" in rules.roles_anywhere(user)
    runs_rounds = any(work.can_assign or work.can_import or work.can_change for work in works)
    waits_for_chair = any(work.for_panel or work.stopped for work in works)
    context = {
        "tasks": tasks[:SHOWN_TASKS],
        "has_more_tasks": len(tasks) > SHOWN_TASKS,
        "is_reviewer": is_reviewer,
        "may_act": is_reviewer or runs_rounds or waits_for_chair or not works,
        "waits": bool(tasks) or any(work.waits or work.further for work in works),
        "works": works,
        "can_open_round": not works and rules.can_open_round(user),
        "installation": _installation() if has_system_permission(user, "manage_people") else None,
    }
    return render(request, "checklist/home.html", context)


@login_required
def search(request):
    """Proposals and rounds whose names hold every word; a proposal to be declared on shows only its names."""
    user, text = request.user, request.GET.get("q", "").strip()[:200]
    context = {"text": text, "page": None, "proposals": [], "rounds": []}
    if text:
        found = Proposal.objects.named_to(user).search(text).order_by("title", "pk").values_list("pk", flat=True)
        context["page"] = Paginator(found, FOUND_PER_PAGE).get_page(request.GET.get("page"))
        context["proposals"] = _named(context["page"].object_list, user)
        context["rounds"] = _rounds_named(user, text)
    return render(request, "checklist/search.html", context)


def _named(pks, user):
    """The proposals in this order; `declare_pk` is her assignment where she has to declare first.

    Only the rows of the page are read whole: sorting thousands of long texts takes its time.
    """
    pks = list(pks)
    related = Proposal.objects.select_related("round", "applicant").defer("summary", "notes", "search_text")
    by_pk = related.in_bulk(pks)
    readable = set(Proposal.objects.visible_to(user).filter(pk__in=pks).values_list("pk", flat=True))
    own = dict(Assignment.objects.filter(reviewer=user, proposal_id__in=pks).values_list("proposal_id", "pk"))
    hidden = hidden_outcomes(user, pks)
    for pk, proposal in by_pk.items():
        proposal.status_word = status_word(proposal, is_hidden=pk in hidden)
        proposal.is_readable = pk in readable
        proposal.declare_pk = None if proposal.is_readable else own.get(pk)
    return [by_pk[pk] for pk in pks]


def _rounds_named(user, text):
    rounds = FundingRound.objects.visible_to(user)
    for word in text.split()[:8]:
        rounds = rounds.filter(Q(title__icontains=word) | Q(reference__icontains=word))
    return rounds.order_by("-created_at", "pk")[:10]


def _installation():
    """What the administrator looks after, in figures."""
    people = User.objects.aggregate(total=Count("pk"), active=Count("pk", filter=Q(is_active=True)))
    return {
        "people": people["active"],
        "closed_people": people["total"] - people["active"],
        "versions": InstrumentVersion.objects.usable().count(),
        "rounds": FundingRound.objects.count(),
    }
