"""The handbook as one Word document, written element by element: python-docx alone would take minutes for it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

from knowledge.book.guide import Guide, Section, chapters, words
from knowledge.handbook import Handbook

FONT = "宋体"
WIDTHS = {
    "basics": (2000, 7000),
    "materials": (2600, 700, 800, 1700, 2000, 1200),
    "places": (2400, 2200, 1700, 1200, 1500),
}
"""Columns in twentieths of a point."""

CONTENTS = ("toc 1", "toc 2")


def to_docx(handbook: Handbook, today: date) -> bytes:
    document = Document()
    _styles(document)
    end = document.element.body.sectPr
    for element in _elements(handbook, today):
        end.addprevious(element)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def _styles(document: Any) -> None:
    for name in ("Normal", "Title", "Heading 1", "Heading 2", "Heading 3", "TOC Heading"):
        style = document.styles[name]
        style.font.name = FONT
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONT)
    document.styles["Normal"].font.size = Pt(10.5)
    for level, name in enumerate(CONTENTS):
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles["Normal"]
        style.paragraph_format.left_indent = Pt(18 * level)
        style.paragraph_format.space_after = Pt(2)


def _elements(handbook: Handbook, today: date) -> Iterator[Any]:
    hall = handbook.hall
    parts = chapters(handbook, today)
    yield _paragraph(words()["title"].format(hall=hall.name), "Title")
    for name in ("printed", "hotline", "mark_note"):
        yield _paragraph(words()[name].format(day=today, hotline=hall.hotline))
    yield _paragraph(words()["contents"], "TOCHeading")
    for event, guides in parts:
        yield _paragraph(f"{event}（{words()['count'].format(items=len(guides))}）", "toc1")
        yield from (_paragraph(guide.name, "toc2") for guide in guides)
    for event, guides in parts:
        yield _paragraph(event, "Heading1", new_page=True)
        for guide in guides:
            yield from _guide(guide)


def _guide(guide: Guide) -> Iterator[Any]:
    yield _paragraph(guide.name, "Heading2")
    for section in guide.sections:
        yield _paragraph(section.title, "Heading3")
        if section.rows:
            yield _table(section)
        yield from map(_paragraph, section.lines)


def _element(name: str, *children: Any, **attributes: Any) -> Any:
    element = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), str(value))
    for child in children:
        element.append(child)
    return element


def _paragraph(text: str, style: str = "", *, bold: bool = False, new_page: bool = False) -> Any:
    marks = [_element("pStyle", val=style)] if style else []
    marks += [_element("pageBreakBefore")] if new_page else []
    words_of = _element("t")
    words_of.text = text
    words_of.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    run = _element("r", *([_element("rPr", _element("b"))] if bold else []), words_of)
    return _element("p", *([_element("pPr", *marks)] if marks else []), run)


def _table(section: Section) -> Any:
    widths = WIDTHS[section.key]
    properties = _element("tblPr", _element("tblStyle", val="TableGrid"), _element("tblW", w=sum(widths), type="dxa"))
    grid = _element("tblGrid", *(_element("gridCol", w=width) for width in widths))
    rows = [_row(row, widths, head=position == 0) for position, row in enumerate(section.rows)]
    return _element("tbl", properties, grid, *rows)


def _row(cells: tuple[str, ...], widths: tuple[int, ...], head: bool) -> Any:
    marks = [_element("cantSplit")] + ([_element("tblHeader")] if head else [])
    made = [
        _element("tc", _element("tcPr", _element("tcW", w=width, type="dxa")), _paragraph(cell, bold=head))
        for cell, width in zip(cells, widths, strict=True)
    ]
    return _element("tr", _element("trPr", *marks), *made)
