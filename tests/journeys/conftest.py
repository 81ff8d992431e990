"""What the journeys share: files of their own, somebody signed in, and one who looks at pages."""

import pytest

from tests.factories import make_assessment
from tests.journeys.helpers import give_session
from tests.journeys.inspector import Inspector


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "uploads"


@pytest.fixture
def inspector(page, axe_source):
    return Inspector(page, axe_source)


@pytest.fixture
def problems():
    """Filled by `helpers.watch`; whatever is in it fails the test."""
    found = []
    yield found
    assert found == []


@pytest.fixture
def assessment(live_server, instruments):
    """A draft without answers."""
    return make_assessment()


@pytest.fixture
def reviewer_signed_in(context, client, live_server, assessment):
    """The browser is that of the draft's reviewer."""
    give_session(context, client, assessment.reviewer, live_server)
