"""The order of what waits for a reviewer, and the way through it."""

from datetime import date

import pytest
from django.urls import reverse

from checklist.actions.assessments import submit_assessment
from checklist.models import Assessment, Assignment
from checklist.selectors.queue import Queue, Stop, review_queue
from proposals.enums import AccessLevel
from tests.factories import answer_all, make_assessment, make_proposal, open_to

# -- Plain queues -------------------------------------------------------------------------------

STOPS = (Stop(1, 11), Stop(2, 12), Stop(3, None))


def test_previous_and_next_go_through_exactly_that_set():
    queues = [Queue(STOPS, current) for current in (1, 2, 3)]

    assert [queue.position for queue in queues] == [1, 2, 3]
    assert [queue.previous for queue in queues] == [None, STOPS[0], STOPS[1]]
    assert [queue.next for queue in queues] == [STOPS[1], STOPS[2], None]
    assert {queue.total for queue in queues} == {3}


def test_work_goes_round_past_what_was_skipped():
    assert [Queue(STOPS, current).following for current in (1, 2, 3)] == [STOPS[1], STOPS[2], STOPS[0]]
    assert Queue(STOPS, 1, frozenset({2})).following == STOPS[2]
    assert Queue(STOPS, 3, frozenset({1})).following == STOPS[1]
    assert Queue(STOPS, 3, frozenset({1, 2})).following is None


def test_from_outside_it_begins_at_the_beginning():
    queue = Queue(STOPS, 99, frozenset({1}))

    assert (queue.position, queue.previous, queue.next, queue.following) == (None, None, None, STOPS[1])
    assert Queue((), 99).following is None


# -- What stands in it --------------------------------------------------------------------------


def order_of(reviewer, round_, **more):
    return [each.assignment_pk for each in review_queue(reviewer, round_, **more).stops]


def test_declared_ones_then_fewest_submitted_then_due_date(assessment):
    round_, reviewer = assessment.proposal.round, assessment.reviewer
    other = make_assessment(round_, proposal=assessment.proposal)
    answer_all(other)
    submit_assessment(assessment=other, by=other.reviewer)
    undeclared = Assignment.objects.create(proposal=make_proposal(round_), reviewer=reviewer)
    open_to(undeclared.proposal, reviewer, AccessLevel.NAMED)
    late = make_assessment(round_, reviewer).assignment
    early = make_assessment(round_, reviewer).assignment
    Assignment.objects.filter(pk=late.pk).update(due_on=date(2030, 5, 2))
    Assignment.objects.filter(pk=early.pk).update(due_on=date(2030, 5, 1))

    assert order_of(reviewer, round_) == [early.pk, late.pk, assessment.assignment_id, undeclared.pk]


def test_practice_comes_first(assessment):
    round_, reviewer = assessment.proposal.round, assessment.reviewer
    practice = make_assessment(proposal=make_proposal(round_, is_practice=True), reviewer=reviewer)

    assert order_of(reviewer, round_) == [practice.assignment_id, assessment.assignment_id]


def test_what_is_closed_submitted_or_stopped_is_not_in_it(assessment):
    round_, reviewer = assessment.proposal.round, assessment.reviewer
    for state in ("conflicted", "abstained", "withdrawn"):
        each = make_assessment(round_, reviewer).assignment
        Assignment.objects.filter(pk=each.pk).update(state=state, declaration="x", closing_reason="x")
    stopped = make_assessment(round_, reviewer).proposal
    type(stopped).objects.filter(pk=stopped.pk).update(status="ineligible")
    done = make_assessment(round_, reviewer)
    answer_all(done)
    submit_assessment(assessment=done, by=reviewer)
    not_begun = make_assessment(round_, reviewer)
    Assessment.objects.filter(pk=not_begun.pk).delete()

    assert order_of(reviewer, round_) == [assessment.assignment_id]


@pytest.mark.parametrize("count", [1, 3])
def test_the_queue_is_one_query(assessment, django_assert_num_queries, count):
    for _number in range(count - 1):
        make_assessment(assessment.proposal.round, assessment.reviewer)

    with django_assert_num_queries(1):
        queue = review_queue(assessment.reviewer, assessment.proposal.round)

    assert queue.total == count


# -- In the browser -----------------------------------------------------------------------------


def edit_url(assessment, *skipped):
    url = reverse("checklist:assessment-edit", args=[assessment.pk])
    return f"{url}?skipped={','.join(str(pk) for pk in sorted(skipped))}" if skipped else url


@pytest.fixture
def three(assessment):
    """The assessment and two more of the same reviewer, in the order of her queue."""
    round_, person = assessment.proposal.round, assessment.reviewer
    return [assessment, make_assessment(round_, person), make_assessment(round_, person)]


def test_the_form_shows_the_place_and_both_neighbours(reviewer, three):
    page = reviewer.get(edit_url(three[1])).content.decode()

    assert "2 of 3" in page
    assert f'href="{edit_url(three[0])}" rel="prev"' in page
    assert f'href="{edit_url(three[2])}" rel="next"' in page


def test_skipping_goes_on_and_changes_nothing(reviewer, three):
    before = list(Assessment.objects.order_by("pk").values())
    first, second, third = three
    assert edit_url(second, first.assignment_id) in reviewer.get(edit_url(first)).content.decode()

    page = reviewer.get(edit_url(second, first.assignment_id)).content.decode()
    assert edit_url(third, first.assignment_id, second.assignment_id) in page
    # The set stays the same: what was skipped is still among the three.
    assert "2 of 3" in page

    last = reviewer.get(edit_url(third, first.assignment_id, second.assignment_id)).content.decode()
    assert f'href="{reverse("checklist:my-reviews", args=[first.proposal.round.reference])}"><span>Skip' in last
    assert list(Assessment.objects.order_by("pk").values()) == before


def test_save_and_next_does_not_lead_back_to_what_was_skipped(reviewer, three):
    first, second, third = three
    response = reviewer.post(edit_url(third), {"do": "next", "skipped": str(first.assignment_id)})
    assert response.url == edit_url(second, first.assignment_id)

    both = f"{first.assignment_id},{second.assignment_id}"
    response = reviewer.post(edit_url(third), {"do": "next", "skipped": both}, follow=True)
    assert response.redirect_chain[0][0] == reverse("checklist:my-reviews", args=[first.proposal.round.reference])
    assert "Nothing else waits for you but what you skipped." in response.content.decode()


def test_submitting_leads_to_the_next_that_was_not_skipped(reviewer, three):
    first, second, third = three
    answer_all(second)
    url = reverse("checklist:assessment-submit", args=[second.pk])

    page = reviewer.get(f"{url}?skipped={first.assignment_id}").content.decode()
    assert f'name="skipped" value="{first.assignment_id}"' in page
    response = reviewer.post(url, {"next": "1", "skipped": str(first.assignment_id)})

    assert response.url == edit_url(third, first.assignment_id)


def test_saving_keeps_what_was_skipped(reviewer, three):
    first, second, _third = three
    response = reviewer.post(edit_url(second), {"do": "save", "skipped": str(first.assignment_id)})
    assert response.url == edit_url(second, first.assignment_id)

    response = reviewer.post(edit_url(second), {"do": "submit", "skipped": str(first.assignment_id)})
    submit = reverse("checklist:assessment-submit", args=[second.pk])
    assert response.url == f"{submit}?skipped={first.assignment_id}"


def test_nonsense_in_the_address_is_passed_over(reviewer, three):
    assert reviewer.get(edit_url(three[0]) + "?skipped=x,-1,,99999999999999999999,5000").status_code == 200


def test_a_declaration_stands_in_the_way_too(reviewer, three):
    round_, person = three[0].proposal.round, three[0].reviewer
    undeclared = Assignment.objects.create(proposal=make_proposal(round_), reviewer=person)
    open_to(undeclared.proposal, person, AccessLevel.NAMED)
    url = reverse("checklist:declare", args=[undeclared.pk])

    assert url in reviewer.get(edit_url(three[2])).content.decode()
    page = reviewer.get(f"{url}?skipped={three[0].assignment_id}").content.decode()
    assert "4 of 4" in page
    assert edit_url(three[1], three[0].assignment_id, undeclared.pk) in page
    response = reviewer.post(f"{url}?skipped={three[0].assignment_id}", {"answer": "none"})
    opened = Assessment.objects.get(assignment=undeclared)
    assert response.url == edit_url(opened, three[0].assignment_id)


def test_the_list_leads_to_the_first_of_the_queue(reviewer, three):
    page = reviewer.get(reverse("checklist:my-reviews", args=[three[0].proposal.round.reference]))

    assert page.context["way"].following_url == edit_url(three[0])
    assert "Open the next assessment" in page.content.decode()
