"""What is locked, and in which order: the round before anything of it, so that two actions cannot wait for each other."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from checklist.actions.assessments import start_assessment
from checklist.actions.assignments import assign_reviewers, declare_no_conflict
from checklist.actions.rounds import pin_instruments
from checklist.enums import AssignmentState
from tests.factories import make_proposal, make_reviewer, pin_shipped_instruments

pytestmark = pytest.mark.django_db


def tables_locked(action):
    """The tables of the first reads of an action, in order; on PostgreSQL those that lock."""
    with CaptureQueriesContext(connection) as queries:
        action()
    reads = [query["sql"] for query in queries if query["sql"].startswith("SELECT")]
    if connection.features.has_select_for_update:
        reads = [sql for sql in reads if "FOR UPDATE" in sql]
    found = [sql.split(" FROM ")[1].split('"')[1] for sql in reads]
    return list(dict.fromkeys(found))


@pytest.fixture
def asked(instruments, round_, officer):
    pin_shipped_instruments(round_)
    [assignment] = assign_reviewers(
        round_=round_, proposals=[make_proposal(round_)], reviewers=[make_reviewer(round_)], due_on=None, by=officer
    )
    return assignment


def test_declaring_holds_the_round_before_the_assignment(asked):
    found = tables_locked(lambda: declare_no_conflict(assignment=asked, by=asked.reviewer))

    assert found[:2] == ["proposals_fundinground", "checklist_assignment"]


def test_beginning_holds_the_round_before_the_assignment(asked):
    asked.state, asked.declared_at = AssignmentState.DECLARED, asked.assigned_at
    asked.save()

    found = tables_locked(lambda: start_assessment(assignment=asked, by=asked.reviewer))

    assert found[:2] == ["proposals_fundinground", "checklist_assignment"]


def test_choosing_instruments_holds_the_round_before_the_versions(instruments, round_, officer):
    found = tables_locked(lambda: pin_instruments(round_=round_, versions=instruments, by=officer))

    assert found[:2] == ["proposals_fundinground", "checklist_instrumentversion"]
