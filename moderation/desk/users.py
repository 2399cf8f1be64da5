"""Users of the dashboard, and how they log in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from moderation.desk.people import User
from moderation.domain import Role
from moderation.store import Store


def _now() -> datetime:
    return datetime.now(UTC)


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


class Users:
    """The users in a database.

    All methods raise `StoreError` where the database can't be used, and those that take or make a
    password `MissingExtraError` where argon2-cffi is not installed.
    """

    def __init__(self, store: Store, *, clock: Callable[[], datetime] = _now) -> None:
        self._store = store
        self._clock = clock

    def authenticate(self, name: str, password: str, address: str) -> Account:
        """Return who logs in.

        Args:
            name: as given.
            password: as given.
            address: where the attempt comes from; attempts are limited by name and by address.

        Raises:
            LoginError: name and password don't belong together, or the user is disabled.
            TooManyAttemptsError: there were too many failed attempts; see the hint for when to try again.
        """
        raise NotImplementedError

    def current(self, name: str, session: int) -> Account | None:
        """Return the user of a session; `None` if the session is over: ask for the password again."""
        raise NotImplementedError

    def add(self, name: str, role: Role, password: str | None = None) -> str | None:
        """Add a user.

        Returns:
            A one-time password, if none was given; it has to be changed at the first login.

        Raises:
            UserError: the name is taken or unfit, or the password is too short.
        """
        raise NotImplementedError

    def list(self) -> list[Account]:
        """Return all users by name."""
        raise NotImplementedError

    def disable(self, name: str) -> Account:
        """End a user's sessions and let them log in no more; what they decided stays.

        Raises:
            UserError: there is no such user, or it is the last admin.
        """
        raise NotImplementedError

    def enable(self, name: str) -> Account:
        """Let a disabled user log in again.

        Raises:
            UserError: there is no such user.
        """
        raise NotImplementedError

    def set_password(self, name: str, password: str | None = None) -> str | None:
        """Give a user another password, and end their sessions.

        Returns:
            A one-time password, if none was given.

        Raises:
            UserError: there is no such user, or the password is too short.
        """
        raise NotImplementedError

    def change_password(self, name: str, old: str, new: str, address: str) -> Account:
        """Let a user change their own password. Their other sessions end; the result has the new session number.

        Raises:
            LoginError: the old password is wrong.
            TooManyAttemptsError: likewise as `authenticate`.
            UserError: the new password is too short, or the same.
        """
        raise NotImplementedError

    def ensure_first_admin(self) -> tuple[str, str] | None:
        """Add an admin if there are no users.

        Returns:
            Name and one-time password, to be shown once; `None` if there are users.
        """
        raise NotImplementedError
