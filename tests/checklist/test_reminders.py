"""Reminders of what is due: told once each, only where work is owed and can be done."""

from datetime import UTC, date, datetime, timedelta

import pytest

from checklist import notice_words, regular_work
from checklist.actions.reminders import remind
from checklist.models import Assignment, Notice
from proposals.models import PhaseWindow
from tests.checklist.asked import asked, handed_in
from tests.factories import make_proposal, make_reviewer, make_round, make_user, open_to

pytestmark = pytest.mark.django_db

DUE = date(2031, 5, 9)


@pytest.fixture
def reviewer(round_):
    return make_reviewer(round_)


@pytest.fixture
def assignment(proposal, reviewer):
    """Asked a month before the day it is due."""
    return long_asked(proposal, reviewer)


def long_asked(proposal, reviewer, state="declared", **fields):
    fields = {"due_on": DUE, **fields}
    return asked(proposal, reviewer, state, assigned_at=noon(DUE - timedelta(days=30)), **fields)


def noon(day):
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def remind_on(days_before):
    """What is told so many days before the day it is due."""
    return [notice.kind for notice in remind(now=noon(DUE - timedelta(days=days_before)))]


def keys():
    return [key.split(":", 2)[2] for key in Notice.objects.order_by("pk").values_list("key", flat=True)]


def test_it_is_told_7_days_before_2_days_before_and_the_day_after(assignment):
    found = {left: remind_on(left) for left in range(9, -4, -1)}

    assert {left: kinds for left, kinds in found.items() if kinds} == {
        7: ["due_soon"],
        2: ["due_soon"],
        -1: ["overdue"],
    }


def test_it_says_the_day(assignment, reviewer):
    remind_on(7)

    notice = Notice.objects.visible_to(reviewer).get()
    assert notice_words.sentence(notice) == "Your assessment of “Safe harbours” is due on 9 May 2031."


def test_the_newest_reminder_takes_the_place_of_the_one_before(assignment):
    remind_on(7)
    assert keys() == ["2031-05-09:7"]

    remind_on(2)
    assert keys() == ["2031-05-09:2"]

    remind_on(-1)
    assert keys() == ["2031-05-09"]


def test_running_it_again_tells_nothing_twice(assignment):
    assert (remind_on(7), remind_on(7), remind_on(6), Notice.objects.count()) == (["due_soon"], [], [], 1)


def test_what_was_missed_is_made_up_for(assignment):
    """No worker ran on the seventh day and on the sixth."""
    assert (remind_on(5), remind_on(1)) == (["due_soon"], ["due_soon"])


def test_somebody_asked_late_is_not_reminded_at_once(proposal, reviewer):
    asked(proposal, reviewer, due_on=DUE, assigned_at=noon(DUE - timedelta(days=5)))

    assert (remind_on(5), remind_on(2)) == ([], ["due_soon"])


def test_another_day_takes_the_reminder_away(assignment):
    remind_on(-1)

    Assignment.objects.update(due_on=DUE + timedelta(days=30))
    remind_on(-1)

    assert not Notice.objects.exists()


@pytest.mark.parametrize("state", ["conflicted", "declined", "abstained", "withdrawn"])
def test_what_is_not_asked_any_more_is_not_reminded_of(proposal, reviewer, state):
    long_asked(proposal, reviewer, state, closing_reason="Said in words.")

    assert remind_on(2) == []


def test_what_was_submitted_is_not_reminded_of_nor_shown(instruments, assignment, reviewer):
    remind_on(7)
    assert Notice.objects.visible_to(reviewer).exists()

    handed_in(assignment)

    assert not Notice.objects.visible_to(reviewer).exists()
    assert remind_on(2) == []
    assert not Notice.objects.exists()


@pytest.mark.parametrize("fields", [{"is_practice": True}, {"status": "ineligible"}, {"status": "withdrawn"}])
def test_practice_and_what_is_out_are_left_alone(round_, reviewer, fields):
    long_asked(make_proposal(round_, **fields), reviewer)

    assert remind_on(2) == []


def test_whom_it_is_closed_to_and_who_cannot_sign_in_are_left_alone(round_, proposal, reviewer):
    Assignment.objects.create(
        proposal=proposal, reviewer=reviewer, state="assigned", due_on=DUE, assigned_at=noon(DUE - timedelta(days=30))
    )
    open_to(proposal, reviewer, "closed")
    long_asked(proposal, make_user(is_active=False))

    assert remind_on(2) == []


def test_decided_rounds_and_closed_reviews_are_left_alone(reviewer):
    decided = make_round(phase="decided")
    closed = make_round(follows_dates=True)
    PhaseWindow.objects.create(
        round=closed, phase="review", starts_on=DUE - timedelta(days=60), ends_on=DUE - timedelta(days=20)
    )
    for round_ in (decided, closed):
        long_asked(make_proposal(round_), reviewer)

    assert remind_on(2) == []


def test_without_a_day_of_its_own_the_rounds_day_holds_then_the_end_of_the_review(reviewer):
    with_day = make_round(review_due_on=DUE)
    with_window = make_round(follows_dates=True)
    PhaseWindow.objects.create(round=with_window, phase="review", starts_on=DUE - timedelta(days=60), ends_on=DUE)
    without = make_round()
    for round_ in (with_day, with_window, without):
        long_asked(make_proposal(round_), reviewer, due_on=None)

    assert remind_on(2) == ["due_soon", "due_soon"]
    assert set(Notice.objects.values_list("round_id", flat=True)) == {with_day.pk, with_window.pk}


@pytest.mark.parametrize("count", [1, 3])
def test_the_same_queries_for_three_as_for_one(round_, reviewer, django_assert_num_queries, count):
    for _number in range(count):
        long_asked(make_proposal(round_), reviewer)

    with django_assert_num_queries(9):
        assert len(remind_on(2)) == count


def test_the_worker_does_it_once_a_day(assignment, monkeypatch):
    monkeypatch.setattr(regular_work, "_done", {})
    Assignment.objects.update(due_on=date(2020, 1, 1))

    regular_work.remind_of_dates()
    Notice.objects.all().delete()
    regular_work.remind_of_dates()

    assert not Notice.objects.exists()
