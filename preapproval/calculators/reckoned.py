"""What a calculator gives: a result with its formula."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Reckoned:
    """A number, and the formula written out with the numbers."""

    result: Decimal
    formula: str


def figure(number: Decimal) -> str:
    """1200 and 0.35, never 1.2E+3."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
