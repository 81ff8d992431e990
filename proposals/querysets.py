"""Reads of what was received. Every list that a person sees starts with `visible_to`."""

from django.db import models
from django.db.models import Q

from screening.roles import has_system_permission, round_roles_with

from .enums import AccessLevel


def rounds_where(user, permission):
    """Ids of the rounds in which one of the user's roles carries the permission, as a subquery."""
    return user.grants.filter(role__in=round_roles_with(permission)).values("round_id")


def words_of(text):
    """What a search box asks for, folded as `Proposal.search_text` is."""
    return [word.casefold() for word in text.split()[:8]]


class FundingRoundQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Rounds in which the user holds any role; all rounds for the system roles."""
        if has_system_permission(user, "see_round"):
            return self
        return self.filter(pk__in=rounds_where(user, "see_round"))


class ProposalQuerySet(models.QuerySet):
    def counted(self):
        """Leaves out practice: what is counted, listed, ranked, compared and decided on."""
        return self.filter(is_practice=False)

    def visible_to(self, user):
        """Proposals of which the user may read everything.

        Left out, whatever the role: what is closed to her by a conflict of interest.
        """
        closed = user.accesses.filter(level=AccessLevel.CLOSED).values("proposal_id")
        if has_system_permission(user, "see_proposals"):
            return self.exclude(pk__in=closed)
        opened = user.accesses.filter(level=AccessLevel.FULL).values("proposal_id")
        by_role = Q(round_id__in=rounds_where(user, "see_proposals")) & ~Q(pk__in=closed)
        return self.filter(by_role | Q(pk__in=opened))

    def listed_to(self, user, round_):
        """The proposals of one round, for somebody whose role there lets her see them.

        The caller has asked `rules.can_see_proposals`. The same rows as `visible_to` gives for
        the round, but counted without a question per row.
        """
        closed = user.accesses.filter(level=AccessLevel.CLOSED).values("proposal_id")
        return self.filter(round=round_).exclude(pk__in=closed)

    def named_to(self, user):
        """Proposals of which the user may read at least title, applicant and partners."""
        opened = user.accesses.exclude(level=AccessLevel.CLOSED).values("proposal_id")
        return self.filter(Q(pk__in=self.model.objects.visible_to(user).values("pk")) | Q(pk__in=opened))

    def search(self, text):
        """Proposals in whose reference, title, applicant or partners every word occurs, in any case."""
        for word in words_of(text):
            self = self.filter(search_text__contains=word)
        return self


class DocumentQuerySet(models.QuerySet):
    def kept(self):
        """Leaves out what was removed."""
        return self.filter(removed_at__isnull=True)

    def visible_to(self, user):
        """Documents of the proposals that the user may read, removed ones left out."""
        proposals = self.model._meta.get_field("proposal").related_model.objects.visible_to(user)
        return self.kept().filter(proposal__in=proposals.values("pk"))
