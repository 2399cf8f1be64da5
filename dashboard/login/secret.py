"""The secret that cookies are signed with: from the environment, else made once and kept in a file."""

import os
import secrets
from functools import cache
from pathlib import Path

from platformdirs import user_data_path
from sqlalchemy import make_url

from moderation.errors import SettingsError
from moderation.settings import settings

SHORTEST = 32
"""Letters that a secret has at least."""


@cache
def signing_secret() -> str:
    """Return what cookies are signed with, read once.

    Raises:
        SettingsError: the secret is too short, or its file can't be read or written.
    """
    return load_secret(settings().database)


def load_secret(database: str) -> str:
    """Return MODERATION_SECRET, else the secret kept beside an SQLite file or in the user's data folder.

    The file is made on first use, for its owner alone. Several machines need the variable: they sign alike then.

    Raises:
        SettingsError: the secret is too short, or its file can't be read or written.
    """
    if given := settings().secret.get_secret_value():
        return _long_enough(given, "MODERATION_SECRET")
    path = secret_file(database)
    try:
        return _long_enough(_read_or_make(path), str(path))
    except OSError as error:
        raise SettingsError(
            f"the file of the dashboard's secret can't be used: {path}: {error.strerror}",
            hint="set MODERATION_SECRET, or make its folder writable",
        ) from None


def secret_file(database: str) -> Path:
    """Return where the secret of a database's dashboard is kept."""
    url = make_url(database)
    if url.get_backend_name() == "sqlite" and url.database not in {None, "", ":memory:"}:
        return Path(f"{url.database}.secret").absolute()
    return user_data_path("moderation") / "dashboard.secret"


def _read_or_make(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    made = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    handle = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    try:
        os.link(made, path)  # whole or not at all, and never over a colleague's
    except FileExistsError:
        pass
    finally:
        made.unlink()
    return path.read_text(encoding="ascii").strip()


def _long_enough(secret: str, where: str) -> str:
    if len(secret) < SHORTEST:
        raise SettingsError(
            f"the secret in {where} has fewer than {SHORTEST} letters",
            hint='python -c "import secrets; print(secrets.token_urlsafe(48))" makes one',
        )
    return secret
