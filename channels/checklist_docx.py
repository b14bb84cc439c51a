"""A checklist as a Word file."""

from __future__ import annotations

import io
from importlib.resources import files
from typing import Any

import yaml
from docx import Document
from docx.oxml.ns import qn

from knowledge.checklist import Checklist, Line
from knowledge.handbook import Hall
from knowledge.item import ServiceItem

WORDS: dict[str, str] = yaml.safe_load((files("channels") / "checklist.yaml").read_text("utf-8"))
"""The sheet's headings and labels."""
FONT = "宋体"


def checklist_docx(checklist: Checklist, item: ServiceItem, hall: Hall) -> bytes:
    """A .docx with a box to tick before every material."""
    document = Document()
    style: Any = document.styles["Normal"]
    style.font.name = FONT
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    document.add_heading(WORDS["title"].format(name=checklist.name), level=1)
    for choice in checklist.choices:
        document.add_paragraph(f"{choice.ask} {choice.label}")
    _lines(document, WORDS["bring"], checklist.lines)
    for group in checklist.groups:
        label = WORDS["one_of"].format(label=group.label)
        _lines(document, label, group.lines)
    _lines(document, WORDS["depends"], checklist.by_situation)
    _lines(document, WORDS["shared"], checklist.shared)
    for notice in checklist.notices:
        document.add_paragraph(notice)
    document.add_paragraph(WORDS["source"].format(hall=hall.name, hotline=hall.hotline))
    for basis in item.legal_basis:
        document.add_paragraph(basis.cite(), style="List Bullet")
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def _lines(document: Any, heading: str, lines: tuple[Line, ...]) -> None:
    if not lines:
        return
    document.add_heading(heading, level=2)
    for line in lines:
        counts = [
            WORDS[name].format(count=getattr(line, name)) for name in ("original", "copies") if getattr(line, name)
        ]
        parts = [line.name, *counts, *filter(None, (line.note,)), *line.depends_on]
        document.add_paragraph("☐ " + "，".join(parts))
