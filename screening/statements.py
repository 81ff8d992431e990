"""Queries that stand behind every page, and the row that most writes add, put together once.

Putting a statement together takes Django longer than the database takes to answer it. For these few
it is done once per process; afterwards only the values are put in.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators
from django.utils.functional import cached_property

from .models import User
from .prepared import Place, Prepared
from .row_ids import LARGEST

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
    given by keyword. An empty list finds nothing, nor does a number that is too large for a row, without asking.
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
        if any(value > LARGEST if isinstance(value, int) else not value for value in values):
            return None, iter(())
        filled = [value if isinstance(value, int) else _filled(value) for value in values]
        shape = tuple(0 if isinstance(value, int) else len(value) for value in filled)
        key = (connection.vendor, shape, *choices.items())
        statement = self.kept.get(key)
        if statement is None:
            # Long lists come from exports, a few hundred times at most; they are of any length.
            again = max(shape, default=0) <= _LENGTHS[-1]
            statement = Statement(self.build, shape, choices, again=again)
            if again:
                self.kept[key] = statement
        return statement, _flat(filled)


class KeptModels(KeptQuery):
    """The same for instances: `build` gives a queryset of one model, with `select_related` where it wants."""

    def __call__(self, *values: int | Sequence[int], **choices: Hashable) -> list[Any]:
        statement, numbers = self.statement(values, choices)
        return [statement.instance(row) for row in statement.rows(numbers)] if statement else []


class Statement:
    """One query as SQL, with the places where its numbers go."""

    def __init__(
        self, build: Callable[..., QuerySet], shape: Sequence[int], choices: dict[str, Hashable], *, again: bool
    ) -> None:
        values, number = [], _STAND_IN
        for length in shape:
            values.append(tuple(range(number, number - length, -1)) if length else number)
            number -= length or 1
        compiler = build(*values, **choices).query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        places = {stand_in: Place(number) for number, stand_in in enumerate(_flat(values))}
        marked = [places.get(each, each) if type(each) is int else each for each in params]
        self.prepared = Prepared(sql, marked, ["bigint"] * len(places), again=again)
        self.compiler = compiler
        self.converters = tuple(compiler.get_converters([each[0] for each in compiler.select]).items())

    def rows(self, numbers: Iterator[int]) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            self.prepared.execute(cursor, list(numbers))
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


class KeptInsert:
    """Adds a row of a model that has a number of its own, as `objects.create` does. No signal is sent.

    A database that does not give the number back with the row (SQLite before 3.35) is asked in Django's way.
    """

    def __init__(self, model: type[Model]) -> None:
        self.model = model
        self.kept: dict[str, Prepared] = {}

    def __call__(self, **values: Any) -> Any:
        if not connection.features.can_return_columns_from_insert:
            return self.model._default_manager.create(**values)
        made = self.model(**values)
        fields = [field for field in self.model._meta.concrete_fields if not field.primary_key]
        statement = self.kept.get(connection.vendor) or self._statement(fields)
        taken = [field.get_db_prep_save(field.pre_save(made, True), connection) for field in fields]
        # As in Django, a transaction in which a row was refused can only be taken back, whoever passes over the refusal.
        with transaction.mark_for_rollback_on_error(DEFAULT_DB_ALIAS), connection.cursor() as cursor:
            statement.execute(cursor, taken)
            made.pk = cursor.fetchone()[0]
        made._state.adding, made._state.db = False, DEFAULT_DB_ALIAS
        return made

    def _statement(self, fields: Sequence[Any]) -> Prepared:
        quote, meta = connection.ops.quote_name, self.model._meta
        columns, places = ", ".join(quote(field.column) for field in fields), ", ".join(["%s"] * len(fields))
        number = quote(meta.pk.column)
        sql = f"INSERT INTO {quote(meta.db_table)} ({columns}) VALUES ({places}) RETURNING {number}"  # noqa: S608
        types = [field.db_type(connection) for field in fields]
        made = Prepared(sql, [Place(number) for number in range(len(fields))], types)
        return self.kept.setdefault(connection.vendor, made)


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
