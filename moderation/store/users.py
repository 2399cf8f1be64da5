"""Users of the dashboard, what was done to them, and how often somebody tried to be one."""

from datetime import datetime

from sqlalchemy import delete, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from moderation.domain import Role, UserChange
from moderation.store.tables.users import LoginAttemptRow, UserChangeRow, UserRow


def add_user(
    name: str, role: Role, password: str, *, must_change: bool, now: datetime, session: Session
) -> bool:
    """Add a user; returns whether the name was free."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = (
        insert(UserRow)
        .values(name=name, role=role, password=password, must_change=must_change, session=1, created_at=now)
        .on_conflict_do_nothing(index_elements=["name"])
        .returning(col(UserRow.id))
    )
    return session.connection().execute(statement).scalar() is not None


def find_user(name: str, *, session: Session) -> UserRow | None:
    """Return a user by name."""
    return session.exec(select(UserRow).where(col(UserRow.name) == name)).first()


def claim_user(name: str, *, session: Session) -> UserRow | None:
    """Return a user by name as it is now, and keep it so: others who would change it wait for this transaction."""
    return session.exec(select(UserRow).where(col(UserRow.name) == name).with_for_update()).first()


def find_bound(issuer: str, subject: str, *, session: Session) -> UserRow | None:
    """Return the user who is somebody at a provider of OpenID Connect."""
    same = col(UserRow.issuer) == issuer, col(UserRow.subject) == subject
    return session.exec(select(UserRow).where(*same)).first()


def all_users(*, session: Session) -> list[UserRow]:
    """Return all users by name."""
    return list(session.exec(select(UserRow).order_by(col(UserRow.name))))


def has_users(*, session: Session) -> bool:
    """Whether there is any user, disabled ones included."""
    return session.exec(select(col(UserRow.id)).limit(1)).first() is not None


def claim_admins(*, session: Session) -> set[str]:
    """Return the names of all admins who can log in, and keep them so: others who would change one wait."""
    query = select(UserRow.name).where(col(UserRow.role) == Role.ADMIN, col(UserRow.disabled_at).is_(None))
    # in one order, that two who claim them don't wait for each other
    return set(session.exec(query.order_by(col(UserRow.id)).with_for_update()))


def note_user_change(name: str, change: UserChange, by: str, now: datetime, *, session: Session) -> None:
    """Note who did what to a user."""
    session.add(UserChangeRow(name=name, change=change, by=by, at=now))


def changes_of_users(latest: int, *, session: Session) -> list[UserChangeRow]:
    """Return what was done to users, the latest first, so many at most."""
    return list(session.exec(select(UserChangeRow).order_by(col(UserChangeRow.id).desc()).limit(latest)))


def begin_attempts(forget: datetime, *, session: Session) -> None:
    """Let attempts to log in come one after the other until the transaction ends; forget old ones."""
    if session.get_bind().dialect.name == "postgresql":  # SQLite's transaction is a lock by itself
        session.connection().execute(text("LOCK TABLE login_attempt IN SHARE ROW EXCLUSIVE MODE"))
    session.connection().execute(delete(LoginAttemptRow).where(col(LoginAttemptRow.at) < forget))


def failures(
    since: datetime, *, name: str | None = None, address: str | None = None, session: Session
) -> list[datetime]:
    """Return when attempts with this name, or from this address, failed; oldest first."""
    same = col(LoginAttemptRow.name) == name if name is not None else col(LoginAttemptRow.address) == address
    query = select(LoginAttemptRow.at).where(
        same, col(LoginAttemptRow.failed), col(LoginAttemptRow.at) > since
    )
    return list(session.exec(query.order_by(col(LoginAttemptRow.at))))


def add_attempt(name: str, address: str, now: datetime, *, session: Session) -> int:
    """Store an attempt as failed, which it is until the password was right; returns its number."""
    row = LoginAttemptRow(name=name, address=address, failed=True, at=now)
    session.add(row)
    session.flush()
    return row.id


def succeed(attempt: int, *, session: Session) -> None:
    """Note that the password was right."""
    statement = update(LoginAttemptRow).where(col(LoginAttemptRow.id) == attempt).values(failed=False)
    session.connection().execute(statement)
