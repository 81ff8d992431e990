"""Registering, changing and the state of one proposal."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from proposals.actions.proposals import (
    InvalidProposal,
    ProposalChangedMeanwhile,
    change_proposal,
    register_proposal,
    set_status,
)
from proposals.actions.states import begin_review
from proposals.models import Organisation, Proposal
from proposals.selectors import facts_of
from proposals.validators import ProposalFacts, problems_of
from screening.models import AuditEvent
from tests.factories import make_proposal, make_round

pytestmark = pytest.mark.django_db

FACTS = ProposalFacts(
    title="Safe harbours",
    external_id="A-1",
    summary="Fishers on trawlers.",
    applicant="Côte Bleue Ltd.",
    applicant_identifier="TH-123",
    partners=("Port Watch", "port  watch", "IOM"),
    places=(("KH", ""), ("TH", "Trat"), ("", "Gulf")),
    starts_on=date(2026, 1, 1),
    ends_on=date(2027, 12, 31),
    amount=Decimal("5000.50"),
    currency="USD",
    exploitation=("fishing",),
    populations=("men", "survivors"),
    four_p=("protection",),
    victim_contact="yes",
    language="en",
    notes="Region: Asia",
)


def test_a_registered_proposal_says_what_was_given(round_, officer):
    proposal = register_proposal(round_=round_, facts=FACTS, by=officer)

    known = facts_of(Proposal.objects.get())
    assert known == replace(FACTS, reference="GMS-001", partners=("Port Watch", "IOM"))
    assert proposal.applicant.identifier == "TH-123"
    assert Proposal.objects.search("BLEUE gms-001 watch").get() == proposal
    assert Proposal.objects.search("cote").get() == proposal


def test_registering_is_on_record(round_, officer):
    proposal = register_proposal(round_=round_, facts=FACTS, by=officer)

    event = AuditEvent.objects.get(event="proposal_registered")
    assert (event.actor_id, event.subject_id, event.thread, event.round_id) == (
        officer.pk, str(proposal.pk), proposal.thread, round_.pk,
    )  # fmt: skip
    assert event.after["amount"] == "5000.50"
    assert event.after["places"] == ["KH", "TH, Trat", "Gulf"]
    assert event.after["reference"] == "GMS-001"


def test_references_go_on_after_the_highest_number(round_, officer):
    for reference in ("GMS-007", "GMS-X", "OTHER-900"):
        make_proposal(round_, reference=reference)

    proposal = register_proposal(round_=round_, facts=replace(FACTS, reference=""), by=officer)

    assert proposal.reference == "GMS-008"


def test_an_organisation_known_under_another_spelling_is_the_same(round_, officer):
    first = register_proposal(round_=round_, facts=replace(FACTS, applicant_identifier=""), by=officer)
    second = register_proposal(round_=round_, facts=replace(FACTS, applicant="COTE BLEUE LIMITED"), by=officer)

    assert first.applicant_id == second.applicant_id
    assert Organisation.objects.get(pk=first.applicant_id).identifier == "TH-123"
    assert Organisation.objects.count() == 3


@pytest.mark.parametrize(
    "change, field",
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 501}, "title"),
        ({"ends_on": date(2025, 1, 1)}, "ends_on"),
        ({"amount": Decimal("-1")}, "amount"),
        ({"amount": Decimal("1e13")}, "amount"),
        ({"currency": ""}, "currency"),
        ({"currency": "XXY"}, "currency"),
        ({"places": (("ZZ", ""),)}, "places"),
        ({"places": (("", "x" * 201),)}, "places"),
        ({"partners": ("x" * 301,)}, "partners"),
        ({"four_p": ("policy",)}, "four_p"),
        ({"victim_contact": "perhaps"}, "victim_contact"),
        ({"reference": "x" * 61}, "reference"),
    ],
)
def test_facts_that_cannot_be_a_proposal_are_refused_and_nothing_is_written(round_, officer, change, field):
    facts = replace(FACTS, **change)

    with pytest.raises(InvalidProposal) as refusal:
        register_proposal(round_=round_, facts=facts, by=officer)

    assert [problem.field for problem in refusal.value.problems] == [field]
    assert [problem.field for problem in problems_of(facts)] == [field]
    assert not Proposal.objects.exists()
    assert not AuditEvent.objects.exists()


def test_a_reference_is_given_once_in_a_round(round_, officer):
    register_proposal(round_=round_, facts=replace(FACTS, reference="X"), by=officer)

    with pytest.raises(InvalidProposal, match="already has"):
        register_proposal(round_=round_, facts=replace(FACTS, reference="X"), by=officer)
    assert register_proposal(round_=make_round(), facts=replace(FACTS, reference="X"), by=officer).pk


def test_a_change_is_written_and_recorded_with_what_differs_only(round_, officer):
    proposal = register_proposal(round_=round_, facts=FACTS, by=officer)
    known = facts_of(proposal)
    changed = replace(
        known, title="Safer harbours", places=(("KH", ""),), partners=("IOM", "PORT WATCH"), applicant="Red Boat"
    )

    done = change_proposal(proposal=proposal, facts=changed, revision=1, by=officer)

    after = facts_of(done)
    assert (after.title, after.places, after.applicant) == ("Safer harbours", (("KH", ""),), "Red Boat")
    assert after.partners == ("Port Watch", "IOM")
    assert done.revision == 2
    assert Proposal.objects.search("safer red").exists()
    event = AuditEvent.objects.get(event="proposal_changed")
    assert event.before == {
        "title": "Safe harbours", "applicant": "Côte Bleue Ltd.", "places": ["KH", "TH, Trat", "Gulf"],
    }  # fmt: skip
    assert event.after == {"title": "Safer harbours", "applicant": "Red Boat", "places": ["KH"]}


def test_nothing_is_written_when_nothing_differs(round_, officer):
    proposal = register_proposal(round_=round_, facts=FACTS, by=officer)

    change_proposal(proposal=proposal, facts=FACTS, revision=1, by=officer)

    proposal.refresh_from_db()
    assert proposal.revision == 1
    assert not AuditEvent.objects.filter(event="proposal_changed").exists()


def test_a_change_on_an_older_revision_is_refused_with_what_is_there_now(round_, officer):
    proposal = register_proposal(round_=round_, facts=FACTS, by=officer)
    change_proposal(proposal=proposal, facts=replace(FACTS, title="First"), revision=1, by=officer)

    with pytest.raises(ProposalChangedMeanwhile) as refusal:
        change_proposal(proposal=proposal, facts=replace(FACTS, title="Second"), revision=1, by=officer)

    assert refusal.value.current.title == "First"
    assert Proposal.objects.get().title == "First"


def test_a_change_is_checked_like_a_new_proposal(round_, officer):
    other = register_proposal(round_=round_, facts=replace(FACTS, reference="X"), by=officer)
    proposal = register_proposal(round_=round_, facts=FACTS, by=officer)

    with pytest.raises(InvalidProposal, match="title"):
        change_proposal(proposal=proposal, facts=replace(FACTS, title=""), revision=1, by=officer)
    with pytest.raises(InvalidProposal, match="already has"):
        change_proposal(proposal=proposal, facts=replace(FACTS, reference=other.reference), revision=1, by=officer)
    assert facts_of(Proposal.objects.get(pk=proposal.pk)).title == "Safe harbours"


def test_the_state_changes_once_and_is_on_record(round_, officer):
    proposal = make_proposal(round_)

    set_status(proposal=proposal, status="withdrawn", by=officer, note="The applicant asked for it.")
    set_status(proposal=proposal, status="withdrawn", by=officer)

    proposal.refresh_from_db()
    assert proposal.status == "withdrawn"
    event = AuditEvent.objects.get(event="proposal_status_changed")
    assert (event.before, event.after, event.note) == (
        {"status": "received"}, {"status": "withdrawn"}, "The applicant asked for it.",
    )  # fmt: skip


def test_an_unknown_state_is_refused(round_, officer):
    with pytest.raises(ValueError, match="approved"):
        set_status(proposal=make_proposal(round_), status="approved", by=officer)


def test_a_review_that_begins_changes_no_state_that_was_set_meanwhile():
    proposal = make_proposal(make_round())
    set_status(proposal=proposal, status="ineligible", by=None)
    proposal.status = "received"  # as it was when the page was loaded

    assert begin_review(proposals=[proposal], by=None) == 0

    proposal.refresh_from_db()
    assert proposal.status == "ineligible"
    assert AuditEvent.objects.filter(event="proposal_status_changed").count() == 1
