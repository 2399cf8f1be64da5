"""How a key is made: what it may be, and its row."""

import re
from dataclasses import dataclass
from datetime import datetime
from unicodedata import normalize

from sqlmodel import Session

from moderation.api_keys.key_text import hash_of, make_key
from moderation.api_keys.values import NewKey, api_key_of
from moderation.domain import KeyChange, Scope
from moderation.errors import ApiKeyError
from moderation.store.api_keys import add_key, note_key_change
from moderation.store.tables.api_keys import ApiKeyRow

MOST_QUOTA = 2**31 - 1
"""Comments a minute: what a column of the database has room for."""

_NAME = re.compile(r"(?!cmk_)[\w.@+-]{1,64}")  # not a key by mistake: that would keep, and show, its secret


def canonical_name(name: str) -> str:
    """Return a key's name as it is stored."""
    return normalize("NFC", name.strip())


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a key is to be, before there is one."""

    name: str
    scopes: frozenset[Scope]
    sites: frozenset[str]
    quota: int | None

    def require_fit(self) -> None:
        """Make sure that there can be such a key.

        Raises:
            ApiKeyError: something of it is unfit.
        """
        if not _NAME.fullmatch(self.name):
            raise ApiKeyError(
                "a key's name has up to 64 letters, digits or . _ @ + -, no blanks, and does not begin as keys do",
                hint="name what it is for: news-site",
            )
        if not self.scopes:
            raise ApiKeyError("a key needs a scope", hint=f"one or more of {', '.join(Scope)}")
        if "" in self.sites:
            raise ApiKeyError(
                "a site's name must not be empty", hint="leave sites out for a key to all of them"
            )
        if self.quota is not None and not 1 <= self.quota <= MOST_QUOTA:
            raise ApiKeyError(
                f"a quota is 1 to {MOST_QUOTA:,} comments a minute", hint="leave it out for no limit"
            )


def make(wanted: Wanted, by: str, now: datetime, session: Session) -> NewKey:
    """Store a new key, and who made it."""
    public_id, secret = make_key()
    row = ApiKeyRow(
        public_id=public_id,
        name=wanted.name,
        hash=hash_of(secret),
        scopes=[scope.value for scope in sorted(wanted.scopes)],
        sites=sorted(wanted.sites),
        quota=wanted.quota,
        by=by,
        created_at=now,
    )
    add_key(row, session=session)
    note_key_change(row, KeyChange.ADDED, by, now, session=session)
    return NewKey(api_key_of(row), secret)
