"""Rulesets, kept so that a decision can be made again."""

from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from moderation.errors import StoreError
from moderation.store.tables.rulesets import RulesetRow


def remember_ruleset(ruleset_hash: str, source: str, files: Mapping[str, str], *, session: Session) -> None:
    """Store a ruleset by its hash, if it is not stored already."""
    if session.get(RulesetRow, ruleset_hash):  # spares all transactions but the first the attempt
        return
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    values = {"hash": ruleset_hash, "source": source, "files": dict(files), "created_at": datetime.now(UTC)}
    session.exec(insert(RulesetRow).values(values).on_conflict_do_nothing())


def load_ruleset(ruleset_hash: str, *, session: Session) -> tuple[str, dict[str, str]]:
    """Return a ruleset that decided a stored comment: its source, and the files it names by name.

    Raises:
        StoreError: there is none of this hash.
    """
    row = session.get(RulesetRow, ruleset_hash)
    if row is None:
        raise StoreError(
            f"no ruleset {ruleset_hash!r} is stored", hint="take the hash from a stored decision"
        )
    return row.source, row.files
