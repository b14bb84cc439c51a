"""A paper as a PDF: its own letters embedded, pages numbered, the same bytes for the same paper."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from fpdf import FPDF

from preapproval.notice import Notice
from preapproval.notice_pages import FOOT_Y, LEFT, MARK_Y, RIGHT, SMALL, Box, Put, lay_out
from preapproval.notice_words import notice_words

FACE = "NotoSerifCJKsc-Regular.otf"
FAMILY = "serif"
POINTS = 72 / 25.4
NOT_NEEDED = ("GSUB", "GPOS", "GDEF", "BASE", "vhea", "vmtx", "VORG", "DSIG")
"""Tables of vertical text, of forms that letters take beside others, and of signatures."""


class FontMissing(RuntimeError):
    """The package that brings the letters is not installed."""


def as_pdf(notice: Notice) -> bytes:
    """Raises FontMissing."""
    pdf = _blank(notice)
    letters = _Letters(pdf.fonts[FAMILY])
    pages = lay_out(notice, letters.width)
    for number, page in enumerate(pages, 1):
        pdf.add_page()
        for one in page:
            if isinstance(one, Box):
                pdf.rect(one.x, one.y, one.width, one.height)
            else:
                _put(pdf, letters, one)
        foot = notice_words()["page"].format(page=number, pages=len(pages))
        _centred(pdf, letters, foot, FOOT_Y)
        if notice.mark:
            pdf.set_text_color(176, 0, 32)
            _centred(pdf, letters, notice.mark, MARK_Y)
            pdf.set_text_color(0, 0, 0)
    return bytes(pdf.output())


def _blank(notice: Notice) -> FPDF:
    pdf = FPDF(format="A4")
    pdf.set_auto_page_break(False)
    pdf.set_creation_date(datetime(notice.issued.year, notice.issued.month, notice.issued.day, tzinfo=UTC))
    pdf.set_title(f"{notice.title} {notice.number}".strip())
    pdf.set_author(notice.authority)
    pdf.set_lang("zh-CN")
    pdf.set_line_width(0.2)
    pdf.add_font(FAMILY, fname=_font_file())
    _make_light(pdf.fonts[FAMILY])
    return pdf


def _make_light(font: Any) -> None:
    """Leave out what horizontal text makes no use of: the part to embed is then found in a third of the time."""
    font.ttfont.recalcBBoxes = False
    for table in NOT_NEEDED:
        if table in font.ttfont:
            del font.ttfont[table]


def _put(pdf: FPDF, letters: _Letters, one: Put) -> None:
    pdf.set_font(FAMILY, size=one.size)
    pdf.text(one.x, one.y, letters.known(one.text))


def _centred(pdf: FPDF, letters: _Letters, text: str, y: float) -> None:
    _put(pdf, letters, Put((LEFT + RIGHT - letters.width(text, SMALL)) / 2, y, text, SMALL))


@cache
def _font_file() -> Path:
    spec = find_spec("mplfonts")
    if spec is None or spec.origin is None:
        raise FontMissing("mplfonts is not installed: papers cannot be drawn as PDF")
    return Path(spec.origin).parent / "fonts" / FACE


class _Letters:
    """How wide letters are. One that the font lacks is shown as 〓; Word and HTML still have it."""

    def __init__(self, font: Any) -> None:
        self.known_signs = font.cmap
        self.scale = font.cw
        self._wide: dict[str, float] = {}

    def known(self, text: str) -> str:
        return "".join(sign if ord(sign) in self.known_signs else notice_words()["unreadable"] for sign in text)

    def width(self, text: str, size: float) -> float:
        """Millimetres."""
        return sum(self._em(sign) for sign in text) * size / POINTS / 1000

    def _em(self, sign: str) -> float:
        if sign not in self._wide:
            self._wide[sign] = self.scale[ord(self.known(sign))]
        return self._wide[sign]
