"""The database itself refuses to change what must not change, on both engines."""

import pytest
from django.db import DatabaseError, connection, transaction

from checklist.models import Criterion, InstrumentVersion, Level, SubQuestion, Translation
from screening import audit
from screening.models import AuditEvent
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def refused(change):
    """Whether the database refuses the change, leaving the test's transaction usable."""
    try:
        with transaction.atomic():
            change()
    except DatabaseError as error:
        return str(error)
    return ""


def test_audit_event_cannot_be_changed_or_deleted():
    user = make_user()
    event = audit.record("user_created", user, by=None)

    assert "cannot be changed" in refused(lambda: AuditEvent.objects.filter(pk=event.pk).update(note="x"))
    assert "cannot be shortened" in refused(lambda: AuditEvent.objects.filter(pk=event.pk).delete())
    assert AuditEvent.objects.get(pk=event.pk).note == ""


def test_audit_refuses_an_event_without_a_sentence():
    with pytest.raises(audit.UnknownEvent):
        audit.record("something_else", make_user(), by=None)


def test_every_event_has_a_sentence_that_can_be_filled_in():
    user = make_user("Nina")

    for code in audit.EVENTS:
        event = audit.record(code, user, by=user)
        assert "{" not in audit.sentence(event)


@pytest.mark.parametrize(
    "change",
    [
        lambda: Criterion.objects.filter(key="5").update(wording="Other words"),
        lambda: Criterion.objects.filter(key="5").delete(),
        lambda: Level.objects.filter(criterion__key="P1").update(descriptor="Other"),
        lambda: SubQuestion.objects.filter(criterion__key="1").update(wording="Other"),
        lambda: Translation.objects.filter(language="fr").delete(),
        lambda: InstrumentVersion.objects.update(source="Other"),
        lambda: InstrumentVersion.objects.update(state="draft", published_at=None),
        lambda: InstrumentVersion.objects.update(published_at=None),
        lambda: InstrumentVersion.objects.update(based_on=InstrumentVersion.objects.last()),
        lambda: InstrumentVersion.objects.all()._raw_delete("default"),
        lambda: Criterion.objects.create(
            version=InstrumentVersion.objects.first(),
            key="x",
            number="x",
            position=99,
            short_title="x",
            wording="x",
            kind="yes_no",
            reason_rule="always",
        ),
    ],
)
def test_published_version_cannot_be_changed(instruments, change):
    assert "cannot be changed" in refused(change)


def test_published_version_can_be_retired(instruments):
    version = instruments[0]

    refusal = refused(lambda: InstrumentVersion.objects.filter(pk=version.pk).update(state="retired"))

    assert refusal == ""


def test_draft_version_can_be_changed(instruments):
    draft = InstrumentVersion.objects.create(
        instrument=instruments[0].instrument, number=2, result_kind="share", title="Draft", short_title="D", source="s"
    )

    draft.title = "Changed"
    draft.save()

    assert InstrumentVersion.objects.get(pk=draft.pk).title == "Changed"


def triggers():
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite makes tables anew to change them")
def test_migrations_that_make_a_table_anew_find_no_guard_in_their_way():
    from screening.apps import put_guards_in_place, take_guards_off

    take_guards_off(using="default", plan=[])
    assert "version_frozen_delete" in triggers(), "without a migration every guard stays"
    take_guards_off(using="default", plan=[("a migration", False)])
    assert not triggers()
    put_guards_in_place(using="default")
    assert "version_frozen_delete" in triggers()
