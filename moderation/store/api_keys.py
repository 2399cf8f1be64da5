"""Keys to the HTTP service, what was done to them, and what of their quotas is used."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, delete, or_, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from moderation.domain import KeyChange
from moderation.store.tables.api_keys import ApiKeyChangeRow, ApiKeyRow, ApiKeyUseRow


def begin_key_changes(*, session: Session) -> None:
    """Let changes of keys come one after the other until the transaction ends: a name in force is one key's.

    Requests don't wait: keys can be read meanwhile, and quotas be spent.
    """
    if session.get_bind().dialect.name == "postgresql":  # SQLite's transaction is a lock by itself
        session.connection().execute(text("LOCK TABLE api_key IN SHARE ROW EXCLUSIVE MODE"))


def add_key(row: ApiKeyRow, *, session: Session) -> ApiKeyRow:
    """Add a key; the row has its number then."""
    session.add(row)
    session.flush()
    return row


def find_key(public_id: str, *, session: Session) -> ApiKeyRow | None:
    """Return a key by its public part, ended ones too."""
    return session.exec(select(ApiKeyRow).where(col(ApiKeyRow.public_id) == public_id)).first()


def keys_named(name: str, now: datetime, *, session: Session) -> list[ApiKeyRow]:
    """Return the keys of a name that are in force, the newest first: two, while one replaces the other."""
    query = select(ApiKeyRow).where(col(ApiKeyRow.name) == name, _in_force(now))
    return list(session.exec(query.order_by(col(ApiKeyRow.id).desc())))


def all_keys(now: datetime, *, ended: bool, session: Session) -> list[ApiKeyRow]:
    """Return keys by name, of one name the newest first; those in force alone, or all there ever were."""
    query = select(ApiKeyRow).order_by(col(ApiKeyRow.name), col(ApiKeyRow.id).desc())
    return list(session.exec(query if ended else query.where(_in_force(now))))


def has_keys(*, session: Session) -> bool:
    """Whether there is any key, ended ones included."""
    return session.exec(select(col(ApiKeyRow.id)).limit(1)).first() is not None


def end_keys(rows: Collection[ApiKeyRow], ends_at: datetime, *, session: Session) -> None:
    """Let keys be in force until then, and no longer."""
    for row in rows:
        row.ends_at = ends_at
        session.add(row)
    session.flush()


def note_key_change(row: ApiKeyRow, change: KeyChange, by: str, now: datetime, *, session: Session) -> None:
    """Note who did what to a key."""
    session.add(ApiKeyChangeRow(public_id=row.public_id, name=row.name, change=change, by=by, at=now))


def changes_of_keys(latest: int, *, session: Session) -> list[ApiKeyChangeRow]:
    """Return what was done to keys, the latest first, so many at most."""
    return list(session.exec(select(ApiKeyChangeRow).order_by(col(ApiKeyChangeRow.id).desc()).limit(latest)))


def use_quota(key_id: int, minute: int, comments: int, quota: int, *, session: Session) -> bool:
    """Set so many comments of a key's quota in a minute aside, all or none; returns whether there were as many left.

    One statement, so that processes that do so at once never get more than the quota between them.

    Args:
        key_id: number of the key.
        minute: minutes since 1970, UTC.
        comments: how many, `quota` at most.
        quota: how many there are in a minute.
        session: of a transaction.
    """
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    used = col(ApiKeyUseRow.used)
    statement = (
        insert(ApiKeyUseRow)
        .values(key_id=key_id, minute=minute, used=comments)
        .on_conflict_do_update(
            index_elements=["key_id", "minute"],
            set_={"used": used + comments},
            where=used <= quota - comments,  # and not `used + comments <= quota`, which could overflow
        )
        .returning(used)
    )
    return session.connection().execute(statement).scalar() is not None


def forget_use(before: int, *, session: Session) -> None:
    """Delete what was used in minutes before that one."""
    session.connection().execute(delete(ApiKeyUseRow).where(col(ApiKeyUseRow.minute) < before))


def _in_force(now: datetime) -> ColumnElement[bool]:
    return or_(col(ApiKeyRow.ends_at).is_(None), col(ApiKeyRow.ends_at) > now)
