"""What the environment may set: MODERATION_DATABASE, MODERATION_MODELS_DIR, and so on."""

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from platformdirs import user_data_path
from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from moderation.errors import SettingsError

_AnyCase = BeforeValidator(str.lower)
"""Before a list of words: `DEBUG` is `debug`."""


class Settings(BaseSettings):
    """Settings of one installation; what concerns decisions stands in rules.yaml instead."""

    model_config = SettingsConfigDict(env_prefix="MODERATION_", frozen=True)

    database: str = Field(
        default="sqlite:///moderation.db", description="where comments and decisions are kept"
    )
    rules: Path = Field(default=Path("rules.yaml"), description="the ruleset")
    models_dir: Path = Field(
        default_factory=lambda: user_data_path("moderation") / "models",
        description="where `moderation models pull` keeps models",
    )
    models_url: str = Field(
        default="https://github.com/unitaryai/detoxify/releases/download",
        description="where `moderation models pull` gets weights; name a mirror for a closed network",
    )
    hub_url: str = Field(
        default="https://huggingface.co",
        description="where `moderation models pull` gets configuration and tokenisers; likewise",
    )
    threads: int = Field(
        default=0, ge=0, le=256, description="threads a scorer computes with; 0: one per core"
    )
    brake_hours: float = Field(
        default=24.0,
        ge=0,
        le=8760,
        description="how long after its change a rule is watched by the brake; 0: never",
    )
    brake_share: float = Field(
        default=0.05, ge=0, le=1, description="share of the comments above which such a rule may not reject"
    )
    brake_comments: int = Field(default=20, ge=0, description="comments that it may reject in any case")
    busy_timeout_s: float = Field(
        default=5.0, gt=0, le=600, description="how long to wait for a locked database"
    )
    second_review: float = Field(
        default=0.02,
        ge=0,
        le=1,
        description="share of decided comments that a second moderator sees at the desk, not told of the first verdict",
    )
    secret: SecretStr = Field(
        default=SecretStr(""),
        description="what the dashboard signs its cookies with, 32 letters or more; empty: one made once and kept in a file",
    )
    oidc: bool = Field(
        default=False,
        description="whether the dashboard's users log in by OpenID Connect; see docs/dashboard.md",
    )
    oidc_trust_email: bool = Field(
        default=False,
        description="whether a mail address counts as verified if the provider never says (`email_verified`)",
    )
    coral_secrets: SecretStr = Field(
        default=SecretStr(""),
        description="signing secrets of Coral's external moderation phases (`empsec_…`), separated by commas",
    )
    log_level: Annotated[Literal["debug", "info", "warning", "error"], _AnyCase] = Field(
        default="warning",
        description="the least that the command line and the dashboard's server write to standard error",
    )
    log_format: Annotated[Literal["text", "json"], _AnyCase] = Field(
        default="text", description="how they write it: a line for people, or a JSON object in a line"
    )
    log_addresses: bool = Field(
        default=False,
        description="whether the service's access log has the addresses of clients, which are personal data",
    )


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Read the environment, once.

    Raises:
        SettingsError: a variable has a value that can't be used.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError(_describe(error), hint="correct or unset the variable") from None


def _describe(error: ValidationError) -> str:
    problems = (f"MODERATION_{str(item['loc'][0]).upper()}: {item['msg']}" for item in error.errors())
    return "; ".join(problems)
