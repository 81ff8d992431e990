"""The filters above the lists of proposals and assignments."""

import django_filters as filters
from django.db.models import Count, Exists, F, IntegerField, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from proposals.enums import ExploitationForm, FourP, Population, ProposalStatus, TagVocabulary
from proposals.models import Place, Proposal, ProposalTag
from screening.enums import RoundRole
from screening.models import User

from .enums import AssessmentState, AssignmentState
from .models import Assessment, Assignment
from .selectors.assigning import OPEN_STATES
from .selectors.proposal_rows import country_name

REVIEW_CHOICES = [
    ("unassigned", _("No reviewer yet")),
    ("missing", _("Too few reviewers")),
    ("waiting", _("Assessments outstanding")),
    ("overdue", _("Overdue")),
    ("conflict", _("Conflict declared")),
    ("complete", _("All assessments in")),
]
ASSIGNMENT_CHOICES = [
    ("declare", _("Waiting for the declaration")),
    ("writing", _("Being assessed")),
    ("overdue", _("Overdue")),
    ("submitted", _("Submitted")),
    ("conflicted", _("Conflict of interest")),
    ("declined", _("Declined")),
    ("withdrawn", _("Taken back")),
]


def _assigned(**conditions):
    """Open assignments of the proposal in the outer query."""
    return Assignment.objects.filter(proposal_id=OuterRef("pk"), state__in=OPEN_STATES, **conditions)


def outstanding():
    """Open assignments of the proposal in the outer query whose assessment is not in."""
    return _assigned().exclude(assessment__state=AssessmentState.SUBMITTED)


def submitted_count():
    """How many assessments of the proposal are submitted, as a subquery."""
    rows = Assessment.objects.filter(proposal_id=OuterRef("pk"), state=AssessmentState.SUBMITTED)
    return _counted(rows)


def _asked_count():
    return _counted(_assigned())


def _complete(round_):
    """Open assignments of the proposal in the outer query, if they are as many as the round wants and all in.

    Looked at once, because a list of thousands asks this of every proposal.
    """
    counted = (
        _assigned()
        .order_by()
        .values("proposal_id")
        .annotate(asked=Count("pk"), handed_in=Count("pk", filter=Q(assessment__state=AssessmentState.SUBMITTED)))
    )
    return counted.filter(asked__gte=round_.reviewers_wanted, handed_in=F("asked")).values("proposal_id")


def _counted(rows):
    numbers = rows.order_by().values("proposal_id").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(numbers, output_field=IntegerField()), 0)


def _countries_of_round(request):
    """The countries named by proposals of the round, by name.

    Asks once per country instead of reading every place: one place stands for each country.
    """
    firsts = Place.objects.exclude(country="").order_by().values("country").annotate(first=Min("pk")).values("first")
    in_round = Place.objects.filter(country=OuterRef("country"), proposal__round=request.round)
    codes = Place.objects.filter(Exists(in_round), pk__in=firsts).values_list("country", flat=True)
    language = get_language()
    return sorted(((code, country_name(code, language)) for code in codes), key=lambda pair: pair[1])


class ProposalFilter(filters.FilterSet):
    """Filters of one round's proposals; `request.round` is that round."""

    q = filters.CharFilter(method="search", label=_("Title, applicant, partner"))
    status = filters.ChoiceFilter(choices=ProposalStatus.choices, label=_("State"), empty_label=_("Any"))
    review = filters.ChoiceFilter(choices=REVIEW_CHOICES, method="by_review", label=_("Review"), empty_label=_("Any"))
    country = filters.ChoiceFilter(method="in_country", label=_("Country"), empty_label=_("Any"))
    four_p = filters.ChoiceFilter(choices=FourP.choices, method="tagged", label=_("Which P"), empty_label=_("Any"))
    exploitation = filters.ChoiceFilter(
        choices=ExploitationForm.choices, method="tagged", label=_("Exploitation"), empty_label=_("Any")
    )
    population = filters.ChoiceFilter(
        choices=Population.choices, method="tagged", label=_("Population"), empty_label=_("Any")
    )

    class Meta:
        model = Proposal
        fields = ()

    def __init__(self, *args, sees_assignments=True, **kwargs):
        super().__init__(*args, **kwargs)
        if not sees_assignments:
            del self.filters["review"]
        self.filters["country"].extra["choices"] = _countries_of_round(self.request)

    def search(self, queryset, _name, value):
        return queryset.search(value)

    def in_country(self, queryset, _name, value):
        return queryset.filter(Exists(Place.objects.filter(proposal_id=OuterRef("pk"), country=value)))

    def tagged(self, queryset, name, value):
        vocabulary = TagVocabulary(name)
        tags = ProposalTag.objects.filter(proposal_id=OuterRef("pk"), vocabulary=vocabulary, code=value)
        return queryset.filter(Exists(tags))

    def by_review(self, queryset, _name, value):
        today = timezone.localdate()
        if value == "unassigned":
            return queryset.filter(~Exists(_assigned()))
        if value == "missing":
            return queryset.alias(asked_total=_asked_count()).filter(
                asked_total__lt=self.request.round.reviewers_wanted
            )
        if value == "waiting":
            return queryset.filter(Exists(outstanding()))
        if value == "overdue":
            return queryset.filter(Exists(outstanding().filter(due_on__lt=today)))
        if value == "conflict":
            conflicts = Assignment.objects.filter(proposal_id=OuterRef("pk"), state=AssignmentState.CONFLICTED)
            return queryset.filter(Exists(conflicts))
        return queryset.filter(Exists(_complete(self.request.round)))


class BlindProposalFilter(ProposalFilter):
    """The same for people who may not see who was asked."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, sees_assignments=False, **kwargs)


def _reviewers_of_round(request):
    """The people who review in the round now."""
    return User.objects.filter(grants__round=request.round, grants__role=RoundRole.REVIEWER).order_by("name", "pk")


class AssignmentFilter(filters.FilterSet):
    """Filters of one round's assignments; `request.round` is that round."""

    q = filters.CharFilter(method="search", label=_("Title, applicant, partner"))
    state = filters.ChoiceFilter(choices=ASSIGNMENT_CHOICES, method="in_state", label=_("State"), empty_label=_("Any"))
    reviewer = filters.ModelChoiceFilter(queryset=_reviewers_of_round, label=_("Reviewer"), empty_label=_("Any"))

    class Meta:
        model = Assignment
        fields = ()

    def search(self, queryset, _name, value):
        for word in value.split()[:8]:
            queryset = queryset.filter(proposal__search_text__contains=word.casefold())
        return queryset

    def in_state(self, queryset, _name, value):
        submitted = Q(assessment__state=AssessmentState.SUBMITTED)
        if value == "declare":
            return queryset.filter(state=AssignmentState.ASSIGNED)
        if value == "submitted":
            return queryset.filter(submitted)
        if value == "writing":
            return queryset.filter(state=AssignmentState.DECLARED).exclude(submitted)
        if value == "overdue":
            return queryset.filter(state__in=OPEN_STATES, due_on__lt=timezone.localdate()).exclude(submitted)
        return queryset.filter(state=value)
