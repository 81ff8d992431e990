"""From a file to proposals: the plan, the import, the command."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from proposals.actions import imports as actions
from proposals.actions.proposals import change_proposal, register_proposal
from proposals.enums import AccessLevel, ImportState
from proposals.imports import plan as plans
from proposals.imports.fields import suggest_mapping
from proposals.models import ColumnMapping, ImportFile, Organisation, Place, Proposal
from proposals.selectors import facts_of
from proposals.validators import ProposalFacts
from screening.models import AuditEvent
from tests.factories import make_officer, make_round, open_to

pytestmark = pytest.mark.django_db

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
FY2002 = SHARED / "ct_projects" / "us_gov_anti_tip_projects_fy2002.csv"
FY2002_MAP = [
    "title=project_title",
    "applicant=recipient",
    "partners=subrecipient",
    "countries=country",
    "summary=description",
]
GIVING = SHARED / "giving360" / "LBFEW_subset_100_titles"
SMALL = "Identifier,Title,Applicant,Amount,Currency\nA-1,One,Blue Boat,100,USD\nA-2,Two,,200,EUR\n"


def needs(path):
    if not path.exists():
        pytest.skip(f"the real file {path.name} is not on this machine")
    return path


@pytest.fixture(autouse=True)
def _nothing_remembered(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    plans._stored_table.cache_clear()
    plans._checked.cache_clear()


@pytest.fixture
def round_():
    return make_round("GMS")


@pytest.fixture
def officer(round_):
    return make_officer(round_)


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

    with django_assert_max_num_queries(80):
        done = run(file, officer)

    assert done.created_count == 2_000
    assert Organisation.objects.count() == 300


# -- Real files -----------------------------------------------------------------------------


def command(*arguments, **options):
    out, err = io.StringIO(), io.StringIO()
    call_command("import_proposals", *map(str, arguments), stdout=out, stderr=err, **options)
    return out.getvalue() + err.getvalue()


def test_the_projects_of_2002_are_imported_faithfully(round_):
    output = command(needs(FY2002), "--round", "GMS", "--map", *" --map ".join(FY2002_MAP).split(" "))

    assert "Imported: 201 created, 0 updated, 0 skipped." in output
    assert Proposal.objects.count() == 201
    assert Proposal.objects.filter(applicant=None).count() == 8
    assert Proposal.objects.filter(title__startswith="IOM will employ indigenous NGOs").exists()
    administrator = Proposal.objects.get(summary="")
    assert administrator.title.startswith("The Asia Foundation (TAF), administrator for projects below")
    assert set(Place.objects.filter(country="").values_list("area", flat=True)) == {
        "Czech Repbulic", "Regional", "Regional – Central America", "Yugoslavia",
    }  # fmt: skip
    assert Place.objects.filter(country="MM").count() == 1
    assert AuditEvent.objects.filter(event="proposal_imported").count() == 201

    again = command(FY2002, "--round", "GMS", "--map", *" --map ".join(FY2002_MAP).split(" "), "--update")

    assert "Imported: 0 created, 0 updated, 201 skipped." in again
    assert Proposal.objects.count() == 201


def test_360giving_files_map_themselves_and_are_the_same_in_both_formats(round_):
    needs(GIVING.with_suffix(".csv"))

    first = command(GIVING.with_suffix(".csv"), "--round", "GMS")
    second = command(GIVING.with_suffix(".xlsx"), "--round", "GMS", "--update")

    assert "Imported: 100 created, 0 updated, 0 skipped." in first
    assert "Imported: 0 created, 0 updated, 100 skipped." in second
    proposal = Proposal.objects.get(external_id="360G-LBFEW-110293")
    assert (proposal.amount, proposal.currency, proposal.starts_on.isoformat()) == (40224, "GBP", "2015-01-01")
    assert proposal.applicant.identifier == "GB-CHC-1151675"


# -- Command --------------------------------------------------------------------------------


@pytest.fixture
def small(tmp_path):
    path = tmp_path / "small.csv"
    path.write_text(SMALL)
    return path


def test_a_dry_run_writes_nothing(round_, small):
    output = command(small, "--round", "GMS", "--dry-run", verbosity=2)

    assert "2 rows: 2 new" in output
    assert "line 3: The applicant is not stated." in output
    assert not Proposal.objects.exists()
    assert not ImportFile.objects.exists()


def test_errors_are_said_by_line_and_column_and_nothing_is_imported(round_, small):
    small.write_text(SMALL.replace("200", "two hundred"))
    err = io.StringIO()

    with pytest.raises(CommandError, match="Nothing was imported") as refusal:
        call_command("import_proposals", str(small), "--round", "GMS", stdout=io.StringIO(), stderr=err)

    assert refusal.value.returncode == 1
    assert "line 3, column \"Amount\": 'two hundred': This is not an amount." in err.getvalue()
    assert not Proposal.objects.exists()


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["--round", "NO"], "There is no round 'NO'. Rounds: GMS."),
        (["--round", "GMS", "--map", "title"], "write it as ours=theirs"),
        (["--round", "GMS", "--map", "title=Titel"], "no column “Titel”. The file has: Identifier"),
        (["--round", "GMS", "--map", "name=Title"], "none of our fields"),
        (["--round", "GMS", "--map", "title=Title", "--map", "title=Applicant"], "mapped already"),
    ],
)
def test_what_the_command_cannot_do_is_said(round_, small, arguments, words):
    with pytest.raises(CommandError, match=words):
        command(small, *arguments)


def test_a_file_that_is_not_there_or_no_table_is_said(round_, tmp_path):
    with pytest.raises(CommandError, match="cannot be opened"):
        command(tmp_path / "none.csv", "--round", "GMS")
    (tmp_path / "text.pdf").write_bytes(b"%PDF-1.7")
    with pytest.raises(CommandError, match="text document"):
        command(tmp_path / "text.pdf", "--round", "GMS")
