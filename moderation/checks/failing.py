"""Says in the log that a check has no answer, or is slow: once a minute for each, never what a comment says."""

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Final

from moderation.domain import CheckResult, Comment, Outcome
from moderation.logs import Fields, room_logger

log = room_logger(__name__)

EVERY_S: Final = 60.0
"""How often a check that keeps failing is mentioned: a scorer that is down fails with every comment."""

SLOW_MS: Final = 400.0
"""From when on a check that answers is slow: half of what `toxicity.timeout_ms` allows by default."""

_FAILURES = {Outcome.FAILED, Outcome.TIMED_OUT}
_FAILED: Final = "check %s %s (%s) after %.0f ms, comment %.200r of site %.200r; %d more were not mentioned"
_LEFT_OUT: Final = "check %s failed for %d more comments, which were not mentioned"
_SLOW: Final = "check %s took %.0f ms, comment %.200r of site %.200r; %d more were slow and not mentioned"

_Results = Sequence[tuple[Comment, CheckResult]]


@dataclass(slots=True)
class _Said:
    """When a check was mentioned last, and how many comments were left out since."""

    at: float
    left_out: int = 0


class _Mentions:
    """Lets each check be mentioned once in `EVERY_S`, and counts what is left out. Safe to share between threads."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._said: dict[str, _Said] = {}

    def due(self, check: str, count: int) -> int | None:
        """Return how many were left out, if one of `count` comments is to be mentioned now; else leave them out."""
        with self._lock:
            said, now = self._said.get(check), self._clock()
            if said and now - said.at < EVERY_S:
                said.left_out += count
                return None
            self._said[check] = _Said(now)
            return (said.left_out if said else 0) + count - 1

    def over(self, check: str) -> int:
        """Return, once, how many were left out of a minute that is over: no next one may ever say so."""
        if check not in self._said:
            return 0
        with self._lock:
            said = self._said.get(check)
            if said is None or self._clock() - said.at < EVERY_S:
                return 0
            del self._said[check]
            return said.left_out


class FailureLog:
    """Mentions checks that fail or are slow, each check at most once in `EVERY_S`. Safe to share between threads.

    Args:
        clock: seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._failing = _Mentions(clock)
        self._slow = _Mentions(clock)

    def note(self, check: str, results: Iterable[tuple[Comment, CheckResult]]) -> None:
        """Take note of how a check ended for some comments."""
        failures, slow = [], []
        for comment, result in results:
            if result.outcome in _FAILURES:
                failures.append((comment, result))
            elif result.ms >= SLOW_MS:
                slow.append((comment, result))
        if failures:
            self._failed(check, failures)
        elif left_out := self._failing.over(check):
            log.warning(_LEFT_OUT, check, left_out, extra=Fields(check=check, left_out=left_out))
        if slow:
            self._was_slow(check, slow)

    def _failed(self, check: str, failures: _Results) -> None:
        """Of an error its name is said and not its message, which may hold text."""
        left_out = self._failing.due(check, len(failures))
        if left_out is None:
            return
        comment, result = failures[0]
        outcome, error = result.outcome.value, result.error
        extra = _fields(check, comment, result, left_out) | Fields(outcome=outcome, error=error)
        told = comment.external_id, comment.site, left_out
        log.warning(_FAILED, check, outcome, error, result.ms, *told, extra=extra)

    def _was_slow(self, check: str, slow: _Results) -> None:
        left_out = self._slow.due(check, len(slow))
        if left_out is None:
            return
        comment, result = max(slow, key=lambda one: one[1].ms)
        extra = _fields(check, comment, result, left_out)
        log.info(_SLOW, check, result.ms, comment.external_id, comment.site, left_out, extra=extra)


def _fields(check: str, comment: Comment, result: CheckResult, left_out: int) -> Fields:
    return Fields(
        site=comment.site,
        external_id=comment.external_id,
        check=check,
        ms=result.ms,
        left_out=left_out,
    )


FAILURE_LOG: Final = FailureLog()
"""That of this process: rules that are exchanged begin no new minute."""
