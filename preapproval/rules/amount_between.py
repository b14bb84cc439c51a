"""数额在要求的范围内。

检查一个金额、面积或者数量，不小于某个数、不大于某个数，两头都包括。

参数
  field     数额，例如 lease.rent、property_certificate.area
  min、max  最小、最大，至少写一个

结果
  通过      在范围内
  不通过    不在范围内
  无法判定  没有读出来、不是数、是手写的
  不适用    没有提交这份材料

可用的占位词：{value}、{min}、{max}
"""

from __future__ import annotations

from decimal import Decimal
from typing import Self

from pydantic import model_validator

from preapproval.calculators.reckoned import figure
from preapproval.case import Value
from preapproval.facts import Facts
from preapproval.rules.figures import LARGEST, gather_figures
from preapproval.rules.parameters import Figure, NumberPath
from preapproval.rules.result import CheckResult
from preapproval.rules.sought import ruled
from preapproval.rules.template import template
from preapproval.rules.wording import name_path, say


class Parameters(Value):
    field: NumberPath
    min: Figure | None = None
    max: Figure | None = None

    @model_validator(mode="after")
    def _limited(self) -> Self:
        if self.min is None and self.max is None:
            raise ValueError("min or max")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError("min above max")
        return self


def run(facts: Facts, given: Parameters) -> CheckResult:
    found = gather_figures(facts, given.field)
    if isinstance(found, CheckResult):
        return found
    ((value, known),) = found
    least, most = given.min if given.min is not None else -LARGEST, given.max if given.max is not None else LARGEST
    key = "small" if value < least else "large" if value > most else "within"
    values = {"value": figure(value), "min": _limit(given.min), "max": _limit(given.max)}
    return ruled(
        key == "within", say(f"amount_between.{key}", field=name_path(facts, given.field), **values), known, **values
    )


def _limit(limit: Decimal | None) -> str:
    return "" if limit is None else figure(limit)


TEMPLATE = template(__name__, __doc__, Parameters, run, fills=("value", "min", "max"))
