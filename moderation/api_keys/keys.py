"""Keys: made, listed, replaced, revoked and found."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from hmac import compare_digest

from sqlmodel import Session

from moderation.api_keys.key_text import hash_of, invalid_key, make_key, public_part
from moderation.api_keys.making import Wanted, canonical_name, make
from moderation.api_keys.values import ApiKey, ApiKeyChange, NewKey, api_key_of, key_change_of
from moderation.domain import KeyChange, Scope
from moderation.errors import ApiKeyError
from moderation.store import Store
from moderation.store.api_keys import (
    all_keys,
    begin_key_changes,
    changes_of_keys,
    end_keys,
    find_key,
    has_keys,
    keys_named,
    note_key_change,
)
from moderation.store.tables.api_keys import ApiKeyRow

LONGEST_OVERLAP = timedelta(days=366)

_NOBODY = hash_of(make_key()[1])
"""Compared where no key has the public part that was sent, so that it takes as long as where one has."""


def present_time() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


class ApiKeys:
    """The keys in a database. Who changes one is noted with the change, in the same transaction.

    A key is in force until it is revoked, or until the time that was left to it when another one replaced it.
    All methods raise `StoreError` where the database can't be used.
    """

    def __init__(self, store: Store, *, clock: Callable[[], datetime] = present_time) -> None:
        self._store = store
        self._clock = clock

    def add(
        self,
        name: str,
        scopes: Iterable[Scope],
        *,
        sites: Iterable[str] = (),
        quota: int | None = None,
        by: str,
    ) -> NewKey:
        """Make a key.

        Args:
            name: who or what it is for: up to 64 letters, digits or . _ @ + -
            scopes: what it may do, at least one.
            sites: where; none: on every site.
            quota: comments a minute; `None`: as many as come.
            by: who makes it.

        Raises:
            ApiKeyError: a key in force has the name, or something of the above is unfit.
        """
        wanted = Wanted(canonical_name(name), frozenset(scopes), frozenset(sites), quota)
        wanted.require_fit()
        with self._store.transaction() as session:
            begin_key_changes(session=session)
            now = self._clock()
            if keys_named(wanted.name, now, session=session):
                raise ApiKeyError(
                    f"there is a key named {wanted.name!r} already",
                    hint="`moderation keys rotate` replaces it; `moderation keys list` shows all",
                )
            return make(wanted, by, now, session)

    def list(self, *, ended: bool = False) -> list[ApiKey]:
        """Return the keys in force by name, of one name the newest first; with `ended` all that there ever were."""
        with self._store.reading() as session:
            return [api_key_of(row) for row in all_keys(self._clock(), ended=ended, session=session)]

    def changes(self, *, latest: int = 50) -> Sequence[ApiKeyChange]:
        """Return who did what to keys, the latest first, so many at most."""
        with self._store.reading() as session:
            return [key_change_of(row) for row in changes_of_keys(latest, session=session)]

    def revoke(self, reference: str, *, by: str) -> ApiKey:
        """End a key at once: processes that know it refuse it within two seconds.

        Args:
            reference: its public part, or its name. While one key replaces another, both have the name, and both end.
            by: who revokes it.

        Returns:
            The key as it is then; by a name that two have, the newer one.

        Raises:
            ApiKeyError: no key in force has that name or public part.
        """
        with self._store.transaction() as session:
            begin_key_changes(session=session)
            now = self._clock()
            rows = _require_rows(reference, now, session)
            end_keys(rows, now, session=session)
            for row in reversed(rows):
                note_key_change(row, KeyChange.REVOKED, by, now, session=session)
            return api_key_of(rows[0])

    def rotate(self, reference: str, *, overlap: timedelta, by: str) -> NewKey:
        """Make a key that replaces another: with its name, scopes, sites and quota.

        Args:
            reference: public part or name of the one that is replaced.
            overlap: how long that one is in force beside the new one, 0 to 366 days. Each has the quota for itself.
            by: who does it.

        Raises:
            ApiKeyError: no key in force has that name or public part, it is being replaced already, or the time is
                out of range.
        """
        if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
            raise ApiKeyError(
                "the old key can be in force beside the new one for 0 to 366 days", hint='such as "1 day"'
            )
        with self._store.transaction() as session:
            begin_key_changes(session=session)
            now = self._clock()
            old = _require_rows(reference, now, session)[0]
            if old.ends_at is not None:
                raise ApiKeyError("this key was replaced already", hint="rotate the one that replaced it")
            end_keys([old], now + overlap, session=session)
            note_key_change(old, KeyChange.ROTATED, by, now, session=session)
            same = api_key_of(old)
            return make(Wanted(same.name, same.scopes, same.sites, same.quota), by, now, session)

    def ensure_first(self, name: str, by: str) -> NewKey | None:
        """Make a key that may do everything, if there was never any key.

        Returns:
            The key, to be shown once; `None` if there is any key, be it one that has ended.

        Raises:
            ApiKeyError: the name is unfit.
        """
        wanted = Wanted(canonical_name(name), frozenset(Scope), frozenset(), None)
        wanted.require_fit()
        with self._store.transaction() as session:
            begin_key_changes(session=session)
            if has_keys(session=session):
                return None
            return make(wanted, by, self._clock(), session)

    def find(self, text: str) -> ApiKey:
        """Return the key that a client sent.

        Args:
            text: what was sent: any string of Python.

        Raises:
            ApiKeyError: it is no key in force. The message is the same whatever the reason, and so is the time that
                the comparison takes, whether or not a key has that public part.
        """
        public = public_part(text)
        if public is None:  # which tells nothing that the sender doesn't know
            raise invalid_key()
        with self._store.reading() as session:
            row = find_key(public, session=session)
            found = (api_key_of(row), row.hash) if row else None
        right = compare_digest(hash_of(text), found[1] if found else _NOBODY)
        if not right or found is None or not _in_force(found[0], self._clock()):
            raise invalid_key()
        return found[0]


def _require_rows(reference: str, now: datetime, session: Session) -> Sequence[ApiKeyRow]:
    """Return the key in force with a public part, else those of a name, the newest first.

    Raises:
        ApiKeyError: there is none. What was given is not said again: it may be a whole key.
    """
    known = canonical_name(reference)
    # else it is none, and perhaps nothing that a database could look for
    public = known.isascii() and known.isalnum()
    row = find_key(known, session=session) if public else None
    if row is not None and _in_force(api_key_of(row), now):
        return [row]
    if rows := keys_named(known, now, session=session):
        return rows
    raise ApiKeyError(
        "no key in force has that name or public part", hint="`moderation keys list` shows them"
    )


def _in_force(key: ApiKey, now: datetime) -> bool:
    return key.ends_at is None or key.ends_at > now
