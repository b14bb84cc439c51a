"""Text as people typed it, without what no person types: control signs, signs that turn the direction of reading."""

from __future__ import annotations

import unicodedata
from typing import Annotated

from pydantic import AfterValidator

TURNING = frozenset("\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff")
"""With these a name could end in another way than it seems to, and equal values could differ."""
NEVER = {"Cc", "Cs"}
"""Control signs, which no XML (and so no DOCX) can hold, and halves of signs, which no UTF-8 can."""


def plain(text: str) -> str:
    """Line breaks and tabs stay."""
    return "".join(sign for sign in text if sign in "\n\t" or not _unseen(sign))


def plain_line(text: str) -> str:
    """Line breaks and tabs become spaces."""
    return plain(text).replace("\n", " ").replace("\t", " ").strip()


def _unseen(sign: str) -> bool:
    return sign in TURNING or unicodedata.category(sign) in NEVER


Plain = AfterValidator(plain)
PlainLine = Annotated[str, AfterValidator(plain_line)]
