"""Comma, semicolon or tab separated values: one table."""

from __future__ import annotations

import csv
from collections import Counter
from io import StringIO
from pathlib import Path

from knowledge.reading.decode import decode
from knowledge.reading.document import MAX_COLUMNS, MAX_ROWS, Damaged, Document, Heading, Table
from knowledge.reading.document import TITLE_RANK as TITLE

DELIMITERS = ",;\t|，；"
MAX_FIELD = 1_000_000


def read_csv(path: Path) -> Document:
    text = decode(path.read_bytes())
    if text.startswith("sep=") and "\n" in text:
        text = text.split("\n", 1)[1]
    rows, notes = _rows(text, delimiter(text))
    width = max(map(len, rows), default=0)
    if not width:
        raise Damaged("it holds no rows")
    table = Table.of([row + [""] * (width - len(row)) for row in rows])
    return Document((Heading(TITLE, path.stem), table), notes=tuple(notes))


def delimiter(text: str) -> str:
    """The sign that stands outside quotes equally often, and at least once, in most of the first lines."""
    best, best_score = ",", 0.0
    for sign in DELIMITERS:
        counts = Counter(len(row) - 1 for row in csv.reader(StringIO(text[:100_000]), delimiter=sign) if any(row))
        columns, lines = max(counts.items(), key=lambda pair: (pair[0] > 0, pair[1]), default=(0, 0))
        share = lines / max(1, sum(counts.values())) if columns else 0.0
        if share > best_score + 0.05:
            best, best_score = sign, share
    return best


def _rows(text: str, sign: str) -> tuple[list[list[str]], list[str]]:
    csv.field_size_limit(MAX_FIELD)
    rows: list[list[str]] = []
    notes: list[str] = []
    try:
        for row in csv.reader(StringIO(text), delimiter=sign):
            if len(rows) >= MAX_ROWS:
                notes.append(f"Only the first {MAX_ROWS:,} rows were read.")
                break
            if any(cell.strip() for cell in row):
                rows.append([cell.strip() for cell in row[:MAX_COLUMNS]])
    except csv.Error as error:
        raise Damaged(f"its rows cannot be read ({error})") from error
    return rows, notes
