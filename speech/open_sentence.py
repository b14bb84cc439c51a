"""Whether a sentence so far is not finished: who speaks slowly is never cut off in the middle of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

_SPACES = re.compile(r"[\s~～—-]+")
_END = re.compile(r"[，,、。．.…！!；;：:]+$")
_HANGING = re.compile(r"[，,、：:…]+$|\.\.\.$")
_DIGITS = str.maketrans("零〇一二三四五六七八九幺两洞拐壹贰叁肆伍陆柒捌玖ｘｘＸx叉", "001234567891207123456789XXXXX")
_ROW = re.compile(r"(?<![\d.])\d+X?$")


@dataclass(frozen=True)
class Number:
    """A number that some words announce."""

    after: re.Pattern[str]
    complete: re.Pattern[str]
    longest: int


@dataclass(frozen=True)
class OpenSentence:
    closed: tuple[re.Pattern[str], ...]
    open: tuple[re.Pattern[str], ...]
    numbers: tuple[Number, ...]
    complete: re.Pattern[str]
    dictated: int


def is_open(text: str) -> bool:
    """True while the sentence asks for more: a word that joins, a beginning, a number with digits missing."""
    words = _SPACES.sub("", text)
    if re.search(r"[?？]$", words):
        return False
    bare = _END.sub("", words)
    if not bare:
        return False
    number = _number(bare)
    if number is not None:
        return number
    rules = _rules()
    plain = re.sub(r"[，,。]", "，", bare)
    if any(pattern.search(plain) for pattern in rules.closed):
        return False
    return any(pattern.search(plain) for pattern in rules.open) or bool(_HANGING.search(words))


def _number(words: str) -> bool | None:
    """Whether a number at the end lacks digits; None where there is none."""
    digits = re.sub(r"(?<=[\dX])[，,、.。](?=\d)", "", words.translate(_DIGITS))
    row = _ROW.search(digits)
    if row is None:
        return None
    before = digits[: row.start()]
    for number in _rules().numbers:
        if re.search(rf"(?:{number.after.pattern})[^\d]{{0,8}}$", before):
            return not number.complete.fullmatch(row[0]) and len(row[0]) < number.longest
    if len(row[0]) < _rules().dictated or _rules().complete.fullmatch(row[0]):
        return None
    return len(row[0]) < 18


@cache
def _rules() -> OpenSentence:
    data = yaml.load((files("speech") / "open_sentence.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    return OpenSentence(
        closed=tuple(map(re.compile, data["closed"])),
        open=tuple(map(re.compile, data["open"])),
        numbers=tuple(
            Number(re.compile(one["after"]), re.compile(one["complete"]), one["longest"]) for one in data["numbers"]
        ),
        complete=re.compile(data["complete"]),
        dictated=data["dictated"],
    )
