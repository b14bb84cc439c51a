"""人工核对。

写一句话，提醒工作人员核对机器不能判断的事情，例如“实地查看与最近一家零售点的距离”。结果总是“无法判定”。

参数
  text  要核对什么
  slot  材料编号；写了的，没有提交这份材料时不适用

结果
  无法判定  请工作人员核对
  不适用    写了材料编号而没有提交这份材料

可用的占位词：{text}
"""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from preapproval.case import Value
from preapproval.facts import Facts
from preapproval.rules.parameters import SlotName
from preapproval.rules.result import CheckResult, undetermined
from preapproval.rules.sought import in_slot, pages_of
from preapproval.rules.template import template
from preapproval.rules.wording import say


class Parameters(Value):
    text: Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)]
    slot: SlotName | None = None


def run(facts: Facts, given: Parameters) -> CheckResult:
    if given.slot is None:
        return undetermined(say("manual_check.ask", text=given.text), text=given.text)
    materials = in_slot(facts, given.slot)
    if isinstance(materials, CheckResult):
        return materials
    return undetermined(say("manual_check.ask", text=given.text), pages_of(facts, given.slot), text=given.text)


TEMPLATE = template(__name__, __doc__, Parameters, run, fills=("text",), always_a_person=True)
