"""Which process reviews a case, until when it is taken to live, and when a failed pre-review is tried again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "review_turn",
        sa.Column("case_id", sa.String(36), sa.ForeignKey("review_case.id"), primary_key=True),
        sa.Column("runner", sa.String(36)),
        sa.Column("until", sa.DateTime),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("due_at", sa.DateTime),
    )


def downgrade() -> None:
    op.drop_table("review_turn")
