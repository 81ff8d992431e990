"""What people were told: how many are new, what is shown, what goes into the daily e-mail."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Case, Count, IntegerField, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from checklist.enums import AssessmentState, NoticeKind
from checklist.models import Assessment, Assignment, Notice, NoticeSetting
from proposals.enums import AccessLevel
from proposals.models import ProposalAccess
from screening.models import User
from screening.roles import round_roles_with
from screening.statements import somebody

from .assigning import OPEN_STATES

# What was not mailed within a week is not news any more; it stays in the application.
MAILED_WITHIN = timedelta(days=7)


def shown_of_user(pk):
    """What is loaded with whoever is signed in: the number of her new notices that may be shown to her."""
    new = Notice.objects.visible_to(somebody(pk)).unread().order_by()
    counted = new.values("user_id").annotate(number=Count("pk")).values("number")
    return {"unread_notices": Coalesce(Subquery(counted, output_field=IntegerField()), 0)}


def notices_of(user):
    """All that may be shown to her, the new ones first, each with its proposal and round."""
    is_read = Case(When(read_at__isnull=True, then=Value(0)), default=Value(1), output_field=IntegerField())
    return _with_related(Notice.objects.visible_to(user)).annotate(is_read=is_read).order_by("is_read", "-pk")


def kinds_by_mail(user):
    """The kinds of notices that she gets by e-mail: all of which she has not said otherwise."""
    refused = NoticeSetting.objects.filter(user=user, by_mail=False).values_list("kind", flat=True)
    return set(NoticeKind.values) - set(refused)


# -- Who is told --------------------------------------------------------------------------------


def people_with(permission, round_, *, closed_out_of, owe_nothing=False):
    """[(person, ids of these proposals that are closed to her)] of everybody whose role in the round carries it.

    Active people only; with `owe_nothing` without those who still owe an assessment in the round.
    """
    roles = round_roles_with(permission)
    people = User.objects.filter(is_active=True, grants__round=round_, grants__role__in=roles).distinct()
    if owe_nothing:
        people = people.exclude(pk__in=owing(round_))
    closed = {}
    rows = ProposalAccess.objects.filter(proposal__in=list(closed_out_of), level=AccessLevel.CLOSED)
    for user_pk, proposal_pk in rows.values_list("user_id", "proposal_id"):
        closed.setdefault(user_pk, set()).add(proposal_pk)
    return [(person, closed.get(person.pk, set())) for person in people.order_by("pk")]


def reviewers_done(round_, proposal_pks):
    """[(reviewer, proposal id)] of those who assessed these proposals and owe no assessment in the round."""
    done = (
        Assessment.objects.individual()
        .submitted()
        .filter(proposal__in=proposal_pks, reviewer__is_active=True)
        .exclude(reviewer__in=owing(round_))
    )
    rows = ProposalAccess.objects.filter(proposal__in=proposal_pks, level=AccessLevel.CLOSED)
    closed = set(rows.values_list("user_id", "proposal_id"))
    rows = done.select_related("reviewer").order_by("pk")
    return [(each.reviewer, each.proposal_id) for each in rows if (each.reviewer_id, each.proposal_id) not in closed]


def owing(round_):
    """Ids of people who still owe an assessment in the round; practice does not count."""
    asked = Assignment.objects.filter(proposal__round=round_, proposal__is_practice=False, state__in=OPEN_STATES)
    return asked.exclude(assessment__state=AssessmentState.SUBMITTED).values("reviewer_id")


# -- Daily e-mail -------------------------------------------------------------------------------


def digest_time(now):
    """The latest moment until `now` at which the daily e-mail was due: a day's digest holds what was told before."""
    local = timezone.localtime(now)
    at = local.replace(hour=settings.SCREENING_DIGEST_HOUR, minute=0, second=0, microsecond=0)
    return at if at <= local else at - timedelta(days=1)


def people_to_mail(due):
    """Active people with something new to mail who got no daily e-mail since it was due."""
    told = _mailable(Notice.objects.all(), due)
    done = Notice.objects.filter(mailed_at__gte=due).values("user_id")
    return User.objects.filter(is_active=True, pk__in=told.values("user_id")).exclude(pk__in=done).order_by("pk")


def digest_of(user, due):
    """The notices of her daily e-mail in the order of their kinds, the oldest first; [] for none.

    Asked anew at the moment of sending: what she has read, does not want by mail or may not see (any
    more) is left out, and so is everything where she got a daily e-mail already or may not sign in.
    """
    has_one = Notice.objects.filter(user=user, mailed_at__gte=due).exists()
    if has_one or not user.is_active or not user.email:
        return []
    rows = _mailable(Notice.objects.visible_to(user), due).filter(kind__in=kinds_by_mail(user))
    order = NoticeKind.values
    return sorted(_with_related(rows).order_by("pk"), key=lambda notice: order.index(notice.kind))


def _mailable(notices, due):
    return notices.to_mail().filter(at__lt=due, at__gte=due - MAILED_WITHIN)


def _with_related(notices):
    texts = ("proposal__summary", "proposal__notes", "proposal__search_text", "round__description")
    return notices.select_related("round", "proposal__round").defer(*texts)
