"""A share of answers, what staff say of them, and how many were deleted before anybody did."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

LABELS = "label IN ('right', 'partly', 'wrong', 'should_have_refused')"
TABLES = ("answer_sample", "answer_label", "answer_sample_gone")
"""In the order in which they refer to each other."""


def upgrade() -> None:
    _sampled()
    _judged()


def _sampled() -> None:
    op.create_table(
        "answer_sample",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("turn_id", sa.String(36), unique=True),
        sa.Column("conversation_id", sa.String(64), index=True),
        sa.Column("organisation", sa.String(128), nullable=False, index=True),
        sa.Column("day", sa.Date, nullable=False, index=True),
        sa.Column("terminal", sa.String(16), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("item", sa.String(128)),
        sa.Column("shown", sa.Text, nullable=False),
        sa.Column("weight", sa.Float, nullable=False),
        sa.Column("second", sa.Boolean, nullable=False),
    )
    op.create_table(
        "answer_sample_gone",
        sa.Column("week", sa.Date, primary_key=True),
        sa.Column("organisation", sa.String(128), primary_key=True),
        sa.Column("terminal", sa.String(16), primary_key=True),
        sa.Column("status", sa.String(16), primary_key=True),
        sa.Column("item", sa.String(128), primary_key=True),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.Column("weight", sa.Float, nullable=False),
    )


def _judged() -> None:
    op.create_table(
        "answer_label",
        sa.Column("sample_id", sa.String(36), sa.ForeignKey("answer_sample.id"), primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True),
        sa.Column("label", sa.String(24), nullable=False),
        sa.Column("right_item", sa.String(128)),
        sa.Column("should_say", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("staff", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.UniqueConstraint("sample_id", "staff", name="uq_answer_label_staff"),
        sa.CheckConstraint(LABELS, name="ck_answer_label_label"),
        sa.CheckConstraint("place IN (1, 2)", name="ck_answer_label_place"),
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
