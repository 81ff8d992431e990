"""Automatic assignment: plans are made, adjusted, applied, discarded; and who is asked as a third."""

from decimal import Decimal

import pytest

from checklist.actions.assignments import assign_reviewers, decline_assignment
from checklist.actions.conflicts import dismiss_conflict
from checklist.actions.plans import (
    CannotApplyPlan,
    CannotChangePlan,
    CannotMakePlan,
    MayNotApplyPlan,
    MayNotChangePlan,
    MayNotMakePlan,
    apply_plan,
    discard_plan,
    make_plan,
    put_in_plan,
    take_out_of_plan,
)
from checklist.enums import PlanState
from checklist.models import Assignment, ReviewerSkill, RoundRules, SubmittedScore, SuspectedConflict
from checklist.selectors.further import differences, differs, with_reviewers
from checklist.selectors.plans import problems_of, rows_of
from proposals.enums import AccessLevel
from proposals.models import Place
from screening.models import AuditEvent
from tests.factories import make_assessment, make_member, make_proposal, make_reviewer, make_round, open_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_():
    return make_round("MEKONG", review_due_on="2030-05-01")


@pytest.fixture
def officer_of_round(round_):
    return make_member(round_, "programme_officer")


@pytest.fixture
def proposals(round_):
    return [make_proposal(round_) for _number in range(4)]


@pytest.fixture
def reviewers(round_):
    return [make_reviewer(round_, name=f"Reviewer {letter}") for letter in "ABC"]


def planned(round_, by, **changes):
    numbers = {"per_proposal": 2, "most": 4, "seed": 7, "overlap": True, **changes}
    return make_plan(round_=round_, by=by, **numbers)


def pairs_of(plan):
    return set(plan.pairs.values_list("proposal_id", "reviewer_id"))


def test_a_plan_asks_nobody_and_the_same_seed_gives_the_same_plan(round_, proposals, reviewers, officer_of_round):
    first = planned(round_, officer_of_round)
    second = planned(round_, officer_of_round)

    assert len(pairs_of(first)) == 8
    assert pairs_of(first) == pairs_of(second)
    assert not Assignment.objects.exists()
    first.refresh_from_db()
    assert (first.state, second.state) == (PlanState.DISCARDED, PlanState.DRAFT)
    made = AuditEvent.objects.filter(event="plan_made").last()
    assert made.after == {"per_proposal": 2, "most": 4, "seed": 7, "overlap": True, "pairs": 8}


def test_who_is_never_planned(round_, officer_of_round):
    proposal = make_proposal(round_)
    practice = make_proposal(round_, is_practice=True)
    ineligible = make_proposal(round_, status="ineligible")
    free, tied, declined, known = (make_reviewer(round_, name=name) for name in ("Free", "Tied", "Declined", "Known"))
    for reviewer in (tied, known):
        reviewer.organisation_name = "Blue Boat"
        reviewer.save()
    [asked] = assign_reviewers(
        round_=round_, proposals=[proposal], reviewers=[declined], due_on=None, by=officer_of_round
    )
    decline_assignment(assignment=asked, reason="On leave.", by=declined)
    planned(round_, officer_of_round)
    dismiss_conflict(
        suspicion=SuspectedConflict.objects.get(reviewer=known, proposal=proposal),
        reason="Another.",
        by=officer_of_round,
    )

    plan = planned(round_, officer_of_round, per_proposal=4)

    assert pairs_of(plan) == {(proposal.pk, free.pk), (proposal.pk, known.pk)}
    assert not plan.pairs.filter(proposal__in=[practice, ineligible]).exists()
    [(sentence, about, _people)], more = problems_of(plan, officer_of_round)
    assert "conflict of interest 1, declined or abstained 1" in sentence
    assert (about, more) == ([proposal], 0)


def test_what_stands_in_the_way_names_no_proposal_that_a_conflict_closes(
    round_, proposals, reviewers, officer_of_round
):
    closed, *_others = proposals
    plan = planned(round_, officer_of_round, per_proposal=9, most=9)
    torn = make_member(round_, "programme_officer", name="Torn Officer")
    open_to(closed, torn, AccessLevel.CLOSED)

    def named(who):
        return [each for _said, about, _people in problems_of(plan, who)[0] for each in about]

    assert set(named(officer_of_round)) == set(proposals)
    assert set(named(torn)) == set(proposals) - {closed}


def test_what_is_there_already_counts(round_, proposals, reviewers, officer_of_round):
    assign_reviewers(round_=round_, proposals=proposals, reviewers=reviewers[:1], due_on=None, by=officer_of_round)

    plan = planned(round_, officer_of_round)

    assert len(pairs_of(plan)) == 4
    assert not plan.pairs.filter(reviewer=reviewers[0]).exists()


def test_reasons_are_said_in_words(round_, officer_of_round):
    proposal = make_proposal(round_, language="en")
    Place.objects.create(proposal=proposal, country="KH")
    reader = make_reviewer(round_)
    ReviewerSkill.objects.create(user=reader, vocabulary="language", code="en")
    ReviewerSkill.objects.create(user=reader, vocabulary="country", code="KH")

    [row] = rows_of(planned(round_, officer_of_round, per_proposal=1), [proposal])

    assert [pair.words for pair in row.pairs] == ["reads English, knows Cambodia"]


@pytest.mark.parametrize("numbers", [{"per_proposal": 0}, {"most": 0}, {"seed": -1}])
def test_a_plan_needs_numbers(round_, proposals, reviewers, officer_of_round, numbers):
    with pytest.raises(CannotMakePlan, match="at least 1"):
        planned(round_, officer_of_round, **numbers)


def test_a_plan_needs_reviewers_and_proposals(round_, officer_of_round):
    with pytest.raises(CannotMakePlan, match="no reviewers"):
        planned(round_, officer_of_round)
    make_reviewer(round_)
    with pytest.raises(CannotMakePlan, match="No proposal"):
        planned(round_, officer_of_round)


def test_applying_asks_exactly_the_pairs(round_, proposals, reviewers, officer_of_round):
    plan = planned(round_, officer_of_round)
    wanted = pairs_of(plan)

    made = apply_plan(plan=plan, due_on=None, by=officer_of_round)

    assert {(each.proposal_id, each.reviewer_id) for each in made} == wanted
    assert set(Assignment.objects.values_list("proposal_id", "reviewer_id")) == wanted
    plan.refresh_from_db()
    assert plan.state == PlanState.APPLIED
    assert AuditEvent.objects.get(event="plan_applied").after["made"] == 8
    with pytest.raises(CannotApplyPlan, match="already"):
        apply_plan(plan=plan, due_on=None, by=officer_of_round)


def test_a_conflict_that_came_up_since_keeps_a_plan_from_being_applied(round_, proposals, reviewers, officer_of_round):
    plan = planned(round_, officer_of_round)
    reviewers[0].organisation_name = "Blue Boat"
    reviewers[0].save()

    with pytest.raises(CannotApplyPlan, match="possible conflict"):
        apply_plan(plan=plan, due_on=None, by=officer_of_round)

    assert not Assignment.objects.exists()


def test_pairs_are_put_in_exchanged_and_taken_out(round_, proposals, reviewers, officer_of_round):
    plan = planned(round_, officer_of_round)
    pair = plan.pairs.first()
    proposal = pair.proposal
    [free] = [each for each in reviewers if not plan.pairs.filter(proposal=proposal, reviewer=each).exists()]

    new = put_in_plan(plan=plan, proposal=proposal, reviewer=free, instead_of=pair, by=officer_of_round)
    take_out_of_plan(pair=new, by=officer_of_round)

    assert plan.pairs.filter(proposal=proposal).count() == 1
    assert AuditEvent.objects.filter(event="plan_changed").count() == 2


def test_what_cannot_be_put_in(round_, proposals, reviewers, officer_of_round):
    plan = planned(round_, officer_of_round, per_proposal=1, most=2)
    tied = make_reviewer(round_, name="Tied", organisation_name="Blue Boat")
    stranger = make_member(make_round(), "reviewer")
    pair = plan.pairs.first()

    def put_in(reviewer):
        return put_in_plan(plan=plan, proposal=pair.proposal, reviewer=reviewer, by=officer_of_round)

    with pytest.raises(CannotChangePlan, match="sign of one"):
        put_in(tied)
    with pytest.raises(CannotChangePlan, match="not a reviewer"):
        put_in(stranger)
    with pytest.raises(CannotChangePlan, match="in the plan"):
        put_in(plan.pairs.filter(proposal=pair.proposal).get().reviewer)
    full = next(each for each in reviewers if plan.pairs.filter(reviewer=each).count() == 2)
    other = next(each for each in proposals if not plan.pairs.filter(reviewer=full, proposal=each).exists())
    with pytest.raises(CannotChangePlan, match="more than 2"):
        put_in_plan(plan=plan, proposal=other, reviewer=full, by=officer_of_round)
    discard_plan(plan=plan, by=officer_of_round)
    with pytest.raises(CannotChangePlan, match="already"):
        take_out_of_plan(pair=pair, by=officer_of_round)
    assert AuditEvent.objects.filter(event="plan_discarded").count() == 1


# -- The pages ----------------------------------------------------------------------------------


def test_from_the_numbers_to_the_requests(client, round_, proposals, reviewers, officer_of_round):
    client.force_login(officer_of_round)
    start = f"/rounds/{round_.reference}/plan/"
    first = client.get(start).context["form"].initial

    made = client.post(start, {"per_proposal": 2, "most": 4, "seed": 3, "overlap": "on"}, follow=True)
    plan = made.context["plan"]
    pair = plan.pairs.first()
    change = f"/plans/{plan.pk}/proposals/{pair.proposal_id}/"
    shown = client.get(change)
    client.post(change, {"take": pair.pk})
    done = client.post(f"/plans/{plan.pk}/apply/", {"due_on": "2030-05-01"})

    assert (first["per_proposal"], first["most"], first["seed"]) == (2, 4, 1)
    assert [choice.obstacle for choice in shown.context["choices"]] == [""]
    assert done.status_code == 302
    assert Assignment.objects.count() == 7


@pytest.mark.parametrize("count", [1, 3])
def test_a_plan_takes_the_same_queries(client, round_, reviewers, officer_of_round, django_assert_num_queries, count):
    for _number in range(count):
        make_proposal(round_, language="en")
    plan = planned(round_, officer_of_round)
    client.force_login(officer_of_round)

    with django_assert_num_queries(19):
        assert len(client.get(f"/plans/{plan.pk}/").context["rows"]) == count


# -- A further reviewer -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lower", "higher", "expected"),
    [(70, 100, False), ("69.9", 100, True), (0, 0, False), (35, 50, False), (34, 50, True)],
)
def test_the_limit_is_a_part_of_the_higher_result(lower, higher, expected):
    assert differs(Decimal(lower), Decimal(higher), 30) is expected


def judged(proposal, *shares):
    """Submitted assessments whose result by the first share instrument is as given."""
    for share in shares:
        done = make_assessment(proposal=proposal)
        done.state, done.submitted_at = "submitted", done.saved_at
        done.save()
        version = done.versions.get(result_kind="share", instrument__is_default=True)
        SubmittedScore.objects.create(assessment=done, version=version, marks="", share=share, judged=11, total=11)


def test_a_third_is_proposed_where_two_differ(instruments, round_, officer_of_round):
    apart, near, three = (make_proposal(round_, title) for title in ("Apart", "Near", "Three"))
    judged(apart, 80, 40)
    judged(near, 80, 70)
    judged(three, 80, 40, 60)
    tied = make_reviewer(round_, name="A tied one", organisation_name="Blue Boat")
    idle = make_reviewer(round_, name="Idle Reviewer")
    SuspectedConflict.objects.create(proposal=apart, reviewer=tied, kind="same_organisation", detail="Blue Boat")

    [found] = with_reviewers(round_, officer_of_round, differences([round_], officer_of_round)[round_.pk])

    assert (found.proposal, found.lower, found.higher, found.limit) == (apart, 40, 80, 30)
    assert found.reviewer == idle


def test_nobody_is_proposed_for_what_is_decided(instruments, round_, officer_of_round):
    judged(make_proposal(round_, "Decided", status="funded"), 80, 40)

    assert not differences([round_], officer_of_round)


def test_the_round_sets_the_limit_and_the_pages_say_whom_to_ask(client, instruments, round_, officer_of_round):
    proposal = make_proposal(round_, "Apart")
    judged(proposal, 80, 70)
    make_reviewer(round_, name="Idle Reviewer")
    client.force_login(officer_of_round)
    page = f"/rounds/{round_.reference}/assignments/"
    assert "ask a third" not in client.get(page).content.decode()

    RoundRules.objects.create(round=round_, difference_limit=10)

    for url in (page, "/"):
        assert "Proposed: Idle Reviewer" in client.get(url).content.decode()


def test_a_plan_is_applied_only_by_an_officer_to_whom_all_of_it_is_open(round_, proposals, reviewers, officer_of_round):
    plan = planned(round_, officer_of_round)
    torn = make_member(round_, "programme_officer", name="Torn Officer")
    open_to(proposals[0], torn, AccessLevel.CLOSED)

    with pytest.raises(MayNotApplyPlan, match="closed to you"):
        apply_plan(plan=plan, due_on=None, by=torn)
    with pytest.raises(MayNotApplyPlan, match="Only a programme officer"):
        apply_plan(plan=plan, due_on=None, by=make_member(round_, "observer"))

    assert not Assignment.objects.exists()
    assert not AuditEvent.objects.filter(event="plan_applied").exists()
    assert apply_plan(plan=plan, due_on=None, by=officer_of_round)


def test_a_plan_is_made_and_changed_only_by_who_assigns_in_the_round(round_, proposals, reviewers, officer_of_round):
    plan = planned(round_, officer_of_round)
    before, pair, chair = pairs_of(plan), plan.pairs.first(), make_member(round_, "chair")

    with pytest.raises(MayNotMakePlan, match="Only a programme officer"):
        planned(round_, chair)
    with pytest.raises(MayNotChangePlan, match="Only a programme officer"):
        put_in_plan(plan=plan, proposal=pair.proposal, reviewer=reviewers[0], instead_of=pair, by=chair)
    with pytest.raises(MayNotChangePlan, match="Only a programme officer"):
        take_out_of_plan(pair=pair, by=chair)
    with pytest.raises(MayNotChangePlan, match="Only a programme officer"):
        discard_plan(plan=plan, by=chair)

    plan.refresh_from_db()
    assert (plan.state, pairs_of(plan)) == (PlanState.DRAFT, before)
    assert not AuditEvent.objects.filter(event__in=("plan_changed", "plan_discarded")).exists()


def test_an_officer_with_a_conflict_plans_nobody_for_that_proposal(round_, proposals, reviewers, officer_of_round):
    plan = planned(round_, officer_of_round)
    pair = plan.pairs.first()
    torn = make_member(round_, "programme_officer", name="Torn Officer")
    open_to(pair.proposal, torn, AccessLevel.CLOSED)

    with pytest.raises(MayNotChangePlan, match="closed to you"):
        put_in_plan(plan=plan, proposal=pair.proposal, reviewer=reviewers[0], instead_of=pair, by=torn)
    with pytest.raises(MayNotChangePlan, match="closed to you"):
        take_out_of_plan(pair=pair, by=torn)

    assert plan.pairs.filter(pk=pair.pk).exists()
    discard_plan(plan=plan, by=torn)
    assert AuditEvent.objects.filter(event="plan_discarded").count() == 1
