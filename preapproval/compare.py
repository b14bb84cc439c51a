"""Whether two values say the same. A difference that reading may have made is `unclear` and goes to a person."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Literal

import yaml
from rapidfuzz.distance import Levenshtein

from preapproval.addresses import Address, parse_address
from preapproval.folding import folded, squeezed

Comparison = Literal["match", "differs", "unclear"]

_DOTS = re.compile(r"[·.\s]+")
_BRACKETS = re.compile(r"[()\s]")


def same_name(a: str, b: str) -> Comparison:
    """Names of persons. Dots, width and variants of characters do not count; masked ones are unclear."""
    left, right = (_DOTS.sub("", folded(text)).upper() for text in (a, b))
    if not left or not right:
        return "unclear"
    if left == right:
        return "match"
    if "*" in left + right or left in right or right in left:
        return "unclear"
    if len(left) == len(right) and _only_alike(left, right):
        return "unclear"
    longer = min(len(left), len(right)) >= 5
    return "unclear" if longer and Levenshtein.distance(left, right) <= 1 else "differs"


def same_company(a: str, b: str) -> Comparison:
    """Names of companies. Lost brackets and one character more or less, as reading makes them, are unclear."""
    left, right = (re.sub(r"\s", "", folded(text)).upper() for text in (a, b))
    if not left or not right:
        return "unclear"
    if left == right:
        return "match"
    left, right = (_BRACKETS.sub("", squeezed(text)) for text in (left, right))
    near = Levenshtein.distance(left, right) <= (1 if min(len(left), len(right)) < 14 else 2)
    return "unclear" if left == right or (near and min(len(left), len(right)) >= 4) else "differs"


def same_address(a: str, b: str) -> Comparison:
    """Addresses part by part; house, building, unit and room exact.

    Upper levels that only one of them has do not matter while a district or city is shared; else it is unclear.
    """
    if not squeezed(a) or not squeezed(b):
        return "unclear"
    if squeezed(a) == squeezed(b):
        return "match"
    left, right = parse_address(a), parse_address(b)
    parts = [
        _areas(left, right),
        _numbers(left.numbers, right.numbers),
        _names("".join(left.names), "".join(right.names)),
    ]
    if "differs" in parts:
        return "differs"
    return "unclear" if "unclear" in parts else "match"


def _areas(left: Address, right: Address) -> Comparison:
    """A city below another one (溧阳市 in 常州市) may be written as the only one."""
    if not left.district or not right.district:
        above = [{name for name in (one.city, one.district) if name} for one in (left, right)]
        if above[0] & above[1]:
            return _level(left.town, right.town)
    shared = False
    for level in ("province", "city", "district", "town"):
        one, other = getattr(left, level), getattr(right, level)
        if (found := _level(one, other)) != "match":
            return found
        shared |= bool(one and other and level != "province")
    return "match" if shared else "unclear"


def _level(one: str, other: str) -> Comparison:
    if not one or not other or one.endswith(other) or other.endswith(one):
        return "match"
    return "unclear" if _near(one, other) else "differs"


def _numbers(left: tuple[str, ...], right: tuple[str, ...]) -> Comparison:
    if left == right:
        return "match"
    fewer, more = sorted((left, right), key=len)
    rest = iter(more)
    return "unclear" if len(fewer) < len(more) and all(number in rest for number in fewer) else "differs"


def _names(left: str, right: str) -> Comparison:
    if left == right:
        return "match"
    return "unclear" if left in right or right in left or _near(left, right) else "differs"


def _near(left: str, right: str) -> bool:
    """Whether reading may have made one of the other: a character that looks alike, or one in six."""
    if len(left) == len(right) and _only_alike(left, right):
        return True
    return Levenshtein.distance(left, right) <= max(len(left), len(right)) // 6


def _only_alike(left: str, right: str) -> bool:
    return all(one == other or frozenset((one, other)) in _alike() for one, other in zip(left, right, strict=True))


@cache
def _alike() -> frozenset[frozenset[str]]:
    groups = yaml.safe_load((files("preapproval") / "alike.yaml").read_text("utf-8"))["groups"]
    return frozenset(frozenset((one, other)) for group in groups for one in group for other in group if one != other)
