"""What a monitor is told."""

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import override_settings


def test_livez_asks_nobody(client, django_assert_num_queries):
    # No database fixture: a query would fail the test.
    response = client.get("/livez")

    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_readyz_when_all_is_well(client):
    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {"status": "ok", "checks": {"database": "ok", "disk": "ok"}}


@pytest.mark.django_db
def test_readyz_when_a_migration_is_missing(client):
    MigrationRecorder(connection).migration_qs.filter(app="screening").delete()

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json() == {"status": "unavailable", "checks": {"database": "failed", "disk": "ok"}}


@pytest.mark.django_db
def test_readyz_when_the_data_directory_is_gone(client, tmp_path):
    with override_settings(SCREENING_DATA=tmp_path / "gone"):
        response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["checks"]["disk"] == "failed"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_a_monitor_is_not_sent_to_https(client, path):
    with override_settings(SECURE_SSL_REDIRECT=True):
        assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_it_cannot_be_written_to(client, path):
    assert client.post(path).status_code == 405
