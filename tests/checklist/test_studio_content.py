"""What the studio reads of a version is what its file says, for drafts as well."""

import pytest

from checklist.actions.instruments import load_instrument
from checklist.instrument_files import read_instrument
from checklist.models import Criterion, InstrumentVersion
from checklist.selectors.studio import file_of

from .instruments import read
from .test_instrument_files import SMALL

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["siren-donor-checklist.yaml", "six-guiding-principles.yaml"])
def test_a_loaded_version_is_its_file(name, instruments):
    source = read(name)
    version = InstrumentVersion.objects.get(instrument__slug=source.slug)

    assert file_of(version) == source
    assert file_of(version).content_hash == version.content_hash


@pytest.mark.parametrize("count", [1, 3])
def test_reading_takes_the_same_queries(count, django_assert_num_queries):
    more = "".join(SMALL[SMALL.index('  - key: "1"') :].replace('"1"', f'"{n}"') for n in range(2, count + 1))
    version = load_instrument(source=read_instrument(SMALL + more, "small.yaml"), by=None).version

    with django_assert_num_queries(5):
        assert len(file_of(version).criteria) == count


def test_a_half_made_draft_can_be_read(instruments):
    draft = InstrumentVersion.objects.create(
        instrument=instruments[0].instrument, number=2, result_kind="share", title="", short_title="", source=""
    )
    Criterion.objects.create(version=draft, key="1", number="", position=1, kind="", reason_rule="", combining="odd")
    Criterion.objects.create(version=draft, key="2", number="2", position=2, kind="yes_no", polarity="sideways")

    content = file_of(draft)

    assert [(item.key, item.kind, item.combining) for item in content.spec.items] == [
        ("1", "", "odd"),
        ("2", "yes_no", None),
    ]
    assert content.content_hash
    assert dict(content.texts())["criteria/2/levels/yes/label"] == ""
