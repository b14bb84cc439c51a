"""Printed labels on a page, and where what belongs to them stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz

from preapproval.extract.flow import Flow
from preapproval.folding import folded

_BEFORE = re.compile(r"(?:^|[\s:;,.()/·*\-_\"<>《》、]|(?:^|\s)[\d一二三四五六七八九十]{1,2}[.、]?)$")
_ROLE = re.compile(
    r"\((?:[甲乙丙]方|公章|盖章|签字|签名|签章|姓名|名称|单位|企业|法人|元|元/月|㎡|m2|平方米|小写|大写|必填|[^()]{1,14})\)"
)
_NEAR_VALUE = 4
"""A label right behind a value this short is one: 性别男民族汉."""

_COMPOUND = re.compile(r"居民[ \t]*身份证")
"""A value may begin with it: 居民身份证换领."""


@dataclass(frozen=True)
class Label:
    """A label and where its value may begin and must end, as positions in the text of the flow."""

    name: str
    """As kinds.yaml spells it."""
    start: int
    end: int
    value_end: int = 0
    apart: bool = True
    """Whether a mark, a space or a line break stands behind it."""


def find_labels(flow: Flow, names: Iterable[str], others: Iterable[str] = ()) -> tuple[Label, ...]:
    """Every label, longest first where they overlap, and slightly misread long ones where the exact one is missing.

    `others` are labels that end a value and mean nothing else; they are found only as they are spelt.
    """
    own = {re.sub(r"\s", "", folded(name)) for name in names}
    every = tuple(sorted(own | {folded(name) for name in others}, key=lambda name: (-len(name), name)))
    exact = [Label(re.sub(r"\s", "", found.group()), *found.span()) for found in _exact(every).finditer(flow.text)]
    text = re.sub(r"[ \t]", "", flow.text)
    there = {one.name for one in exact}
    guesses = [
        Label(name, *found.span())
        for name in sorted(own - there)
        if len(name) >= 4 and fuzz.partial_ratio(name, text) >= 100 * (1 - 1.01 / len(name)) and _unlike(name, every)
        for found in _misread(name).finditer(flow.text)
    ]
    free = [one for one in guesses if not any(other.start < one.end and one.start < other.end for other in exact)]
    return _with_ends(flow, sorted(_standing(flow, [*exact, *free]), key=lambda one: one.start))


@cache
def _exact(names: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(_spaced, names)) or r"(?!)")


def _spaced(name: str) -> str:
    return r"[ \t]*".join(map(re.escape, name))


@cache
def _misread(name: str) -> re.Pattern[str]:
    """The name with any one of its characters another one."""
    ways = (_spaced(name[:at]) + r"[ \t]*[^\s:\d][ \t]*" + _spaced(name[at + 1 :]) for at in range(len(name)))
    return re.compile("|".join(ways))


@cache
def _unlike(name: str, every: tuple[str, ...]) -> bool:
    """Whether no other label is this one but for a character: 父亲姓名 is never taken for a misread 母亲姓名."""
    same = (other for other in every if len(other) == len(name) and other != name)
    return not any(sum(a != b for a, b in zip(name, other, strict=True)) <= 1 for other in same)


def _standing(flow: Flow, found: list[Label]) -> Iterator[Label]:
    """Those that begin a line, or stand behind a space, a mark, or a short value of another label."""
    end = -99
    for one in sorted(found, key=lambda label: label.start):
        line = flow.text.rfind("\n", 0, one.start) + 1
        free = one.start == line or _BEFORE.search(flow.text[line : one.start])
        colon = re.match(r"[ \t]*:", flow.text[one.end :])
        short = end >= line and 0 < one.start - end <= _NEAR_VALUE and not _COMPOUND.search(flow.text, end, one.end)
        if free or (colon and len(one.name) >= 3) or short:
            end = one.end
            yield one


def _with_ends(flow: Flow, labels: list[Label]) -> tuple[Label, ...]:
    ends = [*(following.start for following in labels[1:]), len(flow.text)][: len(labels)]
    done = []
    for label, limit in zip(labels, ends, strict=True):
        role = _ROLE.match(flow.text, label.end)
        start = role.end() if role and re.match(r"[ \t]*[:\t\n]|[ \t]+\S", flow.text[role.end() :]) else label.end
        mark = re.compile(r"[ \t]*[:;]?[ \t_]*").match(flow.text, start)
        begin = min(mark.end() if mark else start, limit)
        row = flow.text.find("\n", label.end)
        apart = begin > label.end or flow.text[label.end : label.end + 1] == "\n"
        done.append(Label(label.name, label.start, begin, min(limit, row if row >= 0 else limit), apart))
    return tuple(done)
