"""Sheets of a hall's own questions, as clerks fill them. All names and numbers are 样本."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import openpyxl

HEADS = ("问题", "期望", "事项", "应包含", "不应出现", "分类", "备注")
ITEMS = {
    "dog-registration": "养犬登记",
    "guide-dog": "导盲犬备案",
    "north-permit": "摆摊备案",
    "south-permit": "摆摊备案",
}
Cells = Sequence[object]


def question_sheet(path: Path, *rows: Cells, heads: Cells = HEADS, above: Cells = ()) -> Path:
    """A workbook with `rows` under `heads`; `above` are lines before the headings. Short rows are filled up."""
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.title = "题目"
    for line in above:
        page.append([line])
    page.append(list(heads))
    for row in rows:
        page.append([*row, *[None] * (len(heads) - len(row))])
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path
