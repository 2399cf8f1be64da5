"""Passwords: hashed with argon2, never stored, never logged."""

import secrets
from functools import lru_cache
from typing import TYPE_CHECKING

from moderation.errors import UserError
from moderation.extras import needing

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST = 10
LONGEST = 1000


def require_fit(password: str) -> None:
    """Make sure that a password is long enough to be one.

    Raises:
        UserError: it is too short, or absurdly long.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise UserError(
            f"a password has {SHORTEST} to {LONGEST:,} characters", hint="four random words are a good one"
        )


def one_time() -> str:
    """Make a password to be used once."""
    return secrets.token_urlsafe(12)


def hashed(password: str) -> str:
    """Return what is stored of a password."""
    return _hasher().hash(password.encode("utf-8", "surrogatepass"))


def is_right(password: str, stored: str | None) -> bool:
    """Tell whether a password is the one that was hashed; takes as long where there is no such user."""
    from argon2.exceptions import InvalidHashError, VerificationError  # noqa: PLC0415 - an extra

    given = password[: LONGEST + 1].encode("utf-8", "surrogatepass")
    try:
        _hasher().verify(stored or _nobody(), given)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


@lru_cache(maxsize=1)
def _hasher() -> "PasswordHasher":
    with needing("dashboard", "passwords need argon2-cffi, which is not installed"):
        from argon2 import PasswordHasher  # noqa: PLC0415 - an extra
    return PasswordHasher()


@lru_cache(maxsize=1)
def _nobody() -> str:
    return hashed(one_time())
