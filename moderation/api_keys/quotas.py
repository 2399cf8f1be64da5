"""Quotas: how many comments a key may send in a minute, whichever process they come to.

Each process sets a small part of the quota aside, a block, and spends it without asking the database. All blocks of
a minute together are never more than the quota. What one process set aside and doesn't need is lost to the others,
so a block is 1 % of the quota: up to ten processes leave less than 10 % of it. Near the end of the quota, where no
whole block is left, a process takes just what it needs.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Lock
from time import time

from moderation.api_keys.trouble import Trouble
from moderation.api_keys.values import ApiKey
from moderation.errors import QuotaError, RequestError, StoreError
from moderation.store import Store
from moderation.store.api_keys import forget_use, use_quota

BLOCKS = 100
"""Of a quota, unless it is smaller than that."""

_MINUTE_S = 60
_KEPT = 60
"""Minutes that a row is kept, for whoever looks into why a client was refused."""

_TIDIED = 10
"""Minutes between two looks for older ones."""


@dataclass(slots=True)
class _Share:
    """What this process has set aside of one key's quota, and knows of the rest, in a minute."""

    minute: int = -1
    left: int = 0
    refused: int | None = None  # so many were no longer left, so neither are more
    lock: Lock = field(default_factory=Lock)

    def begin(self, minute: int) -> None:
        """Forget what was set aside in another minute."""
        if minute != self.minute:
            self.minute, self.left, self.refused = minute, 0, None


class Quotas:
    """Counts what keys are used for. Safe to share between threads; one for each process."""

    def __init__(self, store: Store, *, clock: Callable[[], float] = time) -> None:
        """Count.

        Args:
            store: the database that all processes share.
            clock: seconds since 1970, the same in all processes.
        """
        self._store = store
        self._clock = clock
        self._shares: dict[int, _Share] = {}  # as many as there are keys
        self._lock = Lock()
        self._trouble = Trouble()
        self._tidied = -_TIDIED

    def spend(self, key: ApiKey, comments: int) -> None:
        """Take comments from a key's quota, all or none. A key without a quota may send as many as it likes.

        Raises:
            QuotaError: there are not as many left in this minute.
            RequestError: there never are so many in a minute.
            StoreError: the database was asked, and can't be used.
        """
        if key.quota is None or comments < 1:
            return
        if comments > key.quota:
            raise RequestError(  # waiting would not help
                f"this key's quota is {key.quota:,} comments a minute, and the request has more",
                hint=f"send {key.quota:,} comments at most at once, or ask for a higher quota",
            )
        share, seen = self._share(key.id), self._trouble.seen()
        with share.lock:  # of this key alone: the others don't wait while the database is asked
            now = self._clock()
            share.begin(int(now // _MINUTE_S))
            if not self._take(share, key, comments, seen):
                raise _used_up(now, key.quota, hint="wait for the next minute, or ask for a higher quota")
        self._tidy(int(now // _MINUTE_S))

    def _share(self, key_id: int) -> _Share:
        with self._lock:
            return self._shares.setdefault(key_id, _Share())

    def _take(self, share: _Share, key: ApiKey, comments: int, seen: int) -> bool:
        missing = comments - share.left
        if missing <= 0:
            share.left -= comments
            return True
        if share.refused is not None and missing >= share.refused:
            return False  # whoever goes on all the same costs no query
        quota = key.quota or 0
        block = max(quota // BLOCKS, 1)
        for wanted in dict.fromkeys((max(missing, block), missing)):
            with self._trouble.asking(seen), self._store.transaction() as session:
                taken = use_quota(key.id, share.minute, wanted, quota, session=session)
            if taken:
                share.left += wanted - comments
                return True
        share.refused = missing
        return False

    def _tidy(self, minute: int) -> None:
        with self._lock:
            if minute < self._tidied + _TIDIED:
                return
            self._tidied = minute
        with suppress(StoreError), self._store.transaction() as session:  # the next look finds them, too
            forget_use(minute - _KEPT, session=session)


def _used_up(now: float, quota: int, *, hint: str) -> QuotaError:
    return QuotaError(
        f"this key's quota of {quota:,} comments a minute is used up",
        hint=hint,
        retry_after_s=_MINUTE_S - now % _MINUTE_S,
    )
