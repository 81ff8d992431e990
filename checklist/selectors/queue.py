"""The order in which a reviewer works through what waits for her in a round."""

from dataclasses import dataclass

from django.db.models import Case, F, IntegerField, Q, Value, When

from checklist.enums import AssignmentState
from checklist.models import Assignment
from screening.statements import KeptQuery, somebody

from .eligibility import STOPPED


@dataclass(frozen=True)
class Stop:
    """One assignment of the queue; without an assessment it is still to be declared on."""

    assignment_pk: int
    assessment_pk: int | None


@dataclass(frozen=True)
class Queue:
    """What waits, in order, seen from one place of it. `skipped` is left out only on the way forward.

    `current` is an assignment id; it may be none of these any more, because it was just submitted.
    """

    stops: tuple[Stop, ...]
    current: int | None = None
    skipped: frozenset[int] = frozenset()

    @property
    def total(self):
        return len(self.stops)

    @property
    def place(self):
        """Where she is, from 0; None outside the queue."""
        return next((place for place, each in enumerate(self.stops) if each.assignment_pk == self.current), None)

    @property
    def position(self):
        """The same for people, from 1."""
        return None if self.place is None else self.place + 1

    @property
    def previous(self):
        """The stop before this one in the whole queue; None at its beginning."""
        return self.stops[self.place - 1] if self.place else None

    @property
    def next(self):
        """The stop after this one in the whole queue; None at its end."""
        is_last = self.place is None or self.place + 1 == self.total
        return None if is_last else self.stops[self.place + 1]

    @property
    def following(self):
        """Where work goes on: the next one that was not skipped, from the beginning again after the last.

        From outside the queue it is the first. None where nothing is left.
        """
        start = 0 if self.place is None else self.place + 1
        around = [*self.stops[start:], *self.stops[:start]]
        left = (each for each in around if each.assignment_pk not in self.skipped | {self.current})
        return next(left, None)


def review_queue(user, round_, *, current=None, skipped=()):
    """The Queue of this reviewer in the round. One query.

    Practice comes first, then what she declared on and can assess at once, then what she is still
    to declare on; among these the proposal with the fewest submitted assessments, then the due date.
    """
    stops = tuple(Stop(*row) for row in _STOPS(user.pk, round_.pk))
    known = {each.assignment_pk for each in stops}
    return Queue(stops, current, frozenset(skipped) & known)


def _stops(user_pk, round_pk):
    user = somebody(user_pk)
    return (
        Assignment.objects.waiting_for(user)
        .not_closed_to(user)
        .filter(proposal__round_id=round_pk)
        .exclude(proposal__status__in=STOPPED)
        # Declared, but not begun: the round had no instruments yet. She begins from her list.
        .filter(Q(state=AssignmentState.ASSIGNED) | Q(assessment__isnull=False))
        .annotate(
            is_undeclared=Case(
                When(state=AssignmentState.DECLARED, then=Value(0)), default=Value(1), output_field=IntegerField()
            )
        )
        .order_by(
            "-proposal__is_practice",
            "is_undeclared",
            "proposal__digest__submitted",
            F("due_on").asc(nulls_last=True),
            "pk",
        )
        # An assessment that was begun and then waits for a new declaration opens by that.
        .values_list("pk", Case(When(state=AssignmentState.DECLARED, then=F("assessment__pk")), default=None))
    )


_STOPS = KeptQuery(_stops)
