"""分项之和等于合计。

把几个数额加起来，和合计比较，例如各次发票金额之和等于申请金额。列出算式。

参数
  parts      各个分项；一个材料编号下交了几份的，每一份都算进去
  total      合计
  tolerance  允许相差多少，不写是 0.01

结果
  通过      相等，或者相差在允许范围内
  不通过    不相等
  无法判定  有一个没有读出来、不是数、是手写的
  不适用    没有提交其中一份材料

可用的占位词：{sum}（分项之和）、{total}（合计）、{formula}（算式）
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from preapproval.calculators.amounts import total
from preapproval.calculators.reckoned import figure
from preapproval.case import Value
from preapproval.facts import Facts
from preapproval.rules.figures import Figure, gather_figures, typed_figure
from preapproval.rules.parameters import Figure as Number
from preapproval.rules.parameters import NumberPath, slot_of
from preapproval.rules.result import CheckResult, undetermined
from preapproval.rules.sought import pages_of, ruled
from preapproval.rules.template import template
from preapproval.rules.wording import name_path, say


class Parameters(Value):
    parts: Annotated[tuple[NumberPath, ...], Field(min_length=1, max_length=20)]
    total: NumberPath
    tolerance: Annotated[Number, Field(ge=0)] = Decimal("0.01")


def run(facts: Facts, given: Parameters) -> CheckResult:
    found = gather_figures(facts, *given.parts, given.total)
    if isinstance(found, CheckResult):
        return found
    parts: list[Figure] = []
    for path, one in zip(given.parts, found, strict=False):
        every = _of_every_material(facts, path, one)
        if every is None:
            detail = say("amount_total.incomplete", field=name_path(facts, path))
            return undetermined(detail, pages_of(facts, slot_of(path)))
        parts.extend(every)
    claimed, claimed_known = found[-1]
    reckoned = total([value for value, _ in parts])
    right = abs(reckoned.result - claimed) <= given.tolerance
    values = {"sum": figure(reckoned.result), "total": figure(claimed), "formula": reckoned.formula}
    detail = say(f"amount_total.{'equal' if right else 'differs'}", field=name_path(facts, given.total), **values)
    return ruled(right, detail, *(known for _, known in parts), claimed_known, **values)


def _of_every_material(facts: Facts, path: str, first: Figure) -> list[Figure] | None:
    """One number of each material of the slot; None where one of them has none that was read."""
    every = [(value, one) for one in facts.every(path) if (value := typed_figure(one.value)) is not None]
    slot = slot_of(path)
    if slot is None:
        return [first]
    return (every or [first]) if len(every or [first]) >= len(facts.of(slot)) else None


TEMPLATE = template(__name__, __doc__, Parameters, run, fills=("sum", "total", "formula"))
