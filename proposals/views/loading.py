"""Load what a page is about and check the permission, once, the same way for every view.

404 for what the person may not know of; 403 for what she may see but not do.
"""

from django.core.exceptions import PermissionDenied
from django.http import Http404

from proposals import rules
from proposals.models import Proposal
from proposals.selectors import round_seen_by


def load_round(request, reference, *, needs=None):
    """The round, remembered as `request.round`. `needs` is a predicate of `rules`."""
    round_ = round_seen_by(request.user, reference)
    if round_ is None:
        raise Http404
    request.round = round_
    if needs is not None and not needs(request.user, round_):
        raise PermissionDenied
    return round_


def load_proposal(request, pk, *, needs=None, named_only=False):
    """The proposal with round and applicant; its round is remembered as `request.round`.

    With `named_only`, title, applicant and partners may be shown, nothing else.
    """
    proposal = Proposal.objects.select_related("round", "applicant").filter(pk=pk).first()
    known = rules.can_see_proposal_name if named_only else rules.can_read_proposal
    if proposal is None or not known(request.user, proposal):
        raise Http404
    request.round = proposal.round
    if needs is not None and not needs(request.user, proposal):
        raise PermissionDenied
    return proposal
