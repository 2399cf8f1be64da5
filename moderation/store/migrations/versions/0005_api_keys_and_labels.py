"""Keys of the HTTP service, what they were used for, and labels that come in by it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DOCUMENT = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
CHANGE = sa.Enum("added", "revoked", "rotated", name="keychange", native_enum=False, length=16)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "api_key",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("public_id", sa.String(16), nullable=False, comment="the part of the key that is shown"),
        sa.Column("name", sa.Text(), nullable=False, comment="who or what it is for"),
        sa.Column("hash", sa.String(64), nullable=False, comment="SHA-256 of the whole key, hex"),
        sa.Column("scopes", DOCUMENT, nullable=False, comment="what it may do"),
        sa.Column("sites", DOCUMENT, nullable=False, comment="where; empty: on every site"),
        sa.Column("quota", sa.Integer(), comment="comments a minute; NULL: as many as come"),
        sa.Column("by", sa.Text(), nullable=False, comment="who made it"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "ends_at", sa.DateTime(timezone=True), comment="revoked, or replaced, from then on; NULL: not"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_api_key"),
        sa.UniqueConstraint("public_id", name="uq_api_key_public_id"),
    )
    op.create_index("ix_api_key_name", "api_key", ["name"])
    op.create_table(
        "api_key_change",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("public_id", sa.String(16), nullable=False, comment="of the key"),
        sa.Column("name", sa.Text(), nullable=False, comment="of the key"),
        sa.Column("change", CHANGE, nullable=False),
        sa.Column("by", sa.Text(), nullable=False, comment="who did it"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_api_key_change"),
    )
    op.create_table(
        "api_key_use",
        sa.Column("key_id", ROW_ID, nullable=False),
        sa.Column(
            "minute", sa.Integer(), autoincrement=False, nullable=False, comment="minutes since 1970, UTC"
        ),
        sa.Column("used", sa.Integer(), nullable=False, comment="or set aside by a process"),
        sa.PrimaryKeyConstraint("key_id", "minute", name="pk_api_key_use"),
        sa.ForeignKeyConstraint(["key_id"], ["api_key.id"], name="fk_api_key_use_key_id"),
    )
    op.create_table(
        "label",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), comment="the comment system's own id, if it said one"),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), comment="as it was said; NULL: nobody did"),
        sa.Column("scores", DOCUMENT, nullable=False, comment="attribute to 0-1, for the whole text"),
        sa.Column(
            "spans",
            DOCUMENT,
            comment="attribute, begin, end (code points, end exclusive) and score of parts",
        ),
        sa.Column("source", sa.Text(), nullable=False, comment="by which way it came"),
        sa.Column("by", sa.Text(), nullable=False, comment="name of the key, or who imported it"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_label"),
    )
    op.create_index("ix_label_created_at", "label", ["created_at"])


def downgrade() -> None:
    """Take them away; keys and labels are lost."""
    for name in ("label", "api_key_use", "api_key_change", "api_key"):
        op.drop_table(name)
