"""Who a user of the dashboard is at a provider of OpenID Connect."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for it; who is whom will be known from each user's next login on."""
    op.add_column("dashboard_user", sa.Column("issuer", sa.Text(), comment="provider; NULL: not bound"))
    op.add_column("dashboard_user", sa.Column("subject", sa.Text(), comment="who they are there"))
    op.create_index("uq_dashboard_user_issuer_subject", "dashboard_user", ["issuer", "subject"], unique=True)


def downgrade() -> None:
    """Forget it, and what the log says of it: the release before can't read that."""
    op.execute("DELETE FROM user_change WHERE change IN ('bound', 'unbound')")
    op.drop_index("uq_dashboard_user_issuer_subject", "dashboard_user")
    for name in ("subject", "issuer"):
        op.drop_column("dashboard_user", name)
