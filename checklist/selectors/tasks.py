"""What waits for a reviewer, and where every one of her assignments stands."""

from dataclasses import dataclass

from django.db.models import Case, Count, F, IntegerField, Q, Value, When

from checklist.enums import AssessmentState, AssignmentState
from checklist.models import Assessment, Assignment
from checklist.stands import Stand, stand_of
from screening.statements import KeptQuery, somebody

from .results import load_contents

DECLARE, BEGIN, CONTINUE, REOPENED, SUBMITTED, CLOSED = (
    "declare",
    "begin",
    "continue",
    "reopened",
    "submitted",
    "closed",
)


@dataclass(frozen=True)
class Task:
    """One assignment as its reviewer sees it. `step` is what she does next, or how it ended.

    `progress` is set for a draft. A proposal with a conflict on record is not named to her any more.
    """

    assignment: Assignment
    assessment: Assessment | None
    step: str
    progress: object
    stand: Stand
    is_overdue: bool

    @property
    def proposal(self):
        return self.assignment.proposal

    @property
    def has_begun(self):
        """Whether anything is answered, so that she goes on instead of starting."""
        return self.step == REOPENED or bool(self.progress and self.progress.answered)

    @property
    def is_waiting(self):
        return self.step in (DECLARE, BEGIN, CONTINUE, REOPENED)

    @property
    def decided(self):
        """What the funder decided, in words, where the caller has read it; "" otherwise."""
        return getattr(self.assignment, "decided", "")

    @property
    def is_named(self):
        """Whether title and applicant may still be shown to her."""
        return self.is_waiting or self.step == SUBMITTED


def waiting_tasks(user, *, today, limit):
    """What this reviewer still has to declare or to finish: practice, then the most pressing."""
    pks = [pk for (pk,) in _WAITING(user.pk, limit=limit)]
    return _tasks(_in_order(Assignment.objects.filter(pk__in=pks)), today) if pks else []


def _waiting(user_pk, *, limit):
    user = somebody(user_pk)
    rows = Assignment.objects.waiting_for(user).not_closed_to(user)
    return rows.order_by("-proposal__is_practice", F("due_on").asc(nulls_last=True), "pk").values_list("pk")[:limit]


_WAITING = KeptQuery(_waiting)


def assignments_in_round(user, round_):
    """Every assignment of this reviewer in the round: what waits first, then what is done or closed."""
    return _in_order(Assignment.objects.filter(reviewer=user, proposal__round=round_))


def tasks_of(assignments, *, today):
    """Assignments, as `assignments_in_round` gives them, as tasks; the same few queries for any number."""
    return _tasks(assignments, today)


def count_own(user, round_):
    """(submitted, still hers or submitted, all) of this reviewer's assignments in the round. One query.

    Practice is among all, but in no other count.
    """
    is_in = Q(assessment__state=AssessmentState.SUBMITTED)
    is_open = Q(state__in=(AssignmentState.ASSIGNED, AssignmentState.DECLARED))
    counts_ = Q(proposal__is_practice=False)
    counts = Assignment.objects.filter(reviewer=user, proposal__round=round_).aggregate(
        submitted=Count("pk", filter=is_in & counts_),
        own=Count("pk", filter=(is_in | is_open) & counts_),
        total=Count("pk"),
    )
    return counts["submitted"], counts["own"], counts["total"]


def progress_of(drafts):
    """{assessment id: Progress} of drafts that are loaded with proposal and round."""
    return {pk: content.progress for pk, content in load_contents(drafts).items()}


def _in_order(assignments):
    """What waits, practice first and then by due date; then the submitted ones, then the closed ones."""
    rank = Case(
        When(assessment__state=AssessmentState.SUBMITTED, then=Value(1)),
        When(state__in=(AssignmentState.ASSIGNED, AssignmentState.DECLARED), then=Value(0)),
        default=Value(2),
        output_field=IntegerField(),
    )
    related = ("proposal__applicant", "proposal__round")
    rows = (
        assignments.with_progress()
        .select_related(*related)
        .defer("proposal__summary", "proposal__notes", "proposal__search_text")
    )
    return rows.annotate(rank=rank).order_by("rank", "-proposal__is_practice", F("due_on").asc(nulls_last=True), "pk")


def _tasks(assignments, today):
    assignments = list(assignments)
    found = [_assessment_of(assignment) for assignment in assignments]
    drafts = [
        assessment
        for assignment, assessment in zip(assignments, found, strict=True)
        if assessment and not assessment.is_submitted and assignment.state == AssignmentState.DECLARED
    ]
    progress = progress_of(drafts)
    tasks = []
    for assignment, assessment in zip(assignments, found, strict=True):
        step = _step(assignment, assessment)
        is_overdue = bool(assignment.due_on and assignment.due_on < today and step not in (SUBMITTED, CLOSED))
        done = progress.get(assessment.pk) if assessment else None
        tasks.append(Task(assignment, assessment, step, done, stand_of(assignment, today), is_overdue))
    return tasks


def _assessment_of(assignment):
    """The assessment with its proposal set, or None; no query."""
    assessment = getattr(assignment, "assessment", None)
    if assessment is not None:
        assessment.proposal = assignment.proposal
    return assessment


def _step(assignment, assessment):
    if assignment.state == AssignmentState.ASSIGNED:
        return DECLARE
    if assignment.state != AssignmentState.DECLARED:
        return CLOSED
    if assessment is None:
        return BEGIN
    if assessment.is_submitted:
        return SUBMITTED
    return REOPENED if assessment.submission_number else CONTINUE
