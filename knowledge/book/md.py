"""The handbook as one Markdown text."""

from __future__ import annotations

import re
from datetime import date

from knowledge.book.guide import Guide, Section, chapters, words
from knowledge.handbook import Handbook

MARKS = re.compile(r"([\\`*_\[\]|])")
LINE_MARK = re.compile(r"^([#>+\-])(?=\s|#)")
ITEM_LEVEL = 3


def to_md(handbook: Handbook, today: date) -> str:
    hall = handbook.hall
    parts = chapters(handbook, today)
    lines = [f"# {_plain(words()['title'].format(hall=hall.name))}", ""]
    for name in ("printed", "hotline", "mark_note"):
        lines += [_plain(words()[name].format(day=today, hotline=hall.hotline)), ""]
    lines += [f"## {words()['contents']}", ""]
    for event, guides in parts:
        lines += [f"- {event}（{words()['count'].format(items=len(guides))}）"]
        lines += [f"  - {_plain(guide.name)}" for guide in guides]
    for event, guides in parts:
        lines += ["", f"## {event}"]
        for guide in guides:
            lines += _guide(guide)
    return "\n".join(lines) + "\n"


def _guide(guide: Guide) -> list[str]:
    lines = ["", f"{'#' * ITEM_LEVEL} {_plain(guide.name)}"]
    for section in guide.sections:
        lines += ["", f"{'#' * (ITEM_LEVEL + 1)} {section.title}", "", *_body(section)]
    return lines


def _body(section: Section) -> list[str]:
    if not section.rows:
        numbered = all(re.match(r"\d+\. ", line) for line in section.lines)
        lines = [_plain(line) for line in section.lines]
        return lines if numbered else "\n\n".join(lines).split("\n")
    head, *rows = section.rows
    return [_row(head), "|" + " --- |" * len(head), *map(_row, rows)]


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(map(_plain, cells)) + " |"


def _plain(text: str) -> str:
    """Words whose signs Markdown does not take for marks; < is written so that no page takes it for a tag."""
    return LINE_MARK.sub(r"\\\1", MARKS.sub(r"\\\1", text).replace("<", "＜"))
