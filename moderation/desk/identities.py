"""Users who log in at a provider of OpenID Connect: who is whom, from the first login on."""

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session

from moderation.desk.accounts import (
    SYSTEM,
    Account,
    Identity,
    account_of,
    change_row,
    identity_of,
    require_row,
    utc_now,
)
from moderation.domain import UserChange
from moderation.errors import LoginError, UserError
from moderation.logs import Fields, room_logger
from moderation.store import Store
from moderation.store.tables.users import UserRow
from moderation.store.users import claim_user, find_bound, note_user_change

log = room_logger(__name__)

_REFUSED = "a login by OpenID Connect was refused: %s"

_LONGEST_ISSUER = 500
"""An index takes no text of any length."""

_LONGEST_SUBJECT = 255
"""As the standard says."""


class Identities:
    """Who the users in a database are at a provider. All methods raise `StoreError` where the database can't be used."""

    def __init__(self, store: Store, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._store = store
        self._clock = clock

    def recognise(self, identity: Identity, email: str) -> Account:
        """Return who logs in at a provider.

        Whoever comes for the first time becomes the user that an admin added with their mail address, for good:
        the address opens nothing to whoever gets it later.

        Args:
            identity: who they are there, which the provider has proved.
            email: their mail address; empty if it is not verified.

        Raises:
            LoginError: they are no user, or a disabled one, or somebody else is that user.
        """
        _require_storable(identity)
        with self._store.transaction() as session:
            row = find_bound(identity.issuer, identity.subject, session=session)
            row = row or self._bind(identity, email, session)
            if row is None or row.disabled_at is not None:
                log.info(_REFUSED, "no user here", extra=Fields(error=LoginError.code))
                raise LoginError(
                    "your account is not known here", hint="an admin can add it: moderation users add EMAIL"
                )
            return account_of(row)

    def _bind(self, identity: Identity, email: str, session: Session) -> UserRow | None:
        # as it is written: letters that only look the same, or are made the same, may be another's
        row = claim_user(email, session=session) if "@" in email else None
        if row is None or row.disabled_at is not None:
            return None
        known = identity_of(row)
        if known is None:
            note_user_change(row.name, UserChange.BOUND, str(identity), self._clock(), session=session)
            change_row(row, session, issuer=identity.issuer, subject=identity.subject)
        elif known != identity:  # else another login of theirs was quicker
            log.info(_REFUSED, "bound to another account", extra=Fields(error=LoginError.code))
            raise LoginError(
                "the user of your mail address is bound to another account at your provider",
                hint=f"an admin can undo it: moderation users unbind {row.name}",
            )
        return row

    def unbind(self, name: str, *, by: str = SYSTEM) -> Account:
        """End a user's sessions, and let whoever logs in next with their mail address be that user.

        Raises:
            UserError: there is no such user, or nobody is bound to it.
        """
        with self._store.transaction() as session:
            row = require_row(name, session)
            if identity_of(row) is None:
                raise UserError(f"{row.name!r} is not bound", hint="`moderation users list` shows who is")
            note_user_change(row.name, UserChange.UNBOUND, by, self._clock(), session=session)
            return change_row(row, session, session_number=row.session + 1, issuer=None, subject=None)


def _require_storable(identity: Identity) -> None:
    lengths = (len(identity.issuer), _LONGEST_ISSUER), (len(identity.subject), _LONGEST_SUBJECT)
    if not all(0 < length <= most for length, most in lengths):
        raise LoginError("your provider does not say who you are", hint="tell an admin")
