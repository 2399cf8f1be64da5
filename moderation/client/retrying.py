"""When to try again, and when not any more."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from random import uniform
from time import monotonic

import httpx

from moderation.errors import ClientError, ModerationError

AGAIN = frozenset({408, 429, 502, 503, 504})
"""Statuses after which the same request is welcome again."""

_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_BROKEN = (httpx.NetworkError, httpx.TimeoutException, httpx.RemoteProtocolError)


@dataclass(frozen=True, slots=True)
class Retries:
    """How long and how often a client tries again.

    Attributes:
        total_s: longest time for one call, all its attempts and pauses together, in seconds; 0: one attempt. In a
            `submit_many`, the longest time without an answer to another comment.
        first_s: longest first pause, in seconds; each is drawn evenly from 0 on, and the next may be twice as long.
        longest_s: longest pause of these, in seconds.
        longest_asked_s: longest pause that the service may ask for (`Retry-After`), in seconds.
    """

    total_s: float = 60.0
    first_s: float = 0.2
    longest_s: float = 10.0
    longest_asked_s: float = 60.0


class Attempts:
    """The attempts of one call.

    Args:
        retries: how long and how often.
        repeatable: whether the service may get the same request twice.
    """

    def __init__(self, retries: Retries, *, repeatable: bool = True) -> None:
        self._retries = retries
        self._repeatable = repeatable
        self.begin()

    def begin(self) -> None:
        """Begin anew, as after an answer to one of many."""
        self._until = monotonic() + self._retries.total_s
        self._failed = 0

    def timeout(self, longest_s: float) -> float:
        """Return how long the next attempt may wait for the service, in seconds."""
        return longest_s if self._failed == 0 else max(0.1, min(longest_s, self._until - monotonic()))

    def after_break(self, error: httpx.HTTPError) -> float:
        """Return how long to wait after an attempt that got no whole answer, in seconds.

        Raises:
            ClientError: this was the last attempt.
        """
        again = isinstance(error, _NOT_SENT) or (self._repeatable and isinstance(error, _BROKEN))
        pause = self._pause(None) if again else None
        if pause is None:
            raise ClientError(
                f"the service gives no answer: {type(error).__name__}",
                hint="look whether it runs at this address: `/healthz` answers without a key",
            ) from error
        return pause

    def after_refusal(self, error: ModerationError, status: int, asked_s: float | None) -> float:
        """Return how long to wait after an answer, in seconds.

        Args:
            error: what the answer says.
            status: its HTTP status.
            asked_s: when the service wants the request again, in seconds, if it says so.

        Raises:
            ModerationError: the error; this was the last attempt.
        """
        pause = self._pause(asked_s) if self._repeatable and status in AGAIN else None
        if pause is None:
            raise error
        return pause

    def _pause(self, asked_s: float | None) -> float | None:
        self._failed += 1
        longest = min(self._retries.longest_s, self._retries.first_s * 2 ** min(self._failed - 1, 30))
        pause = uniform(0, longest)  # noqa: S311 - so that clients do not all come back at once
        if asked_s is not None:
            pause += min(asked_s, self._retries.longest_asked_s)
        return pause if monotonic() + pause < self._until else None


def asked_by(response: httpx.Response) -> float | None:
    """Return when an answer wants the request again, in seconds from now; `None` if it doesn't say."""
    text = response.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        when = parsedate_to_datetime(text)
    except ValueError:
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, (when - datetime.now(UTC)).total_seconds())
