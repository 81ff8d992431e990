"""What tests of proposals begin with."""

import pytest

from tests import factories as make


@pytest.fixture
def round_():
    return make.make_round()


@pytest.fixture
def officer(round_):
    return make.make_officer(round_)


@pytest.fixture
def proposal(round_):
    return make.make_proposal(round_)


@pytest.fixture
def as_officer(client, officer):
    client.force_login(officer)
    return client
