"""The data directory, its secret key and its markers."""

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from screening import installation


@pytest.fixture(autouse=True)
def _environment(monkeypatch):
    for name in ("SCREENING_DATA", "SCREENING_DEMO", "SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)


class TestDataDirectory:
    def test_is_var_in_the_checkout(self, tmp_path):
        assert installation.data_directory(tmp_path) == tmp_path / "var"

    def test_is_what_the_environment_names(self, tmp_path, monkeypatch):
        monkeypatch.setenv("SCREENING_DATA", str(tmp_path / "elsewhere"))

        assert installation.data_directory(tmp_path) == tmp_path / "elsewhere"

    def test_its_rooms_are_closed_to_others(self, tmp_path):
        installation.make_directories(tmp_path / "data")

        made = [tmp_path / "data", *(tmp_path / "data").iterdir()]
        assert len(made) == 1 + len(installation.DIRECTORIES)
        assert {stat.S_IMODE(path.stat().st_mode) for path in made} == {0o700}


class TestSecretKey:
    def test_is_made_once_and_readable_by_the_owner_only(self, tmp_path):
        first = installation.secret_key(tmp_path)

        assert len(first) >= 50
        assert installation.secret_key(tmp_path) == first
        assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
        assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]

    def test_two_installations_have_two_keys(self, tmp_path):
        assert installation.secret_key(tmp_path / "one") != installation.secret_key(tmp_path / "two")

    def test_processes_that_start_together_agree(self, tmp_path):
        with ThreadPoolExecutor(8) as pool:
            keys = set(pool.map(lambda _: installation.secret_key(tmp_path), range(32)))

        assert len(keys) == 1

    def test_the_environment_wins_and_nothing_is_written(self, tmp_path, monkeypatch):
        monkeypatch.setenv("SECRET_KEY", "given")

        assert installation.secret_key(tmp_path / "data") == "given"
        assert not (tmp_path / "data").exists()

    def test_a_damaged_key_is_refused(self, tmp_path):
        (tmp_path / "secret_key").write_text("short")

        with pytest.raises(ValueError, match="too short"):
            installation.secret_key(tmp_path)


class TestDemo:
    def test_is_off_without_the_marker(self, tmp_path):
        assert installation.is_demo(tmp_path) is False

    def test_is_on_with_the_marker(self, tmp_path):
        (tmp_path / "demo").touch()

        assert installation.is_demo(tmp_path) is True

    @pytest.mark.parametrize(("value", "expected"), [("1", True), ("yes", True), ("0", False), ("off", False)])
    def test_the_environment_decides(self, tmp_path, monkeypatch, value, expected):
        (tmp_path / "demo").touch()
        monkeypatch.setenv("SCREENING_DEMO", value)

        assert installation.is_demo(tmp_path) is expected
