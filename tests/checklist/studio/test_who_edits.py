"""Whoever is no instrument editor changes no version, whichever way she asks: pages and actions refuse alike."""

import pytest

from checklist.actions import studio
from checklist.actions.publishing import (
    CannotDecideMatch,
    CannotPublishVersion,
    CannotRemoveDraft,
    CannotRetireVersion,
    decide_matches,
    publish_draft,
    remove_draft,
    retire_version,
)
from screening.models import AuditEvent
from tests.factories import make_administrator, make_auditor, make_officer, make_round

pytestmark = pytest.mark.django_db

OWN = {"title": "Ours", "short_title": "Ours"}


@pytest.fixture
def others(db):
    return [make_administrator(), make_auditor(), make_officer(make_round())]


def test_only_an_editor_decides_on_publishes_removes_and_retires(published, draft, others):
    before = AuditEvent.objects.count()
    asked = (
        (CannotDecideMatch, lambda by: decide_matches(version=draft, decided=[], by=by)),
        (CannotPublishVersion, lambda by: publish_draft(version=draft, change_note="Shorter", by=by)),
        (CannotRemoveDraft, lambda by: remove_draft(version=draft, by=by)),
        (CannotRetireVersion, lambda by: retire_version(version=published, by=by)),
    )

    for refusal, ask in asked:
        for person in others:
            with pytest.raises(refusal, match="Only an instrument editor"):
                ask(person)

    draft.refresh_from_db()
    published.refresh_from_db()
    assert (draft.state, published.state, AuditEvent.objects.count()) == ("draft", "published", before)


def test_only_an_editor_begins_and_changes_a_draft(published, draft, source, others):
    before = AuditEvent.objects.count()
    empty = {"source": "x", "result_kind": "share", "language": "en"}
    asked = (
        (studio.CannotChangeDraft, lambda by: studio.undo(version=draft, by=by)),
        (studio.CannotChangeDraft, lambda by: studio.renumber(version=draft, by=by)),
        (
            studio.CannotChangeDraft,
            lambda by: studio.change(version=draft, path="title", before=draft.title, after="Other", by=by),
        ),
        (studio.CannotStartDraft, lambda by: studio.start_next_version(version=published, by=by)),
        (studio.CannotStartDraft, lambda by: studio.copy_to_own(version=published, **OWN, by=by)),
        (studio.CannotStartDraft, lambda by: studio.start_empty(**OWN, **empty, by=by)),
        (studio.CannotStartDraft, lambda by: studio.start_from_file(source=source, by=by)),
    )

    for refusal, ask in asked:
        for person in others:
            with pytest.raises(refusal, match="Only an instrument editor"):
                ask(person)

    assert AuditEvent.objects.count() == before
