"""What was done to users of the dashboard, and by whom."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
CHANGE = sa.Enum(
    "added",
    "disabled",
    "enabled",
    "password_given",
    "password_changed",
    name="userchange",
    native_enum=False,
    length=16,
)


def upgrade() -> None:
    """Make the table; what was done to users before is not known."""
    op.create_table(
        "user_change",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False, comment="of the user"),
        sa.Column("change", CHANGE, nullable=False),
        sa.Column("by", sa.Text(), nullable=False, comment="who did it"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_user_change"),
    )


def downgrade() -> None:
    """Take the table away."""
    op.drop_table("user_change")
