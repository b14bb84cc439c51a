"""A written answer as sentences: markdown and list marks off, not too long, not too short."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

LONGEST = 60
"""Characters of a Chinese sentence before it is parted at a comma: the voice needs seconds for longer ones."""
LONGEST_FOREIGN = 140
SHORTEST = 6
"""Signs that are said; a shorter sentence goes with the next one."""

_COUNTED = r"[（(]?1[.)、．）][^\n]*[^\d.\n]2[.)、．）](?!\d)"
"""A list within one line: all its numbers are said, or none."""
_MARKUP: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[ \t\u00a0\u3000]+"), " "),
    (re.compile(r"\r\n?|<br\s*/?>|</(?:p|li|div|h\d)>", re.IGNORECASE), "\n"),
    (re.compile(r"</?[A-Za-z][^<>\n]{0,200}>"), ""),
    (re.compile(r"!?\[([^\[\]\n]{1,200})\]\([^()\s]{0,500}\)"), r"\1"),
    (
        re.compile(
            r"^[ \t]*(?:[-*_=][ \t]*){3,}$|^[ \t]*\|?(?:[ \t]*:?-{3,}:?[ \t]*\|?)+[ \t]*$|^```.*$", re.MULTILINE
        ),
        "",
    ),
    (
        re.compile(r"(?<!\*)\*\*(?=[^\s*])([^*\n]+?)\*\*(?!\*)|__(?=\S)([^_\n]+?)__|~~([^~\n]+?)~~|`([^`\n]*)`"),
        r"\1\2\3\4",
    ),
    (re.compile(r"(?<![*\w])\*(?=[^\s*])([^*\n]+?)\*(?![*\w])"), r"\1"),
    (re.compile(r"[ \t]*\|[ \t]*(?=\n|$)|^[ \t]*\|[ \t]*", re.MULTILINE), ""),
    (re.compile(r"[ \t]*\|[ \t]*"), "，"),
    (re.compile(r"^[ \t]*(?:(?:#{1,6}|>+)[ \t]*)+(?=\D)", re.MULTILINE), ""),
    (re.compile(r"^[ \t]*(?:[-*+–][ \t]+|[•·●○■□◆◇▪▶►★☆✓✔☑]\s*)(?:\[[ xX]\][ \t]*)?", re.MULTILINE), ""),
    (
        re.compile(
            rf"^[ \t]*(?!{_COUNTED})(?:\d{{1,2}}[.)、．](?!\d)|[（(]\d{{1,2}}[)）])[ \t]*",
            re.MULTILINE,
        ),
        "",
    ),
    (re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060\ufeff\ufffd\x00-\x08\x0b-\x1f\x7f]"), ""),
)
_END = re.compile(
    r"[。！？；]+[”’」』）)】]*|[!?;]+(?![\w=&%/.])|[!?;]+(?=[\u3400-\u9fff])|(?<=[A-Za-zäöüß]{2})\.+(?=\s|$)|\n+"
)
_COMMA = re.compile(r"[，,](?!\d)|、(?![一二三四五六七八九十\d])|[：:](?![\d/])")
_FIRM = re.compile(r"[，,](?!\d)")
_SPACE = re.compile(r"(?<!\d) | (?!\d)")
_INSIDE = re.compile(r"(?<=[\u3400-\u9fffA-Za-z/])(?=[\u3400-\u9fff])|\s")
_ENDLESS = 600
_WORD = re.compile(r"\w")


def sentences(text: str, longest: int = LONGEST) -> list[str]:
    """The sentences of `text` as they stand on screen; together they hold all that is said."""
    whole = [piece for sentence in _apart(without_marks(text)) for piece in _parted(sentence, longest)]
    return _joined(whole)


def without_marks(text: str) -> str:
    for pattern, meant in _MARKUP:
        text = pattern.sub(meant, text)
    return text


def _apart(text: str) -> Iterator[str]:
    start = 0
    for end in _END.finditer(text):
        yield text[start : end.end()].strip()
        start = end.end()
    yield text[start:].strip()


def _parted(sentence: str, longest: int) -> Iterator[str]:
    """`sentence` in pieces of at most `longest` where commas allow it, else at weaker marks, else within words."""
    while len(sentence) > longest:
        cut = _cut(sentence, longest)
        yield sentence[:cut].strip()
        sentence = sentence[cut:].strip()
    if sentence:
        yield sentence


def _cut(sentence: str, longest: int) -> int:
    for marks in (_FIRM, _COMMA):
        places = [mark.end() for mark in marks.finditer(sentence, 0, longest) if mark.end() >= SHORTEST]
        if places:
            rest = len(sentence) - places[-1]
            return places[-2] if rest < SHORTEST and len(places) > 1 else places[-1]
    spaces = [space.end() for space in _SPACE.finditer(sentence, SHORTEST, longest)]
    inside = _INSIDE.search(sentence, longest, _ENDLESS)
    return spaces[-1] if spaces else inside.end() if inside else _ENDLESS


def _joined(pieces: Iterable[str]) -> list[str]:
    """Short pieces with the next one, a short last one with the one before."""
    joined: list[str] = []
    for piece in filter(None, pieces):
        if joined and _said(joined[-1]) < SHORTEST:
            joined[-1] = _beside(joined[-1], piece)
        else:
            joined.append(piece)
    if len(joined) > 1 and _said(joined[-1]) < SHORTEST:
        last = joined.pop()
        joined[-1] = _beside(joined[-1], last)
    return [sentence for sentence in joined if _said(sentence)]


def _beside(first: str, second: str) -> str:
    space = " " if first and second and first[-1] not in "。！？；，：、”’」』）】" else ""
    return first + space + second


def _said(text: str) -> int:
    return len(_WORD.findall(text))
