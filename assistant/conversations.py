"""Conversations in SQL: what later turns need of earlier ones, and their wiping. Texts come here masked."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from assistant.turn import Option, PastTurn, Turn

metadata = sa.MetaData()

turns = sa.Table(
    "conversation_turn",
    metadata,
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

REMEMBERED = 8
"""Turns of a conversation that a follow-up can reach back to."""


class Conversations:
    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine

    def history(self, conversation_id: str) -> tuple[PastTurn, ...]:
        """The last turns, oldest first."""
        mine = (
            sa.select(turns.c.turn)
            .where(turns.c.conversation_id == conversation_id)
            .order_by(turns.c.at.desc())
            .limit(REMEMBERED)
        )
        with self.engine.connect() as connection:
            return tuple(_past(row.turn) for row in reversed(connection.execute(mine).all()))

    def save(self, turn_id: str, turn: Turn, took_ms: float) -> None:
        """Keep one ended turn."""
        answer = turn.answer
        assert answer is not None
        row = {
            "turn_id": turn_id,
            "conversation_id": turn.question.conversation_id,
            "at": datetime.now(UTC).replace(tzinfo=None),
            "terminal": turn.question.terminal,
            "region": turn.region,
            "question": turn.text,
            "status": answer.status,
            "reason": answer.reason,
            "item": turn.item.id if turn.item else None,
            "turn": json.dumps(asdict(past_turn(turn)), ensure_ascii=False),
            "took_ms": took_ms,
        }
        with self.engine.begin() as connection:
            connection.execute(sa.insert(turns), row)

    def wipe(self, conversation_id: str) -> int:
        """Delete every trace of a conversation; returns the number of turns."""
        with self.engine.begin() as connection:
            return connection.execute(sa.delete(turns).where(turns.c.conversation_id == conversation_id)).rowcount

    def wipe_older_than(self, days: int) -> int:
        """Delete turns that retention no longer allows; returns their number."""
        limit = datetime.now(UTC).replace(tzinfo=None) - timedelta(days=days)
        with self.engine.begin() as connection:
            return connection.execute(sa.delete(turns).where(turns.c.at < limit)).rowcount


def past_turn(turn: Turn) -> PastTurn:
    answer = turn.answer
    assert answer is not None
    return PastTurn(
        question=turn.text,
        text=answer.text,
        speech=answer.speech,
        status=answer.status,
        item=turn.item.id if turn.item else None,
        facets=turn.facets,
        options=answer.options,
        choices=turn.choices,
        asking=turn.asking,
    )


def _past(text: str) -> PastTurn:
    data: dict[str, Any] = json.loads(text)
    options = tuple(Option(**option) for option in data.pop("options"))
    return PastTurn(**{**data, "facets": tuple(data["facets"]), "options": options})
