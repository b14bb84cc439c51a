"""A hall's own questions: one row, its columns, and the workbook that clerks fill.

    rows = [OwnQuestion("养犬登记多少钱", "answer", ("dog-registration",), contains=("30元",), category="养犬")]
    write_questions(rows, Path("my.xlsx"), items={"dog-registration": "养犬登记"})

The words of the sheets stand in own_questions.yaml; own_questions_reading.py reads an edited workbook back.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import yaml
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from knowledge.sheets.cells import CELL_LIMIT, clean

Expect = Literal["answer", "no_answer"]
"""`answer` is answered from the handbook; `no_answer` ends in any other way."""
COLUMNS = ("question", "expect", "items", "contains", "never", "category", "note")
"""Fields of a row in the order of the columns."""
LAST_ROW = 5_000
"""How far down closed lists are offered."""
MOST_OFFERED = 500
"""Items up to which a drop-down offers them."""
HEAD = PatternFill("solid", fgColor="DDEBF7")
MARKS = re.compile(r"[\W_]+")
STARTS_FORMULA = ("=", "+", "-", "@")


@dataclass(frozen=True)
class OwnQuestion:
    """One row. Whatever is empty is not judged; all else has to be met."""

    question: str
    expect: Expect | None = None
    items: tuple[str, ...] = ()
    """Ids or exact names of items, any of which is right."""
    contains: tuple[str, ...] = ()
    """Facts that the answer has to tell, one a line of the cell: `20元`, `居民身份证`, `房产证|租房合同` for either."""
    never: tuple[str, ...] = ()
    """Facts that the answer must not tell."""
    category: str = ""
    note: str = ""
    where: str = field(default="", compare=False)
    """The cell that it was read from, as `my.xlsx 题目!A5`; never written."""

    def judged_as(self, other: OwnQuestion) -> bool:
        """Whether two rows expect the same."""
        mine, theirs = ((one.expect, one.items, one.contains, one.never) for one in (self, other))
        return mine == theirs

    @property
    def key(self) -> str:
        """The same of two writings of one question."""
        return plain(self.question) or self.question

    @property
    def id(self) -> str:
        """The same wherever the question stands, so that two runs compare."""
        return "own-" + hashlib.sha256(self.key.encode()).hexdigest()[:10]


def plain(question: str) -> str:
    """What two writings of one question have in common: no blanks, marks, or difference of case and width."""
    return MARKS.sub("", unicodedata.normalize("NFKC", question)).casefold()


@cache
def words() -> dict[str, Any]:
    return yaml.safe_load((files("evals") / "own_questions.yaml").read_text("utf-8"))


def title(column: str) -> str:
    """The heading of a column."""
    return words()["columns"][column]["title"]


def write_questions(
    rows: Iterable[OwnQuestion], path: Path, items: Mapping[str, str] | None = None, *, private: bool = False
) -> None:
    """A workbook of `rows` with drop-downs and an explanation. A file that is there is replaced whole, or not at all.

    `items` are the handbook's, id -> name: they are offered in their column and listed on a sheet; without any, the
    column takes free text. A `private` file is readable by its owner alone. Raises ValueError with cell and limit for
    a text longer than a cell holds, and OSError.
    """
    known = dict(items or {})
    book = Workbook()
    book.remove(book.worksheets[0])
    offered = offered_names(known)
    _questions(book.create_sheet(words()["sheets"]["questions"]), rows, offered)
    _about(book.create_sheet(words()["sheets"]["about"]))
    if known:
        _items(book.create_sheet(words()["sheets"]["items"]), known, offered)
    _save(book, path, 0o600 if private else 0o644)


def offered_names(items: Mapping[str, str]) -> dict[str, str]:
    """Id -> what a cell says for it: the name, or the id where several items share the name."""
    shared = Counter(items.values())
    return {identifier: name if shared[name] == 1 else identifier for identifier, name in items.items()}


def cells_of(row: OwnQuestion, offered: Mapping[str, str]) -> tuple[str, ...]:
    """What stands in the cells of a row, in the order of COLUMNS."""
    return (
        row.question,
        words()["expect"][row.expect] if row.expect else "",
        "\n".join(offered.get(one, one) for one in row.items),
        "\n".join(row.contains),
        "\n".join(row.never),
        row.category,
        row.note,
    )


def _questions(page: Any, rows: Iterable[OwnQuestion], offered: Mapping[str, str]) -> None:
    for x, column in enumerate(COLUMNS, 1):
        letter, said = get_column_letter(x), words()["columns"][column]
        _head(page.cell(1, x, said["title"]))
        page.column_dimensions[letter].width = said["width"]
        page.column_dimensions[letter].number_format = "@"
    for y, row in enumerate(rows, 2):
        for x, text in enumerate(cells_of(row, offered), 1):
            _put(page.cell(y, x), text)
    page.freeze_panes = "B2"
    page.auto_filter.ref = f"A1:{get_column_letter(len(COLUMNS))}{max(page.max_row, 2)}"
    _offer(page, "expect", f'"{",".join(words()["expect"].values())}"', "stop")
    if 0 < len(offered) <= MOST_OFFERED:
        source = f"'{words()['sheets']['items']}'!$A$2:$A${len(offered) + 1}"
        _offer(page, "items", source, "warning")  # an id, or several lines, may be typed all the same


def _offer(page: Any, column: str, formula: str, style: str) -> None:
    letter = get_column_letter(COLUMNS.index(column) + 1)
    rule = DataValidation(type="list", formula1=formula, allow_blank=True, showErrorMessage=True, errorStyle=style)  # type: ignore[arg-type]
    rule.add(f"{letter}2:{letter}{LAST_ROW}")
    page.add_data_validation(rule)


def _about(page: Any) -> None:
    said = words()["about"]
    page.cell(1, 1, said["title"]).font = Font(bold=True, size=14)
    for y, line in enumerate(said["lines"], 2):
        page.merge_cells(start_row=y, end_row=y, start_column=1, end_column=4)
        _put(page.cell(y, 1), f"{y - 1}. {line}")
        page.row_dimensions[y].height = 34
    top = len(said["lines"]) + 3
    for x, (head, width) in enumerate(zip(said["heads"], (12, 8, 60, 76), strict=True), 1):
        _head(page.cell(top, x, head))
        page.column_dimensions[get_column_letter(x)].width = width
    for y, column in enumerate(words()["columns"].values(), top + 1):
        for x, text in enumerate((column["title"], column["needed"], column["fill"], column["judged"]), 1):
            _put(page.cell(y, x), text)
    page.sheet_view.showGridLines = False


def _items(page: Any, items: Mapping[str, str], offered: Mapping[str, str]) -> None:
    for x, (head, width) in enumerate(zip(words()["items_heads"], (44, 36, 44), strict=True), 1):
        _head(page.cell(1, x, head))
        page.column_dimensions[get_column_letter(x)].width = width
    for y, (identifier, name) in enumerate(items.items(), 2):
        for x, text in enumerate((offered[identifier], identifier, name), 1):
            _put(page.cell(y, x), text)
    page.freeze_panes = "A2"


def _head(cell: Any) -> None:
    cell.font, cell.fill = Font(bold=True), HEAD
    cell.alignment = Alignment(vertical="center", wrap_text=True)


def _put(cell: Any, text: str) -> None:
    """Text stays text, also where it begins as a formula does. Raises ValueError."""
    cell.alignment, cell.number_format = Alignment(wrap_text=True, vertical="top"), "@"
    text = clean(text)
    if len(text) > CELL_LIMIT:
        said = words()["errors"]["too_long"]
        raise ValueError(said.format(cell=cell.coordinate, length=len(text), most=CELL_LIMIT))
    if text:
        cell.value, cell.data_type = text, "s"
        cell.quotePrefix = text.startswith(STARTS_FORMULA)


def _save(book: Workbook, path: Path, mode: int) -> None:
    handle, name = tempfile.mkstemp(prefix=".writing-", suffix=".xlsx", dir=path.parent)
    os.close(handle)
    try:
        book.save(name)
        os.chmod(name, mode)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
