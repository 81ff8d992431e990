"""When phases are open: the sum over windows and days, and what follows for a round."""

import datetime as dt
from dataclasses import dataclass

import pytest
from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from proposals import phases
from proposals.actions.rounds import CannotSetPhases, Window, change_round, follow_dates, set_phases
from proposals.enums import RoundPhase
from proposals.selectors import phase_of, refusal_outside
from screening.models import AuditEvent
from tests.factories import make_officer, make_round


@dataclass(frozen=True)
class Days:
    phase: str
    starts_on: dt.date
    ends_on: dt.date | None = None


def day(number):
    return dt.date(2026, 5, number)


# Intake 1-10, eligibility from 11, review 15-20, panel from 22 on, decision from 28 on.
WINDOWS = [
    Days("panel", day(22)),
    Days("intake", day(1), day(10)),
    Days("eligibility", day(11)),
    Days("review", day(15), day(20)),
    Days("decision", day(28)),
]


def test_the_order_is_that_of_the_phases():
    assert list(phases.ORDER) == RoundPhase.values


@pytest.mark.parametrize(
    ("number", "phase", "are_open"),
    [
        (1, "intake", {"intake"}),
        (10, "intake", {"intake"}),
        (11, "eligibility", {"eligibility"}),
        (14, "eligibility", {"eligibility"}),
        (15, "review", {"review"}),
        (20, "review", {"review"}),
        (21, "review", set()),
        (22, "panel", {"panel"}),
        (27, "panel", {"panel"}),
        (28, "decision", {"decision"}),
        (31, "decision", {"decision"}),
    ],
)
def test_phase_and_what_is_open_on_every_kind_of_day(number, phase, are_open):
    assert phases.phase_on(WINDOWS, day(number), "intake") == phase
    assert {each.phase for each in WINDOWS if phases.opening(WINDOWS, each.phase, day(number)).is_open} == are_open


@pytest.mark.parametrize(
    ("stored", "expected"), [("intake", "intake"), ("eligibility", "eligibility"), ("panel", "intake")]
)
def test_before_the_first_window_the_round_is_not_further_than_it(stored, expected):
    assert phases.phase_on([Days("review", day(15))], day(3), stored) == expected


def test_decided_stays_decided_and_no_windows_change_nothing():
    assert phases.phase_on(WINDOWS, day(15), "decided") == "decided"
    assert phases.phase_on([], day(15), "panel") == "panel"


def test_windows_may_overlap():
    windows = [Days("review", day(1), day(20)), Days("panel", day(15))]

    assert phases.phase_on(windows, day(16), "intake") == "panel"
    assert phases.opening(windows, "review", day(16)).is_open
    assert phases.opening(windows, "panel", day(16)).is_open


def test_a_closed_phase_says_when():
    assert phases.opening(WINDOWS, "review", day(2)) == phases.Opening(False, opens_on=day(15))
    assert phases.opening(WINDOWS, "eligibility", day(16)) == phases.Opening(False, closed_on=day(14))


def test_a_phase_without_dates_is_never_held_back():
    assert phases.opening([Days("review", day(1))], "decision", day(2)).is_open


def test_what_has_passed_comes_in_the_order_of_the_days():
    assert phases.passed(WINDOWS, day(15)) == [
        ("phase_opened", "intake", day(1)),
        ("phase_closed", "intake", day(10)),
        ("phase_opened", "eligibility", day(11)),
        ("phase_closed", "eligibility", day(14)),
        ("phase_opened", "review", day(15)),
    ]


def test_begins_too_early():
    windows = [Days("review", day(15)), Days("panel", day(10))]

    assert phases.begins_too_early(windows) == [("panel", "review")]
    assert phases.begins_too_early(WINDOWS) == []


@pytest.mark.django_db
class TestRound:
    def make(self, *windows, **fields):
        round_ = make_round(follows_dates=True, **fields)
        set_phases(round_=round_, windows=[Window(*each) for each in windows], by=make_officer(round_))
        return round_

    def test_officer_sets_and_extends_the_dates_on_record(self):
        round_ = self.make(("review", day(1), day(10)), ("panel", day(20)))
        set_phases(
            round_=round_,
            windows=[Window("review", day(1), day(15)), Window("panel", day(20))],
            by=make_officer(round_),
        )

        assert list(round_.windows.order_by("starts_on").values_list("phase", "ends_on")) == [
            ("review", day(15)),
            ("panel", None),
        ]
        event = AuditEvent.objects.filter(event="phases_set").latest("pk")
        assert event.before == {"review": "2026-05-01 – 2026-05-10"}
        assert event.after == {"review": "2026-05-01 – 2026-05-15"}

    def test_the_same_dates_again_leave_no_trace(self):
        round_ = self.make(("review", day(1), day(10)))
        set_phases(round_=round_, windows=[Window("review", day(1), day(10))], by=make_officer(round_))

        assert AuditEvent.objects.filter(event="phases_set").count() == 1

    @pytest.mark.parametrize(
        ("windows", "phase", "words"),
        [
            ([("review", day(5), day(1))], "review", "ends before it starts"),
            ([("review", day(5)), ("panel", day(4))], "panel", "cannot begin before"),
            ([], "", "at least one phase"),
        ],
    )
    def test_dates_that_cannot_be(self, windows, phase, words):
        with pytest.raises(CannotSetPhases, match=words) as refusal:
            self.make(*windows)

        assert refusal.value.phase == phase

    def test_reading_does_not_wait_for_the_worker(self):
        round_ = self.make(("review", day(1), day(10)), ("panel", day(20)))

        assert phase_of(round_, day(25)) == "panel"
        assert refusal_outside(round_, "review", day(5)) == ""
        assert "closed on 10 May 2026" in refusal_outside(round_, "review", day(25))
        assert "opens on 20 May 2026" in refusal_outside(round_, "panel", day(12))

    def test_a_round_set_by_hand_refuses_nothing_and_is_asked_nothing(self, django_assert_num_queries):
        round_ = self.make(("review", day(1), day(10)))
        round_.follows_dates = False
        change_round(round_=round_, by=make_officer(round_))

        with django_assert_num_queries(0):
            assert refusal_outside(round_, "review", day(25)) == ""
            assert phase_of(round_, day(25)) == round_.phase

    def test_the_worker_stores_the_phase_and_records_each_opening_and_closing_once(self):
        today = timezone.localdate()
        first, last = today + dt.timedelta(days=3), today + dt.timedelta(days=8)
        round_ = self.make(("review", first, last), ("panel", last + dt.timedelta(days=5)))

        assert follow_dates(today=today) == []
        assert follow_dates(today=first) == [round_]
        assert follow_dates(today=last + dt.timedelta(days=1)) == []
        assert follow_dates(today=last + dt.timedelta(days=1)) == []

        round_.refresh_from_db()
        assert round_.phase == "review"
        events = AuditEvent.objects.filter(event__in=("phase_opened", "phase_closed")).order_by("pk")
        assert [(each.event, each.after, each.actor_id) for each in events] == [
            ("phase_opened", {"phase": "review", "day": first.isoformat()}, None),
            ("phase_closed", {"phase": "review", "day": last.isoformat()}, None),
        ]

    def test_the_worker_leaves_rounds_alone_that_are_set_by_hand(self):
        round_ = self.make(("review", day(1), day(10)))
        round_.follows_dates, round_.phase = False, "intake"
        round_.save()

        assert follow_dates(today=day(5)) == []
        round_.refresh_from_db()
        assert round_.phase == "intake"

    def test_the_worker_is_told_of_it(self):
        today = timezone.localdate()
        round_ = self.make(("review", today, None))
        round_.phase = "intake"
        round_.save()

        for path in settings.SCREENING_REGULAR_WORK:
            import_string(path)()

        round_.refresh_from_db()
        assert round_.phase == "review"
