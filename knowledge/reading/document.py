"""What every format is read into: headings, paragraphs and tables in the order of the page."""

from __future__ import annotations

from dataclasses import dataclass

MAX_BYTES = 100 * 1024 * 1024
MAX_CHARACTERS = 20_000_000
MAX_ROWS = 100_000
MAX_COLUMNS = 100
MAX_PAGES = 2_000
MAX_DEPTH = 8
"""How deep tables may stand inside tables."""

TITLE_RANK = 0
STYLED_RANK = 10
"""Rank of a first-level heading that the format itself marks; the next level is ten more."""


class Damaged(Exception):
    """A file that its format's reader cannot read; the message is the reason, without the file's name."""


@dataclass(frozen=True)
class Heading:
    """`rank`: the smaller, the higher; a heading ends the sections of its own and of greater rank."""

    rank: int
    text: str
    article: bool = False
    """第…条: the paragraph after it starts with the same words."""


@dataclass(frozen=True)
class Paragraph:
    text: str
    bold: bool = False
    """Every word of it is set in bold, so that it may be a heading."""


@dataclass(frozen=True)
class Cell:
    """A merged cell stands at each of its places in the grid, with `at` telling its upper left corner."""

    text: str
    at: tuple[int, int]
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True)
class Table:
    rows: tuple[tuple[Cell, ...], ...]

    @classmethod
    def of(cls, rows: list[list[str]]) -> Table:
        """A table without merged cells."""
        return cls(tuple(tuple(Cell(text, (y, x)) for x, text in enumerate(row)) for y, row in enumerate(rows)))


Block = Heading | Paragraph | Table


@dataclass(frozen=True)
class Document:
    blocks: tuple[Block, ...]
    url: str | None = None
    notes: tuple[str, ...] = ()
