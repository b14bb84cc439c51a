"""Amounts in yuan, exact to the fen."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from preapproval.calculators.reckoned import Reckoned, figure

FEN = Decimal("0.01")


def to_fen(amount: Decimal) -> Decimal:
    """Rounded half up, as invoices are."""
    return amount.quantize(FEN, ROUND_HALF_UP)


def total(parts: Sequence[Decimal]) -> Reckoned:
    result = sum(parts, Decimal(0))
    return Reckoned(result, f"{' + '.join(_in_sum(part) for part in parts)} = {figure(result)}")


def most_of(unit: Decimal, count: Decimal, cap: Decimal | None = None) -> Reckoned:
    """`unit` times `count`, but no more than `cap`."""
    product = to_fen(unit * count)
    formula = f"{_in_sum(unit)} × {_in_sum(count)} = {figure(product)}"
    if cap is None:
        return Reckoned(product, formula)
    result = min(product, cap)
    return Reckoned(result, f"min({formula}, {figure(cap)}) = {figure(result)}")


def _in_sum(part: Decimal) -> str:
    return f"({figure(part)})" if part < 0 else figure(part)
