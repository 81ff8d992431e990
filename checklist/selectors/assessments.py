"""Reads around one assessment: the form's own row, and what a reviewer does next."""

from django.conf import settings
from django.db.models import Case, Count, IntegerField, Q, Value, When, prefetch_related_objects

from checklist.enums import AssessmentKind, AssessmentState, AssignmentState
from checklist.models import Assessment, Assignment, Translation
from screening.statements import KeptModels, KeptQuery


def assessment_with_round(pk):
    """The assessment with all that its permissions and its form look at, or None."""
    return next(iter(_WITH_ROUND(pk)), None)


_WITH_ROUND = KeptModels(
    lambda pk: Assessment.objects.select_related(
        "assignment", "reviewer", "proposal__round", "proposal__applicant"
    ).filter(pk=pk)
)


def load_facts(proposal):
    """Read what the facts of a proposal are made of, in four queries; returns the proposal."""
    prefetch_related_objects([proposal], "participations__organisation", "places", "tags")
    return proposal


def form_languages(instruments):
    """Codes of the languages in which these InstrumentAnswers can be shown, the originals' first."""
    versions = [each.sheet.pk for each in instruments]
    originals = dict.fromkeys(each.sheet.original_language for each in instruments)
    translated = sorted(language for (language,) in _LANGUAGES(versions))
    known = dict(settings.LANGUAGES)
    return [(code, known[code]) for code in dict.fromkeys([*originals, *translated]) if code in known]


_LANGUAGES = KeptQuery(lambda pks: Translation.objects.filter(version_id__in=pks).values_list("language").distinct())


def next_assignment(user, round_, *, after=None):
    """The reviewer's next assignment of the round that waits for her, or None.

    Declared ones before those still to be declared, then the proposal with the fewest submitted
    assessments. It goes round: after the last comes the first, and `after` itself never comes.
    """
    waiting = list(
        Assignment.objects.waiting_for(user)
        .filter(proposal__round=round_)
        .select_related("assessment", "proposal")
        .annotate(
            is_undeclared=Case(
                When(state=AssignmentState.DECLARED, then=Value(0)), default=Value(1), output_field=IntegerField()
            ),
            submitted_count=Count(
                "proposal__assessments",
                filter=Q(
                    proposal__assessments__state=AssessmentState.SUBMITTED,
                    proposal__assessments__kind=AssessmentKind.INDIVIDUAL,
                ),
            ),
        )
        .order_by("is_undeclared", "submitted_count", "due_on", "pk")
    )
    others = [assignment for assignment in waiting if assignment.pk != (after and after.pk)]
    if after is not None and len(others) < len(waiting):
        place = next(index for index, assignment in enumerate(waiting) if assignment.pk == after.pk)
        others = [*waiting[place + 1 :], *waiting[:place]]
    return others[0] if others else None
