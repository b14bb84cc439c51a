"""A paper as a Word file, so that an office can add its letterhead: the same bytes for the same paper."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from preapproval.notice import Notice
from preapproval.notice_blocks import Block, Heading, NewPage, Sign, Table, Text, Title
from preapproval.notice_words import notice_words

BODY_FONT, TITLE_FONT, HEADING_FONT = "仿宋", "宋体", "黑体"
BODY, TITLE, CELL = 14, 22, 10.5
WIDTH_MM = 162.0


def as_docx(notice: Notice) -> bytes:
    document: Any = Document()
    _set_up(document, notice)
    _line(document, notice.authority, 16, centre=True)
    _line(document, notice.title, TITLE, TITLE_FONT, centre=True)
    _line(document, notice.number, BODY, centre=True)
    for block in notice.blocks:
        _add(document, block)
    content = io.BytesIO()
    document.save(content)
    return _same_bytes(content.getvalue())


def _set_up(document: Any, notice: Notice) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(24)
    section.top_margin, section.bottom_margin = Mm(28), Mm(26)
    style = document.styles["Normal"]
    style.font.name, style.font.size = BODY_FONT, Pt(BODY)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), BODY_FONT)
    style.paragraph_format.space_after = Pt(0)
    style.paragraph_format.line_spacing = 1.5
    told = document.core_properties
    told.title, told.author, told.language = notice.title, notice.authority, "zh-CN"
    told.created = told.modified = datetime(notice.issued.year, notice.issued.month, notice.issued.day)  # noqa: DTZ001
    told.last_modified_by, told.comments = "", ""
    if notice.mark:
        mark = section.header.paragraphs[0]
        mark.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = _run(mark, notice.mark, CELL, TITLE_FONT)
        run.font.color.rgb = RGBColor(0xB0, 0, 0x20)
    _number_pages(section.footer.paragraphs[0])


def _number_pages(paragraph: Any) -> None:
    """The words of notice_words.yaml with Word's own fields for the two numbers."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    before, _, rest = notice_words()["page"].partition("{page}")
    between, _, after = rest.partition("{pages}")
    for text, code in ((before, "PAGE"), (between, "NUMPAGES"), (after, None)):
        _run(paragraph, text, CELL, TITLE_FONT)
        if code:
            field = OxmlElement("w:fldSimple")
            field.set(qn("w:instr"), code)
            paragraph._p.append(field)


def _add(document: Any, block: Block) -> None:
    if isinstance(block, Title):
        _line(document, block.text, TITLE, TITLE_FONT, centre=True)
    elif isinstance(block, Heading):
        _line(document, block.text, BODY, HEADING_FONT).paragraph_format.keep_with_next = True
    elif isinstance(block, NewPage):
        document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    elif isinstance(block, Text):
        size = CELL if block.style == "small" else BODY
        paragraph = _line(document, block.text, size)
        if block.style != "plain":
            paragraph.paragraph_format.first_line_indent = Pt(2 * size)
    elif isinstance(block, Sign):
        _sign(document, block)
    else:
        _table(document, block)


def _line(document: Any, text: str, size: float, font: str = BODY_FONT, *, centre: bool = False) -> Any:
    paragraph = document.add_paragraph()
    if centre:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(paragraph, text, size, font)
    return paragraph


def _run(paragraph: Any, text: str, size: float, font: str) -> Any:
    run = paragraph.add_run(text)
    run.font.name, run.font.size = font, Pt(size)
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    return run


def _sign(document: Any, block: Sign) -> None:
    for place, text in enumerate(block.lines):
        paragraph = _line(document, text, BODY, centre=True)
        paragraph.paragraph_format.left_indent = Mm(WIDTH_MM - 75)
        paragraph.paragraph_format.keep_with_next = place + 1 < len(block.lines)
        paragraph.paragraph_format.space_before = Pt(0 if place else 18)


def _table(document: Any, block: Table) -> None:
    table = document.add_table(rows=0, cols=len(block.widths), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for place, row in enumerate(((block.header,) if block.header else ()) + block.rows):
        added = table.add_row()
        told = added._tr.get_or_add_trPr()
        told.append(OxmlElement("w:cantSplit"))
        if block.header and place == 0:
            told.append(OxmlElement("w:tblHeader"))
        for cell, text, share in zip(added.cells, row, block.widths, strict=True):
            cell.width = Mm(WIDTH_MM * share / sum(block.widths))
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.line_spacing = 1.15
            _run(paragraph, text, CELL, TITLE_FONT)


def _same_bytes(data: bytes) -> bytes:
    """A Word file is a ZIP; its entries carry the time of packing, which is taken away."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return packed.getvalue()
