"""年龄符合要求。

按出生日期或者公民身份号码计算周岁，检查是不是在要求的范围内，两头都包括：
“年满六十周岁”写 min 60；“不满十六周岁”写 max 15。
生日当天算满一岁。二月二十九日出生的，平年在二月二十八日满一岁（《民法典》第二百零二条：没有对应日的，月末日为期间的最后一日）。

参数
  field     出生日期，或者身份号码，例如 id_card.number
  min、max  最小、最大周岁，至少写一个
  on        按哪一天算，不写是提交这一天

结果
  通过      在范围内
  不通过    不在范围内
  无法判定  没有读出来、是手写的；身份号码校验不对或者是十五位，不能从中取出生日期；算出来超过 130 岁，或者还没有出生
  不适用    没有提交这份材料

可用的占位词：{age}（周岁）、{min}、{max}
"""

from __future__ import annotations

from datetime import date
from typing import Self

from pydantic import Field, model_validator

from knowledge.check_digits import valid_id_number
from preapproval.calculators.ages import full_years
from preapproval.case import Value
from preapproval.facts import Facts, Known
from preapproval.rules.days import gather_days, typed_day
from preapproval.rules.id_checksum import birth_of, folded_number
from preapproval.rules.parameters import BirthPath, DatePath
from preapproval.rules.result import CheckResult, undetermined
from preapproval.rules.sought import gather, proof, ruled
from preapproval.rules.template import template
from preapproval.rules.wording import name_path, say

OLDEST = 130


class Parameters(Value):
    field: BirthPath
    min: int = Field(0, ge=0, le=OLDEST)
    max: int = Field(OLDEST, ge=0, le=OLDEST)
    on: DatePath = "case.now"

    @model_validator(mode="after")
    def _limited(self) -> Self:
        if not {"min", "max"} & self.model_fields_set or self.min > self.max:
            raise ValueError("min or max, and min not above max")
        return self


def run(facts: Facts, given: Parameters) -> CheckResult:
    found, days = gather(facts, given.field), gather_days(facts, given.on)
    if isinstance(found, CheckResult) or isinstance(days, CheckResult):
        return found if isinstance(found, CheckResult) else days  # type: ignore[return-value]
    (known,), ((on, on_known),) = found, days
    name = name_path(facts, given.field)
    born = born_on(known)
    age = full_years(born, on) if born else -1
    if born is None or not 0 <= age <= OLDEST:
        return undetermined(say("age_between.no_birth", field=name), proof(known))
    values = {"age": age, "min": given.min, "max": given.max}
    right = given.min <= age <= given.max
    key = "within" if right else "young" if age < given.min else "old"
    return ruled(right, say(f"age_between.{key}", field=name, on=on, **values), known, on_known, **values)


def born_on(known: Known) -> date | None:
    """Of a date, or of an identity number that proves itself."""
    day = typed_day(known.value)
    if day is not None or not isinstance(known.value, str):
        return day
    number = folded_number(known.value)
    return birth_of(number) if valid_id_number(number) else None


TEMPLATE = template(__name__, __doc__, Parameters, run, fills=("age", "min", "max"))
