"""manage.py import_proposals, with real files and with small ones."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from proposals.models import ImportFile, Place, Proposal
from screening.models import AuditEvent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_nothing_remembered")]

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
