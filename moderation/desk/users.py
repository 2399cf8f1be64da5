"""Users of the dashboard, and how they log in."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime

from moderation.desk.accounts import (
    SYSTEM,
    Account,
    AccountChange,
    account_of,
    canonical,
    change_of,
    change_row,
    require_row,
    utc_now,
)
from moderation.desk.attempts import REFUSED, note_attempt
from moderation.desk.passwords import hashed, is_right, one_time, require_fit
from moderation.domain import Role, UserChange
from moderation.errors import LoginError, UserError
from moderation.logs import Fields, room_logger
from moderation.store import Store
from moderation.store.users import (
    add_user,
    all_users,
    changes_of_users,
    claim_admins,
    find_user,
    has_users,
    note_user_change,
    succeed,
)

log = room_logger(__name__)

FIRST_ADMIN = "admin"

_LONGEST_NAME = 64
_NAME = re.compile(r"[\w.@+-]{1,64}")


class Users:
    """The users in a database. Who changes one is noted with the change, in the same transaction.

    All methods raise `StoreError` where the database can't be used, and those that take or make a
    password `MissingExtraError` where argon2-cffi is not installed.
    """

    def __init__(self, store: Store, *, clock: Callable[[], datetime] = utc_now) -> None:
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
        now = self._clock()
        known, place = canonical(name)[:_LONGEST_NAME], address[:_LONGEST_NAME]
        with self._store.transaction() as session:
            attempt = note_attempt(known, place, now, session)
            row = find_user(known, session=session)
            found = (account_of(row), row.password) if row else None
        # outside of the transaction: it takes long, and others want to log in
        right = is_right(password, found[1] if found else None)
        if not right or found is None or found[0].disabled_at is not None:
            log.info(REFUSED, "name and password don't belong together", extra=Fields(error=LoginError.code))
            raise LoginError(
                "name and password don't belong together", hint="ask an admin for a new password"
            )
        with self._store.transaction() as session:
            succeed(attempt, session=session)
        return found[0]

    def current(self, name: str, session_number: int) -> Account | None:
        """Return the user of a session; `None` if the session is over: ask for the password again."""
        with self._store.reading() as session:
            row = find_user(canonical(name), session=session)
            if row is None or row.disabled_at is not None or row.session != session_number:
                return None
            return account_of(row)

    def add(self, name: str, role: Role, password: str | None = None, *, by: str = SYSTEM) -> str | None:
        """Add a user.

        Returns:
            A one-time password, if none was given; it has to be changed at the first login.

        Raises:
            UserError: the name is taken or unfit, or the password is too short.
        """
        known = canonical(name)
        if not _NAME.fullmatch(known):
            raise UserError(
                "a user's name has up to 64 letters, digits or . _ @ + -, and no blanks", hint="ann.smith"
            )
        made = _made(password)
        with self._store.transaction() as session:
            free = add_user(
                known,
                role,
                hashed(made),
                must_change=password is None,
                now=self._clock(),
                session=session,
            )
            if free:
                note_user_change(known, UserChange.ADDED, by, self._clock(), session=session)
        if not free:
            raise UserError(f"there is a user {known!r} already", hint="`moderation users list` shows them")
        return made if password is None else None

    def list(self) -> list[Account]:
        """Return all users by name."""
        with self._store.reading() as session:
            return [account_of(row) for row in all_users(session=session)]

    def changes(self, *, latest: int = 50) -> Sequence[AccountChange]:
        """Return who did what to users, the latest first, so many at most."""
        with self._store.reading() as session:
            return [change_of(row) for row in changes_of_users(latest, session=session)]

    def disable(self, name: str, *, by: str = SYSTEM) -> Account:
        """End a user's sessions and let them log in no more; what they decided stays.

        Raises:
            UserError: there is no such user, or it is the last admin.
        """
        with self._store.transaction() as session:
            admins = claim_admins(session=session)  # before the user: an admin is one of them
            row = require_row(name, session)
            if admins == {row.name}:
                raise UserError(f"{row.name!r} is the last admin", hint="add another admin first")
            note_user_change(row.name, UserChange.DISABLED, by, self._clock(), session=session)
            return change_row(row, session, disabled_at=self._clock(), session_number=row.session + 1)

    def enable(self, name: str, *, by: str = SYSTEM) -> Account:
        """Let a disabled user log in again.

        Raises:
            UserError: there is no such user.
        """
        with self._store.transaction() as session:
            row = require_row(name, session)
            note_user_change(row.name, UserChange.ENABLED, by, self._clock(), session=session)
            return change_row(row, session, disabled_at=None)

    def set_password(self, name: str, password: str | None = None, *, by: str = SYSTEM) -> str | None:
        """Give a user another password, and end their sessions.

        Returns:
            A one-time password, if none was given.

        Raises:
            UserError: there is no such user, or the password is too short.
        """
        made = _made(password)
        values = {"password": hashed(made), "must_change": password is None}
        with self._store.transaction() as session:
            row = require_row(name, session)
            note_user_change(row.name, UserChange.PASSWORD_GIVEN, by, self._clock(), session=session)
            change_row(row, session, session_number=row.session + 1, **values)
        return made if password is None else None

    def change_password(self, name: str, old: str, new: str, address: str) -> Account:
        """Let a user change their own password. Their other sessions end; the result has the new session number.

        Raises:
            LoginError: the old password is wrong.
            TooManyAttemptsError: likewise as `authenticate`.
            UserError: the new password is too short, or the same.
        """
        self.authenticate(name, old, address)
        require_fit(new)
        if new == old:
            raise UserError("the new password is the old one")
        values = {"password": hashed(new), "must_change": False}
        with self._store.transaction() as session:
            row = require_row(name, session)
            note_user_change(row.name, UserChange.PASSWORD_CHANGED, row.name, self._clock(), session=session)
            return change_row(row, session, session_number=row.session + 1, **values)

    def ensure_first_admin(self) -> tuple[str, str] | None:
        """Add an admin if there are no users.

        Returns:
            Name and one-time password, to be shown once; `None` if there are users.
        """
        with self._store.reading() as session:
            if has_users(session=session):
                return None
        try:
            made = self.add(FIRST_ADMIN, Role.ADMIN)
        except UserError:  # another process was quicker
            return None
        return (FIRST_ADMIN, made) if made else None


def _made(password: str | None) -> str:
    if password is None:
        return one_time()
    require_fit(password)
    return password
