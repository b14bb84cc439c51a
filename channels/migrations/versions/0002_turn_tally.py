"""Counts of turns that outlive the wiping of a conversation; begun with the turns that are there."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

NO_VISITORS = ("cli", "batch")


def upgrade() -> None:
    tally = op.create_table(
        "turn_tally",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("hour", sa.Integer, primary_key=True),
        sa.Column("status", sa.String(16), primary_key=True),
        sa.Column("item", sa.String(128), primary_key=True),
        sa.Column("turns", sa.Integer, nullable=False),
        sa.Column("conversations", sa.Integer, nullable=False),
    )
    rows = _counted(op.get_bind())
    if rows:
        op.bulk_insert(tally, rows)


def _counted(connection: sa.Connection) -> list[dict[str, Any]]:
    """By the clock of the machine that migrates."""
    turn = sa.table(
        "conversation_turn", sa.column("at", sa.DateTime),
        *(sa.column(name, sa.String) for name in ("conversation_id", "terminal", "status", "item")),
    )  # fmt: skip
    kept = sa.select(turn.c.at, turn.c.conversation_id, turn.c.status, turn.c.item).order_by(turn.c.at)
    turns, firsts = Counter[tuple[date, int, str, str]](), Counter[tuple[date, int, str, str]]()
    seen: set[tuple[date, str]] = set()
    for at, conversation, status, item in connection.execute(kept.where(turn.c.terminal.not_in(NO_VISITORS))):
        here = at.replace(tzinfo=UTC).astimezone()
        key = (here.date(), here.hour, status, item or "")
        turns[key] += 1
        firsts[key] += (here.date(), conversation) not in seen
        seen.add((here.date(), conversation))
    names = ("day", "hour", "status", "item")
    return [{**dict(zip(names, key, strict=True)), "turns": turns[key], "conversations": firsts[key]} for key in turns]


def downgrade() -> None:
    op.drop_table("turn_tally")
