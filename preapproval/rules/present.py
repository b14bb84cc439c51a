"""已提交材料。

检查某一份材料，或者几份材料里的任意一份，是不是已经提交。办事指南里必交的材料由系统自动检查，
这里用来检查“符合某个条件才要交”的材料：条件写在规则的“适用条件”里。

参数
  slots  材料编号，可以写几个，有一份就算已提交

结果
  通过      至少有一份，并且认得出种类
  不通过    一份也没有
  无法判定  提交了，但是认不出是不是这种材料

可用的占位词：{missing}（缺的材料名称）
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from preapproval.case import Value
from preapproval.facts import Facts
from preapproval.rules.parameters import SlotName
from preapproval.rules.result import CheckResult, failed, passed, undetermined
from preapproval.rules.sought import pages_of
from preapproval.rules.template import template
from preapproval.rules.wording import listed, name_slot, say


class Parameters(Value):
    slots: Annotated[tuple[SlotName, ...], Field(min_length=1)]


def run(facts: Facts, given: Parameters) -> CheckResult:
    names = listed(name_slot(facts, slot) for slot in given.slots)
    handed_in = [slot for slot in given.slots if facts.of(slot)]
    if not handed_in:
        return failed(say("present.missing", missing=names), missing=names)
    known = [slot for slot in handed_in if any(one.kind != "unknown" for one in facts.of(slot))]
    evidence = tuple(place for slot in known or handed_in for place in pages_of(facts, slot))
    if not known:
        return undetermined(say("present.unknown", missing=names), evidence)
    return passed(say("present.there", found=listed(name_slot(facts, slot) for slot in known)), evidence)


TEMPLATE = template(__name__, __doc__, Parameters, run, fills=("missing",), about_absence=True)
