"""Who is eligible: the list of a round, one proposal's conditions, and many passed at once."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from checklist import rules
from checklist.actions.eligibility import CannotCheck, pass_all, record_eligibility
from checklist.filters import EligibilityFilter
from checklist.forms.eligibility import EligibilityForm
from checklist.selectors.eligibility import OPEN, attach_checks, checks_of, counts_of, proposals_to_check
from proposals import rules as proposal_rules
from proposals.models import Proposal
from proposals.views.loading import load_proposal, load_round
from screening.listing import Column, build_listing, export_response, shown_query
from screening.row_ids import row_ids

MAX_SELECTED = 2000

REFERENCE = Column("reference", gettext_lazy("Reference"), ("reference",), lambda row: row.reference, css="fit")
TITLE = Column("title", gettext_lazy("Proposal"), ("title",), lambda row: row.title)
APPLICANT = Column("applicant", gettext_lazy("Applicant"), ("applicant__name",), lambda row: str(row.applicant or ""))
STATE = Column("state", gettext_lazy("State"), value=lambda row: row.eligibility_tag[0])
REASONS = Column("reasons", gettext_lazy("Reasons"), value=lambda row: " ".join(_reasons(row)))
SELECT = Column("select", gettext_lazy("Select"), css="fit", hidden=True)
ACTIONS = Column("actions", gettext_lazy("Actions"), css="fit", hidden=True)


@login_required
def eligibility_list(request, reference):
    round_ = load_round(request, reference, needs=proposal_rules.can_see_proposals)
    checks = checks_of(round_)
    can_check = rules.can_check_eligibility(request.user, round_) and bool(checks)
    proposals = _proposals(request.user, round_)
    listing = build_listing(
        request,
        proposals,
        _columns(checks, can_check=can_check, exported=bool(request.GET.get("export"))),
        filterset=EligibilityFilter,
        default_sort="reference",
        prepare=lambda rows: attach_checks(rows, checks),
    )
    may_export = proposal_rules.can_export(request.user, round_)
    if listing.export_format:
        name = f"eligibility-{round_.reference}"
        return export_response(request, listing, name=name, subject=round_, may_export=may_export, round_id=round_.pk)
    context = {
        "round": round_,
        "listing": listing,
        "checks": checks,
        "counts": counts_of(proposals, round_) if checks else None,
        "can_check": can_check,
        "can_set_up": proposal_rules.can_change_round(request.user, round_),
        "can_export": may_export,
        "shown_query": shown_query(request),
    }
    return render(request, "checklist/eligibility_list.html", context)


@login_required
def eligibility_pass(request, reference):
    """Pass every open condition of the selected proposals, after a look at which they are."""
    round_ = load_round(request, reference, needs=rules.can_check_eligibility)
    proposals = _proposals(request.user, round_)
    if request.GET.get("all"):
        proposals = EligibilityFilter(request.GET, queryset=proposals, request=request).qs
    else:
        ticked = request.POST.getlist("proposals") or request.GET.getlist("proposals")
        proposals = proposals.filter(pk__in=row_ids(ticked[:MAX_SELECTED]))
    checks = checks_of(round_)
    chosen = attach_checks(list(proposals.order_by("reference", "pk")[:MAX_SELECTED]), checks)
    open_ones = [proposal for proposal in chosen if proposal.eligibility == OPEN]
    if request.method == "POST" and open_ones:
        passed = pass_all(round_=round_, proposals=open_ones, by=request.user)
        text = ngettext("%(n)s proposal is eligible now.", "%(n)s proposals are eligible now.", len(passed))
        messages.success(request, text % {"n": len(passed)})
        return redirect("checklist:eligibility-list", round_.reference)
    context = {
        "round": round_,
        "checks": checks,
        "open_ones": open_ones,
        "left_alone": [proposal for proposal in chosen if proposal.eligibility != OPEN],
    }
    return render(request, "checklist/eligibility_pass.html", context)


@login_required
def proposal_eligibility(request, pk):
    """Record for one proposal which conditions it meets."""
    proposal = load_proposal(request, pk)
    if not rules.can_check_proposal(request.user, proposal):
        raise PermissionDenied
    checks = checks_of(proposal.round)
    attach_checks([proposal], checks)
    form = EligibilityForm(request.POST or None, states=proposal.checks)
    if request.method == "POST" and form.is_valid():
        try:
            record_eligibility(
                proposal=proposal,
                findings=form.findings(),
                change_reason=form.cleaned_data.get("change_reason", ""),
                by=request.user,
            )
        except CannotCheck as refusal:
            form.refuse_check(refusal)
        else:
            messages.success(request, _("Saved: %(proposal)s.") % {"proposal": proposal})
            return redirect(*_after(request, proposal))
    context = {"round": proposal.round, "proposal": proposal, "checks": checks, "form": form}
    return render(request, "checklist/eligibility_form.html", context)


def _proposals(user, round_):
    """The proposals of the round that have an eligibility, as far as no conflict closes them to her."""
    rows = proposals_to_check(Proposal.objects.listed_to(user, round_)).select_related("applicant")
    return rows.only("reference", "title", "status", "round_id", "is_practice", "applicant__name")


def _columns(checks, *, can_check, exported):
    columns = [SELECT] if can_check and not exported else []
    columns += [REFERENCE, TITLE]
    columns += [APPLICANT] if exported else []
    columns += [
        Column(
            f"check_{check.pk}",
            check.wording if exported else _("Condition %(n)s") % {"n": place + 1},
            value=lambda row, place=place: row.checks[place].tag[0],
            css="fit",
        )
        for place, check in enumerate(checks)
    ]
    columns += [STATE]
    if exported:
        return [*columns, REASONS]
    return [*columns, ACTIONS] if can_check else columns


def _reasons(proposal):
    return [each.reason for each in proposal.checks if each.outcome == "failed"]


def _after(request, proposal):
    """Where the button leads: the next proposal still to be checked, or back to the list."""
    rows = _proposals(request.user, proposal.round)
    if "next" in request.POST:
        following = EligibilityFilter({"state": OPEN}, queryset=rows, request=request).qs.order_by("reference", "pk")
        after = following.filter(reference__gt=proposal.reference).first() or following.first()
        if after is not None:
            return "checklist:proposal-eligibility", after.pk
    return "checklist:eligibility-list", proposal.round.reference
