"""照片上有一张人脸。

检查证件照上有没有人脸，是不是只有一张。不比对是不是本人，也不保存人脸特征。

参数
  slot  材料编号

结果
  通过      每一份都正好有一张人脸
  不通过    照片清楚，没有找到人脸
  无法判定  照片不清楚；有几张人脸
  不适用    没有提交

可用的占位词：{count}（找到几张人脸）
"""

from __future__ import annotations

from preapproval.case import Value
from preapproval.facts import Facts
from preapproval.rules.parameters import SlotName
from preapproval.rules.result import CheckResult, failed, passed, undetermined
from preapproval.rules.seen import marks, slot_pages
from preapproval.rules.sought import in_slot, page_evidence, pages_of, poor
from preapproval.rules.template import template
from preapproval.rules.wording import name_slot, say


class Parameters(Value):
    slot: SlotName


def run(facts: Facts, given: Parameters) -> CheckResult:
    materials = in_slot(facts, given.slot)
    if isinstance(materials, CheckResult):
        return materials
    name, pages = name_slot(facts, given.slot), slot_pages(facts, given.slot)
    faces = {page.ref: marks((page,), "face") for page in pages}
    evidence = tuple(one.evidence for many in faces.values() for one in many)
    without = tuple(page_evidence(ref) for ref, many in faces.items() if not many)
    if without or not pages:
        if poor(facts, materials):
            return undetermined(say("photo_has_face.poor", slot=name), without or pages_of(facts, given.slot), count=0)
        return failed(say("photo_has_face.none", slot=name), without, count=0)
    most = max(len(many) for many in faces.values())
    if most > 1:
        return undetermined(say("photo_has_face.several", slot=name, count=most), evidence, count=most)
    return passed(say("photo_has_face.one", slot=name), evidence)


TEMPLATE = template(__name__, __doc__, Parameters, run, fills=("count",))
