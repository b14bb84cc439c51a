"""等级符合要求。

检查等级是不是要求的几个之一，例如残疾等级是一级或者二级。“一级”“1级”“壹级”“Ⅰ级”是一样的。

参数
  field   等级，例如 disability_certificate.level
  levels  允许的等级，写数字，例如 [1, 2]

结果
  通过      是允许的等级
  不通过    读到了一个等级，但不在允许的里面
  无法判定  没有读出来、看不出是几级、同时写了几个不同的等级，或者是手写的
  不适用    没有提交这份材料

可用的占位词：{level}（读到的等级）
"""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import Field

from preapproval.case import Value
from preapproval.facts import Facts
from preapproval.folding import folded
from preapproval.rules.parameters import TextPath
from preapproval.rules.result import CheckResult, undetermined
from preapproval.rules.sought import gather, proof, ruled
from preapproval.rules.template import template
from preapproval.rules.wording import name_path, say, shown, words

Level = Annotated[int, Field(ge=1, le=10)]


class Parameters(Value):
    field: TextPath
    levels: Annotated[tuple[Level, ...], Field(min_length=1)]


def run(facts: Facts, given: Parameters) -> CheckResult:
    found = gather(facts, given.field)
    if isinstance(found, CheckResult):
        return found
    (known,) = found
    said = {"field": name_path(facts, given.field), "value": shown(facts, known)}
    levels = levels_in(str(known.value))
    if len(levels) != 1:
        return undetermined(say("level_in.unclear", **said), proof(known), level=said["value"])
    right = levels <= set(given.levels)
    return ruled(right, say(f"level_in.{'right' if right else 'wrong'}", **said), known, level=said["value"])


def levels_in(text: str) -> set[int]:
    """Levels that a text names; a lone numeral counts too."""
    numerals: dict[str, int] = words()["level_in"]["numerals"]
    one = "|".join(sorted(numerals, key=len, reverse=True)) + r"|(?<!\d)\d{1,2}"
    text = folded(text).upper().strip()
    marked = re.findall(rf"({one})\s*{words()['level_in']['unit']}", text) or re.findall(rf"^({one})$", text)
    return {numerals.get(numeral) or int(numeral) for numeral in marked}


TEMPLATE = template(__name__, __doc__, Parameters, run, fills=("level",))
