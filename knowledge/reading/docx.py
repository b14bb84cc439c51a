"""Word documents: headings by style or outline level, paragraphs with their automatic numbers, tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn

from knowledge.reading.document import (
    MAX_CHARACTERS,
    MAX_DEPTH,
    STYLED_RANK,
    TITLE_RANK,
    Block,
    Cell,
    Damaged,
    Document,
    Heading,
    Paragraph,
    Table,
)
from knowledge.reading.docx_numbers import AutoNumbers
from knowledge.reading.office_package import check_package
from knowledge.reading.outline import outlined

W_P, W_TBL, W_TR, W_TC, W_T = (qn(f"w:{name}") for name in ("p", "tbl", "tr", "tc", "t"))
TRANSPARENT = {qn(f"w:{name}") for name in ("sdt", "sdtContent", "ins", "moveTo", "smartTag", "customXml")}
BREAKS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
SKIPPED = {qn("w:del"), qn("w:moveFrom"), qn("w:pPr"), qn("w:rPr"), qn("w:txbxContent"), qn("w:instrText")}
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
CONTENTS = re.compile(r"^(toc|目录|contents)", re.I)


def read_docx(path: Path) -> Document:
    check_package(path, "word/document.xml")
    try:
        reader = _Reader(docx.Document(str(path)))
        blocks = list(reader.blocks())
    except (PackageNotFoundError, KeyError, ValueError, AttributeError, SyntaxError) as error:
        raise Damaged(f"it is damaged or no Word document ({error})") from error
    return Document(outlined(blocks, titled=any(isinstance(block, Heading) and block.rank == 0 for block in blocks)))


class _Reader:
    """One open document: what its styles mean and where its automatic numbers stand."""

    def __init__(self, document: Any) -> None:
        self._body = document.element.body
        self._styles = {style.element.styleId: style for style in document.styles}
        self._numbers = AutoNumbers(document)
        self._characters = 0

    def blocks(self) -> Iterator[Block]:
        yield from self._walk(self._body, 0)

    def _walk(self, parent: Any, depth: int) -> Iterator[Block]:
        for element in parent:
            if element.tag == W_P:
                yield from self._paragraph(element, depth)
            elif element.tag == W_TBL and depth < MAX_DEPTH:
                table = self._table(element, depth)
                if table.rows:
                    yield table
            elif element.tag in TRANSPARENT and depth < 4 * MAX_DEPTH:
                yield from self._walk(element, depth)

    def _paragraph(self, element: Any, depth: int) -> Iterator[Block]:
        style = self._style(element)
        name = style.name or "" if style is not None else ""
        text = "".join(_pieces(element)).strip(" \t　\n")
        self._characters += len(text)
        if self._characters > MAX_CHARACTERS:
            raise Damaged(f"it holds more than {MAX_CHARACTERS:,} characters")
        number = self._numbers.next(element, style)
        if text and not CONTENTS.match(name):
            text = number + text
            rank = self._rank(element, style, name)
            if rank is not None and "\n" not in text and len(text) <= 100:
                yield Heading(rank, text)
            else:
                yield Paragraph(text, bold=_all_bold(element, style))
        if depth < MAX_DEPTH:
            for box in element.iter(qn("w:txbxContent")):
                if not any(parent.tag == FALLBACK for parent in box.iterancestors()):
                    yield from self._walk(box, depth + MAX_DEPTH)

    def _style(self, element: Any) -> Any:
        found = element.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        return self._styles.get(found.get(qn("w:val"))) if found is not None else None

    def _rank(self, element: Any, style: Any, name: str) -> int | None:
        """0 for a title, ten for each level of a heading style or outline level, None for body text."""
        if name.casefold() in ("title", "标题", "文档标题"):
            return TITLE_RANK
        match = re.fullmatch(r"(?:heading|标题)\s*(\d)", name.casefold())
        if match:
            return STYLED_RANK * int(match[1])
        level = _outline_level(element, style)
        return STYLED_RANK * (level + 1) if level is not None and level < 9 else None

    def _table(self, element: Any, depth: int) -> Table:
        rows: list[tuple[Cell, ...]] = []
        above: dict[int, Cell] = {}
        for y, tr in enumerate(_rows(element)):
            row: list[Cell] = [Cell("", (y, -1 - x)) for x in range(_skipped(tr, "gridBefore"))]
            for tc in _cells(tr):
                span, merged = _spans(tc)
                origin = above.get(len(row)) if merged == "continue" else None
                cell = origin or self._cell(tc, (y, len(row)), depth)
                for x in range(len(row), len(row) + span):
                    above[x] = cell
                row += [cell] * span
            rows.append(tuple(row))
        width = max(map(len, rows), default=0)
        return Table(tuple((*row, *(Cell("", (y, x)) for x in range(len(row), width))) for y, row in enumerate(rows)))

    def _cell(self, tc: Any, at: tuple[int, int], depth: int) -> Cell:
        inner = list(self._walk(tc, depth + 1))
        text = "\n".join(block.text for block in inner if isinstance(block, Heading | Paragraph))
        return Cell(text, at, tuple(block for block in inner if isinstance(block, Table)))


def _pieces(element: Any) -> Iterator[str]:
    """Words of one paragraph: inserted ones too, deleted ones not, text boxes apart."""
    for child in element:
        if child.tag == W_T:
            yield child.text or ""
        elif child.tag in BREAKS:
            yield BREAKS[child.tag]
        elif child.tag not in SKIPPED and child.tag != FALLBACK:
            yield from _pieces(child)


def _rows(table: Any) -> Iterator[Any]:
    for child in table:
        if child.tag == W_TR:
            yield child
        elif child.tag in TRANSPARENT:
            yield from _rows(child)


def _cells(row: Any) -> Iterator[Any]:
    for child in row:
        if child.tag == W_TC:
            yield child
        elif child.tag in TRANSPARENT:
            yield from _cells(child)


def _skipped(row: Any, name: str) -> int:
    found = row.find(f"{qn('w:trPr')}/{qn('w:' + name)}")
    return min(int(found.get(qn("w:val"), "0")), 50) if found is not None else 0


def _spans(tc: Any) -> tuple[int, str]:
    """How many columns a cell takes, and whether it continues the one above."""
    span = tc.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
    merge = tc.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
    width = min(int(span.get(qn("w:val"), "1")), 100) if span is not None else 1
    return max(1, width), merge.get(qn("w:val"), "continue") if merge is not None else ""


def _outline_level(element: Any, style: Any) -> int | None:
    """The outline level of a paragraph, its own or its style's, inherited ones included."""
    own = element.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
    seen = 0
    while own is None and style is not None and seen < 20:
        own = style.element.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
        style, seen = getattr(style, "base_style", None), seen + 1
    return int(own.get(qn("w:val"), "9")) if own is not None else None


def _all_bold(element: Any, style: Any) -> bool:
    runs = [run for run in element.iter(qn("w:r")) if "".join(t.text or "" for t in run.iter(W_T)).strip()]
    inherited = bool(style is not None and style.font.bold) if hasattr(style, "font") else False
    return bool(runs) and all(_bold(run, inherited) for run in runs)


def _bold(run: Any, inherited: bool) -> bool:
    mark = run.find(f"{qn('w:rPr')}/{qn('w:b')}")
    return inherited if mark is None else mark.get(qn("w:val"), "1") not in ("0", "false", "off")
