"""Long questions: a story with the request in it. What runs through all of it matters more than any one sentence."""

from __future__ import annotations

import re

LONG = 36
"""Characters from which a question is a letter."""
WINDOW = 20
"""Characters that make a window of it, at least; whole clauses, half of which stand in the next window too."""
MOST = 12
"""About the most windows; those of a longer letter are longer."""

_CLAUSES = re.compile(r"[^，。？！；,?!;\n]+[，。？！；,?!;\n]*")
_ASKING = re.compile(
    r"吗|呢|？|\?|怎么|怎样|如何|(?<!没)什么|啥|哪|多少|多久|多长|[要等满交带办用到第]几|[能可要会行够算该][不没]|是不是|有没有|需要|想办|想问|咋"
)


def is_letter(text: str) -> bool:
    return len(text) >= LONG


def windows(text: str) -> tuple[str, ...]:
    """Overlapping stretches of a letter, each some clauses long; () for a short question."""
    if not is_letter(text):
        return ()
    clauses = _CLAUSES.findall(text)
    size = max(WINDOW, 2 * len(text) // MOST)
    found: list[str] = []
    since, left = size, 0
    for start, clause in enumerate(clauses):
        if since >= size / 2:
            since, window = 0, _first(clauses[start:], size)
            if len(window) >= size:
                found.append(window)
                left = start
        since += len(clause)
    if found and "".join(clauses[left:]) != found[-1]:
        found.append(_first(clauses[::-1], size, backwards=True))
    return tuple(found) if len(found) > 1 else ()


def request(text: str) -> str:
    """The clauses of a letter that ask, as one text; the whole of a short question, or where nothing asks."""
    if not is_letter(text):
        return text
    return "".join(clause for clause in _CLAUSES.findall(text) if _ASKING.search(clause)) or text


def _first(clauses: list[str], size: int, *, backwards: bool = False) -> str:
    """The first clauses that together have `size` characters, or all; `backwards` where the last one comes first."""
    window = ""
    for clause in clauses:
        window = clause + window if backwards else window + clause
        if len(window) >= size:
            break
    return window
