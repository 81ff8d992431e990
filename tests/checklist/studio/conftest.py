"""Two editors and a draft of the next version of the checklist."""

import pytest

from checklist.actions import studio
from checklist.actions.instruments import load_instrument
from checklist.instrument_files import read_instrument
from checklist.models import Instrument
from tests.checklist.instruments import FOLDER
from tests.factories import make_instrument_editor, make_user
from tests.kept import Kept

SOURCE = read_instrument((FOLDER / "siren-donor-checklist.yaml").read_text(encoding="utf-8"), "checklist.yaml")


@pytest.fixture
def source():
    """The checklist as its file says it."""
    return SOURCE


_published = Kept(lambda: load_instrument(source=SOURCE, by=None))


@pytest.fixture
def published(db):
    """The checklist alone, published."""
    if Instrument.objects.exists():
        return load_instrument(source=SOURCE, by=None).version
    _published.again()
    return _published.version()


@pytest.fixture
def anna(db):
    # Always under the same number: the kept draft is hers.
    return make_instrument_editor(pk=1_000_000)


@pytest.fixture
def ben(db):
    return make_user("Ben Editor", is_instrument_editor=True)


_drafts = {}


@pytest.fixture
def draft(published, anna):
    kept = _drafts.setdefault(published.pk, Kept(lambda: studio.start_next_version(version=published, by=anna)))
    kept.again()
    return kept.version()
