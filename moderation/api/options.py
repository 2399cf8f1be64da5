"""What `moderation serve` tells its workers: by the environment, for each is a process of its own."""

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict

from moderation.settings import settings


class ServiceOptions(BaseSettings):
    """Options of one service.

    Attributes:
        rules: the ruleset that was named; `None`: what is live in the database, else the usual places.
        database: where comments and keys are kept.
        public_url: the address under which clients reach the service, with its sub-path; empty: as the request says.
    """

    model_config = SettingsConfigDict(env_prefix="MODERATION_SERVE_", frozen=True)

    rules: Path | None = None
    database: str = ""
    public_url: str = ""


def service_options() -> ServiceOptions:
    """Read them; a database that was not named is the one of the settings."""
    said = ServiceOptions()
    return said if said.database else said.model_copy(update={"database": settings().database})
