"""The filters above the lists of proposals and assignments."""

import django_filters as filters
from django.db.models import Exists, F, Min, OuterRef, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from proposals.enums import ExploitationForm, FourP, Population, ProposalStatus, TagVocabulary
from proposals.models import Place, Proposal, ProposalTag
from proposals.querysets import words_of
from screening.enums import RoundRole
from screening.models import User
from screening.statements import KeptQuery

from .enums import AssessmentState, AssignmentState, DecisionState, Outcome, QuestionState
from .models import Assignment
from .selectors.asking import with_questions
from .selectors.assigning import OPEN_STATES
from .selectors.deciding import recommended, with_decision, without_decision
from .selectors.eligibility import ELIGIBLE, INELIGIBLE, OPEN, STOPPED, in_eligibility
from .selectors.proposal_rows import country_name
from .selectors.statuses import hidden_in_round, in_status

REVIEW_CHOICES = [
    ("unassigned", _("No reviewer yet")),
    ("missing", _("Too few reviewers")),
    ("waiting", _("Assessments outstanding")),
    ("overdue", _("Overdue")),
    ("conflict", _("Conflict declared")),
    ("complete", _("All assessments in")),
]
# Means whoever opens the address, so that a list of one's own work can be passed on.
ME = "@me"
ASSIGNMENT_CHOICES = [
    ("declare", _("Waiting for the declaration")),
    ("begin", _("Not started")),
    ("writing", _("Draft")),
    ("overdue", _("Overdue")),
    ("submitted", _("Submitted")),
    ("conflicted", _("Conflict of interest")),
    ("abstained", _("Abstained")),
    ("declined", _("Declined")),
    ("withdrawn", _("Taken back")),
]
RECOMMENDATION_CHOICES = [*Outcome.choices, ("none", _("None yet"))]
DECISION_CHOICES = [
    ("none", _("Not decided")),
    ("pending", _("Pending")),
    ("applied", _("Applied")),
    *((f"applied_{value}", label) for value, label in Outcome.choices),
]
ELIGIBILITY_CHOICES = [(OPEN, _("To be checked")), (ELIGIBLE, _("Eligible")), (INELIGIBLE, _("Not eligible"))]
QUESTION_CHOICES = [
    ("left", _("Not taken up")),
    (QuestionState.DRAFT.value, _("To be sent")),
    (QuestionState.SENT.value, _("Waiting for an answer")),
    ("overdue", _("Overdue")),
    (QuestionState.ANSWERED.value, _("Answered")),
]


def _assigned(**conditions):
    """Open assignments of the proposal in the outer query."""
    return Assignment.objects.filter(proposal_id=OuterRef("pk"), state__in=OPEN_STATES, **conditions)


def _asked(conditions):
    """Assignments of the proposal in the outer query, whatever became of them, but not those taken back."""
    rows = Assignment.objects.filter(proposal_id=OuterRef("pk"), **conditions)
    return rows.exclude(state=AssignmentState.WITHDRAWN)


def outstanding():
    """Open assignments of the proposal in the outer query whose assessment is not in."""
    return _assigned().exclude(assessment__state=AssessmentState.SUBMITTED)


def _countries_of_round(request):
    """The countries named by proposals of the round, by name.

    Asks once per country instead of reading every place: one place stands for each country.
    """
    language = get_language()
    codes = (code for (code,) in _COUNTRIES(request.round.pk))
    return sorted(((code, country_name(code, language)) for code in codes), key=lambda pair: pair[1])


def _countries(round_pk):
    firsts = Place.objects.exclude(country="").order_by().values("country").annotate(first=Min("pk")).values("first")
    in_round = Place.objects.filter(country=OuterRef("country"), proposal__round_id=round_pk)
    return Place.objects.filter(Exists(in_round), pk__in=firsts).values_list("country")


_COUNTRIES = KeptQuery(_countries)
_REVIEWERS = KeptQuery(
    lambda round_pk: (
        User.objects.filter(grants__round_id=round_pk, grants__role=RoundRole.REVIEWER)
        .order_by("name", "pk")
        .values_list("pk", "name")
    )
)


def _reviewers_of_round(request):
    """“Me” and the people who review in the round now; “me” is whoever opens the address."""
    return [(ME, _("Me")), *((str(pk), name) for pk, name in _REVIEWERS(request.round.pk))]


def _person(request, value):
    """The key of the person that a value of `_reviewers_of_round` means."""
    return request.user.pk if value == ME else int(value)


class ProposalFilter(filters.FilterSet):
    """Filters of one round's proposals; `request.round` is that round."""

    q = filters.CharFilter(method="search", label=_("Title, applicant, partner"))
    status = filters.ChoiceFilter(
        choices=ProposalStatus.choices, method="in_state", label=_("State"), empty_label=_("Any")
    )
    review = filters.ChoiceFilter(choices=REVIEW_CHOICES, method="by_review", label=_("Review"), empty_label=_("Any"))
    reviewer = filters.ChoiceFilter(method="by_reviewer", label=_("Reviewer"), empty_label=_("Any"))
    country = filters.ChoiceFilter(method="in_country", label=_("Country"), empty_label=_("Any"))
    four_p = filters.ChoiceFilter(choices=FourP.choices, method="tagged", label=_("Area of work"), empty_label=_("Any"))
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
            del self.filters["review"], self.filters["reviewer"]
        else:
            self.filters["reviewer"].extra["choices"] = _reviewers_of_round(self.request)
        self.filters["country"].extra["choices"] = _countries_of_round(self.request)

    def search(self, queryset, _name, value):
        """As `Proposal.objects.search`, over the narrow rows: the list is counted as a whole."""
        for word in words_of(value):
            queryset = queryset.filter(digest__search_text__contains=word)
        return queryset

    def in_state(self, queryset, _name, value):
        """By the state as she may know it; see `selectors.statuses`."""
        return in_status(queryset, value, hidden_in_round(self.request.user, self.request.round))

    def in_country(self, queryset, _name, value):
        return queryset.filter(Exists(Place.objects.filter(proposal_id=OuterRef("pk"), country=value)))

    def tagged(self, queryset, name, value):
        vocabulary = TagVocabulary(name)
        tags = ProposalTag.objects.filter(proposal_id=OuterRef("pk"), vocabulary=vocabulary, code=value)
        return queryset.filter(Exists(tags))

    def by_reviewer(self, queryset, _name, value):
        return queryset.filter(Exists(_asked(self._reviewer())))

    def _reviewer(self):
        """Conditions for assignments of the reviewer chosen; none where nobody is."""
        value = self.form.cleaned_data.get("reviewer")
        return {"reviewer_id": _person(self.request, value)} if value else {}

    def by_review(self, queryset, _name, value):
        """How far the review is; of one reviewer, where one is chosen and it is hers that is waited for."""
        wanted, today, chosen = self.request.round.reviewers_wanted, timezone.localdate(), self._reviewer()
        if chosen and value == "waiting":
            return queryset.filter(Exists(outstanding().filter(**chosen)))
        if chosen and value == "overdue":
            return queryset.filter(Exists(outstanding().filter(due_on__lt=today, **chosen)))
        if chosen and value == "conflict":
            return queryset.filter(Exists(_asked(chosen).filter(state=AssignmentState.CONFLICTED)))
        looked_for = ~Q(status__in=STOPPED) & Q(is_practice=False)
        conditions = {
            "unassigned": Q(digest__asked=0) & looked_for,
            "missing": Q(digest__asked__lt=wanted) & looked_for,
            "waiting": Q(digest__asked__gt=F("digest__submitted")),
            "overdue": Q(digest__first_due_on__lt=today),
            "conflict": Q(digest__conflicted__gt=0),
            "complete": Q(digest__asked__gte=wanted, digest__asked=F("digest__submitted")),
        }
        return queryset.filter(conditions[value])


class BlindProposalFilter(ProposalFilter):
    """The same for people who may not see who was asked."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, sees_assignments=False, **kwargs)


class EligibilityFilter(filters.FilterSet):
    """Filters of one round's proposals by what was found of their eligibility; `request.round` is that round."""

    q = filters.CharFilter(method="search", label=_("Title, applicant, partner"))
    state = filters.ChoiceFilter(choices=ELIGIBILITY_CHOICES, method="in_state", label=_("State"), empty_label=_("Any"))

    class Meta:
        model = Proposal
        fields = ()

    def search(self, queryset, _name, value):
        for word in words_of(value):
            queryset = queryset.filter(digest__search_text__contains=word)
        return queryset

    def in_state(self, queryset, _name, value):
        return in_eligibility(queryset, self.request.round, value)


class DecisionFilter(filters.FilterSet):
    """Filters of one round's proposals by what is recommended and decided."""

    q = filters.CharFilter(method="search", label=_("Title, applicant, partner"))
    recommendation = filters.ChoiceFilter(
        choices=RECOMMENDATION_CHOICES, method="recommended", label=_("Recommendation"), empty_label=_("Any")
    )
    decision = filters.ChoiceFilter(
        choices=DECISION_CHOICES, method="decided", label=_("Decision"), empty_label=_("Any")
    )

    class Meta:
        model = Proposal
        fields = ()

    def search(self, queryset, _name, value):
        for word in words_of(value):
            queryset = queryset.filter(digest__search_text__contains=word)
        return queryset

    def recommended(self, queryset, _name, value):
        return recommended(queryset, value)

    def decided(self, queryset, _name, value):
        if value == "none":
            return without_decision(queryset)
        state, _underscore, outcome = value.partition("_")
        return with_decision(queryset, DecisionState(state), **({"outcome": outcome} if outcome else {}))


class QuestionFilter(filters.FilterSet):
    """Filters of one round's proposals by where their questions to the applicant stand."""

    q = filters.CharFilter(method="search", label=_("Title, applicant, partner"))
    state = filters.ChoiceFilter(choices=QUESTION_CHOICES, method="in_state", label=_("State"), empty_label=_("Any"))

    class Meta:
        model = Proposal
        fields = ()

    def search(self, queryset, _name, value):
        for word in words_of(value):
            queryset = queryset.filter(digest__search_text__contains=word)
        return queryset

    def in_state(self, queryset, _name, value):
        return with_questions(queryset, value, timezone.localdate())


class AssignmentFilter(filters.FilterSet):
    """Filters of one round's assignments; `request.round` is that round."""

    q = filters.CharFilter(method="search", label=_("Title, applicant, partner"))
    state = filters.ChoiceFilter(choices=ASSIGNMENT_CHOICES, method="in_state", label=_("State"), empty_label=_("Any"))
    reviewer = filters.ChoiceFilter(method="of_reviewer", label=_("Reviewer"), empty_label=_("Any"))

    class Meta:
        model = Assignment
        fields = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["reviewer"].extra["choices"] = _reviewers_of_round(self.request)

    def of_reviewer(self, queryset, _name, value):
        return queryset.filter(reviewer_id=_person(self.request, value))

    def search(self, queryset, _name, value):
        for word in words_of(value):
            queryset = queryset.filter(proposal__digest__search_text__contains=word)
        return queryset

    def in_state(self, queryset, _name, value):
        submitted = Q(assessment__state=AssessmentState.SUBMITTED)
        if value == "declare":
            return queryset.filter(state=AssignmentState.ASSIGNED)
        if value == "submitted":
            return queryset.filter(submitted)
        if value in ("begin", "writing"):
            rows = queryset.with_progress().filter(state=AssignmentState.DECLARED).exclude(submitted)
            begun = Q(has_answers=True) | Q(assessment__submission_number__gt=0)
            begun |= Q(assessment__conclusion_revision__gt=0)
            return rows.filter(begun) if value == "writing" else rows.exclude(begun)
        if value == "overdue":
            return queryset.filter(state__in=OPEN_STATES, due_on__lt=timezone.localdate()).exclude(submitted)
        return queryset.filter(state=value)
