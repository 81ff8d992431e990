"""Recorded changes speak the reader's language, not in codes."""

from dataclasses import fields

import pytest
from django.utils.translation import gettext, override

from checklist.forms.history import AuditFilterForm
from checklist.history_words import FIELDS, changes_in_words
from proposals.validators import ProposalFacts
from screening.audit import EVENTS, KINDS
from screening.models import AuditEvent


def test_every_fact_of_a_proposal_has_a_name():
    assert {each.name for each in fields(ProposalFacts)} - set(FIELDS) == set()


def test_codes_are_said_in_words_of_the_language_in_force():
    event = AuditEvent(
        event="proposal_changed",
        before={"status": "received", "victim_contact": "unknown", "four_p": []},
        after={"status": "in_review", "victim_contact": "yes", "four_p": ["prevention", "prosecution"]},
    )

    with override("fr"):
        said, area = list(changes_in_words(event)), gettext("Area of work")

    assert said == [
        ("État de la proposition", "Reçue", "En cours d’examen"),
        ("Contact direct avec des victimes", "Non précisé", "Oui, contact direct avec des victimes"),
        (area, "", "Prévention; Poursuites"),
    ]


def test_scores_are_said_as_counts_and_whole_per_cents():
    event = AuditEvent(
        event="assessment_submitted",
        before={},
        after={
            "SIREN donor checklist": {"marks": "FFPFA", "share": "62.500"},
            "six principles": {"marks": "34N", "share": None},
        },
    )

    assert list(changes_in_words(event)) == [
        ("SIREN donor checklist", "", "Marks: 3 favourable, 1 partly, 1 adverse, Share: 63 %"),
        ("Six principles", "", "Marks: 3 4 N"),
    ]


@pytest.mark.django_db
def test_events_are_chosen_by_their_sentences():
    with override("fr"):
        everything, *groups = AuditFilterForm().fields["event"].choices
    choices = dict(choice for _kind, group in groups for choice in group)

    assert everything[0] == ""
    assert set(choices) == {*EVENTS, *(f"kind:{kind}" for kind in KINDS)}
    assert choices["document_added"] == "… a ajouté le document …"


def test_kinds_of_notices_are_said_in_words():
    event = AuditEvent(
        event="notice_settings_changed", before={"by_mail": ["message"]}, after={"by_mail": ["due_soon", "message"]}
    )

    assert list(changes_in_words(event)) == [
        (
            "In the daily e-mail",
            "A message from the programme officer",
            "An assessment is due in 7 or 2 days; A message from the programme officer",
        )
    ]
