"""Makes transactions that must not run side by side wait for each other."""

from sqlalchemy import text
from sqlmodel import Session

_LOCK = 0x72756C65  # "rule": any number, the same in all processes and no other lock's


def one_at_a_time(session: Session) -> None:
    """Wait until no other transaction is past this call; SQLite's transactions never are."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
