"""Reads of judgements. Every list that a person sees starts with `visible_to`."""

from django.db import models
from django.db.models import Q

from proposals.enums import AccessLevel
from proposals.querysets import rounds_where
from screening.roles import has_system_permission

from .enums import AssessmentKind, AssessmentState, AssignmentState, VersionState


class InstrumentVersionQuerySet(models.QuerySet):
    def usable(self):
        """Published and not retired: what a new round may take."""
        return self.filter(state=VersionState.PUBLISHED)


class AssignmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Her own; all in rounds where she may see assignments, but for proposals closed to her."""
        own = Q(reviewer_id=user.pk)
        closed = user.accesses.filter(level=AccessLevel.CLOSED).values("proposal_id")
        if has_system_permission(user, "see_assignments"):
            return self.filter(own | ~Q(proposal_id__in=closed))
        by_role = Q(proposal__round_id__in=rounds_where(user, "see_assignments")) & ~Q(proposal_id__in=closed)
        return self.filter(own | by_role)

    def not_closed_to(self, user):
        """Leaves out assignments of proposals that a conflict of interest closes to her, her own too."""
        return self.exclude(proposal_id__in=user.accesses.filter(level=AccessLevel.CLOSED).values("proposal_id"))

    def with_progress(self):
        """Each with its assessment, and `has_answers`: whether an answer was saved in it."""
        assessment = self.model._meta.get_field("assessment").related_model
        response = assessment._meta.get_field("responses").related_model
        said = response.objects.filter(assessment__assignment_id=models.OuterRef("pk"))
        return self.select_related("assessment").annotate(has_answers=models.Exists(said))

    def waiting_for(self, user):
        """What this reviewer still has to declare or to finish."""
        return self.filter(reviewer_id=user.pk, state__in=(AssignmentState.ASSIGNED, AssignmentState.DECLARED)).exclude(
            assessment__state=AssessmentState.SUBMITTED
        )


class AssessmentQuerySet(models.QuerySet):
    def submitted(self):
        return self.filter(state=AssessmentState.SUBMITTED)

    def individual(self):
        """Of single reviewers: what is listed, counted, ranked and exported. The consensus stands apart."""
        return self.filter(kind=AssessmentKind.INDIVIDUAL)

    def consensus(self):
        """The panel's own record; at most one of a proposal."""
        return self.filter(kind=AssessmentKind.CONSENSUS)

    def visible_to(self, user):
        """Her own, the draft too; others' only when submitted, only by role or once hers is in.

        Her own too is open to her only while her declaration stands: what she had saved before she
        declined, or was released, is kept and comes back when she declares again.

        Independence: somebody who is asked to assess a proposal sees no other judgement of it
        before her own is submitted, whatever other role she holds. A conflict closes all of it.
        The panel's consensus is open, while it is written too, to those who see others' assessments.
        """
        model = self.model
        assignment = model._meta.get_field("assignment").related_model
        closed = user.accesses.filter(level=AccessLevel.CLOSED).values("proposal_id")
        # Plain lists of proposals instead of a question per row: lists of thousands stay quick.
        mine = model.objects.individual().submitted().filter(reviewer_id=user.pk)
        mine_in = mine.values("proposal_id")
        asked = assignment.objects.filter(
            reviewer_id=user.pk, state__in=(AssignmentState.ASSIGNED, AssignmentState.DECLARED)
        ).values("proposal_id")
        by_role = ~Q(proposal_id__in=asked)
        if not has_system_permission(user, "see_assessments"):
            by_role &= Q(proposal__round_id__in=rounds_where(user, "see_assessments"))
        undeclared = assignment.objects.filter(reviewer_id=user.pk).exclude(state=AssignmentState.DECLARED)
        own = Q(reviewer_id=user.pk) & ~Q(kind=AssessmentKind.CONSENSUS)
        own &= ~Q(proposal_id__in=undeclared.values("proposal_id"))
        finished = Q(state=AssessmentState.SUBMITTED) | Q(kind=AssessmentKind.CONSENSUS)
        others = finished & (Q(proposal_id__in=mine_in) | by_role)
        return self.filter(own | others).exclude(proposal_id__in=closed)
