"""Taking instruments out and reading them in, in the browser and by command; field forms."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from checklist.enums import VersionState
from checklist.instrument_files import read_instrument
from checklist.instrument_writing import to_yaml
from checklist.models import InstrumentVersion
from checklist.selectors.studio import file_of
from checklist.workbooks.reading import read_workbook
from checklist.workbooks.writing import write_workbook
from checklist.xlsform import write_xlsform, xlsform_sheets
from screening.models import AuditEvent
from tests.factories import make_instrument_editor, make_user

from .instruments import read
from .test_instrument_exchange import SHIPPED
from .test_instrument_files import SMALL


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_instrument_is_a_valid_field_form(name, tmp_path):
    """Checked by pyxform in Python; its Java validator is not part of the tests."""
    from pyxform import xls2xform  # a second to load, for a few tests

    path = tmp_path / "form.xlsx"
    with write_xlsform(read(name)) as file:
        path.write_bytes(file.read())

    converted = xls2xform.convert(str(path), validate=False)

    assert converted.warnings == []


def _rows(name):
    sheets = {
        title: [dict(zip(columns, row, strict=True)) for row in rows]
        for title, columns, rows in xlsform_sheets(read(name))
    }
    return {row["name"]: row for row in sheets["survey"]}, sheets


def test_a_field_form_asks_for_what_the_rules_ask_for():
    survey, sheets = _rows("siren-donor-checklist.yaml")

    assert survey["c_1_reason"]["required"] == " or ".join(
        f"${{c_1}} = '{code}'" for code in ("partly", "no", "nei", "na")
    )
    assert survey["c_2_b"]["relevant"] == "not(${c_2_a} = 'no' or ${c_2_a} = 'pilot')"
    assert survey["c_3_c"]["relevant"] == "not(${c_3_a} = 'no' or ${c_3_b} = 'no')"
    assert survey["c_1_a"]["required"] == "not(${c_1} = 'na')"
    assert survey["c_8_c_words"]["relevant"].startswith("${c_8_c} = 'adequate' or ${c_8_c} = 'weak'")
    assert "Local, dated data" in survey["c_1_question"]["hint::English (en)"]
    assert survey["c_1_page"]["label::Français (fr)"] == "1. Base factuelle"
    assert sheets["settings"][0]["form_id"] == "siren_donor_checklist_v1"


def test_levels_of_a_field_form_carry_their_descriptors():
    _survey, sheets = _rows("six-guiding-principles.yaml")

    labels = [row["label::English (en)"] for row in sheets["choices"]]

    assert any(label.startswith("0 – Absent or contrary: No other actor is named") for label in labels)
    assert {"Not enough information", "Not applicable"} <= set(labels)


@pytest.fixture
def editor(client, instruments):
    """An instrument editor who is signed in."""
    person = make_instrument_editor()
    client.force_login(person)
    return person


def _address(name, version):
    return reverse(f"checklist:{name}", args=[version.instrument.slug, version.number])


def _upload(client, data, name="file.yaml"):
    return client.post(reverse("checklist:instrument-import"), {"file": SimpleUploadedFile(name, data)})


@pytest.mark.django_db
def test_a_version_is_taken_out_and_that_is_noted(client, instruments):
    client.force_login(make_user())
    version = instruments[0]

    text = client.get(_address("version-yaml", version))
    book = client.get(_address("version-xlsx", version))
    form = client.get(_address("version-xlsform", version))

    assert text.content.decode() == to_yaml(file_of(version))
    assert f'{version.instrument.slug}-v1.yaml"' in text["Content-Disposition"]
    assert read_workbook(b"".join(book.streaming_content), "b.xlsx") == file_of(version)
    assert b"".join(form.streaming_content).startswith(b"PK")
    shapes = AuditEvent.objects.filter(event="instrument_exported").order_by("pk")
    assert [event.after["shape"] for event in shapes] == ["yaml", "xlsx", "xlsform"]


@pytest.mark.django_db
def test_the_blank_page_has_everything_and_says_its_source(client, instruments):
    client.force_login(make_user())

    page = client.get(f"{_address('version-print', instruments[1])}?language=en").content.decode()

    assert page.count('<section class="blank-criterion') == 6
    assert page.count('<h2 class="blank-title">') == 6
    assert "No other actor is named" in page
    assert 'data-source="' in page
    assert "version 1" in page


@pytest.mark.django_db
def test_a_half_made_draft_can_be_printed_but_is_no_field_form(client, editor, instruments):
    draft = InstrumentVersion.objects.create(
        instrument=instruments[0].instrument, number=2, result_kind="share", title="D", short_title="D", source="s"
    )

    assert "DRAFT" in client.get(_address("version-print", draft)).content.decode()
    response = client.get(_address("version-xlsform", draft))
    assert response.url == _address("version-check", draft)
    assert not AuditEvent.objects.filter(event="instrument_exported").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("shape", ["yaml", "xlsx"])
def test_a_file_becomes_a_draft_after_it_was_shown(client, editor, shape):
    content = read_instrument(SMALL, "small.yaml")
    with write_workbook(content) as book:
        data = to_yaml(content).encode() if shape == "yaml" else book.read()

    shown = _upload(client, data, f"small.{shape}")
    assert "A draft of a new instrument." in shown.content.decode()
    assert not InstrumentVersion.objects.filter(instrument__slug="small").exists()
    client.post(reverse("checklist:instrument-import-confirm"), {"content": shown.context["sealed"]})

    version = InstrumentVersion.objects.get(instrument__slug="small")
    assert (version.state, version.created_by) == (VersionState.DRAFT, editor)
    assert file_of(version) == content


@pytest.mark.django_db
def test_a_file_of_a_known_instrument_becomes_its_next_version(client, editor, instruments):
    shown = _upload(client, to_yaml(file_of(instruments[0])).encode()).content.decode()

    assert "A draft of version 2" in shown
    assert "Version 1 says exactly the same already." in shown


@pytest.mark.django_db
def test_a_broken_file_is_refused_with_every_error(client, editor):
    broken = SMALL.replace("kind: yes_no", "kind: nope").replace("version: 1", "version: x")

    page = _upload(client, broken.encode()).content.decode()

    assert "has 2 errors. Nothing was taken from it." in page
    assert "Line 3" in page
    assert "criteria/1/kind" in page
    assert not InstrumentVersion.objects.filter(instrument__slug="small").exists()


@pytest.mark.django_db
def test_what_is_no_text_and_what_was_tampered_with_is_refused(client, editor):
    assert "neither a YAML file" in _upload(client, b"\xff\xfe\x00binary").content.decode()
    confirm = reverse("checklist:instrument-import-confirm")

    assert client.post(confirm, {"content": "made-up"}).url == reverse("checklist:instrument-import")
    assert not InstrumentVersion.objects.filter(state=VersionState.DRAFT).exists()


@pytest.mark.django_db
def test_a_draft_that_is_being_written_stands_in_the_way(client, editor, instruments):
    InstrumentVersion.objects.create(
        instrument=instruments[0].instrument, number=2, result_kind="share", title="D", short_title="D", source="s"
    )

    shown = _upload(client, to_yaml(file_of(instruments[0])).encode())
    assert "is being written already" in shown.content.decode()
    client.post(reverse("checklist:instrument-import-confirm"), {"content": shown.context["sealed"]})

    assert InstrumentVersion.objects.filter(state=VersionState.DRAFT).count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("suffix", ["yaml", "xlsx"])
def test_commands_write_and_read_the_same(instruments, tmp_path, suffix):
    path = tmp_path / f"out.{suffix}"
    call_command("export_instrument", instruments[0].instrument.slug, output=path, stdout=io.StringIO())
    out = io.StringIO()

    call_command("load_instruments", path, stdout=out)

    assert "is there already, unchanged" in out.getvalue()
    assert AuditEvent.objects.get(event="instrument_exported").after == {"shape": suffix}


@pytest.mark.django_db
def test_commands_say_what_is_not_there(instruments, tmp_path):
    with pytest.raises(CommandError, match="no such version"):
        call_command("export_instrument", "nothing", output=tmp_path / "x.yaml")
    with pytest.raises(CommandError, match="no such version"):
        call_command("export_instrument", instruments[0].instrument.slug, number=9, output=tmp_path / "x.yaml")
    with pytest.raises(CommandError, match="There is no file"):
        call_command("load_instruments", tmp_path / "x.yaml")
