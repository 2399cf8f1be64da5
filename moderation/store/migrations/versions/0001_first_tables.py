"""Comments, decisions, rulesets and the queue."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
TIME = sa.DateTime(timezone=True)
ACTION = sa.Enum("approve", "flag", "hold", "reject", name="action", native_enum=False, length=16)
STATUS = sa.Enum("pending", name="queuestatus", native_enum=False, length=16)
PENDING = sa.text("status = 'pending'")


def upgrade() -> None:
    """Make all tables."""
    _create_comment()
    _create_ruleset()
    _create_decision()
    _create_queue_item()


def downgrade() -> None:
    """Drop all tables."""
    for name in ("queue_item", "decision", "ruleset", "comment"):
        op.drop_table(name)


def _create_comment() -> None:
    op.create_table(
        "comment",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False, comment="the comment system's own id"),
        sa.Column("revision", sa.Integer(), nullable=False, comment="0, and one more with each edit"),
        sa.Column(
            "text", sa.Text(), nullable=False, comment="as written; U+001A and 4 hex digits: see exact.py"
        ),
        sa.Column("text_key", sa.String(64), nullable=False, comment="equal for texts that say the same"),
        sa.Column("thread", sa.Text()),
        sa.Column("author_id", sa.Text()),
        sa.Column("author", DOCUMENT, comment="what was known of the author"),
        sa.Column("locale", sa.Text()),
        sa.Column("created_at", TIME, nullable=False, comment="when it was written"),
        sa.Column("received_at", TIME, nullable=False, comment="when it was stored"),
        sa.PrimaryKeyConstraint("id", name="pk_comment"),
        sa.UniqueConstraint("site", "external_id", "revision", name="uq_comment_site_external_id_revision"),
    )
    op.create_index("ix_comment_site_text_key_created_at", "comment", ["site", "text_key", "created_at"])


def _create_ruleset() -> None:
    op.create_table(
        "ruleset",
        sa.Column("hash", sa.String(64), nullable=False, comment="SHA-256, hex"),
        sa.Column("source", sa.Text(), nullable=False, comment="rules.yaml as it was"),
        sa.Column("files", DOCUMENT, nullable=False, comment="the files that it names: name to text"),
        sa.Column("created_at", TIME, nullable=False, comment="when it first decided a comment"),
        sa.PrimaryKeyConstraint("hash", name="pk_ruleset"),
    )


def _create_decision() -> None:
    op.create_table(
        "decision",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("comment_id", ROW_ID, nullable=False),
        sa.Column("action", ACTION, nullable=False),
        sa.Column("language", sa.Text(), nullable=False, comment="ISO 639-1, or und"),
        sa.Column("language_confidence", sa.Float(), nullable=False),
        sa.Column("reasons", DOCUMENT, nullable=False),
        sa.Column("checks", DOCUMENT, nullable=False, comment="outcome, signals, ms and error of each check"),
        sa.Column("scores", DOCUMENT, nullable=False, comment="attribute to score; also in checks"),
        sa.Column("provenance", DOCUMENT, nullable=False),
        sa.Column("ruleset", sa.String(64), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_decision"),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name="fk_decision_comment_id"),
        sa.ForeignKeyConstraint(["ruleset"], ["ruleset.hash"], name="fk_decision_ruleset"),
    )
    op.create_index("ix_decision_comment_id", "decision", ["comment_id"])


def _create_queue_item() -> None:
    op.create_table(
        "queue_item",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("comment_id", ROW_ID, nullable=False),
        sa.Column("decision_id", ROW_ID, nullable=False),
        sa.Column("action", ACTION, nullable=False),
        sa.Column("priority", sa.Float(), nullable=False, comment="higher first"),
        sa.Column("status", STATUS, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="one more with each change"),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_queue_item"),
        sa.UniqueConstraint("comment_id", name="uq_queue_item_comment_id"),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name="fk_queue_item_comment_id"),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name="fk_queue_item_decision_id"),
    )
    op.create_index(
        "ix_queue_item_pending",
        "queue_item",
        ["priority", "id"],
        postgresql_where=PENDING,
        sqlite_where=PENDING,
    )
