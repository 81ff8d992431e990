"""Reads of judgements. Every list that a person sees starts with `visible_to`."""

from django.db import models
from django.db.models import Q

from proposals.enums import AccessLevel
from proposals.querysets import rounds_where
from screening.roles import SYSTEM_ROLES, has_system_permission

from .enums import AssessmentKind, AssessmentState, AssignmentState, NoticeKind, UploadState, VersionState

# What these ask for is to be done on one proposal; they mean nothing once it is done or not asked any more.
WORK_NOTICES = (
    NoticeKind.ASSIGNED,
    NoticeKind.DUE_SOON,
    NoticeKind.OVERDUE,
    NoticeKind.REOPENED,
    NoticeKind.LOOK_AGAIN,
)


class InstrumentVersionQuerySet(models.QuerySet):
    def usable(self):
        """Published and not retired: what a new round may take."""
        return self.filter(state=VersionState.PUBLISHED)


class AssignmentQuerySet(models.QuerySet):
    def counted(self):
        """Leaves out requests to practise."""
        return self.filter(proposal__is_practice=False)

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

    def counted(self):
        """Leaves out practice, which never counts."""
        return self.filter(proposal__is_practice=False)

    def individual(self):
        """Of single reviewers: what is listed, counted, ranked and exported. The consensus stands apart."""
        return self.filter(kind=AssessmentKind.INDIVIDUAL)

    def consensus(self):
        """The panel's own record; at most one of a proposal."""
        return self.filter(kind=AssessmentKind.CONSENSUS)

    def references(self):
        """What practice is compared with; at most one of a proposal."""
        return self.filter(kind=AssessmentKind.REFERENCE)

    def counting_for_stops(self):
        """Whose word on stops counts: the panel's closed consensus alone where there is one, else every reviewer's.

        The one rule behind every stop that is shown, ranked or decided by; see docs/adr/0009.
        """
        agreed = self.model.objects.consensus().submitted().filter(proposal_id=models.OuterRef("proposal_id"))
        single = Q(kind=AssessmentKind.INDIVIDUAL) & ~models.Exists(agreed)
        return self.submitted().filter(Q(kind=AssessmentKind.CONSENSUS) | single)

    def visible_to(self, user):
        """Her own, the draft too; others' only when submitted, only by role or once hers is in.

        Her own too is open to her only while her declaration stands: what she had saved before she
        declined, or was released, is kept and comes back when she declares again.

        Independence: somebody who is asked to assess a proposal sees no other judgement of it
        before her own is submitted, whatever other role she holds. A conflict closes all of it.
        The panel's consensus is open, while it is written too, to those who see others' assessments;
        the reference of a practice proposal to those who prepare practice.
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
        own = Q(reviewer_id=user.pk, kind=AssessmentKind.INDIVIDUAL)
        own &= ~Q(proposal_id__in=undeclared.values("proposal_id"))
        finished = Q(state=AssessmentState.SUBMITTED) | Q(kind=AssessmentKind.CONSENSUS)
        others = finished & (Q(proposal_id__in=mine_in) | by_role)
        prepared = Q(kind=AssessmentKind.REFERENCE, proposal__round_id__in=rounds_where(user, "prepare_practice"))
        prepared &= Q(proposal_id__in=mine_in) | ~Q(proposal_id__in=asked)
        return self.filter(own | others | prepared).exclude(proposal_id__in=closed)


class NoticeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Her own notices, as far as they may still be shown; asked anew whenever they are shown or mailed.

        Left out, whatever was told: what a conflict of interest closes to her; what asks for work that
        is done, or not asked of her any more; what others wrote on a proposal that she may not read any more
        or still owes an assessment of; decisions while she owes one in the round; conflicts where she does
        not decide about them.
        Nothing of `user` but her number is looked at, so that the frame can count for somebody not loaded yet.
        """
        related = self.model._meta.get_field("proposal").related_model
        assignment = related._meta.get_field("assignments").related_model
        closed = user.accesses.filter(level=AccessLevel.CLOSED).values("proposal_id")
        opened = user.accesses.filter(level=AccessLevel.FULL).values("proposal_id")
        owed = assignment.objects.waiting_for(user)
        owes_it = Q(proposal_id__in=owed.values("proposal_id"))
        owes_in_round = Q(round_id__in=owed.filter(proposal__is_practice=False).values("proposal__round_id"))
        readable = _by_role(user, "see_proposals") | Q(proposal_id__in=opened)
        decided = (Q(proposal__isnull=False) & readable) | _by_role(user, "see_decisions")
        return (
            self.filter(user_id=user.pk)
            .filter(
                Q(kind=NoticeKind.MESSAGE)
                | (Q(kind__in=WORK_NOTICES) & owes_it)
                | (Q(kind=NoticeKind.MENTIONED) & readable & ~owes_it)
                | (Q(kind=NoticeKind.DECIDED) & decided & ~owes_in_round)
                | (Q(kind=NoticeKind.CONFLICT) & _by_role(user, "decide_conflicts"))
            )
            .exclude(proposal_id__in=closed)
        )

    def unread(self):
        return self.filter(read_at__isnull=True)

    def to_mail(self):
        """Neither read nor mailed yet."""
        return self.unread().filter(mailed_at__isnull=True)


def _by_role(user, permission):
    """Notices of rounds in which a role of the user carries the permission; of all, by a system role."""
    held = Q(round_id__in=rounds_where(user, permission))
    for role in SYSTEM_ROLES.values():
        if permission in role.permissions:
            held |= Q(**{f"user__is_{role.code}": True})
    return held


class OfflineUploadQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Only what she uploaded herself, and nothing of proposals that a conflict of interest closes to her."""
        closed = user.accesses.filter(level=AccessLevel.CLOSED).values("proposal_id")
        own = self.filter(by_id=user.pk)
        return own.filter(Q(form=None) | ~Q(form__assessment__proposal_id__in=closed))

    def waiting(self):
        """What is still to be compared."""
        return self.filter(state=UploadState.READ)
