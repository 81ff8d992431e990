"""From a file to proposals: the plan and the import."""

from dataclasses import replace

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from proposals.actions import imports as actions
from proposals.actions.proposals import change_proposal, register_proposal
from proposals.enums import AccessLevel, ImportState
from proposals.imports import plan as plans
from proposals.imports.fields import suggest_mapping
from proposals.models import ColumnMapping, ImportFile, Organisation, Proposal
from proposals.selectors import facts_of
from proposals.validators import ProposalFacts
from screening.models import AuditEvent
from tests.factories import make_round, open_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_nothing_remembered")]

SMALL = "Identifier,Title,Applicant,Amount,Currency\nA-1,One,Blue Boat,100,USD\nA-2,Two,,200,EUR\n"


def uploaded(round_, officer, content, name="pile.csv", **mapping):
    if isinstance(content, str):
        content = content.encode()
    file = actions.upload_import(round_=round_, file=ContentFile(content), name=name, by=officer)
    table = plans.table_of(file)
    mapping = mapping or suggest_mapping(table.columns)[0]
    return actions.map_columns(import_file=file, sheet=table.sheet, mapping=mapping, by=officer)


def run(file, officer, *, update=False):
    plan = plans.plan_import(file, by=officer)
    return actions.finish_import(import_file=file, by=officer, **plan.for_action(update=update))


def states(file, officer):
    return [row.state for row in plans.plan_import(file, by=officer).rows]


# -- Upload, match, discard -----------------------------------------------------------------


def test_an_upload_is_kept_under_a_random_name_and_recorded(round_, officer):
    file = actions.upload_import(round_=round_, file=ContentFile(b"Title\nA\n"), name="../Pile of 2026.csv", by=officer)

    assert file.state == ImportState.UPLOADED
    assert "Pile" not in file.file.name
    with default_storage.open(file.file.name) as stored:
        assert stored.read() == b"Title\nA\n"
    assert AuditEvent.objects.get().event == "import_uploaded"


def test_matching_is_recorded_and_can_be_kept_under_a_name(round_, officer):
    file = actions.upload_import(round_=round_, file=ContentFile(b"Name\nA\n"), name="p.csv", by=officer)

    actions.map_columns(import_file=file, sheet="", mapping={"title": "Name"}, by=officer, keep_as="Ours")

    file.refresh_from_db()
    assert (file.state, file.mapping) == (ImportState.MAPPED, {"title": "Name"})
    assert ColumnMapping.objects.get().mapping == {"title": "Name"}
    assert [event.event for event in AuditEvent.objects.order_by("pk")][1:] == ["import_mapped", "mapping_saved"]
    with pytest.raises(actions.CannotKeepMapping, match="already a kept"):
        actions.map_columns(import_file=file, sheet="", mapping={"title": "Name"}, by=officer, keep_as="OURS")


def test_a_discarded_import_loses_its_file_and_keeps_its_record(round_, officer, django_capture_on_commit_callbacks):
    file = uploaded(round_, officer, SMALL)

    with django_capture_on_commit_callbacks(execute=True):
        actions.discard_import(import_file=file, by=officer)

    file.refresh_from_db()
    assert file.state == ImportState.DISCARDED
    assert not default_storage.exists(file.file.name)
    assert AuditEvent.objects.filter(event="import_discarded").exists()
    with pytest.raises(actions.CannotImport, match="discarded"):
        actions.map_columns(import_file=file, sheet="", mapping={"title": "Title"}, by=officer)


# -- Plan and import ------------------------------------------------------------------------


def test_nothing_is_written_by_the_plan(round_, officer):
    plan = plans.plan_import(uploaded(round_, officer, SMALL), by=officer)

    assert plan.counts == {"new": 2, "changed": 0, "same": 0, "wrong": 0, "notices": 1, "total": 2}
    assert not Proposal.objects.exists()
    assert not Organisation.objects.exists()


def test_an_import_makes_proposals_with_one_event_each_and_one_for_the_file(round_, officer):
    done = run(uploaded(round_, officer, SMALL), officer)

    assert (done.state, done.created_count, done.updated_count, done.skipped_count) == (ImportState.FINISHED, 2, 0, 0)
    one, two = Proposal.objects.order_by("reference")
    assert [one.reference, two.reference] == ["GMS-001", "GMS-002"]
    assert (str(one.applicant), two.applicant, one.external_id) == ("Blue Boat", None, "A-1")
    assert Proposal.objects.search("blue gms-001").get() == one
    event = AuditEvent.objects.get(event="proposal_imported", thread=one.thread)
    assert (event.after["title"], event.after["reference"], event.round_id) == ("One", "GMS-001", round_.pk)
    assert event.note == "pile.csv, line 2"
    finished = AuditEvent.objects.get(event="import_finished")
    assert finished.after == {"created": 2, "updated": 0, "skipped": 0}


def test_the_same_file_again_makes_no_doubles(round_, officer):
    run(uploaded(round_, officer, SMALL), officer)

    again = uploaded(round_, officer, SMALL)

    assert states(again, officer) == ["same", "same"]
    done = run(again, officer, update=True)
    assert (done.created_count, done.updated_count, done.skipped_count) == (0, 0, 2)
    assert Proposal.objects.count() == 2


def test_rows_without_identifier_are_recognised_by_what_they_say(round_, officer):
    text = "Title,Applicant,Summary\nSame,X,a\nSame,X,a\nSame,X,b\n"
    run(uploaded(round_, officer, text), officer)

    assert Proposal.objects.count() == 3
    assert states(uploaded(round_, officer, text), officer) == ["same"] * 3
    assert states(uploaded(round_, officer, text + "Same,X,a\n"), officer) == ["same"] * 3 + ["new"]
    assert states(uploaded(make_round(), officer, text), officer) == ["new"] * 3


def test_rows_are_recognised_by_reference(round_, officer):
    proposal = register_proposal(round_=round_, facts=facts(reference="GMS-007", title="Old"), by=officer)

    file = uploaded(round_, officer, "Reference,Title\nGMS-007,New\nGMS-008,Other\n")

    rows = plans.plan_import(file, by=officer).rows
    assert [(row.state, row.pk) for row in rows] == [("changed", proposal.pk), ("new", None)]
    assert rows[0].changes == (("title", "Old", "New"),)


def facts(**fields):
    return ProposalFacts(**{"title": "A", **fields})


def test_changed_rows_are_left_or_updated_as_chosen_and_blank_cells_change_nothing(round_, officer):
    run(uploaded(round_, officer, SMALL), officer)
    changed = "Identifier,Title,Applicant,Amount,Currency\nA-1,One more,,150,USD\nA-2,Two,,200,EUR\n"

    left = run(uploaded(round_, officer, changed), officer, update=False)
    assert (left.updated_count, left.skipped_count) == (0, 2)
    assert Proposal.objects.get(external_id="A-1").title == "One"

    done = run(uploaded(round_, officer, changed), officer, update=True)

    assert (done.created_count, done.updated_count, done.skipped_count) == (0, 1, 1)
    known = facts_of(Proposal.objects.get(external_id="A-1"))
    assert (known.title, known.applicant, known.amount, known.reference) == ("One more", "Blue Boat", 150, "GMS-001")
    event = AuditEvent.objects.get(event="proposal_updated_by_import")
    assert event.before == {"title": "One", "amount": "100.00"}
    assert event.after == {"title": "One more", "amount": "150.00"}


def test_fields_that_are_not_in_the_file_are_kept(round_, officer):
    run(uploaded(round_, officer, SMALL), officer)
    proposal = Proposal.objects.get(external_id="A-1")
    change_proposal(
        proposal=proposal,
        facts=replace(facts_of(proposal), summary="Written here", places=(("TH", ""),), four_p=("protection",)),
        revision=1,
        by=officer,
    )

    run(uploaded(round_, officer, SMALL.replace("One,", "One more,")), officer, update=True)

    known = facts_of(Proposal.objects.get(external_id="A-1"))
    assert (known.title, known.summary, known.places, known.four_p) == (
        "One more", "Written here", (("TH", ""),), ("protection",),
    )  # fmt: skip


def test_a_title_made_up_by_us_never_replaces_one_that_was_written(round_, officer):
    text = "Identifier,Title,Description\nA-1,,A long description\n"
    run(uploaded(round_, officer, text), officer)
    proposal = Proposal.objects.get()
    change_proposal(proposal=proposal, facts=replace(facts_of(proposal), title="A real title"), revision=1, by=officer)

    assert states(uploaded(round_, officer, text), officer) == ["same"]


def test_with_an_error_nothing_is_offered_for_import(round_, officer):
    plan = plans.plan_import(uploaded(round_, officer, SMALL.replace("100", "about 100")), by=officer)

    assert [(row.line, row.state) for row in plan.rows] == [(2, "wrong"), (3, "new")]
    assert plan.rows[0].errors[0].column == "Amount"


def test_two_rows_for_one_proposal_are_an_error(round_, officer):
    register_proposal(round_=round_, facts=facts(reference="R1", external_id="A-1"), by=officer)

    file = uploaded(round_, officer, "Reference,Identifier,Title\n,A-1,One\nR1,,Two\n")

    rows = plans.plan_import(file, by=officer).rows
    assert [row.state for row in rows] == ["changed", "wrong"]
    assert "so is line 2" in rows[1].errors[0].message


def test_a_new_row_that_looks_like_a_proposal_here_is_pointed_out(round_, officer):
    register_proposal(round_=round_, facts=facts(title="One", applicant="Blue Boat"), by=officer)

    rows = plans.plan_import(uploaded(round_, officer, SMALL), by=officer).rows

    assert (rows[0].state, rows[0].notices) == ("new", ("GMS-001 has the same title and applicant.",))


def test_a_proposal_closed_by_a_conflict_of_interest_shows_and_changes_nothing(round_, officer):
    run(uploaded(round_, officer, SMALL), officer)
    open_to(Proposal.objects.get(external_id="A-1"), officer, AccessLevel.CLOSED)

    row = plans.plan_import(uploaded(round_, officer, SMALL.replace("One", "Changed")), by=officer).rows[0]

    assert (row.state, row.changes, row.pk is not None) == ("same", (), True)
    assert "conflict of interest" in row.notices[0]


def test_what_was_added_meanwhile_stops_the_whole_import(round_, officer):
    file = uploaded(round_, officer, SMALL)
    plan = plans.plan_import(file, by=officer)
    run(uploaded(round_, officer, SMALL.splitlines()[0] + "\n" + SMALL.splitlines()[2] + "\n"), officer)

    with pytest.raises(actions.CannotImport, match="Nothing was imported"):
        actions.finish_import(import_file=file, by=officer, **plan.for_action(update=False))

    assert Proposal.objects.count() == 1
    assert ImportFile.objects.get(pk=file.pk).state == ImportState.MAPPED
    assert not Organisation.objects.filter(name="Blue Boat").exists()


def test_what_was_changed_meanwhile_stops_the_whole_import(round_, officer):
    run(uploaded(round_, officer, SMALL), officer)
    file = uploaded(round_, officer, SMALL.replace("One", "From the file") + "A-3,Three,,,\n")
    plan = plans.plan_import(file, by=officer)
    proposal = Proposal.objects.get(external_id="A-1")
    change_proposal(proposal=proposal, facts=replace(facts_of(proposal), title="By hand"), revision=1, by=officer)

    with pytest.raises(actions.CannotImport, match="Nothing was imported"):
        actions.finish_import(import_file=file, by=officer, **plan.for_action(update=True))

    assert set(Proposal.objects.values_list("title", flat=True)) == {"By hand", "Two"}
    assert plans.plan_import(file, by=officer).digest != plan.digest


def test_a_file_is_imported_once(round_, officer):
    file = uploaded(round_, officer, SMALL)
    plan = plans.plan_import(file, by=officer)
    actions.finish_import(import_file=file, by=officer, **plan.for_action(update=False))

    with pytest.raises(actions.CannotImport, match="imported already"):
        actions.finish_import(import_file=file, by=officer, **plan.for_action(update=False))


def test_large_files_take_few_queries(round_, officer, django_assert_max_num_queries):
    lines = [f"A-{n},Project {n},Organisation {n % 300},{n},USD" for n in range(2_000)]
    file = uploaded(round_, officer, SMALL.splitlines()[0] + "\n" + "\n".join(lines))

    with django_assert_max_num_queries(85):
        done = run(file, officer)

    assert done.created_count == 2_000
    assert Organisation.objects.count() == 300
