"""盖有印章。

检查页面上有没有印章。只看有没有印章，不判断真假，也不代替核对印章上的单位名称。

参数
  slot    材料编号
  region  印章应该在的位置，不写表示不限：左、上、右、下，用页宽页高的比例写，例如 [0.5, 0.6, 1, 1] 是右下角
  words   印章文字里应该有的字，有一个就算，不写表示不看文字

结果
  通过      找到了印章，位置和文字都符合
  不通过    页面清楚，一个印章也没有找到
  无法判定  照片不清楚；印章不在要求的位置；印章文字认不出来或者对不上（印章文字常常认错）；黑白复印件请核对
  不适用    没有提交

机器找红色印章大约每一百个会漏掉四个，判不通过时也请看一眼图片。

可用的占位词：{slot}（材料名称）
"""

from __future__ import annotations

from preapproval.case import Value
from preapproval.facts import Facts
from preapproval.folding import squeezed
from preapproval.rules.parameters import Region, SlotName, Words
from preapproval.rules.result import CheckResult, failed, passed, undetermined
from preapproval.rules.seen import Seen, marks, slot_pages, within
from preapproval.rules.sought import in_slot, pages_of, poor
from preapproval.rules.template import template
from preapproval.rules.wording import listed, name_slot, say


class Parameters(Value):
    slot: SlotName
    region: Region | None = None
    words: Words | None = None


def run(facts: Facts, given: Parameters) -> CheckResult:
    materials = in_slot(facts, given.slot)
    if isinstance(materials, CheckResult):
        return materials
    name, pages = name_slot(facts, given.slot), slot_pages(facts, given.slot)
    seals = marks(pages, "seal")
    evidence = tuple(one.evidence for one in seals) or pages_of(facts, given.slot)
    if not seals:
        key = "poor" if poor(facts, materials) else "none"
        result = undetermined if key == "poor" else failed
        return result(say(f"seal_present.{key}", slot=name), evidence, slot=name)
    placed = [one for one in seals if within(one, given.region)]
    if not placed:
        return undetermined(say("seal_present.elsewhere", slot=name), evidence, slot=name)
    if given.words and not any(_says(one, given.words) for one in placed):
        said = {"slot": name, "words": listed(given.words)}
        return undetermined(say("seal_present.words", **said), evidence, slot=name)
    return passed(say("seal_present.there", slot=name), tuple(one.evidence for one in placed))


def _says(seen: Seen, words: tuple[str, ...]) -> bool:
    text = squeezed(seen.mark.text or "")
    return any(squeezed(word) in text for word in words if squeezed(word))


TEMPLATE = template(__name__, __doc__, Parameters, run, fills=("slot",))
