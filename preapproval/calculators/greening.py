"""城市绿化: green area of a building project against what is required, and what is paid for what it lacks.

Counted area = Σ area × coefficient of its kind; required = site × ratio; compensation = shortfall × rate.
Ratios, coefficients and rates are dated parameters in greening.yaml; none of them is confirmed for a place there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Annotated

from pydantic import Field

from preapproval.calculators.amounts import to_fen
from preapproval.calculators.dated import Dated, read_rows
from preapproval.calculators.reckoned import figure
from preapproval.case import Value

Ratio = Annotated[Decimal, Field(ge=0, le=1)]
AREA = Decimal("0.01")


class ProjectKind(Value):
    """Share of the site that must be green, e.g. 0.30 for 居住区."""

    name: str
    ratio: Ratio


class GreenKind(Value):
    """A kind of green area; without a coefficient nobody can say how much of it counts."""

    name: str
    coefficient: Ratio | None = None


class GreenRates(Dated):
    """All parameters of one period."""

    projects: dict[str, ProjectKind]
    green: dict[str, GreenKind]
    old_town_less: Ratio
    """By how much the ratio may be lower where an old quarter is rebuilt."""
    compensation: Annotated[Decimal, Field(ge=0)] | None = None
    """Yuan for a square metre that is lacking."""


@dataclass(frozen=True)
class GreenAccount:
    """Areas in square metres, to two decimals. `compensation` is None where no rate is known."""

    counted: Decimal
    required: Decimal
    shortfall: Decimal
    compensation: Decimal | None
    formula: str


class NoCoefficient(ValueError):
    """A kind of green area whose coefficient is not known; the message is its name."""


@cache
def load_green_rates() -> tuple[GreenRates, ...]:
    return tuple(GreenRates.model_validate(row) for row in read_rows("greening.yaml"))


def rates_on(rates: Sequence[GreenRates], day: date) -> GreenRates | None:
    return next((one for one in rates if one.holds_on(day)), None)


def green_account(
    site: Decimal, areas: Mapping[str, Decimal], rates: GreenRates, ratio: Decimal, rate: Decimal | None = None
) -> GreenAccount:
    """Raises NoCoefficient; `ratio` is the one required, `rate` the compensation for a square metre."""
    terms: list[str] = []
    counted = Decimal(0)
    for kind, area in areas.items():
        green = rates.green[kind]
        if green.coefficient is None and area:
            raise NoCoefficient(green.name)
        coefficient = green.coefficient or Decimal(0)
        counted += area * coefficient
        terms.append(f"{green.name}{figure(area)}×{figure(coefficient)}")
    counted, required = _area(counted), _area(site * ratio)
    shortfall = max(required - counted, Decimal(0))
    percent = figure((counted / site * 100).quantize(AREA, ROUND_HALF_UP))
    formula = (
        f"{' + '.join(terms)} = {figure(counted)} m²，{figure(counted)} ÷ {figure(site)} = {percent}%；"
        f"{figure(site)} × {figure(ratio * 100)}% = {figure(required)} m²"
    )
    if not shortfall:
        return GreenAccount(counted, required, shortfall, Decimal(0), formula)
    formula += f"；{figure(required)} - {figure(counted)} = {figure(shortfall)} m²"
    if rate is None:
        return GreenAccount(counted, required, shortfall, None, formula)
    paid = to_fen(shortfall * rate)
    return GreenAccount(
        counted, required, shortfall, paid, f"{formula}；{figure(shortfall)} × {figure(rate)} ¥/m² = {figure(paid)} ¥"
    )


def _area(area: Decimal) -> Decimal:
    return area.quantize(AREA, ROUND_HALF_UP)
