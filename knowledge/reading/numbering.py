"""How lines are numbered: 第一章, 第一条, 一、, （一）, 1., （1）, ①, and bullets."""

from __future__ import annotations

import re
from dataclasses import dataclass

HAN = "〇零一二三四五六七八九十百千两"
PART, CHAPTER, CLAUSE, ARTICLE, HAN_DOT, HAN_BRACKET, DIGIT_DOT, DIGIT_BRACKET, CIRCLED, BULLET = range(100, 200, 10)
LEGAL = (PART, CHAPTER, CLAUSE)

AFTER_DOTTED = r"(?:[\s、．.]+(?=\D)|(?=[\u4e00-\u9fff《（“])(?![元万亿米倍个年月日天岁小时分平公]))"
"""What follows 4.1 as a number of a paragraph, and not as a measure."""

_FORMS = (
    (PART, rf"第\s*([{HAN}\d]+)\s*(?:编|部分|篇)(?=[\s　：:、]|$|(?=[^，。；]{{1,30}}$))"),
    (CHAPTER, rf"第\s*([{HAN}\d]+)\s*章(?=[\s　：:、]|$|(?=[^，。；]{{1,30}}$))"),
    (CLAUSE, rf"第\s*([{HAN}\d]+)\s*节(?=[\s　：:、]|$|(?=[^，。；]{{1,30}}$))"),
    (ARTICLE, rf"第\s*([{HAN}\d]+)\s*条(?:之[{HAN}])?(?=[\s　：:【（(]|$)"),
    (HAN_DOT, rf"([{HAN}]{{1,4}})\s*[、．.](?!\d)"),
    (HAN_BRACKET, rf"[（(]\s*([{HAN}]{{1,4}})\s*[）)]\s*[、．.]?"),
    (DIGIT_BRACKET, r"[（(]\s*(\d{1,3})\s*[）)]\s*[、．.]?|(\d{1,3})\s*[）)]"),
    (DIGIT_DOT, rf"(\d{{1,3}})\s*(?:[、．]|\.(?!\d))|(\d{{1,2}}(?:\.\d{{1,2}}){{1,3}}){AFTER_DOTTED}"),
    (CIRCLED, r"([①-⑳])"),
    (BULLET, r"([•·●○◆◇■□▪►▶✓√\-–—*])\s+|([•●◆■▪►▶])"),
)
_PATTERNS = tuple((rank, re.compile(form)) for rank, form in _FORMS)
START = re.compile(rf"\s*[第{HAN}\d（(①-⑳•·●○◆◇■□▪►▶✓√\-–—*]")
"""What a number or bullet can start with; most lines start with something else."""

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}


@dataclass(frozen=True)
class Number:
    """The number at the start of a line: its kind (smaller is higher), its value, and where the words begin."""

    rank: int
    value: int
    end: int


def number_of(line: str) -> Number | None:
    """The numbering that `line` starts with."""
    if not START.match(line):
        return None
    offset = len(line) - len(line.lstrip())
    for rank, pattern in _PATTERNS:
        match = pattern.match(line, offset)
        if match:
            written = next((group for group in match.groups() if group), "")
            return Number(rank, value_of(written), match.end())
    return None


def without_number(line: str) -> str:
    """`line` without its numbering."""
    number = number_of(line)
    return line[number.end :].strip(" 　\t：:、.") if number else line.strip()


def value_of(written: str) -> int:
    """二十三 is 23; a dotted number counts by its last part; what is no number is 0."""
    if re.fullmatch(r"[\d.]+", written):
        return int(written.split(".")[-1] or 0)
    if not all(char in _DIGITS or char in _UNITS for char in written):
        return ord(written) - ord("①") + 1 if "①" <= written <= "⑳" else 0
    if not any(char in _UNITS for char in written):
        return int("".join(str(_DIGITS[char]) for char in written) or 0)
    total, digit = 0, 0
    for char in written:
        if char in _UNITS:
            total += (digit or 1) * _UNITS[char]
            digit = 0
        else:
            digit = _DIGITS[char]
    return total + digit


def is_list_line(line: str) -> bool:
    """Whether a plain line is one item of a list, so that it must stay with its neighbours."""
    number = number_of(line)
    return number is not None and number.rank > ARTICLE
