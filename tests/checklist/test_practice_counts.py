"""Practice never counts: every number of a round is the same with it and without it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from checklist.actions.assessments import submit_assessment
from checklist.actions.practice import begin_reference, publish_reference
from checklist.selectors import conflicts, further
from checklist.selectors.agreement import owes_in_round, ratings_of
from checklist.selectors.assigning import reviewers_of
from checklist.selectors.deciding import counts_of, pending_in, sums_of, to_decide
from checklist.selectors.home import rounds_at_work
from checklist.selectors.over_time import _marks
from checklist.selectors.panel_rounds import panel_rows
from checklist.selectors.plans import plan_input
from checklist.selectors.portfolio import portfolio_of
from checklist.selectors.practice import reference_of
from checklist.selectors.ranking import ranking_of
from checklist.selectors.readiness import findings_of
from checklist.selectors.round_results import round_results
from checklist.selectors.rounds import overview
from checklist.selectors.scores import scored_assessments
from checklist.selectors.tasks import count_own
from screening.models import User
from tests.factories import answer_all, make_assessment, make_member, make_proposal, make_reviewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer(round_):
    return make_reviewer(round_)


@pytest.fixture
def chair(round_):
    return make_member(round_, "chair")


def judged(proposal, reviewer):
    assessment = make_assessment(proposal=proposal, reviewer=reviewer)
    answer_all(assessment)
    return submit_assessment(assessment=assessment, by=reviewer)


def counted_in(round_, officer, chair, reviewer):
    """Every number and every row of the round that practice could move."""
    fresh = {user.pk: user for user in User.objects.filter(pk__in=[officer.pk, chair.pk, reviewer.pk])}
    officer, chair, reviewer = (fresh[user.pk] for user in (officer, chair, reviewer))
    today = timezone.localdate()
    [work] = rounds_at_work(officer, today=today)
    figures = ("total", "unassigned", "ready", "submitted", "undeclared", "overdue", "conflicted", "is_short")
    results, ranking = round_results(round_, officer), ranking_of(round_, officer)
    planned = plan_input(round_, officer)
    versions = [pin.version_id for pin in round_.instruments.all()]
    return {
        "home": [getattr(work, name) for name in figures] + [len(work.gaps), len(work.further)],
        "overview": overview(round_, officer),
        "own": count_own(reviewer, round_)[:2],
        "readiness": [str(each) for each in findings_of(round_)],
        "results": [each.proposal.pk for each in (*results.everything, *results.left_out)],
        "ranking": [row.proposal.pk for row in ranking.rows],
        "adjusted": len(ranking.adjusted.reviewers),
        "portfolio": portfolio_of(ranking.rows, ranking.rows),
        "agreement": ratings_of(round_, officer).by_version,
        "owes": owes_in_round(reviewer, round_),
        "decisions": ([each.pk for each in to_decide(officer, round_)], counts_of(officer, round_)),
        "sums": (sums_of(officer, round_), pending_in(officer, round_)),
        "panel": [row.proposal.pk for row in panel_rows(chair, round_)[0]],
        "waiting panel": panel_rows(chair, round_)[1],
        "further": dict(further.differences([round_], officer)),
        "exports": [each.row["pk"] for each in scored_assessments(officer, round_)],
        "over time": {key: len(marks) for key, marks in _marks(versions, officer).items()},
        "loads": [(each.pk, each.asked_count, each.submitted_count) for each in reviewers_of(round_)],
        "plan": ([each.id for each in planned.requests], [each.load for each in planned.candidates]),
        "conflicts": conflicts.counts_of(round_, officer),
    }


def test_no_number_moves(instruments, round_, officer, chair, reviewer):
    other = make_reviewer(round_, name="Rita Two")
    real = make_proposal(round_, amount=100)
    for person in (reviewer, other):
        judged(real, person)
    before = counted_in(round_, officer, chair, reviewer)

    practice = make_proposal(round_, is_practice=True, amount=900)
    begin_reference(proposal=practice, by=chair)
    answer_all(reference_of(practice))
    publish_reference(assessment=reference_of(practice), by=chair)
    judged(practice, reviewer)
    judged(practice, other)
    # Asked only, and overdue.
    waiting = make_assessment(proposal=make_proposal(round_, is_practice=True), reviewer=reviewer)
    waiting.assignment.due_on = timezone.localdate() - timezone.timedelta(days=3)
    waiting.assignment.save()

    assert counted_in(round_, officer, chair, reviewer) == before


def test_pages_and_exports_show_it_nowhere_but_under_practice(client, instruments, round_, officer, reviewer):
    practice = make_proposal(round_, title="Only for practice", is_practice=True)
    judged(practice, reviewer)
    client.force_login(officer)

    def text_of(name, query=""):
        response = client.get(reverse(f"checklist:{name}", args=[round_.reference]) + query)
        assert response.status_code == 200
        return response.content.decode() if not response.streaming else b"".join(response.streaming_content).decode()

    for name in ("proposal-list", "assignment-list", "round-ranking", "decision-list", "round-panel", "plan-start",
                 "eligibility-list", "question-list"):  # fmt: skip
        assert "Only for practice" not in text_of(name), name
    for name in ("proposal-list", "assignment-list", "decision-list", "round-ranking"):
        assert practice.reference not in text_of(name, "?export=csv"), name
    assert "Only for practice" in text_of("round-practice")

    found = client.get(reverse("checklist:search"), {"q": "Only for practice"}).content.decode()
    assert f"{practice.reference}</span> · Practice ·" in found


def test_the_panel_and_the_decision_are_closed(client, instruments, round_, chair, reviewer):
    practice = make_proposal(round_, is_practice=True)
    judged(practice, reviewer)
    client.force_login(chair)

    page = client.get(practice.get_absolute_url()).content.decode()

    for name in ("proposal-panel", "proposal-decision"):
        address = reverse(f"checklist:{name}", args=[practice.pk])
        assert address not in page
    assert client.get(reverse("checklist:proposal-panel", args=[practice.pk])).status_code == 403
    assert client.post(reverse("checklist:consensus-begin", args=[practice.pk])).status_code == 403
