"""Whether a request is Coral's: it signs each with a secret that both sides know, and so needs no key."""

from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from hmac import compare_digest, digest

from moderation.errors import SignatureError
from moderation.logs import room_logger
from moderation.settings import settings

log = room_logger(__name__)

HEADER = "X-Coral-Signature"
VARIABLE = "MODERATION_CORAL_SECRETS"


def require_signature(body: bytes, headers: Sequence[str]) -> None:
    """Let a request pass if one of our secrets signed it.

    Args:
        body: what was received, to the byte.
        headers: every value of the header: `sha256=HEX`, or several with commas while Coral changes its secret.

    Raises:
        SignatureError: none did, the header is missing or of another form, or we know no secret.
    """
    secrets = _secrets()
    if not secrets:
        _say_that_there_are_none()
        raise SignatureError(
            "this service knows no secret of Coral's", hint=f"set {VARIABLE} where the service runs"
        )
    given = [part.strip().encode("latin-1", "replace") for header in headers for part in header.split(",")]
    expected = [b"sha256=" + digest(secret, body, sha256).hex().encode() for secret in secrets]
    if not any(compare_digest(one, wanted) for one in given for wanted in expected):
        raise SignatureError(
            f"no secret that this service knows has signed this: {HEADER} is missing or does not fit",
            hint=f"copy the phase's signing secret, all of it with `empsec_`, into {VARIABLE}",
        )


def _secrets() -> list[bytes]:
    parts = settings().coral_secrets.get_secret_value().split(",")
    return [part.strip().encode() for part in parts if part.strip()]


@cache
def _say_that_there_are_none() -> None:
    log.warning("requests in Coral's form are refused: %s is not set", VARIABLE)
