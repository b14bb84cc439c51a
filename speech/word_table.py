"""Words of jieba's dictionary by how they sound: 300,000 words in arrays of about 10 MB, kept as a file."""

from __future__ import annotations

import logging
import os
import re
import tempfile
from collections.abc import Callable, Mapping
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import IO
from zipfile import BadZipFile

import numpy as np
from pypinyin import lazy_pinyin
from pypinyin.constants import PINYIN_DICT
from pypinyin.contrib.tone_convert import to_normal

LONGEST = 7
"""Syllables of a word: as many as a key of 63 bits holds."""
RAREST = 3
"""Count in jieba's corpus below which a word is left out."""
FORMAT = 1

_BITS = 9
logger = logging.getLogger(__name__)
_HAN = re.compile(r"[\u4e00-\u9fff]+")


class WordTable:
    """Words of one to LONGEST characters with their count, found by toneless pinyin or by their characters."""

    def __init__(self, arrays: dict[str, np.ndarray]) -> None:
        self._syllables = {syllable: at for at, syllable in enumerate(arrays["syllables"].tolist(), 1)}
        self._keys, self._starts, self._counts = arrays["keys"], arrays["starts"], arrays["counts"]
        self._codes, self._code_counts = arrays["codes"], arrays["code_counts"]
        self._text = arrays["text"].tobytes().decode("utf-16-le")
        self.total = int(self._counts.sum())

    def windows(self, syllables: list[str]) -> list[list[range]]:
        """For every place and every size (1, 2, …) the rows of the words that sound like that stretch."""
        ids = np.array([self._syllables.get(one, 0) for one in syllables], np.int64)
        found: list[list[range]] = [[] for _ in syllables]
        keys, known = np.zeros(len(ids), np.int64), np.ones(len(ids), bool)
        for size in range(1, min(LONGEST, len(ids)) + 1):
            last = ids[size - 1 :]
            keys, known = (keys[: len(last)] << _BITS) | last, known[: len(last)] & (last > 0)
            left, right = np.searchsorted(self._keys, keys, "left"), np.searchsorted(self._keys, keys, "right")
            for at, (low, high, ok) in enumerate(zip(left.tolist(), right.tolist(), known.tolist(), strict=True)):
                found[at].append(range(low, high) if ok else range(0))
        return found

    def word(self, row: int, size: int) -> tuple[str, int]:
        """A word of `size` characters and its count."""
        start = int(self._starts[row])
        return self._text[start : start + size], int(self._counts[row])

    def count(self, word: str) -> int:
        """How often `word` stands in jieba's corpus; 0 where it is no word."""
        code = _code(word)
        at = int(np.searchsorted(self._codes, code))
        return int(self._code_counts[at]) if at < len(self._codes) and self._codes[at] == code else 0


def load_words(cache_folder: Path) -> WordTable:
    """The table from its file; built first, in seconds, where there is none of these versions of the dictionaries."""
    path = cache_folder / f"words-{FORMAT}-jieba-{version('jieba')}-pypinyin-{version('pypinyin')}.npz"
    try:
        with open(path, "rb") as file, np.load(file) as kept:
            return WordTable(dict(kept))
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):  # not there, or not whole
        arrays = _arrays(_dictionary())
    write_whole(path, lambda file: np.savez(file, **arrays))  # pyright: ignore[reportArgumentType]
    return WordTable(arrays)


def write_whole(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Write a file that other processes see whole or not at all. A folder that is read-only is no error."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".new-") as folder:
            with open(Path(folder) / path.name, "wb") as file:
                write(file)
            os.replace(file.name, path)
    except OSError:
        logger.warning("%s cannot be written; what it holds is built again at every start", path)


def syllables_of(text: str) -> list[str]:
    """One toneless syllable for each character; a character without a reading is its own."""
    readings = lazy_pinyin(text)
    return readings if len(readings) == len(text) else [lazy_pinyin(char)[0] for char in text]


def table_of(words: Mapping[str, int]) -> WordTable:
    """A table of some words and their counts, kept in no file."""
    return WordTable(_arrays(words))


def _arrays(words: Mapping[str, int]) -> dict[str, np.ndarray]:
    sounds = [_sound(word) for word in words]
    names = sorted({syllable for sound in sounds for syllable in sound})
    ids = {name: at for at, name in enumerate(names, 1)}
    if len(ids) >= 1 << _BITS:
        raise ValueError(f"{len(ids)} syllables do not fit in {_BITS} bits")
    keys = np.array([_key([ids[one] for one in sound]) for sound in sounds], np.int64)
    counts = np.fromiter(words.values(), np.int32, len(words))
    starts = np.cumsum([0, *map(len, words)])[:-1].astype(np.int32)
    codes = np.array([_code(word) for word in words], np.uint64)
    order, by_code = np.argsort(keys, kind="stable"), np.argsort(codes)
    return {
        "syllables": np.array(names),
        "keys": keys[order],
        "starts": starts[order],
        "counts": counts[order],
        "codes": codes[by_code],
        "code_counts": counts[by_code],
        "text": np.frombuffer("".join(words).encode("utf-16-le"), np.uint8),
    }


def _dictionary() -> dict[str, int]:
    """jieba's own file, read without loading jieba."""
    words: dict[str, int] = {}
    for line in (files("jieba") / "dict.txt").read_text("utf-8").splitlines():
        word, count, *_ = line.split(" ")
        if len(word) <= LONGEST and int(count) >= RAREST and _HAN.fullmatch(word):
            words[word] = int(count)
    return words


def _sound(word: str) -> list[str]:
    """As lazy_pinyin reads it, but without asking it for words whose characters have one reading each."""
    readings = [_only_reading(char) for char in word]
    return [one for one in readings if one] if all(readings) else syllables_of(word)


@cache
def _only_reading(char: str) -> str:
    """The toneless reading of a character that has one; empty for the others."""
    readings = {to_normal(one) for one in PINYIN_DICT.get(ord(char), "").split(",")}
    return readings.pop() if len(readings) == 1 else ""


def _key(ids: list[int]) -> int:
    key = 0
    for one in ids:
        key = key << _BITS | one
    return key


def _code(word: str) -> np.uint64:
    """FNV-1a over code points: the same in every process, unlike hash()."""
    code = 14_695_981_039_346_656_037
    for char in word:
        code = (code ^ ord(char)) * 1_099_511_628_211 & 0xFFFF_FFFF_FFFF_FFFF
    return np.uint64(code)
