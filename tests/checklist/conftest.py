"""What tests of assessments begin with."""

import pytest

from tests.factories import make_assessment


@pytest.fixture
def assessment(instruments):
    """A draft without answers."""
    return make_assessment()


@pytest.fixture
def reviewer(client, assessment):
    """The browser of the reviewer whose draft it is."""
    client.force_login(assessment.reviewer)
    return client
