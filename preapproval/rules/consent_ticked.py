"""已勾选同意。

检查申请人是不是勾选了同意（承诺）。网上填写的看填写的值；材料上的看文字前面或者后面的方框有没有打勾。

参数
  field  网上填写的同意，例如 declared.consent
  slot   材料编号，和 words 一起写
  words  方框旁边的文字，例如“本人已阅读并同意”；field 和 slot 写一种

结果
  通过      已勾选
  不通过    网上填写的没有勾选
  无法判定  材料上的方框没有勾、看不清、没有找到（机器认不准小方框，请对着图片看）
  不适用    没有提交这份材料

可用的占位词：无
"""

from __future__ import annotations

import re
from typing import Self

from pydantic import model_validator

from preapproval.case import Value
from preapproval.facts import Facts
from preapproval.rules.parameters import BooleanPath, SlotName, Words
from preapproval.rules.result import CheckResult, failed, passed, undetermined
from preapproval.rules.seen import lines_with, place, slot_pages
from preapproval.rules.sought import gather, in_slot, pages_of, proof
from preapproval.rules.template import template
from preapproval.rules.wording import listed, name_path, say

TICKED = re.compile(r"[☑☒✓✔✅√■]|\[[xX√✓]\]")
BLANK = re.compile(r"[☐□▢口]|\[\s?\]")


class Parameters(Value):
    field: BooleanPath | None = None
    slot: SlotName | None = None
    words: Words | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.field is None) == (self.slot is None) or (self.slot is None) != (self.words is None):
            raise ValueError("field, or slot with words")
        return self


def run(facts: Facts, given: Parameters) -> CheckResult:
    if given.field is not None:
        return _declared(facts, given.field)
    return _on_paper(facts, given.slot or "", given.words or ())


def _declared(facts: Facts, field: str) -> CheckResult:
    found = gather(facts, field)
    if isinstance(found, CheckResult):
        return found
    (known,) = found
    name = name_path(facts, field)
    if not isinstance(known.value, bool):
        return undetermined(say("consent_ticked.unclear", field=name), proof(known))
    if known.value:
        return passed(say("consent_ticked.given", field=name), proof(known))
    return failed(say("consent_ticked.refused", field=name), proof(known))


def _on_paper(facts: Facts, slot: str, words: tuple[str, ...]) -> CheckResult:
    materials = in_slot(facts, slot)
    if isinstance(materials, CheckResult):
        return materials
    lines = list(lines_with(slot_pages(facts, slot), words))
    evidence = tuple(place(page, line.quad) for page, line in lines)
    ticked = [line for _, line in lines if TICKED.search(line.text)]
    if ticked and not any(BLANK.search(line.text) for line in ticked):
        return passed(say("consent_ticked.given", field=listed(words)), evidence)
    key = "unclear" if ticked else "blank" if any(BLANK.search(line.text) for _, line in lines) else "no_box"
    return undetermined(say(f"consent_ticked.{key}", field=listed(words)), evidence or pages_of(facts, slot))


TEMPLATE = template(__name__, __doc__, Parameters, run)
