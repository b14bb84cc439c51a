"""Which files a case has, round by round. Their bytes lie in the file vault; here stands where."""

from __future__ import annotations

import re
from dataclasses import dataclass

import sqlalchemy as sa

from preapproval.case import HandedIn, ReadFile
from preapproval.case_rows import (
    AT_THE_COUNTER,
    FILLED_IN,
    CaseRow,
    Keeping,
    NoSuchFile,
    at_version,
    change,
    may_change,
    read_case,
)
from preapproval.case_tables import case_files, readings
from preapproval.ledger import Write
from preapproval.sign_off import NotAllowed
from preapproval.sign_off_guards import SYSTEM, Actor

SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class StoredFile:
    file: HandedIn
    media_type: str | None
    ref: str
    """Finds its bytes in the file vault."""


@dataclass(frozen=True)
class HandedInFile:
    """What handing in a file led to."""

    case: CaseRow
    duplicate: bool
    """The same bytes were there already; nothing was changed, and the new copy of the bytes is not needed."""


class TooManyFiles(Exception):
    code = "too_many_files"

    def __init__(self, limit: int) -> None:
        super().__init__(f"a case holds at most {limit} files")
        self.limit = limit


class CaseFiles:
    def __init__(self, keeping: Keeping) -> None:
        self.keeping = keeping

    def add(self, actor: Actor, case_id: str, version: int, new: StoredFile) -> HandedInFile:
        """Raises TooManyFiles, StaleVersion, NoSuchCase, or NotAllowed where nothing may be handed in."""
        with self.keeping.ledger.entry(actor, "add_file", case_id, file=new.file.sha256) as write:
            case, round_ = self._open(write, case_id, version, "add_file")
            present = files_of(self.keeping, write.connection, case_id, open_round(case))
            if new.file.sha256 in {one.file.sha256 for one in present}:
                write.note(duplicate=True)
                return HandedInFile(case, True)
            if len(present) >= self.keeping.most_files:
                raise TooManyFiles(self.keeping.most_files)
            begin_round(write, case, round_)
            position = 1 + (self._last(write, case_id, round_) or 0)
            write.execute(sa.insert(case_files), self._row(write, case_id, round_, position, new))
            return HandedInFile(change(write, case, filing_round=round_), False)

    def remove(self, actor: Actor, case_id: str, version: int, sha256: str) -> tuple[CaseRow, tuple[str, ...]]:
        """The case, and the refs that no round needs any more: the file, and pictures of its pages.

        What was read on it goes with it, which the entry says. Raises as `add`, and NoSuchFile.
        """
        if not SHA256.fullmatch(sha256):
            raise NoSuchFile(sha256)
        with self.keeping.ledger.entry(actor, "remove_file", case_id, file=sha256) as write:
            case, round_ = self._open(write, case_id, version, "remove_file")
            begin_round(write, case, round_)
            mine = (case_files.c.case_id == case_id) & (case_files.c.sha256 == sha256)
            ref = write.execute(sa.select(case_files.c.ref).where(mine & (case_files.c.round == round_))).scalar()
            if ref is None:
                raise NoSuchFile(sha256)
            write.execute(sa.delete(case_files).where(mine & (case_files.c.round == round_)))
            kept = write.execute(sa.select(sa.func.count()).select_from(case_files).where(mine)).scalar()
            gone = () if kept else (ref, *self._forget(write, case_id, sha256))
            return change(write, case, filing_round=round_), gone

    def _forget(self, write: Write, case_id: str, sha256: str) -> tuple[str, ...]:
        """What was read on a file that was taken back; returns the refs of its pictures."""
        mine = (readings.c.case_id == case_id) & (readings.c.sha256 == sha256)
        rows = write.execute(sa.select(readings.c.pictures).where(mine))
        refs = [ref for row in rows for ref in row.pictures.values()]
        write.execute(sa.delete(readings).where(mine))
        write.note(pictures_deleted=len(refs))
        return tuple(refs)

    def of(self, case: CaseRow, round_: int | None = None) -> tuple[StoredFile, ...]:
        """The files of a round, in the order in which they came; by default those of the round being handed in."""
        with self.keeping.ledger.reading() as connection:
            return files_of(self.keeping, connection, case.id, round_ or open_round(case))

    def save_reading(self, case_id: str, read: ReadFile, engine: str, pictures: dict[str, str]) -> None:
        """Keep what reading a file gave; `engine` is a SHA-256, `pictures` say `page.part` -> ref. Kept once."""
        sha256 = read.file.sha256
        with self.keeping.ledger.entry(SYSTEM, "save_reading", case_id, file=sha256, engine=engine) as write:
            read_case(write.connection, case_id)
            key = {"case_id": case_id, "sha256": sha256, "engine": engine}
            write.execute(sa.delete(readings).where(*(readings.c[name] == value for name, value in key.items())))
            sealed = self.keeping.seal(read.model_dump_json(), f"review_reading.reading:{case_id}:{sha256}:{engine}")
            write.execute(sa.insert(readings), {**key, "reading": sealed, "pictures": pictures, "at": write.at})

    def reading(self, case_id: str, sha256: str, engine: str) -> tuple[ReadFile, dict[str, str]] | None:
        """What an engine read before on a file of this case, with the refs of its pictures."""
        mine = (readings.c.case_id == case_id) & (readings.c.sha256 == sha256) & (readings.c.engine == engine)
        with self.keeping.ledger.reading() as connection:
            row = connection.execute(sa.select(readings.c.reading, readings.c.pictures).where(mine)).one_or_none()
        if row is None:
            return None
        text = self.keeping.unseal(row.reading, f"review_reading.reading:{case_id}:{sha256}:{engine}")
        return ReadFile.model_validate_json(text), row.pictures

    def _open(self, write: Write, case_id: str, version: int, event: str) -> tuple[CaseRow, int]:
        """The case, and the round for which files come or go.

        At the counter an officer takes files for a correction on the spot; before one looks, the applicant mends alone.
        """
        case = at_version(write, case_id, version)
        if not may_change(case, write.actor):
            raise NotAllowed("files_locked", case.state, event)
        return case, case.round if case.state == "draft" else case.round + 1

    def _last(self, write: Write, case_id: str, round_: int) -> int | None:
        """The highest position of a round; None where it has not begun."""
        mine = (case_files.c.case_id == case_id) & (case_files.c.round == round_)
        return write.execute(sa.select(sa.func.max(case_files.c.position)).where(mine)).scalar()

    def _row(self, write: Write, case_id: str, round_: int, position: int, new: StoredFile) -> dict[str, object]:
        file = new.file
        return {
            "case_id": case_id, "round": round_, "sha256": file.sha256, "position": position, "size": file.size,
            "name": self.keeping.seal(file.name, _name_context(case_id, file.sha256)), "media_type": new.media_type,
            "slot": file.slot, "ref": new.ref, "added_at": write.at,
        }  # fmt: skip


def open_round(case: CaseRow) -> int:
    """The round whose files the applicant sees: the next one, where it has begun."""
    return case.filing_round if case.state in FILLED_IN or case.state == AT_THE_COUNTER else case.round


def begin_round(write: Write, case: CaseRow, round_: int) -> None:
    """A later round begins with all files of the one before; once only."""
    if case.filing_round < round_:
        mine = (case_files.c.case_id == case.id) & (case_files.c.round == case.round)
        for row in write.execute(sa.select(case_files).where(mine)).mappings().all():
            write.execute(sa.insert(case_files), {**row, "round": round_})


def files_of(keeping: Keeping, connection: sa.Connection, case_id: str, round_: int) -> tuple[StoredFile, ...]:
    mine = (case_files.c.case_id == case_id) & (case_files.c.round == round_)
    rows = connection.execute(sa.select(case_files).where(mine).order_by(case_files.c.position))
    return tuple(
        StoredFile(
            HandedIn(
                name=keeping.unseal(row.name, _name_context(case_id, row.sha256)), sha256=row.sha256, size=row.size,
                slot=row.slot,
            ),
            row.media_type, row.ref,
        )
        for row in rows
    )  # fmt: skip


def _name_context(case_id: str, sha256: str) -> str:
    return f"review_file.name:{case_id}:{sha256}"
