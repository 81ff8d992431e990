"""The tables of a new database are made together, and are those that single steps would have made."""

import pytest
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import AddConstraint, AddField, AddIndex, CreateModel
from django.db.migrations.state import ProjectState

from screening.new_tables import TablesTogether

ADDS = (CreateModel, AddField, AddConstraint, AddIndex)


@pytest.fixture(scope="module")
def migrations():
    return MigrationLoader(None, ignore_no_migrations=True).disk_migrations.values()


def test_every_step_only_adds(migrations):
    together = [each for migration in migrations for each in migration.operations if isinstance(each, TablesTogether)]

    assert together
    assert [step for each in together for step in each.steps if not isinstance(step, ADDS)] == []


def test_the_models_are_those_of_the_single_steps(migrations):
    for migration in migrations:
        for together in (each for each in migration.operations if isinstance(each, TablesTogether)):
            at_once, one_by_one = ProjectState(), ProjectState()

            together.state_forwards(migration.app_label, at_once)
            for step in together.steps:
                step.state_forwards(migration.app_label, one_by_one)

            assert at_once == one_by_one
            assert len(at_once.models) == sum(isinstance(step, CreateModel) for step in together.steps)
