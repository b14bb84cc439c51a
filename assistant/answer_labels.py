"""What people say of sampled answers. One person's label counts; some rows get a second one, for the agreement.

Whoever is still to judge a row does not see what another said of it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, get_args

import sqlalchemy as sa

from assistant.answer_sample import Shown, gone, labels, remove, samples, week_of
from assistant.turn import AnswerStatus

Label = Literal["right", "partly", "wrong", "should_have_refused"]
"""`should_have_refused`: whatever it says, it ought not to have been answered from the handbook."""
LABELS: tuple[Label, ...] = get_args(Label)
NOT_ANSWERED: frozenset[AnswerStatus] = frozenset(("no_basis", "refused", "handoff", "error"))
"""What ended so cannot be one that should have been refused: not answering it is right, partly right, or wrong."""


class NoSuchAnswer(Exception):
    """It is not there, belongs to others, or went away with its conversation."""


class WasNotAnswered(Exception):
    """It should have been refused, somebody says; it was."""


class AlreadyJudged(Exception):
    """Others have said what is to be said; `judgement` is the first's."""

    def __init__(self, judgement: Judgement) -> None:
        super().__init__(judgement.label)
        self.judgement = judgement


@dataclass(frozen=True)
class Judgement:
    """One person's. `should_say` is what ought to have been said, `right_item` the item that was meant."""

    label: Label
    staff: str
    at: datetime
    """UTC, without saying so."""
    right_item: str | None = None
    should_say: str = ""
    note: str = ""
    place: int = 1


@dataclass(frozen=True)
class Sampled:
    """One row of the sample with what was said of it."""

    id: str
    organisation: str
    day: date
    terminal: str
    language: str
    status: str
    reason: str
    item: str | None
    second: bool
    shown: Shown
    judgements: tuple[Judgement, ...] = ()

    def own(self, staff: str) -> Judgement | None:
        return next((one for one in self.judgements if one.staff == staff), None)

    def open_to(self, staff: str) -> bool:
        """Whether this person is to judge it; one that two people judge stays open until both did."""
        return self.own(staff) is None and len(self.judgements) < (2 if self.second else 1)


@dataclass(frozen=True)
class Counted:
    """A row for figures, without texts; or `rows` of them that were deleted before anybody judged them."""

    week: date
    """Its Monday."""
    terminal: str
    status: str
    item: str | None
    weight: float
    """Turns for which it stands; of deleted rows the sum."""
    label: Label | None = None
    second: Label | None = None
    rows: int = 1
    gone: bool = False


class AnswerLabels:
    """`organisation` None means every organisation's."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine

    def waiting(self, organisation: str | None, staff: str, limit: int) -> tuple[Sampled, ...]:
        """What this person may judge, the oldest day first; within a day in no order."""
        query = sa.select(samples).where(_open_to(staff), _of(organisation))
        return self._read(query.order_by(samples.c.day, samples.c.id).limit(limit))

    def left(self, organisation: str | None, staff: str) -> int:
        """How many this person may judge."""
        query = sa.select(sa.func.count()).select_from(samples).where(_open_to(staff), _of(organisation))
        with self.engine.connect() as connection:
            return connection.execute(query).scalar_one()

    def judged(self, organisation: str | None, staff: str, limit: int) -> tuple[Sampled, ...]:
        """What this person judged or no longer may, the last judged first."""
        last = sa.select(labels.c.sample_id, sa.func.max(labels.c.at).label("at")).group_by(labels.c.sample_id)
        newest = last.subquery()
        query = sa.select(samples).join(newest, newest.c.sample_id == samples.c.id).where(_of(organisation))
        found = self._read(query.order_by(newest.c.at.desc(), samples.c.id).limit(limit))
        return tuple(one for one in found if not one.open_to(staff))

    def get(self, sample_id: str, organisation: str | None) -> Sampled:
        """Raises NoSuchAnswer."""
        found = self._read(sa.select(samples).where(samples.c.id == sample_id, _of(organisation)))
        if not found:
            raise NoSuchAnswer
        return found[0]

    def everything_judged(self) -> tuple[Sampled, ...]:
        """Of every organisation, the oldest first."""
        judged = sa.exists().where(labels.c.sample_id == samples.c.id)
        return self._read(sa.select(samples).where(judged).order_by(samples.c.day, samples.c.id))

    def counted(self, organisation: str | None, since: date) -> tuple[Counted, ...]:
        """Every row since the week of `since`, deleted ones too."""
        first, other = labels.alias("first"), labels.alias("other")
        told = (samples.c.day, samples.c.terminal, samples.c.status, samples.c.item, samples.c.weight)
        kept = (
            sa.select(*told, first.c.label, other.c.label.label("other"))
            .outerjoin(first, (first.c.sample_id == samples.c.id) & (first.c.place == 1))
            .outerjoin(other, (other.c.sample_id == samples.c.id) & (other.c.place == 2))
            .where(samples.c.day >= week_of(since), _of(organisation))
        )
        lost = sa.select(gone).where(gone.c.week >= week_of(since))
        if organisation is not None:
            lost = lost.where(gone.c.organisation == organisation)
        with self.engine.connect() as connection:
            rows = [
                Counted(week_of(row.day), row.terminal, row.status, row.item, row.weight, row.label, row.other)
                for row in connection.execute(kept)
            ]
            rows += [
                Counted(row.week, row.terminal, row.status, row.item or None, row.weight, rows=row.rows, gone=True)
                for row in connection.execute(lost)
            ]
        return tuple(rows)

    def _read(self, query: sa.Select[Any]) -> tuple[Sampled, ...]:
        with self.engine.connect() as connection:
            return _sampled(connection, connection.execute(query).all())


def judge(connection: sa.Connection, sample_id: str, organisation: str | None, said: Judgement) -> Sampled:
    """Write what one person says, or says instead of what they said before; in the caller's transaction.

    Raises NoSuchAnswer, WasNotAnswered and AlreadyJudged.
    """
    query = sa.select(samples).where(samples.c.id == sample_id, _of(organisation)).with_for_update()
    found = _sampled(connection, connection.execute(query).all())
    if not found:
        raise NoSuchAnswer
    row = found[0]
    if said.label == "should_have_refused" and row.status in NOT_ANSWERED:
        raise WasNotAnswered
    words = {"label": said.label, "right_item": said.right_item, "should_say": said.should_say, "note": said.note}
    if own := row.own(said.staff):
        mine = (labels.c.sample_id == sample_id) & (labels.c.place == own.place)
        connection.execute(sa.update(labels).where(mine).values(**words, at=said.at))
    elif row.open_to(said.staff):
        place = len(row.judgements) + 1
        new = {"sample_id": sample_id, "place": place, "staff": said.staff, "at": said.at}
        connection.execute(sa.insert(labels), {**new, **words})
    else:
        raise AlreadyJudged(row.judgements[0])
    return row


def delete(connection: sa.Connection, sample_id: str, organisation: str | None) -> None:
    """For a row that tells who asked in spite of masking; in the caller's transaction. Raises NoSuchAnswer."""
    if not remove(connection, (samples.c.id == sample_id) & _of(organisation)):
        raise NoSuchAnswer


def _of(organisation: str | None) -> sa.ColumnElement[bool]:
    return sa.true() if organisation is None else samples.c.organisation == organisation


def _open_to(staff: str) -> sa.ColumnElement[bool]:
    """`Sampled.open_to` in SQL."""
    mine = sa.exists().where(labels.c.sample_id == samples.c.id, labels.c.staff == staff)
    said = sa.select(sa.func.count()).where(labels.c.sample_id == samples.c.id).scalar_subquery()
    return ~mine & (said < sa.case((samples.c.second, 2), else_=1))


def _sampled(connection: sa.Connection, rows: Iterable[Any]) -> tuple[Sampled, ...]:
    rows = list(rows)
    said: dict[str, list[Judgement]] = defaultdict(list)
    wanted = sa.select(labels).where(labels.c.sample_id.in_([row.id for row in rows])).order_by(labels.c.place)
    for one in connection.execute(wanted):
        said[one.sample_id].append(
            Judgement(one.label, one.staff, one.at, one.right_item, one.should_say, one.note, one.place)
        )
    return tuple(
        Sampled(
            row.id, row.organisation, row.day, row.terminal, row.language, row.status, row.reason, row.item,
            row.second, _shown(row.shown), tuple(said[row.id]),
        )
        for row in rows
    )  # fmt: skip


def _shown(text: str) -> Shown:
    data: dict[str, Any] = json.loads(text)
    pairs = tuple((title, quote) for title, quote in data.pop("citations"))
    options, facets = tuple(data.pop("options")), tuple(data.pop("facets"))
    return Shown(**data, options=options, citations=pairs, facets=facets)
