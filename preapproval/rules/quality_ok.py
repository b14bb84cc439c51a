"""照片清楚。

检查一个材料编号下的每一页照片，有没有拍糊、反光、缺边等问题。影响认字的判不通过，轻微的只提醒。

参数
  slot      材料编号
  problems  只看这几种问题，不写是全部：motion_blur（拖影）、defocus（失焦）、shadow（阴影）、glare（反光）、
            cut_edge（缺边）、low_resolution（分辨率低）、dark（太暗）、blank（空白）、not_a_document（不是材料）

结果
  通过      没有要重拍的问题
  不通过    有一页要重拍
  无法判定  页面没有读进来
  不适用    没有提交

可用的占位词：{problems}（有哪些问题）、{count}（几页要重拍）
"""

from __future__ import annotations

from typing import get_args

from preapproval.case import Evidence, PageRef, QualityProblem, Value
from preapproval.facts import Facts
from preapproval.rules.parameters import SlotName
from preapproval.rules.result import CheckResult, failed, passed, undetermined
from preapproval.rules.sought import in_slot, page_evidence, pages_of
from preapproval.rules.template import template
from preapproval.rules.wording import listed, name_slot, say


class Parameters(Value):
    slot: SlotName
    problems: tuple[QualityProblem, ...] = get_args(QualityProblem)


def run(facts: Facts, given: Parameters) -> CheckResult:
    materials = in_slot(facts, given.slot)
    if isinstance(materials, CheckResult):
        return materials
    refs = list(dict.fromkeys(ref for one in materials for ref in one.pages))
    name = name_slot(facts, given.slot)
    unread = [ref for ref in refs if ref not in facts.pages]
    if unread or not refs:
        return undetermined(say("quality_ok.unread", slot=name), tuple(page_evidence(ref) for ref in unread))
    found = [(ref, one) for ref in refs for one in facts.pages[ref].quality if one.problem in given.problems]
    retake = [(ref, one) for ref, one in found if one.retake]
    problems = listed(dict.fromkeys(say(f"quality_ok.{one.problem}") for _, one in retake or found))
    if retake:
        values = {"problems": problems, "count": len(dict.fromkeys(ref for ref, _ in retake))}
        evidence = tuple(_place(ref, one.quad) for ref, one in retake)
        return failed(say("quality_ok.retake", slot=name, **values), evidence, **values)
    if found:
        return passed(say("quality_ok.slight", slot=name, problems=problems), pages_of(facts, given.slot))
    return passed(say("quality_ok.clear", slot=name), pages_of(facts, given.slot))


def _place(ref: PageRef, quad: object) -> Evidence:
    return page_evidence(ref).model_copy(update={"quad": quad})


TEMPLATE = template(__name__, __doc__, Parameters, run, fills=("problems", "count"))
