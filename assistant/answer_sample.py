"""A share of the answers that visitors really got, kept for people to judge.

Whether a turn is taken is decided by a hash of its id, so that everybody who knows the id decides alike, and a larger
share takes what a smaller one took. Turns that were not answered, asked back, or were handed on are rarer and tell
more: they are taken `FACTOR` times as often. A row keeps its `weight`, the number of turns for which it stands:
1 / min(1, share * factor). Sums of weights estimate what all turns were like (answer_figures.py).

**What is kept, and for how long.** Questions arrive without numbers (masking.py); names go here, before anything is
stored. A row holds the day, not the hour, and the kind of terminal, not which one. When a conversation is wiped or too
old, its rows that nobody judged are deleted with it; of them stays a count without texts, so that figures can say how
many were never judged. A row that was judged stays, since its label is of no use without what was judged, but loses
the ids of its turn and conversation, so that nothing leads back to it; it is deleted after `JUDGED_DAYS`. An editor who
finds somebody named in a row all the same deletes it at once.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from assistant.name_masking import names_in, without_names
from assistant.turn import AnswerStatus, Turn
from knowledge.store import INSERTS

metadata = sa.MetaData()

samples = sa.Table(
    "answer_sample",
    metadata,
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
"""`shown` is JSON of `Shown`. `second`: two people judge it, neither knowing what the other said."""

labels = sa.Table(
    "answer_label",
    metadata,
    sa.Column("sample_id", sa.String(36), sa.ForeignKey("answer_sample.id"), primary_key=True),
    sa.Column("place", sa.Integer, primary_key=True),
    sa.Column("label", sa.String(24), nullable=False),
    sa.Column("right_item", sa.String(128)),
    sa.Column("should_say", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("staff", sa.String(64), nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.UniqueConstraint("sample_id", "staff", name="uq_answer_label_staff"),
)
"""`place` 1 counts; 2 is another person's, for the agreement."""

gone = sa.Table(
    "answer_sample_gone",
    metadata,
    sa.Column("week", sa.Date, primary_key=True),
    sa.Column("organisation", sa.String(128), primary_key=True),
    sa.Column("terminal", sa.String(16), primary_key=True),
    sa.Column("status", sa.String(16), primary_key=True),
    sa.Column("item", sa.String(128), primary_key=True),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("weight", sa.Float, nullable=False),
)
"""How many rows were deleted before anybody judged them. Without an item, it is empty."""

MORE_OFTEN: frozenset[AnswerStatus] = frozenset(("clarify", "guide", "no_basis", "handoff", "refused", "error"))
"""All but what was answered and small talk."""
FACTOR = 4
SECOND = 0.1
"""The share of rows that two people judge."""
TERMINALS = ("kiosk", "mobile", "web", "desk")
JUDGED_DAYS = 400
"""As long as counts of turns: until a month can be laid beside the same one a year before."""


@dataclass(frozen=True)
class Shown:
    """What is judged: the question, and what the visitor saw."""

    question: str
    meant: str
    """The question with follow-ups resolved; what was looked for."""
    before: str
    """The question before it in the conversation; empty for the first."""
    answer: str
    options: tuple[str, ...] = ()
    citations: tuple[tuple[str, str], ...] = ()
    """Title and quote of each."""
    next_step: str = ""
    facets: tuple[str, ...] = ()
    picked: bool = False
    """Whether the question chose one of the options that were offered: it means nothing alone."""


@dataclass(frozen=True)
class AnswerSample:
    """Takes `share` of turns, 0 to 1. `organisation` gives whose staff may judge them."""

    share: float
    organisation: Callable[[], str]

    def row(self, turn_id: str, turn: Turn, day: date) -> dict[str, Any] | None:
        """The row of a turn that is taken, else None. `day` is the hall's."""
        answer = turn.answer
        assert answer is not None
        chance = min(1.0, self.share * (FACTOR if answer.status in MORE_OFTEN else 1))
        if not drawn("taken", turn_id, chance):
            return None
        kind = turn.question.terminal.split("-")[0]
        return {
            "id": str(uuid.uuid4()),
            "turn_id": turn_id,
            "conversation_id": turn.question.conversation_id,
            "organisation": self.organisation(),
            "day": day,
            "terminal": kind if kind in TERMINALS else "other",
            "language": turn.language,
            "status": answer.status,
            "reason": answer.reason,
            "item": turn.item.id if turn.item else None,
            "shown": json.dumps(vars(shown(turn)), ensure_ascii=False),
            "weight": 1 / chance,
            "second": drawn("second", turn_id, SECOND),
        }


def drawn(what: str, turn_id: str, chance: float) -> bool:
    """Whether a turn is among the `chance` that are drawn for `what`; always the same for one turn."""
    keyed = hashlib.blake2b(turn_id.encode(), key=f"answer-sample:{what}".encode(), digest_size=8).digest()
    return int.from_bytes(keyed, "big") < chance * 2**64


def shown(turn: Turn) -> Shown:
    """What a person judges of a turn, without names."""
    answer = turn.answer
    assert answer is not None
    earlier = [past.question for past in turn.history]
    names = frozenset[str]().union(*(names_in(text) for text in (turn.text, turn.self_standing, *earlier)))

    def plain(text: str) -> str:
        return without_names(text, names)

    return Shown(
        question=plain(turn.text),
        meant=plain(turn.self_standing),
        before=plain(earlier[-1]) if earlier else "",
        answer=plain(answer.text),
        options=tuple(plain(option.label) for option in answer.options),
        citations=tuple((one.passage.title, one.quote) for one in answer.citations),
        next_step=answer.next_step.label if answer.next_step else "",
        facets=turn.facets if turn.item else (),
        picked=turn.picked,
    )


def week_of(day: date) -> date:
    """Its Monday."""
    return day - timedelta(days=day.weekday())


def forget(connection: sa.Connection, which: sa.ColumnElement[bool]) -> None:
    """Delete rows of conversations that go away, counted, where nobody judged them; cut the others loose."""
    if not connection.execute(sa.select(samples.c.id).where(which).with_for_update()).all():
        return
    judged = sa.exists().where(labels.c.sample_id == samples.c.id)
    _count(connection, connection.execute(sa.select(samples).where(which, ~judged)))
    connection.execute(sa.delete(samples).where(which, ~judged))
    connection.execute(sa.update(samples).where(which).values(turn_id=None, conversation_id=None))


def remove(connection: sa.Connection, which: sa.ColumnElement[bool]) -> int:
    """Delete rows with what was said of them, counted as those that nobody judged; returns how many."""
    ids = list(connection.execute(sa.select(samples.c.id).where(which).with_for_update()).scalars())
    _count(connection, connection.execute(sa.select(samples).where(samples.c.id.in_(ids))))
    connection.execute(sa.delete(labels).where(labels.c.sample_id.in_(ids)))
    return connection.execute(sa.delete(samples).where(samples.c.id.in_(ids))).rowcount


def forget_until(connection: sa.Connection, day: date, today: date) -> None:
    """What conversations left until `day`; judged rows and counts that are too old on `today`."""
    forget(connection, (samples.c.day <= day) & samples.c.conversation_id.is_not(None))
    last = today - timedelta(days=JUDGED_DAYS)
    old = sa.select(samples.c.id).where(samples.c.day < last)
    connection.execute(sa.delete(labels).where(labels.c.sample_id.in_(old)))
    connection.execute(sa.delete(samples).where(samples.c.day < last))
    connection.execute(sa.delete(gone).where(gone.c.week < week_of(last)))


def _count(connection: sa.Connection, lost: Iterable[Any]) -> None:
    counts: dict[tuple[Any, ...], list[float]] = defaultdict(list)
    for row in lost:
        counts[week_of(row.day), row.organisation, row.terminal, row.status, row.item or ""].append(row.weight)
    for key, weights in sorted(counts.items()):
        names = ("week", "organisation", "terminal", "status", "item")
        counted = INSERTS[connection.dialect.name](gone).values(
            **dict(zip(names, key, strict=True)), rows=len(weights), weight=sum(weights)
        )
        sums = {name: gone.c[name] + counted.excluded[name] for name in ("rows", "weight")}
        connection.execute(counted.on_conflict_do_update(index_elements=list(gone.primary_key), set_=sums))
