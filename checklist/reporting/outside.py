"""What all letters to an applicant have in common: whom they are to, and what their places hold."""

from __future__ import annotations

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from checklist.report_rules import can_take_reports_on
from checklist.selectors.letterheads import look_of
from proposals.models import Proposal

OFFERS = ("language", "paper")


def load_proposal(pk):
    """The proposal with its round and applicant, or None."""
    return Proposal.objects.select_related("round", "applicant").filter(pk=pk).first()


def may_read(user, proposal):
    return can_take_reports_on(user, proposal)


def holders(proposal):
    return {"proposal": proposal}


def letterhead(proposal):
    return look_of(proposal.round)


def back_to_decision(proposal):
    """Decisions and what follows from them are looked after on the page of the decision."""
    return str(proposal), reverse("checklist:proposal-decision", args=[proposal.pk])


def common_places(proposal):
    """{place: what stands there} of every letter on this proposal."""
    return {
        "applicant": applicant_name(proposal),
        "title": proposal.title,
        "reference": proposal.reference,
        "round": proposal.round.title,
        "donor": donor(proposal.round),
    }


def applicant_name(proposal):
    return proposal.applicant.name if proposal.applicant else ""


def donor(round_):
    return round_.donor_name or round_.title


def money(amount, currency):
    """ "USD 250,000" in the language in force; "" for none."""
    if amount is None:
        return ""
    decimals = 0 if amount == amount.to_integral_value() else 2
    return f"{currency} {formats.number_format(amount, decimal_pos=decimals, use_l10n=True, force_grouping=True)}"


def letter_facts(proposal):
    """What every letter names above its text."""
    rows = ((_("Proposal"), proposal.title), (_("Reference"), proposal.reference), (_("Round"), proposal.round.title))
    return tuple((term, value) for term, value in rows if value)
