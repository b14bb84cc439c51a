"""份数够。

检查一个材料编号下提交了几份材料，或者一共几页，够不够要求的数。

参数
  slot   材料编号
  count  至少几份（页）
  unit   materials（份，不写就是它）或者 pages（页）

结果
  通过      够
  不通过    不够
  无法判定  不够，但还有认不出的材料，可能就是它
  不适用    一份也没有提交（由“材料齐全”检查）

可用的占位词：{found}（提交了几份）、{count}（要求几份）
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from preapproval.case import Material, Value
from preapproval.facts import Facts
from preapproval.rules.parameters import SlotName
from preapproval.rules.result import CheckResult, failed, passed, undetermined
from preapproval.rules.sought import in_slot, pages_of
from preapproval.rules.template import template
from preapproval.rules.wording import name_slot, say


class Parameters(Value):
    slot: SlotName
    count: int = Field(ge=1, le=200)
    unit: Literal["materials", "pages"] = "materials"


def run(facts: Facts, given: Parameters) -> CheckResult:
    materials = in_slot(facts, given.slot)
    if isinstance(materials, CheckResult):
        return materials
    found, unsure = _count(materials, given), _count(_unknown(facts.spare), given)
    values = {"found": found, "count": given.count}
    said = {"slot": name_slot(facts, given.slot), "unit": say(f"count_at_least.{given.unit}"), **values}
    evidence = pages_of(facts, given.slot)
    if found >= given.count:
        return passed(say("count_at_least.enough", **said), evidence)
    if found + unsure >= given.count:
        return undetermined(say("count_at_least.unsure", **said), evidence, **values)
    return failed(say("count_at_least.few", **said), evidence, **values)


def _count(materials: tuple[Material, ...], given: Parameters) -> int:
    if given.unit == "materials":
        return len(materials)
    return len({(ref.file, ref.number, ref.part) for one in materials for ref in one.pages})


def _unknown(materials: tuple[Material, ...]) -> tuple[Material, ...]:
    return tuple(one for one in materials if one.kind == "unknown")


TEMPLATE = template(__name__, __doc__, Parameters, run, fills=("found", "count"))
