"""Where a review stands: no two states share a word or a shape. Plain objects, no database."""

from datetime import date
from types import SimpleNamespace

import pytest

from checklist.enums import AssignmentState
from checklist.stands import stand_of

TODAY = date(2030, 5, 10)


def review(state, *, assessment=None, has_answers=False, due_on=None):
    return SimpleNamespace(
        state=state,
        get_state_display=lambda: AssignmentState(state).label,
        assessment=assessment,
        has_answers=has_answers,
        due_on=due_on,
    )


def begun(state="draft", submissions=0, conclusion_revision=0):
    return SimpleNamespace(state=state, submission_number=submissions, conclusion_revision=conclusion_revision)


REVIEWS = {
    "To declare": review("assigned"),
    "Not started": review("declared", assessment=begun()),
    "Draft": review("declared", assessment=begun(), has_answers=True),
    "Reopened": review("declared", assessment=begun(submissions=1), has_answers=True),
    "Submitted": review("declared", assessment=begun("submitted", 1), has_answers=True),
    "Abstained": review("abstained", assessment=begun(), has_answers=True),
    "Conflict of interest": review("conflicted"),
    "Declined": review("declined"),
    "Taken back": review("withdrawn"),
}


def test_no_two_states_share_a_word_or_a_shape():
    stands = [stand_of(each, TODAY) for each in REVIEWS.values()]

    assert [stand.words for stand in stands] == list(REVIEWS)
    assert len({stand.icon for stand in stands}) == len(stands)


@pytest.mark.parametrize("words", ["To declare", "Not started", "Draft", "Reopened"])
def test_what_is_late_still_says_how_far_it_is(words):
    each = REVIEWS[words]
    late = stand_of(SimpleNamespace(**{**vars(each), "due_on": date(2030, 5, 9)}), TODAY)

    assert late.words == f"Overdue, {words[0].lower()}{words[1:]}"
    assert (late.kind, late.icon) == ("bad", stand_of(each, TODAY).icon)


def test_nothing_closed_or_submitted_is_late():
    for words in ("Submitted", "Abstained", "Conflict of interest", "Declined", "Taken back"):
        late = SimpleNamespace(**{**vars(REVIEWS[words]), "due_on": date(2030, 5, 9)})
        assert stand_of(late, TODAY).words == words


def test_a_round_without_instruments_has_not_started():
    assert stand_of(review("declared"), TODAY).words == "Not started"


def test_an_overall_view_alone_is_a_draft():
    assert stand_of(review("declared", assessment=begun(conclusion_revision=1)), TODAY).words == "Draft"
