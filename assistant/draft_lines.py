"""What a chat model writes, read while it comes: one JSON object per sentence, with its passage and quote."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

LONGEST = 2_000
"""Characters of one object."""
_THOUGHT = re.compile(r"\s*<think>.*?(</think>|\Z)", re.DOTALL)


class BrokenLine(ValueError):
    """Not an object of the form that was asked for."""


@dataclass(frozen=True)
class DraftLine:
    sentence: str
    passage: int | None
    """Number of the passage, from 1; None for a sentence that cites nothing."""
    quote: str


class LineReader:
    """Finds whole objects in pieces of text, whatever stands around them: code fences, commas, spaces, thoughts."""

    def __init__(self) -> None:
        self._text = ""
        self._thought = True
        """Whether the reply may still begin with a thought."""

    def feed(self, piece: str) -> Iterator[DraftLine]:
        """Lines that `piece` completes. Raises BrokenLine."""
        self._text += piece
        if self._thought and not self._after_thought():
            return
        while (start := self._text.find("{")) >= 0:
            end = _end_of_object(self._text, start)
            if end is None:
                if len(self._text) - start > LONGEST:
                    raise BrokenLine("an object without an end")
                self._text = self._text[start:]
                return
            found, self._text = self._text[start:end], self._text[end:]
            yield _line(found)
        self._text = ""

    def close(self) -> None:
        """Raises BrokenLine where the reply ended within an object."""
        if not self._thought and "{" in self._text:
            raise BrokenLine("an object without an end")

    def _after_thought(self) -> bool:
        """Drop a leading thought; whether the answer itself has begun."""
        begun = self._text.lstrip()
        if not begun or (len(begun) < len("<think>") and "<think>".startswith(begun)):
            return False
        if match := _THOUGHT.match(self._text):
            if not match[1]:
                return False
            self._text = self._text[match.end() :]
        self._thought = False
        return True


def _end_of_object(text: str, start: int) -> int | None:
    """Position after the brace that closes the one at `start`; None where it has not come yet."""
    depth, in_string, escaped = 0, False, False
    for position in range(start, len(text)):
        char = text[position]
        if in_string:
            in_string = escaped or char != '"'
            escaped = char == "\\" and not escaped
        elif char == '"':
            in_string = True
        elif char in "{}":
            depth += 1 if char == "{" else -1
            if depth == 0:
                return position + 1
    return None


def _line(text: str) -> DraftLine:
    try:
        data: Any = json.loads(text)
    except json.JSONDecodeError as error:
        raise BrokenLine("not JSON") from error
    sentence, passage, quote = data.get("sentence"), data.get("passage"), data.get("quote") or ""
    if isinstance(passage, str) and passage.isdecimal():
        passage = int(passage)
    if not isinstance(sentence, str) or not isinstance(quote, str) or not isinstance(passage, int | None):
        raise BrokenLine("a field is missing or of the wrong kind")
    return DraftLine(" ".join(sentence.split()), passage, quote.strip())
