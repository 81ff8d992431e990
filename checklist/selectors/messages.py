"""Whom a message to several people of a round reaches, and what was sent."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef

from checklist.enums import AssessmentState, Audience, NoticeKind
from checklist.models import Assignment, NoticeSetting, RoundMessage
from screening.enums import RoundRole
from screening.models import User
from screening.roles import ROUND_ROLES

from .assigning import OPEN_STATES
from .notices import owing


@dataclass(frozen=True)
class Recipients:
    """Who gets a message. `by_mail` are the ids of those who also get it with their daily e-mail.

    `left_out` may not sign in, so nothing reaches them.
    """

    people: tuple[User, ...]
    by_mail: frozenset[int]
    left_out: tuple[User, ...]


def people_of(round_, *, but):
    """Everybody with a role in the round, by name; whoever writes is left out."""
    held = User.objects.filter(grants__round=round_).exclude(pk=but.pk).distinct()
    return held.order_by("name", "pk")


def recipients_of(round_, audience, named, *, by):
    """The Recipients of an audience in the round as it is now; two queries."""
    people = people_of(round_, but=by).annotate(
        refuses_mail=Exists(
            NoticeSetting.objects.filter(user_id=OuterRef("pk"), kind=NoticeKind.MESSAGE, by_mail=False)
        )
    )
    if audience == Audience.NAMED:
        people = people.filter(pk__in=[each.pk for each in named])
    elif audience == Audience.OWING:
        people = people.filter(pk__in=owing(round_))
    else:
        roles = [RoundRole.REVIEWER, *([RoundRole.CHAIR] if audience == Audience.PANEL else [])]
        people = people.filter(grants__in=round_.grants.filter(role__in=roles))
    people = list(people)
    active = tuple(each for each in people if each.is_active)
    return Recipients(
        people=active,
        by_mail=frozenset(each.pk for each in active if each.email and not each.refuses_mail),
        left_out=tuple(each for each in people if not each.is_active),
    )


def overdue_people(round_, *, by, today):
    """Ids of those who owe an assessment whose day is over, as far as `by` may know of it; a subquery."""
    asked = Assignment.objects.counted().not_closed_to(by).filter(proposal__round=round_, state__in=OPEN_STATES)
    return asked.filter(due_on__lt=today).exclude(assessment__state=AssessmentState.SUBMITTED).values("reviewer_id")


def roles_of(round_, people):
    """{person id: her roles in the round, in words}; one query."""
    found = {}
    rows = round_.grants.filter(user__in=[each.pk for each in people]).order_by("pk")
    for user_pk, role in rows.values_list("user_id", "role"):
        found.setdefault(user_pk, []).append(str(ROUND_ROLES[role].label))
    return {pk: ", ".join(words) for pk, words in found.items()}


def messages_of(round_):
    """What was sent in the round, the newest first, each with who wrote it and `number` of recipients."""
    rows = RoundMessage.objects.filter(round=round_).select_related("by")
    return rows.prefetch_related("recipients").annotate(number=Count("recipients")).order_by("-pk")
