"""The text of a key: `cmk_`, 12 letters that may be shown, `_`, 32 that may not.

Its SHA-256 is all that is kept of it. 32 letters of base 62 are 190 bits, out of the system's generator: nobody can
guess them, however fast they try. A slow hash such as argon2 is for passwords, which people choose; here it would
only make each request dear.
"""

import re
import secrets
import string
from hashlib import sha256

from moderation.errors import ApiKeyError

PREFIX = "cmk_"
"""Begins each key, so that people and scanners for secrets know one when they see it."""

PUBLIC, SECRET = 12, 32
"""Letters of each part."""

_LETTERS = string.digits + string.ascii_letters
_KEY = re.compile(rf"{PREFIX}([0-9A-Za-z]{{{PUBLIC}}})_[0-9A-Za-z]{{{SECRET}}}", re.ASCII)


def make_key() -> tuple[str, str]:
    """Return the public part of a new key, and all of it."""
    public, secret = _random(PUBLIC), _random(SECRET)
    return public, f"{PREFIX}{public}_{secret}"


def public_part(text: str) -> str | None:
    """Return the part of a key that may be shown; `None` if the text has not the form of a key, whatever else it is."""
    match = _KEY.fullmatch(text)
    return match[1] if match else None


def hash_of(key: str) -> str:
    """Return the SHA-256 of a text that has the form of a key, hex."""
    return sha256(key.encode("ascii")).hexdigest()


def invalid_key() -> ApiKeyError:
    """Return what is said of every text that is no key in force: not why, and nothing of the text."""
    return ApiKeyError("the API key is not valid", hint="ask whoever runs this service for a key")


def _random(letters: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(letters))
