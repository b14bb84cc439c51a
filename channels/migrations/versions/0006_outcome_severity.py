"""How grave each finding is, so that a queue can be counted without opening what is sealed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("review_outcome", sa.Column("severity", sa.String(8)))


def downgrade() -> None:
    op.drop_column("review_outcome", "severity")
