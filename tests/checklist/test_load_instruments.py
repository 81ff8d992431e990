"""Loading instruments: once, whole, and never over what is published."""

import io
import shutil

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from checklist.actions import instruments as actions
from checklist.actions import studio
from checklist.instrument_files import read_instrument
from checklist.models import (
    Criterion,
    CrossWalk,
    Instrument,
    InstrumentVersion,
    Level,
    SubQuestion,
    Tension,
    TensionSide,
    Translation,
)
from checklist.selectors import instruments as selectors
from checklist.selectors.tensions import tension_rules
from screening.models import AuditEvent
from tests.factories import make_instrument_editor

from .instruments import ALL, CHECKLIST, CROSSWALK, FOLDER, PRINCIPLES, TENSIONS, read
from .test_instrument_files import SMALL

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_sheets():
    selectors.clear_cache()
    yield
    selectors.clear_cache()


@pytest.fixture
def folder(tmp_path):
    """A copy of the files that ship switched on, which a test may change."""
    copied = tmp_path / "instruments"
    copied.mkdir()
    for name in ("siren-donor-checklist.yaml", "six-guiding-principles.yaml", "crosswalk.yaml"):
        shutil.copy(FOLDER / name, copied)
    return copied


def load(folder=FOLDER):
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("load_instruments", folder=folder, stdout=out, stderr=err)
    except CommandError as error:
        err.write(f"{error}\n")
    return out.getvalue(), err.getvalue()


def small(text=SMALL):
    return read_instrument(text, "small.yaml")


# -- the command --------------------------------------------------------------------------------


def test_the_command_publishes_the_shipped_instruments():
    out, err = load()

    versions = InstrumentVersion.objects.order_by("pk")
    assert [(v.instrument.slug, v.result_kind, v.instrument.is_default) for v in versions] == [
        ("siren-donor-checklist", "share", True),
        ("six-guiding-principles", "profile", True),
        ("commonwealth-proposals", "coverage", False),
        ("four-p-coverage", "coverage", False),
        ("icmpd-five-principles", "profile", False),
        ("ijshs-recommendations", "profile", False),
        ("osce-ten-principles", "profile", False),
        ("siren-red-flags", "flags", False),
        ("tip-2016-prevention", "profile", False),
    ]
    assert {(v.number, v.state) for v in versions} == {(1, "published")}
    assert {v.instrument.slug for v in versions if v.applies_to == "prevention"} == {"tip-2016-prevention"}
    assert Criterion.objects.count() == 80
    assert CrossWalk.objects.count() == len(CROSSWALK) == 22
    assert out.count("published") == 9
    assert err == ""

    found = {version.instrument.slug: selectors.sheet(version.pk).spec for version in versions}
    assert found == ALL
    assert set(selectors.cross_walk()) == set(CROSSWALK)
    assert {rule.slug: rule for rule in tension_rules()} == {each.spec.slug: each.spec for each in TENSIONS}


def test_what_was_loaded_before_is_recognised_as_unchanged():
    """The hashes that earlier editions of the program stored for what it ships switched on."""
    assert {name: read(f"{name}.yaml").content_hash for name in (CHECKLIST.slug, PRINCIPLES.slug)} == {
        "siren-donor-checklist": "8952420ae0fcab935ecac29499650aaa83d127ad1d777a23f1996edff60f3ba4",
        "six-guiding-principles": "f2280740681e73a32bf07fdf630c81b124223e003953a69766c80bc076081d4c",
    }


def test_what_is_loaded_reads_as_the_files_say_in_both_languages():
    load()
    pk = InstrumentVersion.objects.get(instrument__slug=CHECKLIST.slug).pk

    english, french = selectors.sheet(pk, "en").criterion("3"), selectors.sheet(pk, "fr").criterion("3")

    assert english.wording == "Is another actor already conducting the same activities in the same location?"
    assert english.option("yes").label == "Yes – another actor is already there"
    assert english.option("nei").label == "Not enough information"
    assert french.short_title == "Un autre acteur déjà présent"
    assert french.option("yes").label == "Oui – un autre acteur est déjà là"
    assert french.sub("d").hint == "Seulement si le travail se recoupe"
    assert len(french.look_for) == len(english.look_for) == 3


def everything():
    """All rows that loading may write."""
    models = (
        Instrument, InstrumentVersion, Criterion, SubQuestion, Level, Translation, CrossWalk, Tension, TensionSide,
        AuditEvent,
    )  # fmt: skip
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_loading_twice_changes_nothing():
    load()
    before = everything()

    out, err = load()

    assert everything() == before
    assert out.count("already, unchanged") == 11
    assert err == ""


def test_a_changed_file_with_an_old_number_is_refused(folder):
    load(folder)
    file = folder / "siren-donor-checklist.yaml"
    file.write_text(file.read_text().replace("title: Evidence base", "title: Evidence"))

    out, err = load(folder)

    assert "siren-donor-checklist version 1 is published and the file differs from it" in err
    assert "raise the version number" in err
    assert "1 of 3 files could not be loaded" in err
    assert Criterion.objects.filter(short_title="Evidence").count() == 0
    assert "six-guiding-principles.yaml: Six guiding principles, version 1: is there already" in out


def test_a_raised_number_makes_a_new_version_and_leaves_the_old(folder):
    load(folder)
    file = folder / "siren-donor-checklist.yaml"
    file.write_text(file.read_text().replace("version: 1", "version: 2").replace("Evidence base", "Evidence"))

    _, err = load(folder)

    assert err == ""
    titles = Criterion.objects.filter(version__instrument__slug=CHECKLIST.slug, key="1").order_by("version__number")
    assert list(titles.values_list("short_title", flat=True)) == ["Evidence base", "Evidence"]
    assert Instrument.objects.count() == 2


def test_a_broken_file_says_where_and_leaves_nothing(folder):
    file = folder / "six-guiding-principles.yaml"
    file.write_text(file.read_text().replace("kind: level_0_4", "kind: level_0_5", 1))

    _, err = load(folder)

    assert "six-guiding-principles.yaml:" in err
    assert "criteria/P1/kind: 'level_0_5' is not known" in err
    # The cross-walk names the instrument that did not come.
    assert "There is no instrument six-guiding-principles." in err
    assert list(Instrument.objects.values_list("slug", flat=True)) == ["siren-donor-checklist"]


def test_a_folder_without_files_is_an_error(tmp_path):
    _, err = load(tmp_path)

    assert "There are no instrument files" in err


# -- the actions ----------------------------------------------------------------------------------


def test_loading_records_what_was_done():
    loaded = actions.load_instrument(source=small(), by=None)

    assert loaded.is_new
    events = AuditEvent.objects.order_by("pk").values_list("event", "subject_label", "actor_label")
    assert list(events) == [
        ("instrument_loaded", "Small, version 1", "Screening"),
        ("instrument_published", "Small, version 1", "Screening"),
    ]


def test_a_draft_with_the_number_is_never_overwritten():
    instrument = Instrument.objects.create(slug="small", title="Small")
    InstrumentVersion.objects.create(
        instrument=instrument, number=1, result_kind="share", title="Mine", short_title="Mine", source="me"
    )

    with pytest.raises(actions.CannotLoadInstrument, match="is a draft in the application"):
        actions.load_instrument(source=small(), by=None)

    assert InstrumentVersion.objects.get().title == "Mine"


def test_a_version_of_the_house_with_the_number_of_a_newer_file_does_not_stop_the_start(folder):
    load(folder)
    theirs = InstrumentVersion.objects.get(instrument__slug="siren-donor-checklist")
    own = studio.start_next_version(version=theirs, by=make_instrument_editor())
    path = folder / "siren-donor-checklist.yaml"
    path.write_text(path.read_text("utf-8").replace("\nversion: 1\n", "\nversion: 2\n"), "utf-8")

    _out, failing = load(folder)
    out, err = io.StringIO(), io.StringIO()
    call_command("load_instruments", folder=folder, keep_own=True, stdout=out, stderr=err)

    assert "1 of 3 files could not be loaded" in failing
    assert "is a draft in the application" in err.getvalue()
    assert "not loaded" in out.getvalue()
    assert InstrumentVersion.objects.get(instrument__slug="siren-donor-checklist", number=2) == own


def test_a_version_is_published_once_and_not_without_criteria():
    version = actions.load_instrument(source=small(), by=None).version
    empty = InstrumentVersion.objects.create(
        instrument=version.instrument, number=2, result_kind="share", title="E", short_title="E", source="me"
    )

    with pytest.raises(actions.CannotPublishVersion, match="Only a draft"):
        actions.publish_version(version=version, by=None)
    with pytest.raises(actions.CannotPublishVersion, match="without criteria"):
        actions.publish_version(version=empty, by=None)


def test_the_database_itself_refuses_to_change_what_was_loaded():
    actions.load_instrument(source=small(), by=None)

    with pytest.raises(DatabaseError), transaction.atomic():
        Criterion.objects.update(wording="Is it bad?")

    assert Criterion.objects.get().wording == "Is it good?"


def test_an_older_version_loaded_later_leaves_the_newer_title():
    actions.load_instrument(
        source=small(SMALL.replace("version: 1", "version: 2").replace(": Small", ": New")), by=None
    )
    actions.load_instrument(source=small(), by=None)

    assert Instrument.objects.get().title == "New"


def test_domains_and_weights_are_kept():
    text = SMALL.replace("criteria:\n", "domains:\n  - {key: d1, title: Design}\ncriteria:\n")
    text = text.replace("    kind: yes_no", "    domain: d1\n    weight: 2.50\n    kind: yes_no")

    actions.load_instrument(source=small(text), by=None)

    criterion = Criterion.objects.get()
    assert (criterion.domain.title, str(criterion.weight)) == ("Design", "2.50")


def test_a_cross_walk_is_replaced_as_a_whole_and_recorded():
    load()
    rows = [row for row in CROSSWALK if row.source_key == "9"]

    assert actions.set_cross_walk(rows=rows, by=None)
    assert not actions.set_cross_walk(rows=rows, by=None)

    assert list(CrossWalk.objects.values_list("from_key", "to_key", "strength")) == [("9", "P4", "main")]
    event = AuditEvent.objects.latest("pk")
    assert len(event.before) == 22
    assert event.after == {"9-P4": "main"}


def test_a_cross_walk_to_a_criterion_that_is_not_there_is_refused():
    load()
    rows = [*CROSSWALK, CROSSWALK[0].__class__("siren-donor-checklist", "12", "six-guiding-principles", "P1", "main")]

    with pytest.raises(actions.CannotSetCrossWalk, match="siren-donor-checklist has no criterion 12"):
        actions.set_cross_walk(rows=rows, by=None)
