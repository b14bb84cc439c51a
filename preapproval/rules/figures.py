"""Numbers among the facts, as exact decimals."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from preapproval.facts import Facts, Known
from preapproval.rules.result import CheckResult, undetermined
from preapproval.rules.sought import gather, proof
from preapproval.rules.wording import name_path, say

LARGEST = Decimal(10) ** 15
"""A larger number, or a smaller one below zero, was misread."""

Figure = tuple[Decimal, Known]


def gather_figures(facts: Facts, *paths: str) -> tuple[Figure, ...] | CheckResult:
    """The number at every path; what is none, infinite or absurd is undetermined."""
    found = gather(facts, *paths)
    if isinstance(found, CheckResult):
        return found
    figures: list[Figure] = []
    for one in found:
        value = typed_figure(one.value)
        if value is None:
            return undetermined(say("not_a_number", field=name_path(facts, one.path)), proof(one))
        figures.append((value, one))
    return tuple(figures)


def typed_figure(value: object) -> Decimal | None:
    """A finite decimal; what is declared may be its text. Yes and no are no numbers."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        figure = Decimal(str(value).strip().replace(",", ""))
    except InvalidOperation:
        return None
    return figure if figure.is_finite() and abs(figure) <= LARGEST else None
