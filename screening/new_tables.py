"""The tables of a new database, made together."""

from typing import Any

from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation


class TablesTogether(Operation):
    """The tables that `steps` lead to, each made once and as it is after the last of them.

    For the first migration of an app with many tables: after every single step Django builds the classes of all
    models anew that are related to what was changed. Steps only add: tables, fields, constraints, indexes.
    """

    reduces_to_sql = True

    def __init__(self, steps: list[Operation]) -> None:
        self.steps = steps

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return self.__class__.__qualname__, [self.steps], {}

    def state_forwards(self, app_label: str, state: Any) -> None:
        # Without the classes a step changes a description only; they are built when somebody asks for them again.
        state.__dict__.pop("apps", None)
        for step in self.steps:
            step.state_forwards(app_label, state)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for model in self._models(app_label, schema_editor, to_state):
            schema_editor.create_model(model)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for model in reversed(self._models(app_label, schema_editor, from_state)):
            schema_editor.delete_model(model)

    def describe(self) -> str:
        return "Create the tables of a new database"

    def _models(self, app_label: str, schema_editor: Any, state: Any) -> list[Any]:
        named = [step.name for step in self.steps if isinstance(step, CreateModel)]
        models = [state.apps.get_model(app_label, name) for name in named]
        return [model for model in models if self.allow_migrate_model(schema_editor.connection.alias, model)]
