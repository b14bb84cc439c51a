"""Lexical index: BM25 over arrays, for words (character uni- and bigrams) and for sound (folded pinyin bigrams).

A numpy index of our own, because it is rebuilt within a second when one item changes (docs/decisions/bm25.md).
"""

from __future__ import annotations

import copy
import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
from pypinyin import lazy_pinyin

K1, B = 1.2, 0.5
"""BM25 saturation and length normalisation; short passages want little of the latter."""

_RUNS = re.compile(r"[\u3400-\u9fff]+|[\u3040-\u30ff]+|[a-z0-9À-ɏ]+")
_FOLD = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ang", "an"), ("eng", "en"), ("ing", "in"))

Tokenizer = Callable[[str], list[str]]


def word_tokens(text: str) -> list[str]:
    """Character bigrams and unigrams of Chinese, whole words of Latin script and digits."""
    tokens: list[str] = []
    for run in _RUNS.findall(text.lower()):
        if run[0] < "\u3040":
            tokens.append(run)
            continue
        tokens += [run[i : i + 2] for i in range(len(run) - 1)]
        tokens += run
    return tokens


def sound_tokens(text: str) -> list[str]:
    """Bigrams of folded pinyin; Latin runs that read as pinyin syllables count as if typed in characters."""
    syllables = [sound for run in _RUNS.findall(text.lower()) for sound in _sounds(run)]
    return [f"{a} {b}" for a, b in pairwise(syllables)] or syllables


def fold(syllable: str) -> str:
    """Fold what dialects confuse: zh/z, ch/c, sh/s, l/n, -ng/-n."""
    for a, b in _FOLD:
        syllable = syllable.replace(a, b)
    return "n" + syllable[1:] if syllable[:1] == "l" else syllable


@lru_cache(maxsize=1 << 15)
def sound_of(character: str) -> str:
    """The folded reading of one character by itself; the same on both sides, so homographs still meet."""
    return fold(lazy_pinyin(character)[0])


def _sounds(run: str) -> list[str]:
    if run[0] >= "\u3400":
        return [sound_of(character) for character in run]
    syllables = split_pinyin(run)
    return [fold(syllable) for syllable in syllables or (run,)]


_INITIALS = "zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw]"
_FINALS = (
    "iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|ai|ei|ao|ou|an|en|er|in|un|ia|ie|iu|ua|uo|ui|ue|ve|vn|a|o|e|i|u|v"
)
_SYLLABLE = re.compile(rf"(?:{_INITIALS})(?:{_FINALS})|(?:ang|ai|ei|ao|ou|an|en|er|a|o|e)")


@lru_cache(maxsize=4096)
def split_pinyin(word: str) -> tuple[str, ...]:
    """juzhuzheng -> ju zhu zheng; () where the word has less than four letters or is not pinyin."""
    return tuple(syllables_of(word)) if len(word) >= 4 else ()


def syllables_of(word: str) -> list[str]:
    """The split of a word (lower case) into syllables with the fewest parts; [] where it is not pinyin."""
    best: list[list[str] | None] = [[]] + [None] * len(word)
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - 6), end):
            head = best[start]
            if head is None or not _SYLLABLE.fullmatch(word[start:end]):
                continue
            here = best[end]
            if here is None or len(head) + 1 < len(here):
                best[end] = [*head, word[start:end]]
    return best[-1] or []


class Keywords:
    """A BM25 index over fixed documents; 1 is about what a document with every query token once would score."""

    def __init__(self, documents: Iterable[str], tokenize: Tokenizer) -> None:
        self._tokenize = tokenize
        self._vocabulary: dict[str, int] = {}
        rows, columns, counts, lengths = self._count(documents)
        self.size = len(lengths)
        self._postings(rows, columns, counts, lengths)

    def _count(self, documents: Iterable[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Row, column and count of every token of every document, and the documents' lengths."""
        columns, counts, distinct, lengths = array("i"), array("i"), array("i"), array("i")
        vocabulary: defaultdict[str, int] = defaultdict()
        vocabulary.default_factory = vocabulary.__len__
        for document in documents:
            tokens = self._tokenize(document)
            found = Counter(tokens)
            columns.extend(map(vocabulary.__getitem__, found))
            counts.extend(found.values())
            distinct.append(len(found))
            lengths.append(len(tokens))
        self._vocabulary = dict(vocabulary)
        rows = np.repeat(np.arange(len(lengths), dtype=np.int32), distinct)
        return rows, np.array(columns, np.int32), np.array(counts, np.float32), np.array(lengths, np.float32)

    def _postings(self, rows: np.ndarray, columns: np.ndarray, counts: np.ndarray, lengths: np.ndarray) -> None:
        order = np.argsort(columns, kind="stable")
        frequency = np.bincount(columns, minlength=len(self._vocabulary))
        self._starts = np.concatenate([[0], np.cumsum(frequency)])
        self._idf = np.log(1 + (self.size - frequency + 0.5) / (frequency + 0.5)).astype(np.float32)
        self._unknown = float(np.log(1 + (self.size + 0.5) / 0.5))
        norm = K1 * (1 - B + B * lengths / max(float(lengths.mean()) if self.size else 0.0, 1.0))
        weights = counts * (1 + K1) / (counts + norm[rows]) * self._idf[columns]
        self._rows, self._weights = rows[order], weights[order].astype(np.float32)
        self._columns, self._counts, self._lengths = columns[order], counts[order], lengths

    def together(self, groups: np.ndarray) -> Keywords:
        """An index in which all documents of a group are one; `groups`: that of each, from 0, shape (size,)."""
        width = max(len(self._vocabulary), 1)
        pairs, place = np.unique(groups[self._rows] * width + self._columns, return_inverse=True)
        counts = np.bincount(place, self._counts).astype(np.float32)
        whole = copy.copy(self)
        whole.size = int(groups.max(initial=-1)) + 1
        lengths = np.bincount(groups, self._lengths, whole.size).astype(np.float32)
        whole._postings((pairs // width).astype(np.int32), (pairs % width).astype(np.int32), counts, lengths)
        return whole

    def knows(self, text: str) -> bool:
        """Whether every token of `text` stands in some document."""
        return all(token in self._vocabulary for token in self._tokenize(text))

    def scores(self, query: str) -> np.ndarray:
        """One score per document, shape (size,): 0 no token in common, about 1 every token found once."""
        total = np.zeros(self.size, np.float32)
        ideal = 0.0
        for token in dict.fromkeys(self._tokenize(query)):
            column = self._vocabulary.get(token)
            if column is None:
                ideal += self._unknown
                continue
            ideal += float(self._idf[column])
            start, end = self._starts[column], self._starts[column + 1]
            total[self._rows[start:end]] += self._weights[start:end]
        return total / ideal if ideal else total


def document_text(title: str, questions: Sequence[str], text: str) -> str:
    """What is indexed of a passage: the title twice, its wordings, its text."""
    return "\n".join((title, title, *questions, text))
