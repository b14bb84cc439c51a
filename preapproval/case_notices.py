"""Papers that were issued: which, with what number, of what content, and where the files lie."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import sqlalchemy as sa

from preapproval.case import Finding
from preapproval.case_rows import CaseRow, Keeping, read_case
from preapproval.case_tables import notices
from preapproval.case_told import told_by_round
from preapproval.ledger import Write
from preapproval.numbers_given import next_paper_number, paper_number_ahead
from preapproval.sign_off_guards import Actor


@dataclass(frozen=True)
class Issued:
    id: str
    case_id: str
    round: int
    kind: str
    number: str
    sha256: str
    refs: Mapping[str, str]
    """Format -> ref in the file vault."""
    officer: str
    at: datetime
    read_at: datetime | None = None


@dataclass(frozen=True)
class Drawn:
    """A paper that was made for its number."""

    number: str
    sha256: str
    refs: Mapping[str, str]
    files: Mapping[str, str] = field(default_factory=dict)
    """Format -> SHA-256 of the bytes that were put into the vault: the audit keeps it."""


Draw = Callable[[int, int, datetime], Drawn]
"""Year, running number of the year and instant of issue -> the paper."""


Discard = Callable[[Drawn], None]
DRAWN_AHEAD = 3
"""How often a paper is drawn without holding up other writers, before it is drawn while they wait."""


@dataclass(frozen=True)
class _Ahead:
    """The number and instant that a paper is drawn for before its turn has come."""

    number: tuple[int, int]
    at: datetime


class CaseNotices:
    def __init__(self, keeping: Keeping) -> None:
        self.keeping = keeping

    def issue(
        self, actor: Actor, case_id: str, kind: str, draw: Draw, discard: Discard = lambda _drawn: None
    ) -> Issued:
        """Number, draw and keep a paper, all or nothing; one kind is issued once a round. `draw` may raise.

        A paper is drawn before other writers must wait, for the number that is next. Where another paper took that
        number meanwhile, it goes to `discard` and is drawn again.
        """
        for _ in range(DRAWN_AHEAD):
            ahead = self._ahead(case_id, kind)
            drawn = draw(*ahead.number, ahead.at) if ahead else None
            entered = None
            try:
                entered = self._enter(actor, case_id, kind, drawn, ahead)
            finally:
                if drawn is not None and (entered is None or dict(entered.refs) != dict(drawn.refs)):
                    discard(drawn)
            if entered is not None:
                return entered
        return self._while_others_wait(actor, case_id, kind, draw)

    def _ahead(self, case_id: str, kind: str) -> _Ahead | None:
        """None where the paper is there already."""
        now = self.keeping.ledger.now()
        with self.keeping.ledger.reading() as connection:
            case = read_case(connection, case_id)
            if connection.execute(_of_round(case, kind)).first():
                return None
            number = paper_number_ahead(connection, case.organisation, self.keeping.clock.day(now))
        return _Ahead(number, now)

    def _enter(self, actor: Actor, case_id: str, kind: str, drawn: Drawn | None, ahead: _Ahead | None) -> Issued | None:
        """The paper of this round; None where it was drawn for a number or a day that are no longer right."""
        try:
            with self.keeping.ledger.entry(actor, "issue", case_id, kind=kind) as write:
                case = read_case(write.connection, case_id)
                if row := write.execute(_of_round(case, kind)).first():
                    write.note(notice=row.id, repeated=True)
                    return _issued(row)
                day = self.keeping.clock.day(write.at.replace(tzinfo=UTC))
                number = next_paper_number(write, case.organisation, day)
                if drawn is None or ahead is None or (number, day) != (ahead.number, self.keeping.clock.day(ahead.at)):
                    raise _Overtaken
                return self._insert(write, case, kind, drawn)
        except _Overtaken:
            return None

    def _while_others_wait(self, actor: Actor, case_id: str, kind: str, draw: Draw) -> Issued:
        with self.keeping.ledger.entry(actor, "issue", case_id, kind=kind) as write:
            case = read_case(write.connection, case_id)
            if row := write.execute(_of_round(case, kind)).first():
                write.note(notice=row.id, repeated=True)
                return _issued(row)
            at = write.at.replace(tzinfo=UTC)
            number = next_paper_number(write, case.organisation, self.keeping.clock.day(at))
            return self._insert(write, case, kind, draw(*number, at))

    def _insert(self, write: Write, case: CaseRow, kind: str, drawn: Drawn) -> Issued:
        row = {
            "id": str(uuid.uuid4()), "case_id": case.id, "round": case.round, "kind": kind,
            "number": drawn.number, "sha256": drawn.sha256, "refs": dict(drawn.refs), "officer": write.actor.id,
        }  # fmt: skip
        write.execute(sa.insert(notices), {**row, "at": write.at})
        write.note(notice=row["id"], sha256=drawn.sha256, round=case.round, **drawn.files)
        return Issued(**row, at=write.at.replace(tzinfo=UTC))

    def of(self, case_id: str) -> tuple[Issued, ...]:
        """The oldest first."""
        query = sa.select(notices).where(notices.c.case_id == case_id).order_by(notices.c.at, notices.c.id)
        with self.keeping.ledger.reading() as connection:
            return tuple(_issued(row) for row in connection.execute(query))

    def told(self, case: CaseRow, round_: int | None = None) -> tuple[Finding, ...]:
        """What the notice of a round, by default the present, asks for."""
        with self.keeping.ledger.reading() as connection:
            return told_by_round(self.keeping, connection, case.id).get(round_ or case.round, ())

    def read(self, actor: Actor, case_id: str, notice: str) -> None:
        """The applicant opened it (portal read time); the first time counts."""
        with self.keeping.ledger.entry(actor, "read_notice", case_id, notice=notice) as write:
            mine = (notices.c.id == notice) & (notices.c.case_id == case_id) & notices.c.read_at.is_(None)
            write.execute(sa.update(notices).where(mine).values(read_at=write.at))


class _Overtaken(Exception):
    """Another paper took the number."""


def _of_round(case: CaseRow, kind: str) -> sa.Select:
    mine = (notices.c.case_id == case.id) & (notices.c.round == case.round) & (notices.c.kind == kind)
    return sa.select(notices).where(mine)


def _issued(row: sa.Row) -> Issued:
    return Issued(
        row.id, row.case_id, row.round, row.kind, row.number, row.sha256, row.refs, row.officer,
        row.at.replace(tzinfo=UTC), row.read_at.replace(tzinfo=UTC) if row.read_at else None,
    )  # fmt: skip
