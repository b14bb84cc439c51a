"""Conversations in SQL: what later turns need of earlier ones, their wiping, and counts that outlive it.

Texts come here masked. A count knows neither text nor conversation. A share of turns is kept for people to judge
(answer_sample.py), and goes away with its conversation.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from assistant.answer_sample import AnswerSample, forget, forget_until, samples
from assistant.turn import Option, PastTurn, Turn
from knowledge.store import INSERTS

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

tallies = sa.Table(
    "turn_tally",
    metadata,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("hour", sa.Integer, primary_key=True),
    sa.Column("status", sa.String(16), primary_key=True),
    sa.Column("item", sa.String(128), primary_key=True),
    sa.Column("turns", sa.Integer, nullable=False),
    sa.Column("conversations", sa.Integer, nullable=False),
)
"""By the hall's own clock. A turn without an item is counted under an empty one: NULL is never equal to itself."""

REMEMBERED = 8
"""Turns of a conversation that a follow-up can reach back to."""
NO_VISITORS = ("cli", "batch")
"""Terminals of testers: their questions are no visit to the hall."""
TALLIED_DAYS = 400
"""Counts are kept until a month can be laid beside the same one a year before."""
COUNTING = 7_201_935
"""The first key of PostgreSQL's advisory locks under which a turn of one conversation is counted at a time."""


@dataclass(frozen=True)
class Tally:
    """How many turns of one hour ended in one status on one item; so many conversations of the day began with them."""

    hour: int
    status: str
    item: str | None
    turns: int
    conversations: int


@dataclass(frozen=True)
class Asked:
    """A question that the handbook answered, as it was stored: masked."""

    at: datetime
    question: str
    item: str


@dataclass(frozen=True)
class DayCounts:
    """What visitors asked on one day; `answered` holds the newest that were not wiped, newest first."""

    tallies: tuple[Tally, ...]
    answered: tuple[Asked, ...]


def now_here() -> datetime:
    """The instant, in the zone of this machine: the hall's."""
    return datetime.now().astimezone()


class Conversations:
    def __init__(
        self, engine: sa.Engine, now: Callable[[], datetime] = now_here, sample: AnswerSample | None = None
    ) -> None:
        self.engine, self.now, self.sample = engine, now, sample

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
        """Keep one ended turn, and count it."""
        answer, now = turn.answer, self.now()
        assert answer is not None
        row = {
            "turn_id": turn_id,
            "conversation_id": turn.question.conversation_id,
            "at": _stored(now),
            "terminal": turn.question.terminal,
            "region": turn.region,
            "question": turn.text,
            "status": answer.status,
            "reason": answer.reason,
            "item": turn.item.id if turn.item else None,
            "turn": json.dumps(asdict(past_turn(turn)), ensure_ascii=False),
            "took_ms": took_ms,
        }
        visit = turn.question.terminal not in NO_VISITORS
        taken = self.sample.row(turn_id, turn, now.date()) if self.sample and visit else None
        with self.engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                one = sa.func.hashtext(turn.question.conversation_id)
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(COUNTING, one)))
            connection.execute(sa.insert(turns), row)  # first of all, since it lets no other writer into SQLite
            if visit:
                _count(connection, row, now, _is_first(connection, row, now, turn))
            if taken:
                connection.execute(sa.insert(samples), taken)

    def wipe(self, conversation_id: str) -> int:
        """Delete every trace of a conversation; returns the number of turns. That they were asked stays counted.

        What somebody judged already stays without anything that leads back here (answer_sample.py tells why).
        """
        with self.engine.begin() as connection:
            wiped = connection.execute(sa.delete(turns).where(turns.c.conversation_id == conversation_id)).rowcount
            forget(connection, samples.c.conversation_id == conversation_id)
            return wiped

    def wipe_older_than(self, days: int) -> int:
        """Delete turns that retention no longer allows, and counts of long ago; returns the number of turns."""
        now = self.now()
        last = now - timedelta(days=days)
        old = sa.delete(turns).where(turns.c.at < _stored(last))
        forgotten = sa.delete(tallies).where(tallies.c.day < now.date() - timedelta(days=TALLIED_DAYS))
        with self.engine.begin() as connection:
            wiped = connection.execute(old).rowcount
            connection.execute(forgotten)
            forget_until(connection, last.date(), now.date())
            return wiped

    def mark(self, day: date) -> tuple[int, int, datetime | None]:
        """Cheap to ask, and another one whenever `day` would tell otherwise."""
        counted = sa.select(sa.func.coalesce(sa.func.sum(tallies.c.turns), 0)).where(tallies.c.day == day)
        kept = sa.select(counted.scalar_subquery(), sa.func.count(), sa.func.max(turns.c.at)).where(*_visits(day))
        with self.engine.connect() as connection:
            turned, left, newest = connection.execute(kept).one()
            return turned, left, newest

    def day(self, day: date, answered: int = 20) -> DayCounts:
        """What visitors asked on one day of the hall."""
        counted = sa.select(tallies).where(tallies.c.day == day)
        newest = (
            sa.select(turns.c.at, turns.c.question, turns.c.item)
            .where(*_visits(day), turns.c.status == "answered", turns.c.item.is_not(None))
            .order_by(turns.c.at.desc())
            .limit(answered)
        )
        with self.engine.connect() as connection:
            return DayCounts(
                tallies=tuple(
                    Tally(row.hour, row.status, row.item or None, row.turns, row.conversations)
                    for row in connection.execute(counted)
                ),
                answered=tuple(
                    Asked(row.at.replace(tzinfo=UTC), row.question, row.item) for row in connection.execute(newest)
                ),
            )


def _is_first(connection: sa.Connection, row: dict[str, Any], now: datetime, turn: Turn) -> bool:
    """Whether no earlier turn of this conversation is of today. One with a history and no turns was wiped meanwhile."""
    earlier = turns.c.conversation_id == row["conversation_id"], turns.c.turn_id != row["turn_id"]
    newest = connection.execute(sa.select(sa.func.max(turns.c.at)).where(*earlier)).scalar()
    return newest < _stored(_midnight(now.date())) if newest else not turn.history


def _count(connection: sa.Connection, row: dict[str, Any], now: datetime, first: bool) -> None:
    counted = INSERTS[connection.dialect.name](tallies).values(
        day=now.date(), hour=now.hour, status=row["status"], item=row["item"] or "", turns=1, conversations=int(first)
    )
    sums = {name: tallies.c[name] + counted.excluded[name] for name in ("turns", "conversations")}
    connection.execute(counted.on_conflict_do_update(index_elements=list(tallies.primary_key), set_=sums))


def _stored(instant: datetime) -> datetime:
    """As the table keeps it: UTC, without saying so."""
    return instant.astimezone(UTC).replace(tzinfo=None)


def _midnight(day: date) -> datetime:
    """At which a day of the hall begins."""
    return datetime.combine(day, time()).astimezone()


def _visits(day: date) -> tuple[sa.ColumnElement[bool], ...]:
    begins, ends = _stored(_midnight(day)), _stored(_midnight(day + timedelta(days=1)))
    return turns.c.at >= begins, turns.c.at < ends, turns.c.terminal.not_in(NO_VISITORS)


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
