"""Breaking Chinese text into lines: without spaces, numbers kept whole, no punctuation where it may not stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

NOT_FIRST = frozenset("，。、；：？！）》」』】〕〉”’·…—％%,.;:?!)]}")
HANGING = frozenset("，。、；：）》」』】〕〉”’")
"""Their right half is empty: one of them may stand beyond the end of a line."""
NOT_LAST = frozenset("（《「『【〔〈“‘([{")
MOST_CARRIED = 12
"""Letters that a line gives to the next one at most; longer words are cut rather."""
_WORD = re.compile(r"[0-9A-Za-z*./:@_+-]+|.", re.DOTALL)
_WORD_SIGN = re.compile(r"[0-9A-Za-z*/@_+-]")

Measure = Callable[[str], float]


def break_lines(text: str, width: float, measure: Measure, first: float = 0) -> tuple[str, ...]:
    """Lines no wider than `width` but for one hanging sign, the first one narrower by `first`."""
    lines: list[str] = []
    for part in text.split("\n"):
        lines += _broken(part, width, measure, 0 if lines else first)
    return tuple(lines)


def _broken(text: str, width: float, measure: Measure, first: float) -> Sequence[str]:
    lines, line, used, room = [], "", 0.0, width - first
    for word in _pieces(text, width, measure):
        wide = measure(word)
        if line and used + wide > room and not (word in HANGING and used <= room):
            kept, line = _parted(line, word)
            lines.append(kept.rstrip(" "))
            used, room = measure(line), width
        else:
            line, used = line + word, used + wide
    return [*lines, line]


def _pieces(text: str, width: float, measure: Measure) -> list[str]:
    """Characters, and words and numbers whole where a line can hold them."""
    found: list[str] = []
    for match in _WORD.finditer(text):
        word = match[0]
        found += [word] if measure(word) <= width else list(word)
    return found


def _parted(line: str, word: str) -> tuple[str, str]:
    """The line, and what the next begins with: what may not begin a line takes along what stands before it."""
    cuts = range(len(line), max(len(line) - MOST_CARRIED, 0), -1)
    for whole in (True, False):
        for cut in cuts:
            before, after = line[:cut], line[cut:] + word
            in_word = whole and _WORD_SIGN.match(before[-1]) and _WORD_SIGN.match(after[0])
            if after[0] not in NOT_FIRST and before[-1] not in NOT_LAST and not in_word:
                return before, after
    return line, word
