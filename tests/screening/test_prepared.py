"""Statements made ready once give what a statement sent whole gives, on every connection."""

from contextlib import contextmanager

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from screening.models import AuditEvent
from screening.prepared import Place, Prepared
from screening.statements import KeptInsert, KeptQuery

IS_POSTGRES = connection.vendor == "postgresql"
BIG = "bigint" if IS_POSTGRES else "integer"


def adding(fixed=10):
    return Prepared(f"SELECT CAST(%s AS {BIG}) + %s * CAST(%s AS {BIG})", [Place(1), fixed, Place(0)], ["bigint"] * 2)


def asked(statement, *values, of=connection):
    with of.cursor() as cursor:
        statement.execute(cursor, values)
        return cursor.fetchall()


@contextmanager
def another(**settings):
    """A second connection to the same database."""
    made = connection.copy()
    made.settings_dict = {**made.settings_dict, **settings}
    try:
        yield made
    finally:
        made.close()


def prepared_on(database):
    with database.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements")
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.django_db
def test_values_go_to_their_places_and_what_is_fixed_stays():
    statement = adding()

    assert asked(statement, 2, 3) == [(23,)]
    assert asked(statement, 5, 1) == [(51,)]
    text = Prepared("SELECT '100 %%', %s, '?'", ["it's %s"], [])
    assert asked(text) == asked(text) == [("100 %", "it's %s", "?")]


@pytest.mark.django_db
def test_each_time_is_one_query_for_whoever_counts():
    statement = adding()

    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            asked(statement, 1, 2)
        assert len(queries.captured_queries) == 1


@pytest.mark.django_db
def test_what_the_database_refuses_is_an_error_of_django():
    with pytest.raises(DatabaseError), transaction.atomic():
        asked(Prepared("SELECT nothing FROM nowhere WHERE number = %s", [Place(0)], ["bigint"]), 1)
    with transaction.atomic():
        transaction.set_rollback(True)
        with pytest.raises(TransactionManagementError):
            asked(adding(), 1, 2)


@pytest.mark.postgres
@pytest.mark.django_db
def test_every_connection_prepares_it_once():
    statement = adding()

    with another() as first, another() as second:
        assert asked(statement, 2, 3, of=first) == asked(statement, 2, 3, of=second) == [(23,)]
        assert prepared_on(first) == prepared_on(second) == {statement.name}
        first.close()
        assert prepared_on(first) == set()
        assert asked(statement, 4, 1, of=first) == [(41,)]


@pytest.mark.postgres
@pytest.mark.django_db
def test_behind_a_pool_nothing_is_prepared():
    statement = adding()

    with another(DISABLE_SERVER_SIDE_CURSORS=True) as pooled:
        assert asked(statement, 2, 3, of=pooled) == [(23,)]
        assert prepared_on(pooled) == set()


@pytest.mark.postgres
@pytest.mark.django_db
def test_of_lists_of_any_length_nothing_stays_with_the_connection():
    events = KeptQuery(lambda pks: AuditEvent.objects.filter(pk__in=pks).values_list("pk"))
    before = prepared_on(connection)

    assert events(range(1, 502)) == []
    assert prepared_on(connection) == before
    assert events(range(1, 501)) == []
    assert len(prepared_on(connection)) == len(before) + 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_table_that_changed_is_read_again():
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE changing (number bigint, word varchar(5))")
        cursor.execute("INSERT INTO changing VALUES (1, 'one')")
    statement = Prepared("SELECT word FROM changing WHERE number = %s", [Place(0)], ["bigint"])
    assert asked(statement, 1) == [("one",)]

    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE changing ALTER word TYPE varchar(50)")
    assert asked(statement, 1) == [("one",)]

    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE changing ALTER word TYPE varchar(60)")
    # A transaction that has failed cannot go on; the next one can.
    with pytest.raises(DatabaseError), transaction.atomic():
        asked(statement, 1)
    with transaction.atomic():
        assert asked(statement, 1) == [("one",)]


@pytest.mark.skipif(IS_POSTGRES, reason="PostgreSQL gives the number back in every version")
@pytest.mark.django_db
def test_where_a_number_does_not_come_back_with_the_row_django_asks_for_it(monkeypatch):
    monkeypatch.setattr(connection.features, "can_return_columns_from_insert", False)

    added = KeptInsert(AuditEvent)(
        event="round_created", actor_label="Nok", subject_type="fundinground", subject_id="7"
    )

    assert AuditEvent.objects.get(pk=added.pk).actor_label == "Nok"


@pytest.mark.django_db
def test_a_row_is_added_as_the_manager_adds_it():
    values = {
        "event": "round_created",
        "actor_label": "Nok 'the officer' 100 %",
        "subject_type": "fundinground",
        "subject_id": "7",
        "subject_label": "Khmer ភាសាខ្មែរ",
        "round_id": 7,
        "before": None,
        "after": {"title": "A?", "places": ["Laos", None], "amount": 1.5},
    }
    add = KeptInsert(AuditEvent)

    with CaptureQueriesContext(connection) as queries:
        ours = add(**values)
    assert len(queries.captured_queries) == 1
    again, djangos = add(**values), AuditEvent.objects.create(**values)

    assert again.pk == ours.pk + 1
    assert not ours._state.adding
    stored = AuditEvent.objects.filter(pk__in=[ours.pk, again.pk, djangos.pk]).order_by("pk")
    names = [field.attname for field in AuditEvent._meta.concrete_fields if field.attname not in ("id", "at")]
    first, second, third = ([getattr(row, name) for name in names] for row in stored)
    assert first == second == third
    assert AuditEvent.objects.get(pk=ours.pk).at == ours.at
    assert AuditEvent.objects.filter(pk__in=[ours.pk, again.pk], before__isnull=True).count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("add", [AuditEvent.objects.create, KeptInsert(AuditEvent)], ids=["manager", "kept"])
def test_nothing_is_done_in_a_transaction_after_a_row_was_refused(add):
    with transaction.atomic():
        try:
            add(event=None, subject_type="fundinground", subject_id="7")
        except IntegrityError:
            pass
        with pytest.raises(TransactionManagementError):
            AuditEvent.objects.exists()
