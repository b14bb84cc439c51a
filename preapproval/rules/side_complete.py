"""正反面齐全。

检查证件要求的每一面是不是都交了。一个材料编号下交了几个人的证件时，每个人的每一面都要有。

参数
  slot   材料编号
  sides  要求有哪几面，按材料种类里的编号写，例如身份证是 front（人像面）、back（国徽面）

结果
  通过      每一面都有，而且份数一致
  不通过    认得出种类，但是缺了某一面
  无法判定  有认不出的页面，缺的那一面可能就在里面；或者照片不清楚
  不适用    没有提交这份材料（由“材料齐全”检查）

可用的占位词：{missing}（缺的面）
"""

from __future__ import annotations

from collections import Counter

from preapproval.case import Value
from preapproval.facts import Facts
from preapproval.kinds import load_kinds
from preapproval.rules.parameters import SlotName, Words
from preapproval.rules.result import CheckResult, failed, passed, undetermined
from preapproval.rules.sought import in_slot, pages_of, poor
from preapproval.rules.template import template
from preapproval.rules.wording import listed, name_slot, say


class Parameters(Value):
    slot: SlotName
    sides: Words


def run(facts: Facts, given: Parameters) -> CheckResult:
    materials = in_slot(facts, given.slot)
    if isinstance(materials, CheckResult):
        return materials
    name, evidence = name_slot(facts, given.slot), pages_of(facts, given.slot)
    count = Counter(side for one in materials for side in one.sides)
    copies = max(1, *(count[side] for side in given.sides))
    labels = {
        side: label
        for kind in load_kinds().values()
        for side, label in kind.sides.items()
        if _is(facts, given, kind.id)
    }
    missing = [labels.get(side, side) for side in given.sides if count[side] < copies]
    if not missing:
        return passed(say("side_complete.all", slot=name), evidence)
    said = {"slot": name, "missing": listed(missing)}
    uncertain = any(one.kind == "unknown" or not one.sides for one in materials)
    if uncertain or any(one.kind == "unknown" for one in facts.spare):
        return undetermined(say("side_complete.unknown", **said), evidence, missing=said["missing"])
    if poor(facts, materials):
        return undetermined(say("side_complete.poor", **said), evidence, missing=said["missing"])
    return failed(say("side_complete.missing", **said), evidence, missing=said["missing"])


def _is(facts: Facts, given: Parameters, kind: str) -> bool:
    return any(one.kind == kind for one in facts.of(given.slot))


TEMPLATE = template(__name__, __doc__, Parameters, run, fills=("missing",))
