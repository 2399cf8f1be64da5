import stat

import pytest

from dashboard.login.secret import load_secret, secret_file
from moderation.errors import SettingsError
from moderation.settings import settings


@pytest.fixture(autouse=True)
def _environment(monkeypatch):
    monkeypatch.delenv("MODERATION_SECRET", raising=False)
    settings.cache_clear()
    yield
    settings.cache_clear()


def test_a_secret_is_made_once_for_its_owner_alone(tmp_path):
    database = f"sqlite:///{tmp_path / 'moderation.db'}"
    secret = load_secret(database)
    assert len(secret) >= 32
    assert load_secret(database) == secret
    assert stat.S_IMODE(secret_file(database).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["moderation.db.secret"]


def test_the_environment_comes_first(tmp_path, monkeypatch):
    monkeypatch.setenv("MODERATION_SECRET", "x" * 40)
    assert load_secret(f"sqlite:///{tmp_path / 'moderation.db'}") == "x" * 40
    assert not list(tmp_path.iterdir())


def test_a_short_secret_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("MODERATION_SECRET", "guess me")
    with pytest.raises(SettingsError, match="fewer than 32"):
        load_secret(f"sqlite:///{tmp_path / 'moderation.db'}")


def test_a_folder_that_is_not_there_is_a_setting_to_correct(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="can't be used"):
        load_secret(f"sqlite:///{tmp_path / 'file' / 'moderation.db'}")
