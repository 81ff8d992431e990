"""Queries that stand behind every page, put together once.

Putting a statement together takes Django longer than the database takes to answer it. For these few
it is done once per process; afterwards only the values are put in.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import QuerySet
from django.db.models.query import get_related_populators
from django.utils.functional import cached_property

from .models import User

# Stands for the first value while the statement is put together; nothing real is numbered like this.
_STAND_IN = -7_000_000_001
# To how many a list of numbers is filled up, so that a few statements serve lists of any length.
_LENGTHS = (1, 10, 50, 500)


class KeptQuery:
    """The rows of a `values_list`, asked for again and again with other numbers.

        NAMES = KeptQuery(lambda pks: Thing.objects.filter(pk__in=pks).values_list("pk", "name"))
        for pk, name in NAMES([3, 4]): ...

    `build` gets whole numbers and tuples of them, and gives a queryset in which each stands as it is; it
    must not look at them, and use a tuple only with `__in`. Choices by which the query is another one are
    given by keyword. An empty list finds nothing, without asking.
    """

    def __init__(self, build: Callable[..., QuerySet]) -> None:
        self.build = build
        self.kept: dict[Hashable, Statement] = {}

    def __call__(self, *values: int | Sequence[int], **choices: Hashable) -> list[Any]:
        statement, numbers = self.statement(values, choices)
        return statement.rows(numbers) if statement else []

    def statement(
        self, values: Sequence[int | Sequence[int]], choices: dict[str, Hashable]
    ) -> tuple[Statement | None, Iterator[int]]:
        """The statement for values of this kind, and the numbers to put in; None where nothing can be found."""
        if any(not isinstance(value, int) and not value for value in values):
            return None, iter(())
        filled = [value if isinstance(value, int) else _filled(value) for value in values]
        shape = tuple(0 if isinstance(value, int) else len(value) for value in filled)
        key = (connection.vendor, shape, *choices.items())
        statement = self.kept.get(key) or Statement(self.build, shape, choices)
        # Long lists come from exports, a few hundred times at most; they are of any length.
        if max(shape, default=0) <= _LENGTHS[-1]:
            self.kept[key] = statement
        return statement, _flat(filled)


class KeptModels(KeptQuery):
    """The same for instances: `build` gives a queryset of one model, with `select_related` where it wants."""

    def __call__(self, *values: int | Sequence[int], **choices: Hashable) -> list[Any]:
        statement, numbers = self.statement(values, choices)
        return [statement.instance(row) for row in statement.rows(numbers)] if statement else []


class Statement:
    """One query as SQL, with the places where its numbers go."""

    def __init__(self, build: Callable[..., QuerySet], shape: Sequence[int], choices: dict[str, Hashable]) -> None:
        values, number = [], _STAND_IN
        for length in shape:
            values.append(tuple(range(number, number - length, -1)) if length else number)
            number -= length or 1
        compiler = build(*values, **choices).query.get_compiler(connection=connection)
        self.sql, self.params = compiler.as_sql()
        self.stand_ins = tuple(_flat(values))
        self.compiler = compiler
        self.converters = tuple(compiler.get_converters([each[0] for each in compiler.select]).items())

    def rows(self, numbers: Iterator[int]) -> list[tuple[Any, ...]]:
        said = dict(zip(self.stand_ins, numbers, strict=True))
        params = [said.get(each, each) if type(each) is int else each for each in self.params]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, params)
            rows = cursor.fetchall()
        return [self._converted(row) for row in rows] if self.converters else rows

    def instance(self, row: Sequence[Any]) -> Any:
        """The row as an instance, as a queryset makes it."""
        of, start, end, names, populators = self._parts
        made = of.from_db(DEFAULT_DB_ALIAS, names, row[start:end])
        for populator in populators:
            populator.populate(row, made)
        for name, place in self.compiler.annotation_col_map.items():
            setattr(made, name, row[place])
        return made

    @cached_property
    def _parts(self) -> tuple[Any, int, int, list[str], list[Any]]:
        info, select = self.compiler.klass_info, self.compiler.select
        start, end = info["select_fields"][0], info["select_fields"][-1] + 1
        names = [column.target.attname for column, *_rest in select[start:end]]
        return info["model"], start, end, names, get_related_populators(info, select, DEFAULT_DB_ALIAS)

    def _converted(self, row: Sequence[Any]) -> tuple[Any, ...]:
        values = list(row)
        for place, (converters, expression) in self.converters:
            for convert in converters:
                values[place] = convert(values[place], expression, connection)
        return tuple(values)


def somebody(pk: int, system_roles: tuple[str, ...] = ()) -> User:
    """A person with this number and these system roles, to build the queries of whoever has the same roles."""
    return User(pk=pk, **{f"is_{role}": True for role in system_roles})


def _filled(numbers: Sequence[int]) -> tuple[int, ...]:
    length = next((each for each in _LENGTHS if each >= len(numbers)), len(numbers))
    return (*numbers, *([numbers[-1]] * (length - len(numbers))))


def _flat(values: Sequence[int | Sequence[int]]) -> Iterator[int]:
    for value in values:
        if isinstance(value, int):
            yield value
        else:
            yield from value
