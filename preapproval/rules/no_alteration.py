"""没有涂改。

提醒工作人员看一看材料有没有涂改、挖补、拼接的痕迹。机器看不出来，所以结果总是“无法判定”，由人来看。

参数
  slot  材料编号

结果
  无法判定  提交了，请工作人员看
  不适用    没有提交

可用的占位词：{slot}（材料名称）
"""

from __future__ import annotations

from preapproval.case import Value
from preapproval.facts import Facts
from preapproval.rules.parameters import SlotName
from preapproval.rules.result import CheckResult, undetermined
from preapproval.rules.sought import in_slot, pages_of
from preapproval.rules.template import template
from preapproval.rules.wording import name_slot, say


class Parameters(Value):
    slot: SlotName


def run(facts: Facts, given: Parameters) -> CheckResult:
    materials = in_slot(facts, given.slot)
    if isinstance(materials, CheckResult):
        return materials
    name = name_slot(facts, given.slot)
    return undetermined(say("no_alteration.look", slot=name), pages_of(facts, given.slot), slot=name)


TEMPLATE = template(__name__, __doc__, Parameters, run, fills=("slot",), always_a_person=True)
