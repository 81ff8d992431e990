"""What tests of proposals begin with."""

import pytest

from proposals.imports import plan as plans


@pytest.fixture
def as_officer(client, officer):
    client.force_login(officer)
    return client


@pytest.fixture
def _nothing_remembered(settings, tmp_path):
    """Files of one test are not known to the next, which may have others under the same keys."""
    settings.MEDIA_ROOT = tmp_path
    plans._stored_table.cache_clear()
    plans._checked.cache_clear()
