"""Triggers by which the database itself refuses to change what must not change, and keeps counts.

Each app registers its guards when it is ready; `ensure` puts them in place after every
migration. Tests that empty the database by DELETE (SQLite) take them off first.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Guard:
    """Refuses `operation` (INSERT, UPDATE or DELETE) on `table` when `condition` holds.

    `condition` is SQL over OLD and NEW that both engines understand; "" means always.
    """

    name: str
    table: str
    operation: str
    condition: str
    message: str


@dataclass(frozen=True)
class Keeper:
    """Runs `statement` after `operation` ("INSERT", "DELETE", "UPDATE OF column") on a row of `table`.

    For rows that are worked out of others: they follow in the same transaction, whoever changes what.
    The statement is SQL over OLD and NEW that both engines understand. `locked` selects the rows to hold
    first where several can write at a time, so that whoever waits works with what the other one did.
    """

    name: str
    table: str
    operation: str
    statement: str
    locked: str = ""


def install_sql(guard: Guard | Keeper, vendor: str) -> list[str]:
    """The statements that put one guard or keeper in place on `sqlite` or `postgresql`."""
    if isinstance(guard, Keeper):
        return _keeper_sql(guard, vendor)
    condition = guard.condition or "1 = 1"
    if vendor == "sqlite":
        return [
            f"CREATE TRIGGER {guard.name} BEFORE {guard.operation} ON {guard.table} FOR EACH ROW "
            f"WHEN {condition} BEGIN SELECT RAISE(ABORT, '{guard.message}'); END"
        ]
    back = "OLD" if guard.operation == "DELETE" else "NEW"
    return [
        f"CREATE FUNCTION {guard.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {condition} THEN RAISE EXCEPTION '{guard.message}' USING ERRCODE = 'integrity_constraint_violation'; "
        f"END IF; RETURN {back}; END $$",
        f"CREATE TRIGGER {guard.name} BEFORE {guard.operation} ON {guard.table} "
        f"FOR EACH ROW EXECUTE FUNCTION {guard.name}()",
    ]


def _keeper_sql(keeper: Keeper, vendor: str) -> list[str]:
    head = f"CREATE TRIGGER {keeper.name} AFTER {keeper.operation} ON {keeper.table} FOR EACH ROW"
    if vendor == "sqlite":
        return [f"{head} BEGIN {keeper.statement}; END"]
    hold = f"PERFORM 1 FROM {keeper.locked} FOR UPDATE; " if keeper.locked else ""
    return [
        f"CREATE FUNCTION {keeper.name}() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN {hold}{keeper.statement}; RETURN NULL; END $$",
        f"{head} EXECUTE FUNCTION {keeper.name}()",
    ]


def remove_sql(guard: Guard | Keeper, vendor: str) -> list[str]:
    """The statements that take one guard off."""
    if vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {guard.name}"]
    return [
        f"DROP TRIGGER IF EXISTS {guard.name} ON {guard.table}",
        f"DROP FUNCTION IF EXISTS {guard.name}()",
    ]


def remove_all_sql(vendor: str) -> list[str]:
    """The statements that take every registered guard off."""
    return [statement for guard in REGISTRY for statement in remove_sql(guard, vendor)]


def take_off(*, connection) -> None:
    """Take every registered guard off until `ensure` puts it back; only for migrations."""
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for guard in REGISTRY:
            if guard.table in tables:
                for statement in remove_sql(guard, connection.vendor):
                    cursor.execute(statement)


def ensure(*, connection) -> None:
    """Put every registered guard whose table exists in place anew. Safe to run twice.

    Runs after every migration, because SQLite loses the triggers of a table when a later
    migration makes the table anew.
    """
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for guard in REGISTRY:
            if guard.table in tables:
                for statement in [*remove_sql(guard, connection.vendor), *install_sql(guard, connection.vendor)]:
                    cursor.execute(statement)


AUDIT_GUARDS = (
    Guard("audit_no_update", "screening_auditevent", "UPDATE", "", "The audit trail cannot be changed."),
    Guard("audit_no_delete", "screening_auditevent", "DELETE", "", "The audit trail cannot be shortened."),
)

REGISTRY: list[Guard | Keeper] = list(AUDIT_GUARDS)


def register(guards) -> None:
    """Add an app's guards and keepers; called from its `AppConfig.ready`."""
    REGISTRY.extend(guard for guard in guards if guard not in REGISTRY)
