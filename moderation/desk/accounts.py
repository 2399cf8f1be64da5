"""Users of the dashboard as anybody may know them, and what was done to them."""

from dataclasses import dataclass
from datetime import datetime

from moderation.desk.people import User
from moderation.domain import Role, UserChange
from moderation.store.desk_tables import UserChangeRow, UserRow

SYSTEM = "system"
"""Who makes the first admin, and whatever nobody else does."""


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
    """

    name: str
    role: Role
    created_at: datetime
    disabled_at: datetime | None
    must_change: bool
    session: int

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
    return Account(row.name, row.role, row.created_at, row.disabled_at, row.must_change, row.session)


def change_of(row: UserChangeRow) -> AccountChange:
    """Return a stored change."""
    return AccountChange(row.name, row.change, row.by, row.at)
