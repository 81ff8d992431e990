"""The first page, which begins with what waits for me, and the search over everything I may see."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.shortcuts import render
from django.utils import timezone

from checklist.models import Assignment, InstrumentVersion
from checklist.selectors.home import rounds_at_work
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
    context = {
        "tasks": tasks[:SHOWN_TASKS],
        "has_more_tasks": len(tasks) > SHOWN_TASKS,
        "is_reviewer": bool(tasks) or "reviewer" in rules.roles_anywhere(user),
        "works": works,
        "can_open_round": not works and rules.can_open_round(user),
        "installation": _installation() if has_system_permission(user, "manage_people") else None,
    }
    return render(request, "checklist/home.html", context)


@login_required
def search(request):
    """Proposals and rounds whose names hold every word; a proposal to be declared on shows only its names."""
    user, text = request.user, request.GET.get("q", "").strip()[:200]
    context = {"text": text, "page": None, "rounds": []}
    if text:
        found = (
            Proposal.objects.named_to(user)
            .search(text)
            .select_related("round", "applicant")
            .defer("summary", "notes", "search_text")
            .order_by("title", "pk")
        )
        context["page"] = Paginator(found, FOUND_PER_PAGE).get_page(request.GET.get("page"))
        _mark_readable(list(context["page"].object_list), user)
        context["rounds"] = _rounds_named(user, text)
    return render(request, "checklist/search.html", context)


def _mark_readable(proposals, user):
    """Put `declare_pk` on those of which she may read only the names: her assignment, to declare first."""
    pks = [proposal.pk for proposal in proposals]
    readable = set(Proposal.objects.visible_to(user).filter(pk__in=pks).values_list("pk", flat=True))
    own = dict(Assignment.objects.filter(reviewer=user, proposal_id__in=pks).values_list("proposal_id", "pk"))
    for proposal in proposals:
        proposal.declare_pk = None if proposal.pk in readable else own.get(proposal.pk)
        proposal.is_readable = proposal.pk in readable


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
