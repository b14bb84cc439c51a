"""The tables of speech/reading.yaml, made ready for matching."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml


@dataclass(frozen=True)
class Words:
    """What the rules know by heart; patterns match at the end of what precedes a number, or right after it."""

    two: re.Pattern[str]
    counted: re.Pattern[str]
    year: re.Pattern[str]
    hotline: re.Pattern[str]
    called: re.Pattern[str]
    calling: re.Pattern[str]
    answering: re.Pattern[str]
    code: re.Pattern[str]
    room: re.Pattern[str]
    ratio: re.Pattern[str]
    units: Mapping[str, str]
    unit: str
    """Source of a pattern of all units, longest first."""
    currencies: Mapping[str, str]
    words: Mapping[str, str]
    signs: Mapping[str, str]
    said: Mapping[str, str]


def any_of(these: Iterable[str]) -> str:
    """Source of a pattern that matches one of `these`, longest first."""
    return "|".join(re.escape(word) for word in sorted(these, key=len, reverse=True))


def _listed(lines: Iterable[str]) -> list[str]:
    return [word for line in lines for word in line.split()]


@cache
def words() -> Words:
    data = yaml.load((files("speech") / "reading.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    two, hotlines, codes = data["two"], data["hotlines"], data["codes"]
    notions = any_of(_listed(data["notions"]))
    code = "".join(codes["before"].split())
    return Words(
        two=re.compile(f"(?!{any_of(two['never'].split())}|{notions})(?:{any_of(two['before'].split())})"),
        counted=re.compile(f"(?!{notions})(?:{any_of(_listed(data['counted']))})"),
        year=re.compile(any_of(data["years"].split())),
        hotline=re.compile(hotlines["anywhere"]),
        called=re.compile(hotlines["called"]),
        calling=re.compile(rf"(?:{hotlines['before']})[^，。；\d]{{0,4}}[\d/、，或和 -]*$"),
        answering=re.compile(hotlines["after"]),
        code=re.compile(rf"(?:{code})[^，。；、\d]{{0,5}}[\d/、或和 -]*$"),
        room=re.compile(codes["rooms"]),
        ratio=re.compile(rf"(?:{data['ratios']})[为是达]?\s*$"),
        units=data["units"],
        unit=any_of(data["units"]),
        currencies=data["currencies"],
        words=data["words"],
        signs=data["signs"],
        said=data["said"],
    )
