"""Keys as anybody may know them, a new one, and what was done to them."""

from dataclasses import dataclass, field
from datetime import datetime

from moderation.domain import KeyChange, Scope
from moderation.errors import ScopeError
from moderation.store.tables.api_keys import ApiKeyChangeRow, ApiKeyRow


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key to the HTTP service, without what opens it.

    Attributes:
        id: its number in the database.
        public_id: the part of it that may be shown, 12 letters.
        name: who or what it is for.
        scopes: what it may do.
        sites: where; empty: on every site.
        quota: comments a minute; `None`: as many as come.
        by: who made it.
        created_at: when, UTC.
        ends_at: from when on it is refused, UTC; `None`: nobody has revoked or replaced it.
    """

    id: int
    public_id: str
    name: str
    scopes: frozenset[Scope]
    sites: frozenset[str]
    quota: int | None
    by: str
    created_at: datetime
    ends_at: datetime | None

    @property
    def only_site(self) -> str | None:
        """The site that it is for, if that is exactly one: requests needn't name it."""
        return next(iter(self.sites)) if len(self.sites) == 1 else None

    def require(self, scope: Scope) -> None:
        """Make sure that the key may do something.

        Raises:
            ScopeError: it may not.
        """
        if scope not in self.scopes:
            raise ScopeError(
                f"this key may not do that: it lacks the scope {scope.value!r}",
                hint=f"use a key that was made with `--scope {scope.value}`",
            )

    def require_site(self, site: str) -> None:
        """Make sure that the key may be used on a site.

        Raises:
            ScopeError: it may not.
        """
        if self.sites and site not in self.sites:
            raise ScopeError("this key is for other sites", hint="use a key that was made for this one")


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that was just made.

    Attributes:
        key: what may be known of it.
        secret: all of it, as clients send it. It can be shown now, and never again.
    """

    key: ApiKey
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ApiKeyChange:
    """What somebody did to a key.

    Attributes:
        public_id: of the key.
        name: of the key.
        change: what was done.
        by: who did it.
        at: when, UTC.
    """

    public_id: str
    name: str
    change: KeyChange
    by: str
    at: datetime


def api_key_of(row: ApiKeyRow) -> ApiKey:
    """Return a stored key, without the hash of its secret."""
    known = {scope.value for scope in Scope}  # one that a newer release knows opens nothing here
    return ApiKey(
        id=row.id,
        public_id=row.public_id,
        name=row.name,
        scopes=frozenset(Scope(scope) for scope in row.scopes if scope in known),
        sites=frozenset(row.sites),
        quota=row.quota,
        by=row.by,
        created_at=row.created_at,
        ends_at=row.ends_at,
    )


def key_change_of(row: ApiKeyChangeRow) -> ApiKeyChange:
    """Return a stored change."""
    return ApiKeyChange(row.public_id, row.name, row.change, row.by, row.at)
