"""The hall's own golden set: sheets in the folder `questions` of the data folder, one for each time rows were kept.

A sheet that is there is never written again, so nothing that somebody changed in it by hand is lost.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from evals.own_questions import OwnQuestion, write_questions
from evals.own_questions_reading import read_questions, say, sheets_of
from evals.own_questions_template import is_example

FOLDER = "questions"


@dataclass(frozen=True)
class Kept:
    """What became of rows that were to be kept."""

    added: tuple[OwnQuestion, ...]
    refused: tuple[str, ...]
    """One sentence for each row that was not added."""
    total: int
    """Rows in the set now."""
    path: Path | None
    """The new sheet; None where no row was added."""


def keep(
    rows: Iterable[OwnQuestion], data: Path, items: Mapping[str, str], name: str = "own", day: date | None = None
) -> Kept:
    """Add rows to the set in the data folder as one new sheet, `name` and `day` being its name.

    Rows whose question is there already are refused, and so are the samples of the template. `items` are the
    handbook's, id -> name. Raises BadCells where a sheet of the set cannot be read, then nothing is added; ValueError
    and OSError.
    """
    folder = data / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        there = read_questions(sheets_of(folder), items).rows
        asked = {row.key: row for row in there}
        added, refused = list[OwnQuestion](), list[str]()
        for row in rows:
            same = asked.get(row.key)
            if is_example(row):
                refused.append(f"{row.where}：{say('kept_sample')}")
            elif same:
                alike = say(
                    "kept_same" if row.judged_as(same) else "kept_other", question=row.question, where=same.where
                )
                refused.append(f"{row.where}：{alike}")
            else:
                added.append(row)
                asked[row.key] = row
        path = _free(folder, f"{(day or date.today()).isoformat()}-{name}") if added else None
        if path:
            write_questions(added, path, items)
    return Kept(tuple(added), tuple(refused), len(there) + len(added), path)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Two who keep rows at the same time do so one after the other; the lock goes away with its holder."""
    with closing(sqlite3.connect(folder / ".lock", timeout=60, isolation_level=None)) as lock:
        lock.execute("BEGIN EXCLUSIVE")
        yield


def _free(folder: Path, stem: str) -> Path:
    """A name that no file has."""
    names = (f"{stem}{'' if number == 1 else f'-{number}'}.xlsx" for number in range(1, 10_000))
    return next(folder / name for name in names if not (folder / name).exists())
