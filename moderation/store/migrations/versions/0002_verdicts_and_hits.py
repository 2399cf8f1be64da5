"""Verdicts of moderators, which rules fired, what was made live, what the desk needs, and what may be told besides."""

import re
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
TIME = sa.DateTime(timezone=True)
ACTION = sa.Enum("approve", "flag", "hold", "reject", name="action", native_enum=False, length=16)
CAUSE = sa.Enum("submitted", "undone", name="cause", native_enum=False, length=16)
CHANGE = sa.Enum("apply", "revert", name="changekind", native_enum=False, length=16)
BRAKE = sa.Enum("braked", "released", name="brakekind", native_enum=False, length=16)
KIND = sa.Enum(
    "approve", "reject", "escalate", "skip", "undo", name="verdictkind", native_enum=False, length=16
)


ROLE = sa.Enum("moderator", "admin", name="role", native_enum=False, length=16)
ANSWER = sa.Enum("uphold", "overturn", name="appealanswer", native_enum=False, length=16)
PENDING = sa.text("status = 'pending'")
BLIND = sa.text("status = 'pending' AND blind")
OPEN = sa.text("answered_at IS NULL")
ESCAPED = re.compile("\x1a([0-9a-f]{4})")
"""A character that databases can't hold, as text stood in them at this revision."""


def upgrade() -> None:
    """Widen the tables of comments and decisions, and make those of hits and verdicts."""
    op.add_column("comment", sa.Column("is_top_level", sa.Boolean(), comment="NULL: unknown"))
    op.add_column("comment", sa.Column("reports", sa.Integer(), comment="by readers; NULL: unknown"))
    op.add_column(
        "decision", sa.Column("shadow", DOCUMENT, comment="reasons of rules in the shadow; NULL: none")
    )
    op.add_column("decision", sa.Column("cause", CAUSE, nullable=False, server_default="submitted"))
    op.add_column("decision", sa.Column("by", sa.Text(), comment="who had it made, if a person"))
    op.add_column("decision", sa.Column("without", DOCUMENT, comment="rules that were left out; NULL: none"))
    op.create_index("ix_decision_created_at", "decision", ["created_at"])
    _create_ruleset_change()
    _create_rule_version()
    _create_brake_event()
    for column in ("author_id", "thread"):
        op.create_index(f"ix_comment_{column}", "comment", [column], postgresql_using="hash")
    _create_rule_hit()
    _fill_rule_hit()
    _create_verdict()
    _widen_queue_item()
    _fill_queue_item()
    _create_appeal()
    _create_dashboard_user()
    _create_login_attempt()


def downgrade() -> None:
    """Take away what `upgrade` added."""
    desk = ("login_attempt", "dashboard_user", "appeal")
    for name in (*desk, "verdict", "rule_hit", "brake_event", "rule_version", "ruleset_change"):
        op.drop_table(name)
    _narrow_queue_item()
    op.drop_index("ix_decision_created_at", "decision")
    for column in ("author_id", "thread"):
        op.drop_index(f"ix_comment_{column}", "comment")
    for table, columns in {
        "decision": ("without", "by", "cause", "shadow"),
        "comment": ("reports", "is_top_level"),
    }.items():
        for name in columns:  # in place: SQLite can't copy a table that others refer to
            op.drop_column(table, name)


def _create_ruleset_change() -> None:
    op.create_table(
        "ruleset_change",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("ruleset", sa.String(64), nullable=False),
        sa.Column("kind", CHANGE, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("rules", DOCUMENT, nullable=False, comment="names of rules added, changed and removed"),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ruleset_change"),
        sa.ForeignKeyConstraint(["ruleset"], ["ruleset.hash"], name="fk_ruleset_change_ruleset"),
    )


def _create_rule_version() -> None:
    op.create_table(
        "rule_version",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column(
            "fingerprint", sa.String(64), nullable=False, comment="of all that it does; empty: it is gone"
        ),
        sa.Column("ruleset", sa.String(64), nullable=False),
        sa.Column(
            "initial", sa.Boolean(), nullable=False, comment="there from the start: nothing was changed"
        ),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rule_version"),
        sa.ForeignKeyConstraint(["ruleset"], ["ruleset.hash"], name="fk_rule_version_ruleset"),
    )
    op.create_index("ix_rule_version_rule_id", "rule_version", ["rule", "id"])


def _create_brake_event() -> None:
    op.create_table(
        "brake_event",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("version_id", ROW_ID, nullable=False),
        sa.Column("kind", BRAKE, nullable=False),
        sa.Column("hits", sa.Integer(), comment="comments it would have rejected since its change"),
        sa.Column("of", sa.Integer(), comment="comments decided since its change"),
        sa.Column("by", sa.Text(), comment="who released it"),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_brake_event"),
        sa.ForeignKeyConstraint(["version_id"], ["rule_version.id"], name="fk_brake_event_version_id"),
    )
    op.create_index("ix_brake_event_version_id", "brake_event", ["version_id"])


def _create_rule_hit() -> None:
    op.create_table(
        "rule_hit",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("decision_id", ROW_ID, nullable=False),
        sa.Column("comment_id", ROW_ID, nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("action", ACTION, nullable=False),
        sa.Column("shadow", sa.Boolean(), nullable=False, comment="recorded, not acted on"),
        sa.Column("version_id", ROW_ID, comment="set while the brake watches the rule"),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rule_hit"),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name="fk_rule_hit_decision_id"),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name="fk_rule_hit_comment_id"),
        sa.ForeignKeyConstraint(["version_id"], ["rule_version.id"], name="fk_rule_hit_version_id"),
    )
    op.create_index("ix_rule_hit_decision_id", "rule_hit", ["decision_id"])
    op.create_index("ix_rule_hit_rule_created_at", "rule_hit", ["rule", "created_at"])
    watched = sa.text("version_id IS NOT NULL")
    op.create_index(
        "ix_rule_hit_version_id", "rule_hit", ["version_id"], postgresql_where=watched, sqlite_where=watched
    )


def _fill_rule_hit() -> None:
    """Give the decisions that are stored already their hits: a report must not begin at the upgrade."""
    rule, action, source = (
        (
            "each.value->>'rule'",
            "each.value->>'action'",
            "jsonb_array_elements(decision.reasons) AS each(value)",
        )
        if op.get_bind().dialect.name == "postgresql"
        else (
            "json_extract(each.value, '$.rule')",
            "json_extract(each.value, '$.action')",
            "json_each(decision.reasons) AS each",
        )
    )
    op.execute(
        "INSERT INTO rule_hit (decision_id, comment_id, rule, action, shadow, created_at) "  # noqa: S608 - ours
        f"SELECT DISTINCT decision.id, decision.comment_id, {rule}, {action}, false, decision.created_at "
        f"FROM decision, {source}"
    )


def _create_verdict() -> None:
    op.create_table(
        "verdict",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("uid", sa.String(36), nullable=False, comment="applied once"),
        sa.Column("comment_id", ROW_ID, nullable=False),
        sa.Column("kind", KIND, nullable=False),
        sa.Column("by", sa.Text(), nullable=False, comment="name of the moderator"),
        sa.Column("text_hash", sa.String(64), nullable=False, comment="of the text shown"),
        sa.Column("reason", sa.Text(), nullable=False, comment="rule or policy"),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("undoes", ROW_ID, comment="taken back"),
        sa.Column("batch", sa.String(36)),
        sa.Column("blind", sa.Boolean(), nullable=False, comment="a second opinion, which settles nothing"),
        sa.Column("seconds", sa.Float(), comment="from shown to decided"),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_verdict"),
        sa.UniqueConstraint("uid", name="uq_verdict_uid"),
        sa.UniqueConstraint("undoes", name="uq_verdict_undoes"),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name="fk_verdict_comment_id"),
        sa.ForeignKeyConstraint(["undoes"], ["verdict.id"], name="fk_verdict_undoes"),
    )
    op.create_index("ix_verdict_comment_id_id", "verdict", ["comment_id", "id"])
    op.create_index("ix_verdict_by_created_at", "verdict", ["by", "created_at"])
    op.create_index("ix_verdict_batch", "verdict", ["batch"])
    op.create_index("ix_verdict_created_at", "verdict", ["created_at"])


def _queue_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("site", sa.Text(), nullable=False, server_default="", comment="the comment's"),
        sa.Column("thread_key", sa.String(64), comment="SHA-256 of the comment's thread"),
        sa.Column("language", sa.Text(), nullable=False, server_default="und", comment="the decision's"),
        sa.Column(
            "rule", sa.Text(), nullable=False, server_default="", comment="first of the decision's reasons"
        ),
        sa.Column("score", sa.Float(), comment="highest of the decision's"),
        sa.Column("leased_by", sa.Text(), comment="name of the moderator"),
        sa.Column("leased_until", TIME),
        sa.Column(
            "escalated", sa.Boolean(), nullable=False, server_default=sa.false(), comment="waits for an admin"
        ),
        sa.Column("skipped_by", sa.Text(), comment="who is not asked again"),
        sa.Column("skipped_until", TIME),
        sa.Column(
            "blind",
            sa.Boolean(),
            nullable=False,
            server_default=sa.false(),
            comment="decided: waits for a second opinion",
        ),
        sa.Column("decided_by", sa.Text(), comment="name of the moderator"),
        sa.Column("settled_at", TIME, comment="when it was decided or withdrawn; NULL: it waits"),
    ]


FILTERS = ("site", "thread_key", "language", "rule", "leased_by")


def _widen_queue_item() -> None:
    for widened in _queue_columns():
        op.add_column("queue_item", widened)
    for column in FILTERS:
        op.create_index(
            f"ix_queue_item_{column}_priority_id",
            "queue_item",
            [column, "priority", "id"],
            postgresql_where=PENDING,
            sqlite_where=PENDING,
        )
    op.create_index("ix_queue_item_blind", "queue_item", ["id"], postgresql_where=BLIND, sqlite_where=BLIND)


def _fill_queue_item() -> None:
    """Give what waits already what the queue is filtered by."""
    rule, score = (
        ("decision.reasons->0->>'rule'", "(SELECT max(value::float) FROM jsonb_each_text(decision.scores))")
        if op.get_bind().dialect.name == "postgresql"
        else (
            "json_extract(decision.reasons, '$[0].rule')",
            "(SELECT max(value) FROM json_each(decision.scores))",
        )
    )
    op.execute(
        "UPDATE queue_item SET site = comment.site, language = decision.language, "  # noqa: S608 - ours
        f"rule = coalesce({rule}, ''), score = {score} FROM comment, decision "
        "WHERE comment.id = queue_item.comment_id AND decision.id = queue_item.decision_id"
    )
    _fill_thread_key()


def _fill_thread_key() -> None:
    """Hash the threads here: SQLite can't."""
    item = sa.table("queue_item", sa.column("id"), sa.column("comment_id"), sa.column("thread_key"))
    comment = sa.table("comment", sa.column("id"), sa.column("thread"))
    query = sa.select(item.c.id, comment.c.thread).where(
        comment.c.id == item.c.comment_id, comment.c.thread.is_not(None)
    )
    keys = [{"of": number, "key": _thread_key(thread)} for number, thread in op.get_bind().execute(query)]
    if keys:
        change = sa.update(item).where(item.c.id == sa.bindparam("of"))
        op.get_bind().execute(change.values(thread_key=sa.bindparam("key")), keys)


def _thread_key(stored: str) -> str:
    thread = ESCAPED.sub(lambda found: chr(int(found[1], 16)), stored)
    return sha256(thread.encode("utf-8", "surrogatepass")).hexdigest()


def _narrow_queue_item() -> None:
    for column in FILTERS:
        op.drop_index(f"ix_queue_item_{column}_priority_id", "queue_item")
    op.drop_index("ix_queue_item_blind", "queue_item")
    op.execute("DELETE FROM queue_item WHERE status <> 'pending' OR blind")
    for widened in _queue_columns():
        op.drop_column("queue_item", widened.name)


def _create_appeal() -> None:
    op.create_table(
        "appeal",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("comment_id", ROW_ID, nullable=False),
        sa.Column("message", sa.Text(), nullable=False, comment="as the author wrote it"),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("answer", ANSWER, comment="NULL: open"),
        sa.Column("answered_by", sa.Text(), comment="name of the moderator"),
        sa.Column("answered_at", TIME),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_appeal"),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name="fk_appeal_comment_id"),
    )
    op.create_index("ix_appeal_comment_id", "appeal", ["comment_id"])
    op.create_index(
        "uq_appeal_open", "appeal", ["comment_id"], unique=True, postgresql_where=OPEN, sqlite_where=OPEN
    )


def _create_dashboard_user() -> None:
    op.create_table(
        "dashboard_user",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", ROLE, nullable=False),
        sa.Column("password", sa.Text(), nullable=False, comment="argon2, with its salt"),
        sa.Column("must_change", sa.Boolean(), nullable=False, comment="a one-time password"),
        sa.Column("session", sa.Integer(), nullable=False, comment="sessions of a lower number are over"),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("disabled_at", TIME),
        sa.PrimaryKeyConstraint("id", name="pk_dashboard_user"),
        sa.UniqueConstraint("name", name="uq_dashboard_user_name"),
    )


def _create_login_attempt() -> None:
    op.create_table(
        "login_attempt",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False, comment="as typed: perhaps of nobody"),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("failed", sa.Boolean(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_login_attempt"),
    )
    op.create_index("ix_login_attempt_name_at", "login_attempt", ["name", "at"])
    op.create_index("ix_login_attempt_address_at", "login_attempt", ["address", "at"])
    op.create_index("ix_login_attempt_at", "login_attempt", ["at"])
