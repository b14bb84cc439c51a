"""材料种类正确。

检查一个材料编号下提交的，是不是要求的种类，例如住所证明只能是租赁合同或者不动产权证书。

参数
  slot   材料编号
  kinds  允许的种类，例如 lease、property-certificate

结果
  通过      都是允许的种类
  不通过    认出是别的种类
  无法判定  认不出种类
  不适用    没有提交

可用的占位词：{found}（认出的种类）、{allowed}（允许的种类）
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from preapproval.case import Value
from preapproval.facts import Facts
from preapproval.kinds import load_kinds
from preapproval.rules.parameters import KindName, SlotName
from preapproval.rules.result import CheckResult, failed, passed, undetermined
from preapproval.rules.sought import in_slot, page_evidence, pages_of
from preapproval.rules.template import template
from preapproval.rules.wording import listed, say


class Parameters(Value):
    slot: SlotName
    kinds: Annotated[tuple[KindName, ...], Field(min_length=1)]


def run(facts: Facts, given: Parameters) -> CheckResult:
    materials = in_slot(facts, given.slot)
    if isinstance(materials, CheckResult):
        return materials
    wrong = [one for one in materials if one.kind not in given.kinds]
    known = [one for one in wrong if one.kind != "unknown"]
    values = {"found": _named(one.kind for one in known or wrong or materials), "allowed": _named(given.kinds)}
    if not wrong:
        return passed(say("doc_type_is.right", **values), pages_of(facts, given.slot))
    evidence = tuple(page_evidence(ref) for one in known or wrong for ref in one.pages)
    if known:
        return failed(say("doc_type_is.wrong", **values), evidence, **values)
    return undetermined(say("doc_type_is.unknown", **values), evidence, **values)


def _named(kinds: object) -> str:
    names = {one.id: one.name for one in load_kinds().values()} | {"unknown": say("doc_type_is.unnamed")}
    return listed(dict.fromkeys(names.get(kind, kind) for kind in kinds))  # type: ignore[attr-defined]


TEMPLATE = template(__name__, __doc__, Parameters, run, fills=("found", "allowed"))
