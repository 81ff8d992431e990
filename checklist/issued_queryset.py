"""Which finished reports a person may see."""

from django.db import models
from django.db.models import Q

from proposals.enums import AccessLevel
from proposals.querysets import rounds_where
from screening.roles import has_system_permission


class IssuedReportQuerySet(models.QuerySet):
    def issued(self):
        """Those that left the house under a number."""
        return self.exclude(number="")

    def visible_to(self, user):
        """Reports of proposals and rounds in which her role lets her take reports.

        Left out, whatever the role: reports on what a conflict of interest closes to her or of which she
        still owes an assessment; reports on a round in which there is such a proposal, because she would
        read of it there.
        """
        proposal = self.model._meta.get_field("proposal").related_model
        assignment = proposal._meta.get_field("assignments").related_model
        closed = user.accesses.filter(level=AccessLevel.CLOSED)
        owed = assignment.objects.waiting_for(user)
        shut = Q(pk__in=closed.values("proposal_id")) | Q(pk__in=owed.values("proposal_id"))
        shut_proposals = proposal.objects.filter(shut)
        found = self.exclude(proposal__in=shut_proposals.values("pk"))
        found = found.exclude(assessment__proposal__in=shut_proposals.values("pk"))
        found = found.exclude(round__in=shut_proposals.values("round"))
        if has_system_permission(user, "export"):
            return found
        mine = rounds_where(user, "export")
        return found.filter(Q(proposal__round__in=mine) | Q(round__in=mine) | Q(assessment__proposal__round__in=mine))
