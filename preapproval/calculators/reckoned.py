"""What a calculator gives: a result with its formula and its basis."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Reckoned:
    """A number, the formula written out with the numbers, and the law that it rests on."""

    result: Decimal
    formula: str
    basis: str = ""
    confirmed: bool = True
    """Whether every parameter is confirmed for this place; what is not goes to a person."""


def figure(number: Decimal) -> str:
    """1200 and 0.35, never 1.2E+3."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
