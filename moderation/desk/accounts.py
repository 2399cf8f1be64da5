"""Users of the dashboard as anybody may know them, what was done to them, and how their rows are changed."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from unicodedata import normalize

from sqlmodel import Session
from typing_extensions import override

from moderation.desk.people import User
from moderation.domain import Role, UserChange
from moderation.errors import UserError
from moderation.store.tables.users import UserChangeRow, UserRow
from moderation.store.users import claim_user

SYSTEM = "system"
"""Who makes the first admin, and whatever nobody else does."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is at a provider of OpenID Connect, whatever their mail address is at the time.

    Attributes:
        issuer: the provider.
        subject: who they are there; never given to anybody else.
    """

    issuer: str
    subject: str

    @override
    def __str__(self) -> str:
        return f"{self.subject} at {self.issuer}"


@dataclass(frozen=True, slots=True)
class Account:
    """A user of the dashboard, as far as anybody may know; the password's hash stays in the database.

    Attributes:
        name: what they log in with, and what their verdicts name.
        role: what they may do.
        created_at: since when, UTC.
        disabled_at: since when they can't log in, UTC; `None` if they can.
        must_change: whether the password was made for them, and has to be changed at the first login.
        session: one more with each change of password, role or disabling: sessions of a lower number are over.
        identity: who they are at a provider of OpenID Connect; `None` until they first log in there.
    """

    name: str
    role: Role
    created_at: datetime
    disabled_at: datetime | None
    must_change: bool
    session: int
    identity: Identity | None = None

    @property
    def user(self) -> User:
        """Who takes part in the desk's use cases."""
        return User(self.name, self.role)


@dataclass(frozen=True, slots=True)
class AccountChange:
    """What somebody did to a user.

    Attributes:
        name: of the user.
        change: what was done.
        by: who did it.
        at: when, UTC.
    """

    name: str
    change: UserChange
    by: str
    at: datetime


def account_of(row: UserRow) -> Account:
    """Return a user without their password."""
    return Account(
        row.name,
        row.role,
        row.created_at,
        row.disabled_at,
        row.must_change,
        row.session,
        identity_of(row),
    )


def identity_of(row: UserRow) -> Identity | None:
    """Return who a user is at a provider of OpenID Connect, if that is known."""
    if row.issuer is None or row.subject is None:
        return None
    return Identity(row.issuer, row.subject)


def change_of(row: UserChangeRow) -> AccountChange:
    """Return a stored change."""
    return AccountChange(row.name, row.change, row.by, row.at)


def utc_now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


def canonical(name: str) -> str:
    """Return a user's name as it is stored."""
    return normalize("NFC", name.strip())


def require_row(name: str, session: Session) -> UserRow:
    """Return a user to change, claimed for this transaction.

    Raises:
        UserError: there is no such user.
    """
    row = claim_user(canonical(name), session=session)
    if row is None:
        raise UserError(f"there is no user {name!r}", hint="`moderation users list` shows them")
    return row


def change_row(
    row: UserRow,
    session: Session,
    *,
    session_number: int | None = None,
    **values: Any,  # noqa: ANN401 - any column
) -> Account:
    """Write such columns of a user, and return the user as they are then."""
    for column, value in values.items():
        setattr(row, column, value)
    row.session = session_number or row.session
    session.add(row)
    session.flush()
    return account_of(row)
