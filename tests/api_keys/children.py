"""Processes that spend one quota, see `tests.support.processes`."""

import time
from collections import Counter
from multiprocessing.connection import Connection

from moderation.api_keys import ApiKeys, Quotas
from moderation.errors import QuotaError
from moderation.store import Store

MINUTE = 29_000_000
"""The minute that it is in these processes."""


def spend(connection: Connection, url: str, start: float, secret: str, sizes: list[int], most: int) -> None:
    """Spend batches of such sizes in turn, `most` of them; stop once one comment is refused. Answer with what was taken."""
    with Store.open(url, busy_timeout_s=60) as store:
        key = ApiKeys(store).find(secret)
        quotas = Quotas(store, clock=lambda: MINUTE * 60.0)
        time.sleep(max(0, start - time.time()))
        said: Counter[str] = Counter()
        for number in range(most):
            size = sizes[number % len(sizes)]
            try:
                quotas.spend(key, size)
            except QuotaError:
                said["refused"] += 1
                if size == 1:
                    break
            else:
                said["taken"] += size
        connection.send((said["taken"], said["refused"]))
