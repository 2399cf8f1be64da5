"""Attempts to log in: how many may fail, and how long they are remembered."""

from datetime import datetime, timedelta
from math import ceil

from sqlmodel import Session

from moderation.errors import TooManyAttemptsError
from moderation.logs import Fields, room_logger
from moderation.store.users import add_attempt, begin_attempts, failures

log = room_logger(__name__)

WINDOW = timedelta(minutes=15)
"""Failed attempts are counted over this time."""

MOST_BY_NAME = 10
MOST_BY_ADDRESS = 50
"""More than for a name: a newsroom may have one address."""

FORGOTTEN = timedelta(days=1)
"""Attempts older than this are deleted: they are personal data."""

REFUSED = "a login was refused: %s"
# Not for whom, nor from where: people type passwords into the field for the name. The database has both, for a day.


def note_attempt(name: str, address: str, now: datetime, session: Session) -> int:
    """Note an attempt, which counts as failed until `succeed`; return its number.

    Raises:
        TooManyAttemptsError: too many failed lately; see the hint for when to try again.
    """
    begin_attempts(now - FORGOTTEN, session=session)
    _require_patience(name, address, now, session)
    return add_attempt(name, address, now, session=session)


def _require_patience(name: str, address: str, now: datetime, session: Session) -> None:
    tried = {
        MOST_BY_NAME: failures(now - WINDOW, name=name, session=session),
        MOST_BY_ADDRESS: failures(now - WINDOW, address=address, session=session),
    }
    over = [times[-most] for most, times in tried.items() if len(times) >= most]
    if over:
        log.warning(REFUSED, "too many attempts", extra=Fields(error=TooManyAttemptsError.code))
        minutes = ceil((max(over) + WINDOW - now) / timedelta(minutes=1))
        raise TooManyAttemptsError(
            "too many attempts to log in", hint=f"try again in {minutes} minutes, or ask an admin"
        )
