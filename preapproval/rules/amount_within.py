"""申请数额不超过计算的上限。

按“单价 × 数量”和固定上限里较小的一个，检查申请的数额，例如租房提取金额不超过月租金 × 月数。列出算式。

参数
  claimed     申请的数额，例如 declared.amount
  unit        单价，例如 lease.rent
  count       数量：写一个数，或者写 count_of
  count_of    数量在哪里，例如 declared.months
  cap         固定上限，不写表示没有

结果
  通过      不超过
  不通过    超过
  无法判定  有一个没有读出来、不是数、是手写的，或者是负数
  不适用    没有提交其中一份材料

可用的占位词：{claimed}、{most}（上限）、{formula}（算式）
"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from preapproval.calculators.amounts import most_of
from preapproval.calculators.reckoned import figure
from preapproval.case import Value
from preapproval.facts import Facts
from preapproval.rules.figures import gather_figures
from preapproval.rules.parameters import Figure, NumberPath
from preapproval.rules.result import CheckResult, undetermined
from preapproval.rules.sought import proof, ruled
from preapproval.rules.template import template
from preapproval.rules.wording import name_path, say


class Parameters(Value):
    claimed: NumberPath
    unit: NumberPath
    count: Annotated[Figure, Field(gt=0)] | None = None
    count_of: NumberPath | None = None
    cap: Annotated[Figure, Field(ge=0)] | None = None

    @model_validator(mode="after")
    def _one_count(self) -> Self:
        if (self.count is None) == (self.count_of is None):
            raise ValueError("count or count_of")
        return self


def run(facts: Facts, given: Parameters) -> CheckResult:
    paths = (given.claimed, given.unit, *((given.count_of,) if given.count_of else ()))
    found = gather_figures(facts, *paths)
    if isinstance(found, CheckResult):
        return found
    known = [one for _, one in found]
    if any(value < 0 for value, _ in found):
        return undetermined(say("amount_within.negative"), proof(*known))
    count = given.count if given.count is not None else found[2][0]
    claimed, reckoned = found[0][0], most_of(found[1][0], count, given.cap)
    right = claimed <= reckoned.result
    values = {
        "claimed": figure(claimed), "most": figure(reckoned.result), "formula": reckoned.formula
    }  # fmt: skip
    detail = say(f"amount_within.{'within' if right else 'over'}", field=name_path(facts, given.claimed), **values)
    return ruled(right, detail, *known, **values)


TEMPLATE = template(__name__, __doc__, Parameters, run, fills=("claimed", "most", "formula"))
