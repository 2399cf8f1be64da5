"""Says in the log that a check has no answer: once a minute for each check, never what a comment says."""

import logging
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from time import monotonic
from typing import Final

from moderation.domain import CheckResult, Comment, Outcome

log = logging.getLogger("moderation.checks")

EVERY_S: Final = 60.0
"""How often a check that keeps failing is mentioned: a scorer that is down fails with every comment."""

_FAILURES = {Outcome.FAILED, Outcome.TIMED_OUT}
_MESSAGE: Final = "check %s %s (%s) after %.0f ms, comment %.200r of site %.200r; %d more were not mentioned"
_LEFT_OUT: Final = "check %s failed for %d more comments, which were not mentioned"


@dataclass(slots=True)
class _Said:
    """When a check was mentioned last, and how many failures were left out since."""

    at: float
    left_out: int = 0


class FailureLog:
    """Mentions failures of checks, each check at most once in `EVERY_S`. Safe to share between threads.

    Each line has its figures as fields too (`extra`): site, external_id, check, outcome, error, ms, left_out.

    Args:
        clock: seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._said: dict[str, _Said] = {}

    def note(self, check: str, results: Iterable[tuple[Comment, CheckResult]]) -> None:
        """Take note of how a check ended for some comments."""
        failures = [(comment, result) for comment, result in results if result.outcome in _FAILURES]
        if failures:
            self._failed(check, failures)
        elif check in self._said:
            self._add_up(check)

    def _failed(self, check: str, failures: list[tuple[Comment, CheckResult]]) -> None:
        with self._lock:
            said, now = self._said.get(check), self._clock()
            if said and now - said.at < EVERY_S:
                said.left_out += len(failures)
                return
            left_out = (said.left_out if said else 0) + len(failures) - 1
            self._said[check] = _Said(now)
        _mention(check, *failures[0], left_out)

    def _add_up(self, check: str) -> None:
        """Once the minute is over, say how many were left out of it: no next failure may ever do so."""
        with self._lock:
            said = self._said.get(check)
            if said is None or self._clock() - said.at < EVERY_S:
                return
            del self._said[check]
        if said.left_out:
            fields = {"check": check, "left_out": said.left_out}
            log.warning(_LEFT_OUT, check, said.left_out, extra=fields)


def _mention(check: str, comment: Comment, result: CheckResult, left_out: int) -> None:
    """Ids are the site's own, shown escaped; of an error, its name and not its message, which may hold text."""
    fields = {
        "site": comment.site,
        "external_id": comment.external_id,
        "check": check,
        "outcome": result.outcome.value,
        "error": result.error,
        "ms": result.ms,
        "left_out": left_out,
    }
    log.warning(
        _MESSAGE,
        check,
        result.outcome.value,
        result.error,
        result.ms,
        comment.external_id,
        comment.site,
        left_out,
        extra=fields,
    )


FAILURE_LOG: Final = FailureLog()
"""That of this process: rules that are exchanged begin no new minute."""
