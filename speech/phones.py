"""Characters as they sound: every syllable with its pinyin, its initial, its final and its tone.

Finals are written in full (`iou` for `you`, `v` for `ü`); the vowels of `zi` and `zhi` are `ii` and `iii`.
"""

from __future__ import annotations

import hashlib
import logging
import re
import threading
import unicodedata
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

_log = logging.getLogger(__name__)

HAN = re.compile(r"[㐀-鿿豈-﫿〇𠀀-𱍏]")
PAUSES = dict(zip("，。？！、；：,?!;:…—\n", ",.?!,;:,?!;:.,.", strict=True))
"""Marks at which the voice pauses, and the five signs for them."""
SILENT = re.compile(r"[\s.·《》“”‘’「」『』（）()\[\]【】〈〉\"'*#_`~-]")
DIGITS = dict(zip("0123456789", "零一二三四五六七八九", strict=True))

ANYWHERE = 3
"""Characters of a phrase that holds also where words are cut otherwise."""

_jieba_lock = threading.Lock()


@dataclass(frozen=True)
class Syllable:
    place: int
    """Place of the character in the text."""
    pinyin: str
    """With its tone, as spoken beside its neighbours: `bu2` in 不是."""
    opens_word: bool

    @property
    def tone(self) -> int:
        return int(self.pinyin[-1])

    @property
    def sounds(self) -> tuple[str, str]:
        """Initial (may be empty) and final."""
        return split_syllable(self.pinyin)


@dataclass(frozen=True)
class Letter:
    place: int
    name: str
    """A to Z."""


@dataclass(frozen=True)
class Pause:
    place: int
    mark: str
    """One of , . ? ! ; :"""


Unit = Syllable | Letter | Pause


@cache
def fingerprint() -> str:
    """Of the tables that say how text is pronounced: what was spoken by older ones sounds otherwise."""
    tables = (Path(__file__).parent / name for name in ("polyphones.yaml", "letters.yaml"))
    return hashlib.sha256(b"".join(table.read_bytes() for table in tables)).hexdigest()[:12]


def units(text: str) -> tuple[Unit, ...]:
    """What of `text` can be spoken, in order. Other characters are left out, with a line in the log."""
    found: list[Unit] = []
    unknown = []
    plain = "".join(_plain(char) for char in text)
    spoken = {syllable.place: syllable for syllable in _syllables(plain)}
    for place, char in enumerate(plain):
        if place in spoken:
            found.append(spoken[place])
        elif "A" <= char <= "Z":
            found.append(Letter(place, char))
        elif char in PAUSES:
            if found and not isinstance(found[-1], Pause):
                found.append(Pause(place, PAUSES[char]))
        elif not SILENT.match(char):
            unknown.append(char)
    if unknown:
        _log.info("not spoken: %s", " ".join(f"U+{ord(char):04X}" for char in unknown))
    return tuple(found)


def _plain(char: str) -> str:
    """One character for one: digits as words, letters as capitals, compatibility forms folded."""
    folded = unicodedata.normalize("NFKC", char)
    if len(folded) == 1 and char not in PAUSES:
        char = folded
    return DIGITS.get(char) or (char.upper() if char.isascii() else char)


@cache
def split_syllable(pinyin: str) -> tuple[str, str]:
    """`zhuang4` -> (`zh`, `uang`), `you3` -> (``, `iou`), `zi5` -> (`z`, `ii`)."""
    from pypinyin.contrib.tone_convert import to_finals, to_initials

    plain = _INTERJECTIONS.get(pinyin.rstrip("12345"), pinyin.rstrip("12345"))
    initial, final = to_initials(plain, strict=True), to_finals(plain, strict=True, v_to_u=False)
    if final == "i" and initial in ("z", "c", "s"):
        final = "ii"
    if final == "i" and initial in ("zh", "ch", "sh", "r"):
        final = "iii"
    return initial, final


_INTERJECTIONS = {"n": "en", "ng": "en", "m": "mu", "hm": "hen", "hng": "hen", "ê": "ei", "yo": "you", "lo": "luo"}
"""Sounds without a vowel, and the syllable next to them that every voice knows."""


def _syllables(text: str) -> list[Syllable]:
    found: list[Syllable] = []
    edges = {0}
    place = 0
    for word in _words(text):
        found += _of_word(word, place)
        place += len(word)
        edges.add(place)
    known = _readings(text, edges)
    return _sandhi([replace(one, pinyin=known.get(one.place, one.pinyin)) for one in found], text)


def _of_word(word: str, place: int) -> list[Syllable]:
    from pypinyin import Style, lazy_pinyin

    if not HAN.search(word):
        return []
    read = lazy_pinyin(word, style=Style.TONE3, neutral_tone_with_five=True, v_to_u=False, errors=_one_by_one)
    if len(read) != len(word):
        read = [lazy_pinyin(char, style=Style.TONE3, neutral_tone_with_five=True)[0] for char in word]
    pairs = enumerate(zip(word, read, strict=True))
    return [Syllable(place + at, _checked(one), at == 0) for at, (char, one) in pairs if one != char]


def _one_by_one(rest: str) -> Any:
    """What pypinyin cannot read, character by character, so that places stay right."""
    return list(rest)


@cache
def _checked(pinyin: str) -> str:
    base, tone = pinyin[:-1], pinyin[-1]
    return _INTERJECTIONS.get(base, base) + tone


def _words(text: str) -> list[str]:
    import jieba

    with _jieba_lock:
        if not jieba.dt.initialized:
            jieba.setLogLevel(logging.ERROR)
            jieba.initialize()
    return jieba.lcut(text)


def _readings(text: str, edges: set[int]) -> dict[int, str]:
    """What `polyphones.yaml` says of the characters at some places of `text`; `edges` are where words begin and end."""
    table = _polyphones()
    known: dict[int, str] = {}
    for match in table.phrase.finditer(text):
        whole_words = match.start() in edges and match.end() in edges
        if whole_words or len(match.group()) >= ANYWHERE:
            known |= {match.start() + at: one for at, one in enumerate(table.readings[match.group()])}
    for pattern, reading in table.patterns:
        known |= {match.start(1): reading for match in pattern.finditer(text)}
    return known


@dataclass(frozen=True)
class _Polyphones:
    phrase: re.Pattern[str]
    """Any of the phrases, the longest that stands there."""
    readings: dict[str, tuple[str, ...]]
    patterns: tuple[tuple[re.Pattern[str], str], ...]


@cache
def _polyphones() -> _Polyphones:
    raw: dict[str, dict[str, str]] = yaml.safe_load((Path(__file__).parent / "polyphones.yaml").read_text("utf-8"))
    readings = {phrase: tuple(read.split()) for phrase, read in raw["phrases"].items()}
    longest_first = sorted(readings, key=len, reverse=True)
    patterns = tuple((re.compile(pattern), reading) for pattern, reading in raw["patterns"].items())
    return _Polyphones(re.compile("|".join(map(re.escape, longest_first))), readings, patterns)


def _sandhi(syllables: list[Syllable], text: str) -> list[Syllable]:
    """Tones as they change beside one another: 一, 不, and two third tones in a row."""
    changed = list(syllables)
    for at, (one, after) in enumerate(pairwise(syllables)):
        if after.place != one.place + 1:
            continue
        if text[one.place] == "不" and after.tone == 4:
            changed[at] = replace(one, pinyin="bu2")
        elif text[one.place] == "一" and one.pinyin == "yi1" and _is_one_of_something(text, one, after):
            changed[at] = replace(one, pinyin="yi2" if after.tone in (4, 5) else "yi4")
        elif one.tone == after.tone == 3 and not (after.opens_word and one.opens_word is False):
            changed[at] = replace(one, pinyin=one.pinyin[:-1] + "2")
    return changed


_COUNTING = frozenset("零〇一二三四五六七八九十点月号日幺")


def _is_one_of_something(text: str, one: Syllable, after: Syllable) -> bool:
    """Whether 一 counts or measures what follows; in 第一, 十一, 一月, 二一三 and 统一 it keeps its tone."""
    before = text[one.place - 1] if one.place else ""
    ends_word = after.opens_word and not one.opens_word
    return not ends_word and before not in {*_COUNTING, "第"} and text[after.place] not in _COUNTING
