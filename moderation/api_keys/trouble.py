"""A database that does not answer keeps one thread waiting, not all of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from moderation.errors import ModerationError, StoreError


class Trouble:
    """Lets everybody ask a database that answers; one that failed is tried by one caller at a time.

    A locked database is waited for, for seconds. If every request did so, all threads of the service would wait there,
    one request after the other, and so would those that need no database. So whoever comes while somebody tries
    already, or began to wait before the last failure, hears of that failure at once.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._failure: StoreError | None = None
        self._failures = 0
        self._tried = False  # by somebody, just now

    def seen(self) -> int:
        """Return how many failures there were so far, before one waits for a turn to ask.

        Raises:
            StoreError: the last one; somebody tries already.
        """
        with self._lock:
            if self._failure and self._tried:
                raise _again(self._failure)
            return self._failures

    @contextmanager
    def asking(self, seen: int) -> Iterator[None]:
        """Ask the database in the block.

        Args:
            seen: what `seen` returned before the wait.

        Raises:
            StoreError: what the block raises; or the last failure, if somebody tries already, or failed meanwhile.
        """
        with self._lock:
            if self._failure and (self._tried or self._failures != seen):
                raise _again(self._failure)
            alone = self._tried = self._failure is not None
        try:
            yield
        except StoreError as error:
            self._note(error)
            raise
        except ModerationError:  # the database has answered: no such key
            self._note(None)
            raise
        else:
            self._note(None)
        finally:
            if alone:
                self._tried = False

    def _note(self, failure: StoreError | None) -> None:
        with self._lock:
            self._failure = failure
            self._failures += failure is not None


def _again(failure: StoreError) -> StoreError:
    return type(failure)(failure.what, hint=failure.hint)
