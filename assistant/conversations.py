"""Conversations in SQL: what later turns need of earlier ones, and their wiping. Texts come here masked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
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
NO_VISITORS = ("cli", "batch")
"""Terminals of testers: their questions are no visit to the hall."""


@dataclass(frozen=True)
class Tally:
    """How many turns of one hour ended in one status on one item."""

    hour: int
    status: str
    item: str | None
    turns: int


@dataclass(frozen=True)
class Asked:
    """A question that the handbook answered, as it was stored: masked."""

    at: datetime
    question: str
    item: str


@dataclass(frozen=True)
class DayCounts:
    """What visitors asked on one day; `answered` holds the newest first."""

    conversations: int
    tallies: tuple[Tally, ...]
    answered: tuple[Asked, ...]


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

    def mark(self, start: datetime, end: datetime) -> tuple[int, datetime | None]:
        """Cheap to ask, and another one whenever `day` would count otherwise."""
        marked = sa.select(sa.func.count(), sa.func.max(turns.c.at)).where(*_visits(start, end))
        with self.engine.connect() as connection:
            count, newest = connection.execute(marked).one()
            return count, newest

    def day(self, hours: Sequence[datetime], answered: int = 20) -> DayCounts:
        """Counts of one day. `hours` are the aware instants at which its hours begin, and last the one that ends it."""
        starts = [_stored(one) for one in hours[1:-1]]
        within = _visits(hours[0], hours[-1])
        hour = sa.case(*((turns.c.at < end, number) for number, end in enumerate(starts)), else_=len(starts))
        groups = sa.select(hour, turns.c.status, turns.c.item, sa.func.count()).where(*within)
        newest = (
            sa.select(turns.c.at, turns.c.question, turns.c.item)
            .where(*within, turns.c.status == "answered", turns.c.item.is_not(None))
            .order_by(turns.c.at.desc())
            .limit(answered)
        )
        people = sa.select(sa.func.count(turns.c.conversation_id.distinct())).where(*within)
        with self.engine.connect() as connection:
            tallies = connection.execute(groups.group_by(sa.literal_column("1"), turns.c.status, turns.c.item)).all()
            return DayCounts(
                conversations=connection.execute(people).scalar_one(),
                tallies=tuple(Tally(*row) for row in tallies),
                answered=tuple(
                    Asked(row.at.replace(tzinfo=UTC), row.question, row.item) for row in connection.execute(newest)
                ),
            )


def _stored(instant: datetime) -> datetime:
    """As the table keeps it: UTC, without saying so."""
    return instant.astimezone(UTC).replace(tzinfo=None)


def _visits(start: datetime, end: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return turns.c.at >= _stored(start), turns.c.at < _stored(end), turns.c.terminal.not_in(NO_VISITORS)


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
