"""Where comments, decisions and rulesets are kept: SQLite or PostgreSQL.

Functions that take a `session` get it from `Store.transaction` or `Store.reading`, and never commit.
"""

from moderation.store import desk_tables as _desk_tables  # noqa: F401 - its tables are ours too
from moderation.store.comments import add_all, find_stored, get, iterate
from moderation.store.database import Store
from moderation.store.errors import AlreadyStoredError
from moderation.store.history import repeats
from moderation.store.rows import CommentKey, NewRow, StoredComment, check_storable, key_of
from moderation.store.rulesets import load_ruleset, remember_ruleset
from moderation.store.stats import Summary, latest_decision, summary
from moderation.store.verdicts import add_verdict, standing_verdicts, text_hash, verdicts_of

__all__ = [
    "AlreadyStoredError",
    "CommentKey",
    "NewRow",
    "Store",
    "StoredComment",
    "Summary",
    "add_all",
    "add_verdict",
    "check_storable",
    "find_stored",
    "get",
    "iterate",
    "key_of",
    "latest_decision",
    "load_ruleset",
    "remember_ruleset",
    "repeats",
    "standing_verdicts",
    "summary",
    "text_hash",
    "verdicts_of",
]
