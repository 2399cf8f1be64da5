"""Where comments, decisions and rulesets are kept: SQLite or PostgreSQL.

Functions that take a `session` get it from `Store.transaction` or `Store.reading`, and never commit.
"""

from moderation.store import tables as _tables  # noqa: F401 - all of them are known wherever a row is
from moderation.store.comments.finding import find_stored, get_comment, iterate
from moderation.store.comments.history import repeats
from moderation.store.comments.rows import CommentKey, NewRow, StoredComment, key_of
from moderation.store.comments.storable import check_fields, check_storable
from moderation.store.comments.writing import add_all
from moderation.store.database.errors import AlreadyStoredError, database_label
from moderation.store.database.locks import one_at_a_time
from moderation.store.database.store import Store
from moderation.store.rulesets.archive import load_ruleset, remember_ruleset
from moderation.store.rulesets.brakes import (
    BrakeEvent,
    add_brake_event,
    brake_events,
    brake_states,
    count_decided,
    count_rejections,
)
from moderation.store.rulesets.changes import (
    Marks,
    RulesetChange,
    add_change,
    changes,
    find_ruleset,
    live_change,
    read_marks,
)
from moderation.store.rulesets.versions import (
    RuleChanges,
    RuleVersion,
    find_versions,
    newest_versions,
    note_versions,
)
from moderation.store.statistics.summary import latest_decision, latest_ruleset, summary
from moderation.store.tables.rulesets import BrakeKind, ChangeKind
from moderation.store.verdicts.verdict_log import standing_verdicts, text_hash

__all__ = [
    "AlreadyStoredError",
    "BrakeEvent",
    "BrakeKind",
    "ChangeKind",
    "CommentKey",
    "Marks",
    "NewRow",
    "RuleChanges",
    "RuleVersion",
    "RulesetChange",
    "Store",
    "StoredComment",
    "add_all",
    "add_brake_event",
    "add_change",
    "brake_events",
    "brake_states",
    "changes",
    "check_fields",
    "check_storable",
    "count_decided",
    "count_rejections",
    "database_label",
    "find_ruleset",
    "find_stored",
    "find_versions",
    "get_comment",
    "iterate",
    "key_of",
    "latest_decision",
    "latest_ruleset",
    "live_change",
    "load_ruleset",
    "newest_versions",
    "note_versions",
    "one_at_a_time",
    "read_marks",
    "remember_ruleset",
    "repeats",
    "standing_verdicts",
    "summary",
    "text_hash",
]
