"""Pages made of lines, as reading gives them: each line says where it begins and what stands there."""

from __future__ import annotations

from collections.abc import Iterable

from preapproval.case import HandedIn, Line, Mark, Page, PageRef, ReadFile

HIGH = 30
Placed = tuple[float, float, str]
"""Left, top, text; every line is 30 pixels high."""


def line(left: float, top: float, text: str, *, high: float = HIGH, hand: bool = False) -> Line:
    wide = sum(high if ord(char) > 0x2E7F else 0.55 * high for char in text)
    quad = ((left, top), (left + wide, top), (left + wide, top + high), (left, top + high))
    return Line(text=text, quad=quad, confidence=0.98, handwritten=hand)


def page(
    lines: Iterable[Placed | Line],
    *,
    size: tuple[int, int] = (1000, 630),
    file: str = "a",
    number: int = 1,
    part: int = 0,
    marks: Iterable[Mark] = (),
) -> Page:
    """`file` is one hexadecimal digit, repeated to a hash."""
    return Page(
        ref=PageRef(file=file * 64, number=number, part=part),
        width=size[0],
        height=size[1],
        lines=tuple(one if isinstance(one, Line) else line(*one) for one in lines),
        marks=tuple(marks),
    )


def face(left: float, top: float, right: float, bottom: float) -> Mark:
    quad = ((left, top), (right, top), (right, bottom), (left, bottom))
    return Mark(kind="face", quad=quad, score=0.9)


def read(*pages: Page, slot: str | None = None) -> ReadFile:
    """One file with these pages."""
    sha256 = pages[0].ref.file
    return ReadFile(file=HandedIn(name="样本.jpg", sha256=sha256, size=1, slot=slot), pages=pages)


def front(name: str = "王小样", number: str = "320499199808132188", file: str = "a", part: int = 0) -> Page:
    """The side of an identity card with the face."""
    return page(
        [
            (60, 60, f"姓名 {name}"),
            (60, 130, "性别 女"),
            (260, 130, "民族 汉"),
            (60, 200, "出生 1998年8月13日"),
            (60, 280, "住址"),
            (150, 280, "江苏省常州市新北区样本路"),
            (150, 320, "12号3幢2单元501室"),
            (60, 500, "公民身份号码"),
            (320, 500, number),
        ],
        file=file,
        part=part,
        marks=[face(700, 100, 900, 350)],
    )


def back(validity: str = "2016.05.01-2036.05.01", file: str = "b", part: int = 0) -> Page:
    """The side of an identity card with the emblem."""
    return page(
        [
            (330, 80, "中华人民共和国"),
            line(300, 160, "居民身份证", high=60),
            (200, 430, "签发机关"),
            (380, 430, "常州市公安局新北分局"),
            (200, 500, "有效期限"),
            (380, 500, validity),
        ],
        file=file,
        part=part,
    )
