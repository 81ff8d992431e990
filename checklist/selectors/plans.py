"""What a plan of assignments is made of, and what it says, in a constant number of queries."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from checklist.enums import AssignmentState, PlanState, SkillVocabulary
from checklist.matching import OBSTACLE_TEXTS, WHY_TEXTS, Candidate, Cause, ObstacleKind, Request, Why
from checklist.models import Assignment, AssignmentPlan, PlannedAssignment
from proposals.enums import ProposalStatus
from proposals.models import Place, Proposal, ProposalTag
from screening.models import User

from .assigning import OPEN_STATES, reviewers_of
from .conflicts import forbidden_in, words_of_signs
from .eligibility import not_assignable
from .reviewers import SUBJECTS, skill_word, skills_of

REFUSED_STATES = (AssignmentState.CONFLICTED, AssignmentState.DECLINED, AssignmentState.ABSTAINED)
PLANNED_STATUSES = (ProposalStatus.RECEIVED, ProposalStatus.IN_REVIEW)
SHOWN_PROBLEMS = 20
SHOWN_NAMES = 6


@dataclass(frozen=True)
class PlanInput:
    """Proposals, reviewers and what stands between them, as the matching takes them."""

    proposals: dict
    reviewers: dict
    requests: list
    candidates: list
    forbidden: dict


@dataclass
class Load:
    """One reviewer with what she has and what the plan would give her."""

    reviewer: User
    asked: int
    planned: int
    most: int

    @property
    def total(self):
        return self.asked + self.planned


@dataclass
class PlanRow:
    """One proposal of a plan: who has it already, and who would be asked with the reasons in words."""

    proposal: Proposal
    asked: list = field(default_factory=list)
    pairs: list = field(default_factory=list)
    short: int = 0


def plannable(round_, user):
    """Proposals of the round that reviewers may be planned for, as far as no conflict closes them to her."""
    rows = Proposal.objects.listed_to(user, round_).counted().filter(status__in=PLANNED_STATUSES)
    return rows.defer("summary", "notes", "search_text").order_by("reference", "pk")


def plan_input(round_, user, proposals=None):
    """Everything the matching asks for, of these proposals or of all in the round; about twelve queries."""
    proposals = list(plannable(round_, user) if proposals is None else proposals)
    refused = not_assignable(proposals)
    proposals = {each.pk: each for each in proposals if each.pk not in refused}
    reviewers = {each.pk: each for each in reviewers_of(round_)}
    open_ones, forbidden = defaultdict(set), dict.fromkeys(forbidden_in(round_), "")
    rows = (
        Assignment.objects.counted().filter(proposal__round=round_).values_list("proposal_id", "reviewer_id", "state")
    )
    for proposal, reviewer, state in rows:
        if state in OPEN_STATES:
            open_ones[proposal].add(reviewer)
        elif state in REFUSED_STATES:
            forbidden.setdefault((proposal, reviewer), "" if state == AssignmentState.CONFLICTED else Cause.DECLINED)
    return PlanInput(
        proposals,
        reviewers,
        requests_of(proposals.values(), open_ones),
        candidates_of(reviewers.values()),
        forbidden,
    )


def requests_of(proposals, assigned):
    """The proposals as Requests; two queries. `assigned` maps ids to the reviewers who have them."""
    proposals = list(proposals)
    countries, subjects = defaultdict(set), defaultdict(set)
    pks = [each.pk for each in proposals]
    for proposal, country in Place.objects.filter(proposal__in=pks).values_list("proposal_id", "country"):
        countries[proposal].add(country)
    for proposal, *tag in ProposalTag.objects.filter(proposal__in=pks).values_list("proposal_id", "vocabulary", "code"):
        subjects[proposal].add(":".join(tag))
    return [
        Request(
            each.pk,
            each.language,
            frozenset(countries[each.pk] - {""}),
            frozenset(subjects[each.pk]),
            assigned=frozenset(assigned.get(each.pk, ())),
        )
        for each in proposals
    ]


def candidates_of(reviewers):
    """The reviewers, as `reviewers_of` gives them, as Candidates; one query."""
    reviewers = list(reviewers)
    skills = skills_of(reviewers)
    return [
        Candidate(
            each.pk,
            frozenset(skills[each.pk][SkillVocabulary.LANGUAGE]),
            frozenset(skills[each.pk][SkillVocabulary.COUNTRY]),
            frozenset(f"{vocabulary}:{code}" for vocabulary in SUBJECTS for code in skills[each.pk][str(vocabulary)]),
            load=each.asked_count,
        )
        for each in reviewers
    ]


def reasons_in_words(request, candidate, codes=()):
    """Why this reviewer fits this proposal, one phrase per reason; `codes` adds what only a plan knows."""
    words = []
    if request.language in candidate.languages:
        words.append(_("reads %(language)s") % {"language": skill_word(SkillVocabulary.LANGUAGE, request.language)})
    countries = sorted(skill_word(SkillVocabulary.COUNTRY, code) for code in request.countries & candidate.countries)
    if countries:
        words.append(_("knows %(countries)s") % {"countries": ", ".join(countries)})
    subjects = sorted(skill_word(*each.split(":", 1)) for each in request.expertise & candidate.expertise)
    if subjects:
        words.append(_("knows the field: %(subjects)s") % {"subjects": ", ".join(subjects)})
    if Why.OVERLAP in codes:
        words.append(_(WHY_TEXTS[Why.OVERLAP]))
    return words or [_(WHY_TEXTS[Why.ROOM])]


def draft_plan(round_):
    """The plan of the round that waits to be applied, or None."""
    return AssignmentPlan.objects.filter(round=round_, state=PlanState.DRAFT).order_by("-pk").first()


def proposals_in_plan(plan, user):
    """Proposals to which the plan gives somebody, and those that stay short."""
    given = PlannedAssignment.objects.filter(plan=plan, proposal_id=OuterRef("pk"))
    return plannable(plan.round, user).filter(Q(Exists(given)) | Q(digest__asked__lt=plan.per_proposal))


def rows_of(plan, proposals):
    """A PlanRow for each proposal of the page; eight queries for any number."""
    proposals = list(proposals)
    rows = {each.pk: PlanRow(each) for each in proposals}
    for each in Assignment.objects.filter(proposal__in=list(rows), state__in=OPEN_STATES).select_related("reviewer"):
        rows[each.proposal_id].asked.append(each.reviewer)
    requests = {each.id: each for each in requests_of(proposals, {})}
    candidates = {each.id: each for each in candidates_of(reviewers_of(plan.round))}
    forbidden = forbidden_in(plan.round)
    pairs = plan.pairs.filter(proposal__in=list(rows)).select_related("reviewer").order_by("reviewer__name", "pk")
    for pair in pairs:
        candidate = candidates.get(pair.reviewer_id, Candidate(pair.reviewer_id))
        pair.words = ", ".join(reasons_in_words(requests[pair.proposal_id], candidate, pair.reasons))
        pair.is_in_conflict = (pair.proposal_id, pair.reviewer_id) in forbidden
        rows[pair.proposal_id].pairs.append(pair)
    refused = not_assignable(proposals)
    for row in rows.values():
        if row.proposal.pk not in refused:
            row.short = max(0, plan.per_proposal - len(row.asked) - len(row.pairs))
    return list(rows.values())


def loads_of(plan):
    """A Load for every reviewer of the round, the busiest first; two queries."""
    planned = Counter(plan.pairs.values_list("reviewer_id", flat=True))
    loads = [Load(each, each.asked_count, planned[each.pk], plan.maximum_load) for each in reviewers_of(plan.round)]
    return sorted(loads, key=lambda load: (-load.total, load.reviewer.name))


def problems_of(plan, user):
    """What stands in the way, as (sentence, proposals, names of reviewers), and how many are not shown.

    What is only about proposals that a conflict closes to this person is left out.
    """
    shown = plan.problems[:SHOWN_PROBLEMS]
    proposals = (
        Proposal.objects.visible_to(user)
        .only("reference", "title")
        .in_bulk({pk for each in shown for pk in each["proposals"][:SHOWN_NAMES]})
    )
    people = User.objects.only("name", "email").in_bulk(
        {pk for each in shown for pk in each["reviewers"][:SHOWN_NAMES]}
    )
    found = [
        (
            _(OBSTACLE_TEXTS[ObstacleKind(each["kind"])]) % each["params"],
            [proposals[pk] for pk in each["proposals"][:SHOWN_NAMES] if pk in proposals],
            [str(people[pk]) for pk in each["reviewers"][:SHOWN_NAMES] if pk in people],
        )
        for each in shown
        if not each["proposals"] or any(pk in proposals for pk in each["proposals"][:SHOWN_NAMES])
    ]
    return found, len(plan.problems) - len(shown)


@dataclass(frozen=True)
class Choice:
    """A reviewer who could be put in by hand; `obstacle` says why not."""

    reviewer: User
    total: int
    words: str
    obstacle: str = ""


def choices_for(plan, proposal, user):
    """Every reviewer of the round for one proposal of the plan, those who fit best and have least first."""
    found = plan_input(plan.round, user, [proposal])
    if not found.requests:
        return []
    [request] = found.requests
    loads = {load.reviewer.pk: load.total for load in loads_of(plan)}
    planned = set(plan.pairs.filter(proposal=proposal).values_list("reviewer_id", flat=True))
    choices = []
    for candidate in found.candidates:
        if candidate.id in planned or candidate.id in request.assigned:
            continue
        obstacle = _obstacle(found, request, candidate)
        if not obstacle and loads[candidate.id] >= plan.maximum_load:
            obstacle = _("has no room")
        words = ", ".join(reasons_in_words(request, candidate))
        choices.append(Choice(found.reviewers[candidate.id], loads[candidate.id], words, obstacle))
    return sorted(choices, key=lambda each: (bool(each.obstacle), each.total, each.reviewer.name))


def _obstacle(found, request, candidate):
    if (request.id, candidate.id) not in found.forbidden:
        return ""
    if found.forbidden[request.id, candidate.id] == Cause.DECLINED:
        return _("declined or abstained")
    return _("possible or confirmed conflict of interest")


def next_reviewers(round_, user, proposals):
    """{proposal id: (reviewer, words)}: who could be asked next, least busy first; none where nobody can.

    Somebody who is known not to read the language is left out; one who reads it comes before one of
    whom nothing is known.
    """
    found = plan_input(round_, user, proposals)
    asked = Counter({each.id: each.load for each in found.candidates})
    proposed = {}
    for request in found.requests:
        able = [
            each
            for each in found.candidates
            if each.id not in request.assigned
            and (request.id, each.id) not in found.forbidden
            and not (request.language and each.languages and request.language not in each.languages)
        ]
        able.sort(
            key=lambda each: (request.language not in each.languages, asked[each.id], found.reviewers[each.id].name)
        )
        if able:
            asked[able[0].id] += 1
            words = ", ".join(reasons_in_words(request, able[0]))
            proposed[request.id] = (found.reviewers[able[0].id], words)
    return proposed


def fits_of(round_, user, proposals):
    """{reviewer id: words}: how each fits these proposals, and how many possible conflicts she has with them."""
    found = plan_input(round_, user, proposals)
    signs = words_of_signs(found.proposals.values(), found.reviewers.values())
    words = {}
    for candidate in found.candidates:
        pairs = {(request.id, candidate.id) for request in found.requests}
        conflicts = len(
            {pair for pair in pairs if pair in signs or found.forbidden.get(pair, Cause.DECLINED) != Cause.DECLINED}
        )
        said = []
        if conflicts:
            text = ngettext("%(n)s possible conflict", "%(n)s possible conflicts", conflicts)
            said.append(text % {"n": conflicts})
        fitting = [request for request in found.requests if _fits(request, candidate)]
        if fitting and len(found.requests) == 1:
            said += reasons_in_words(fitting[0], candidate)
        elif fitting:
            said.append(_("fits %(n)s of %(total)s") % {"n": len(fitting), "total": len(found.requests)})
        words[candidate.id] = "; ".join(said)
    return words


def _fits(request, candidate):
    """Whether more than room speaks for the pair, and no language against it."""
    if request.language and candidate.languages and request.language not in candidate.languages:
        return False
    return bool(
        request.language in candidate.languages
        or request.countries & candidate.countries
        or request.expertise & candidate.expertise
    )
