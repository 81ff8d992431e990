"""Organisations with their other names and e-mail domains, by which conflicts of interest are found."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from checklist import rules
from checklist.actions.organisations import CannotChangeOrganisation, add_alias, remove_alias, set_email_domain
from checklist.forms.reviewers import AliasForm, DomainForm
from proposals.models import Organisation, OrganisationAlias
from proposals.validators import fold_name
from screening.listing import Column, build_listing

NAME = Column("name", gettext_lazy("Organisation"), ("name",))
ALIASES = Column("aliases", gettext_lazy("Other names"), ("alias_count",), css="num")
DOMAIN = Column("email_domain", gettext_lazy("E-mail domain"), ("email_domain",), css="fit")


def _load(request):
    if not rules.can_keep_organisations(request.user):
        raise PermissionDenied


@login_required
def organisation_list(request):
    _load(request)
    wanted = request.GET.get("q", "").strip()[:200]
    rows = Organisation.objects.annotate(alias_count=Count("aliases"))
    if wanted:
        key = fold_name(wanted)
        rows = rows.filter(
            Q(name_key__contains=key)
            | Q(email_domain__icontains=wanted)
            | Q(pk__in=OrganisationAlias.objects.filter(name_key__contains=key).values("organisation_id"))
        )
    listing = build_listing(request, rows, [NAME, ALIASES, DOMAIN], default_sort="name")
    return render(request, "checklist/organisation_list.html", {"listing": listing, "wanted": wanted})


@login_required
def organisation_detail(request, pk):
    """One organisation: where its mail goes, and what else it is called."""
    _load(request)
    organisation = get_object_or_404(Organisation, pk=pk)
    step = request.POST.get("step", "")
    if "take" in request.POST:
        alias = get_object_or_404(organisation.aliases.select_related("organisation"), pk=request.POST["take"])
        remove_alias(alias=alias, by=request.user)
        messages.success(request, _("The name is taken away."))
        return redirect("checklist:organisation-detail", pk)
    domain = DomainForm(request.POST if step == "domain" else None, initial={"email_domain": organisation.email_domain})
    alias = AliasForm(request.POST if step == "alias" else None)
    form = {"domain": domain, "alias": alias}.get(step)
    if form is not None and form.is_valid() and _saved(request, organisation, form, step):
        return redirect("checklist:organisation-detail", pk)
    context = {
        "organisation": organisation,
        "aliases": organisation.aliases.order_by("name", "pk"),
        "domain_form": domain,
        "alias_form": alias,
    }
    return render(request, "checklist/organisation_detail.html", context)


def _saved(request, organisation, form, step):
    data = form.cleaned_data
    try:
        if step == "domain":
            found = set_email_domain(organisation=organisation, email_domain=data["email_domain"], by=request.user)
        else:
            found = add_alias(organisation=organisation, name=data["alias"], by=request.user)
    except CannotChangeOrganisation as refusal:
        form.add_error(refusal.field or None, str(refusal))
        return False
    messages.success(request, _("Saved."))
    if found:
        text = ngettext(
            "%(n)s possible conflict of interest was found by it.",
            "%(n)s possible conflicts of interest were found by it.",
            len(found),
        )
        messages.warning(request, text % {"n": len(found)})
    return True
