"""Two editors and a draft of the next version of the checklist."""

import pytest

from checklist.actions import studio
from checklist.actions.instruments import load_instrument
from checklist.instrument_files import read_instrument
from tests.checklist.instruments import FOLDER
from tests.factories import make_instrument_editor, make_user

SOURCE = read_instrument((FOLDER / "siren-donor-checklist.yaml").read_text(encoding="utf-8"), "checklist.yaml")


@pytest.fixture
def source():
    """The checklist as its file says it."""
    return SOURCE


@pytest.fixture
def published(db):
    """The checklist alone, published."""
    return load_instrument(source=SOURCE, by=None).version


@pytest.fixture
def anna(db):
    return make_instrument_editor()


@pytest.fixture
def ben(db):
    return make_user("Ben Editor", is_instrument_editor=True)


@pytest.fixture
def draft(published, anna):
    return studio.start_next_version(version=published, by=anna)
