"""A newer version for a running round: what has begun stays, what has not moves, nothing is lost."""

import pytest

from checklist.actions import studio
from checklist.actions.assessments import save_response, start_assessment, submit_assessment
from checklist.actions.assignments import assign_reviewers
from checklist.actions.moving import CannotMove, move_to_newer
from checklist.actions.publishing import publish_draft, retire_version
from checklist.actions.rounds import pin_instruments, set_critical_rules
from checklist.models import Assessment, Assignment, Criterion, RoundCriticalRule
from checklist.selectors.instruments import pinned_versions
from checklist.selectors.moving import move_plan, newer_versions
from checklist.selectors.over_time import results_over_time
from proposals.enums import AccessLevel
from proposals.models import ProposalAccess
from screening.models import AuditEvent
from tests.factories import (
    answer_all,
    make_administrator,
    make_assessment,
    make_auditor,
    make_member,
    make_officer,
    make_proposal,
    make_reviewer,
    make_round,
    make_user,
)

from .test_publishing import REWORDED, decide_all, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def newer(draft, anna):
    """Version 2: item 5 reworded, item 9 another question."""
    write(draft, "criteria/5/wording", REWORDED, anna)
    write(draft, "criteria/9/wording", "Who keeps the accounts of the shelter?", anna)
    decide_all(draft, anna)
    return publish_draft(version=draft, change_note="Items 5 and 9", by=anna)


@pytest.fixture
def round_(published):
    round_ = make_round()
    pin_instruments(round_=round_, versions=[published], by=None)
    return round_


def versions_of(assessment):
    return list(assessment.versions.values_list("number", flat=True))


def answer_one(assessment, key="1"):
    criterion = Criterion.objects.get(version__in=assessment.versions.all(), key=key)
    return save_response(
        assessment=assessment, criterion=criterion, by=assessment.reviewer, answer="no", rationale="Why"
    )


def test_only_later_published_versions_and_copies_are_offered(round_, published, newer, anna):
    studio.start_next_version(version=newer, by=anna)
    copy = studio.copy_to_own(version=published, title="Ours", short_title="Ours", by=anna)
    decide_all(copy, anna)
    copy = publish_draft(version=copy, change_note="Ours", by=anna)

    assert {each.newer.pk for each in newer_versions(round_)} == {newer.pk, copy.pk}
    retire_version(version=copy, by=anna)
    assert [(each.pinned, each.newer) for each in newer_versions(round_)] == [(published, newer)]


def test_what_has_not_begun_moves_and_what_has_begun_stays(round_, published, newer, anna):
    empty, begun, done = (make_assessment(round_) for _ in range(3))
    answer_one(begun)
    answer_all(done)
    submit_assessment(assessment=done, by=done.reviewer)
    before = list(done.scores.values())

    moved = move_to_newer(round_=round_, pinned=published, newer=newer, by=anna)

    assert moved == 1
    assert [versions_of(each) for each in (empty, begun, done)] == [[2], [1], [1]]
    assert pinned_versions(round_) == [newer.pk]
    assert list(done.scores.values()) == before
    event = AuditEvent.objects.get(event="assessments_moved")
    assert (event.actor_id, event.round_id, event.after["assessments"]) == (anna.pk, round_.pk, [empty.pk])


def test_only_an_editor_or_who_changes_the_round_moves_it(round_, published, newer):
    for who in (make_reviewer(round_), make_member(round_, "chair"), make_officer(make_round()), make_auditor()):
        with pytest.raises(CannotMove, match="Only an instrument editor"):
            move_to_newer(round_=round_, pinned=published, newer=newer, by=who)

    assert pinned_versions(round_) == [published.pk]


def test_whoever_is_asked_but_has_not_opened_begins_on_the_newer_version(round_, published, newer, anna):
    officer, reviewer, proposal = make_officer(round_), make_reviewer(round_), make_proposal(round_)
    assign_reviewers(round_=round_, proposals=[proposal], reviewers=[reviewer], due_on=None, by=officer)
    plan = move_plan(round_, published, newer, officer)

    move_to_newer(round_=round_, pinned=published, newer=newer, by=officer)

    assert (plan.not_opened_count, plan.moving_count, plan.staying_count) == (1, 0, 0)
    assert [(line.reviewer, line.is_opened) for line in plan.moving] == [(reviewer, False)]
    assignment = proposal.assignments.get()
    assignment.state, assignment.declared_at = "declared", assignment.assigned_at
    assignment.save()
    assert versions_of(start_assessment(assignment=assignment, by=reviewer)) == [2]


def test_a_saved_overall_view_is_a_beginning(round_, published, newer, anna):
    from checklist.actions.assessments import save_conclusion

    assessment = make_assessment(round_)
    save_conclusion(assessment=assessment, by=assessment.reviewer, reason="To be said")

    assert move_to_newer(round_=round_, pinned=published, newer=newer, by=anna) == 0
    assert versions_of(assessment) == [1]


def test_after_the_move_the_reviewer_answers_the_newer_questions(round_, published, newer, anna):
    assessment = make_assessment(round_)

    move_to_newer(round_=round_, pinned=published, newer=newer, by=anna)

    outcome = answer_one(Assessment.objects.select_related("proposal__round").get(pk=assessment.pk), "5")
    assert [each.sheet.number for each in outcome.draft.content.instruments] == [2]


def test_the_rounds_own_critical_items_come_along_where_the_item_goes_on(round_, published, newer, anna):
    keyed = {criterion.key: criterion for criterion in published.criteria.all()}
    set_critical_rules(round_=round_, rules={keyed["5"].pk: "explain", keyed["9"].pk: "block"}, by=anna)
    plan = move_plan(round_, published, newer, anna)

    move_to_newer(round_=round_, pinned=published, newer=newer, by=anna)

    assert [rule.criterion.key for rule in plan.rules_lost] == ["9"]
    own = RoundCriticalRule.objects.filter(round=round_, criterion__version=newer)
    assert list(own.values_list("criterion__key", "rule")) == [("5", "explain")]
    # Those who stay are judged as before.
    assert RoundCriticalRule.objects.filter(round=round_, criterion__version=published).count() == 2


def test_a_copy_takes_the_place_with_what_the_round_says_of_it(round_, published, anna):
    round_.instruments.update(ranks=True, threshold=60, minimum_coverage=80)
    copy = studio.copy_to_own(version=published, title="Ours", short_title="Ours", by=anna)
    decide_all(copy, anna)
    copy = publish_draft(version=copy, change_note="Ours", by=anna)

    move_to_newer(round_=round_, pinned=published, newer=copy, by=anna)

    assert list(round_.instruments.values_list("version", "ranks", "threshold", "minimum_coverage")) == [
        (copy.pk, True, 60, 80)
    ]


def test_a_decided_round_stays_as_it_is(round_, published, newer, anna):
    round_.phase = "decided"
    round_.save()

    with pytest.raises(CannotMove, match="decided"):
        move_to_newer(round_=round_, pinned=published, newer=newer, by=anna)


def test_nothing_moves_to_an_older_or_a_foreign_version(round_, published, newer, anna):
    with pytest.raises(CannotMove, match="no newer version"):
        move_to_newer(round_=round_, pinned=newer, newer=published, by=anna)
    retire_version(version=newer, by=anna)
    with pytest.raises(CannotMove, match="retired"):
        move_to_newer(round_=round_, pinned=published, newer=newer, by=anna)
    assert pinned_versions(round_) == [published.pk]


def test_names_are_shown_only_to_those_who_see_assignments(round_, published, newer):
    make_assessment(round_)

    seen = move_plan(round_, published, newer, make_officer(round_))
    counted = move_plan(round_, published, newer, make_administrator())

    assert (len(seen.moving), seen.moving_count) == (1, 1)
    assert (len(counted.moving), counted.moving_count) == (0, 1)


# -- Results over time ----------------------------------------------------------------------


def submitted(round_, **answers):
    assessment = make_assessment(round_)
    answer_all(assessment, **answers)
    submit_assessment(assessment=assessment, by=assessment.reviewer)
    return assessment


@pytest.fixture
def two_rounds(round_, newer):
    later = make_round()
    pin_instruments(round_=later, versions=[newer], by=None)
    submitted(round_)
    submitted(later)
    submitted(later, answer="no")
    make_assessment(later)
    return round_, later


def test_results_stand_side_by_side_where_the_table_says_so(two_rounds, published):
    table = results_over_time(published.instrument, make_auditor())

    assert [(column.version.number, column.round, column.count) for column in table.columns] == [
        (1, two_rounds[0], 1),
        (2, two_rounds[1], 2),
    ]
    rows = {(row.version.number, row.criterion.key): row.cells for row in table.rows}
    assert [cell.counts for cell in rows[2, "5"]] == [{"F": 1}, {"F": 1, "A": 1}]
    assert [cell.is_comparable for cell in rows[2, "9"]] == [False, True]
    assert [cell.is_comparable for cell in rows[1, "9"]] == [True, False]
    assert len(table.rows) == 12


def test_results_are_for_those_who_may_see_assessments_of_the_round(two_rounds, published):
    first, later = two_rounds

    assert results_over_time(published.instrument, make_user()).columns == ()
    assert results_over_time(published.instrument, make_administrator()).columns == ()
    seen = results_over_time(published.instrument, make_officer(later)).columns
    assert [column.round for column in seen] == [later]
    # A reviewer sees her own assessment, but no figures of the round.
    reviewer = Assessment.objects.filter(proposal__round=first).get().reviewer
    assert results_over_time(published.instrument, reviewer).columns == ()


def test_results_leave_out_what_a_conflict_closes_and_what_she_still_has_to_judge_herself(two_rounds, published):
    first, later = two_rounds
    auditor, officer = make_auditor(), make_officer(later)
    closed = Assessment.objects.get(proposal__round=first).proposal
    ProposalAccess.objects.create(proposal=closed, user=auditor, level=AccessLevel.CLOSED)
    asked = Assessment.objects.filter(proposal__round=later).submitted().order_by("pk").first().proposal
    Assignment.objects.create(proposal=asked, reviewer=officer, state="assigned", assigned_by=officer)

    for user in (auditor, officer):
        columns = results_over_time(published.instrument, user).columns
        assert [(column.round, column.count) for column in columns] == [(later, 2 if user == auditor else 1)]


def test_results_take_the_same_queries_for_one_round_and_for_two(
    round_, two_rounds, published, django_assert_max_num_queries
):
    one, both = make_officer(round_), make_auditor()

    with django_assert_max_num_queries(8):
        assert len(results_over_time(published.instrument, one).columns) == 1
    with django_assert_max_num_queries(8):
        assert len(results_over_time(published.instrument, both).columns) == 2
