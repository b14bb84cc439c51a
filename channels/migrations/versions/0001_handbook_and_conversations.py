"""Handbook and conversations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    _handbook()
    _conversations()


def _handbook() -> None:
    op.create_table(
        "handbook_entry",
        sa.Column("origin", sa.String(1024), primary_key=True),
        sa.Column("entry", sa.String(512), primary_key=True),
        sa.Column("source", sa.String(1024), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("item", sa.Text),
    )
    op.create_table(
        "handbook_passage",
        sa.Column("origin", sa.String(1024), primary_key=True),
        sa.Column("entry", sa.String(512), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("passage_id", sa.String(24), nullable=False, index=True),
        sa.Column("passage", sa.Text, nullable=False),
    )
    op.create_table(
        "handbook_vector",
        sa.Column("fingerprint", sa.String(64), primary_key=True),
        sa.Column("key", sa.String(32), primary_key=True),
        sa.Column("vector", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "handbook_version",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("hall", sa.Text, nullable=False),
    )


def _conversations() -> None:
    op.create_table(
        "conversation_turn",
        sa.Column("turn_id", sa.String(36), primary_key=True),
        sa.Column("conversation_id", sa.String(64), nullable=False, index=True),
        sa.Column("at", sa.DateTime, nullable=False, index=True),
        sa.Column("terminal", sa.String(64), nullable=False),
        sa.Column("region", sa.String(64)),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("status", sa.String(16), nullable=False, index=True),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("item", sa.String(128), index=True),
        sa.Column("turn", sa.Text, nullable=False),
        sa.Column("took_ms", sa.Float, nullable=False),
    )


def downgrade() -> None:
    for table in (
        "conversation_turn", "handbook_version", "handbook_vector", "handbook_passage", "handbook_entry",
    ):  # fmt: skip
        op.drop_table(table)
