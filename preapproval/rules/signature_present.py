"""有签名。

检查签名栏里有没有笔迹。只看有没有，不判断是谁签的。

参数
  slot    材料编号
  words   签名栏印的字，不写是“签名、签字、签章”
  region  签名应该在的位置，不写表示不限，写法同“盖有印章”

结果
  通过      签名栏里有笔迹，或者签名栏旁边有手写的字
  不通过    认出了签名栏，页面清楚，但是栏里没有笔迹
  无法判定  没有认出签名栏；照片不清楚；笔迹不在要求的位置；栏里读到姓名，是不是亲笔看不准
  不适用    没有提交

可用的占位词：{slot}（材料名称）
"""

from __future__ import annotations

import re

from preapproval.case import Line, Page, Value
from preapproval.facts import Facts
from preapproval.folding import squeezed
from preapproval.rules.parameters import Region, SlotName, Words
from preapproval.rules.result import CheckResult, failed, passed, undetermined
from preapproval.rules.seen import lines_with, marks, middle, place, slot_pages, within
from preapproval.rules.sought import in_slot, pages_of, poor
from preapproval.rules.template import template
from preapproval.rules.wording import name_slot, say
from preapproval.rules.wording import words as wording

NAME = re.compile(r"[）)]?\s*[：:]\s*(?!.*(?:章|日|年|月|签))[\u4e00-\u9fff·]{2,4}")
"""What stands behind the label where somebody signed or printed a name."""


class Parameters(Value):
    slot: SlotName
    words: Words | None = None
    region: Region | None = None


def run(facts: Facts, given: Parameters) -> CheckResult:
    materials = in_slot(facts, given.slot)
    if isinstance(materials, CheckResult):
        return materials
    name, pages = name_slot(facts, given.slot), slot_pages(facts, given.slot)
    signed = marks(pages, "signature")
    placed = [one for one in signed if within(one, given.region)]
    if placed:
        return passed(say("signature_present.there", slot=name), tuple(one.evidence for one in placed))
    if signed:
        evidence = tuple(one.evidence for one in signed)
        return undetermined(say("signature_present.elsewhere", slot=name), evidence, slot=name)
    asked = given.words or tuple(wording()["signature_present"]["labels"])
    labels = list(lines_with(pages, asked))
    evidence = tuple(place(page, line.quad) for page, line in labels)
    if any((line.handwritten and _more_than(line, asked)) or _written_beside(page, line) for page, line in labels):
        return passed(say("signature_present.there", slot=name), evidence)
    if any(_name_behind(line, asked) for _, line in labels):
        return undetermined(say("signature_present.name", slot=name), evidence, slot=name)
    if not labels or poor(facts, materials):
        key = "poor" if labels else "no_label"
        return undetermined(
            say(f"signature_present.{key}", slot=name), evidence or pages_of(facts, given.slot), slot=name
        )
    return failed(say("signature_present.none", slot=name), evidence, slot=name)


def _more_than(line: Line, words: tuple[str, ...]) -> bool:
    return squeezed(line.text) not in {squeezed(word) for word in words}


def _name_behind(line: Line, words: Words) -> bool:
    """Whether a name was read in the line itself, printed or written: 申请人签名：陈样本."""
    behind = max((line.text.rpartition(word)[2] for word in words if word in line.text), key=len, default="")
    return bool(NAME.fullmatch(behind.strip()))


def _written_beside(page: Page, label: Line) -> bool:
    """Handwriting on the level of the label and right of it."""
    height = max(y for _, y in label.quad) - min(y for _, y in label.quad)
    x, y = middle(label.quad)
    places = (middle(line.quad) for line in page.lines if line.handwritten and line is not label)
    return any(other_x > x and abs(other_y - y) <= height for other_x, other_y in places)


TEMPLATE = template(__name__, __doc__, Parameters, run, fills=("slot",))
