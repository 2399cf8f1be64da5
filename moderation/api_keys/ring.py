"""Keys as a process remembers them for two seconds, so that a request costs no query."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import Generic, TypeVar

from moderation.api_keys.key_text import hash_of, invalid_key, public_part
from moderation.api_keys.keys import ApiKeys
from moderation.api_keys.trouble import Trouble
from moderation.api_keys.values import ApiKey
from moderation.errors import ApiKeyError

MOST = 1024
"""Keys that are remembered, and as many texts that are none: some 0.5 MB."""

T = TypeVar("T")


class KeyRing:
    """What `ApiKeys.find` answers, remembered for a moment. Safe to share between threads.

    A key that was revoked, in whatever process, is refused after `ttl_s` at the latest; one that was just made and was
    asked for before, is known by then.
    """

    def __init__(self, keys: ApiKeys, *, ttl_s: float = 2.0, clock: Callable[[], float] = monotonic) -> None:
        self._keys = keys
        self._ttl_s = ttl_s
        self._clock = clock
        self._found: _Recent[ApiKey] = _Recent(MOST)
        # Apart from the others, so that whoever tries one text after the other drives no key out of memory.
        self._refused: _Recent[bool] = _Recent(MOST)
        self._lock = Lock()
        self._trouble = Trouble()

    def find(self, text: str) -> ApiKey:
        """Return the key that a client sent.

        Raises:
            ApiKeyError: it is no key in force.
            StoreError: the database was asked, and can't be used.
        """
        now = self._clock()
        # `now` is from before the query: what is revoked meanwhile is not remembered for longer because of it
        return self.remembered(text) or self._ask(text, hash_of(text), now + self._ttl_s)

    def remembered(self, text: str) -> ApiKey | None:
        """Return the key that a client sent, if that is known without a query; `None` if `find` has to ask.

        Raises:
            ApiKeyError: it is no key in force, which is known without a query.
        """
        if public_part(text) is None:  # not worth remembering: it is refused without a query
            raise invalid_key()
        digest, now = hash_of(text), self._clock()
        with self._lock:
            key = self._found.get(digest, now)
            if key is None and self._refused.get(digest, now):
                raise invalid_key()
        return key

    def _ask(self, text: str, digest: str, until: float) -> ApiKey:
        seen = self._trouble.seen()
        try:
            with self._trouble.asking(seen):
                key = self._keys.find(text)
        except ApiKeyError:
            with self._lock:
                self._refused.put(digest, value=True, until=until)
            raise
        with self._lock:
            self._found.put(digest, value=key, until=until)
        return key


class _Recent(Generic[T]):
    """A few values by the hash of what was asked, each until its time; the oldest makes room."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[str, tuple[T, float]] = OrderedDict()

    def get(self, digest: str, now: float) -> T | None:
        """Return a value, if its time is not over."""
        found = self._values.get(digest)
        return found[0] if found and found[1] > now else None

    def put(self, digest: str, *, value: T, until: float) -> None:
        """Remember a value."""
        self._values[digest] = value, until
        self._values.move_to_end(digest)
        if len(self._values) > self._most:
            self._values.popitem(last=False)
