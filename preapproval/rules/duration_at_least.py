"""期限够长。

检查从起始日到截止日，一共满不满几个月或者几天，两头都算：2025-01-01 到 2025-12-31 是十二个月。
月末没有对应日的，到月末最后一日算满（《民法典》第二百零二条）。截止日是“长期”的通过。

参数
  start   起始日，例如 lease.start
  end     截止日，例如 lease.end
  months  至少几个月
  days    至少几天；months 和 days 写一个

结果
  通过      期限够长
  不通过    期限不够，或者截止日在起始日之前
  无法判定  日期没有读出来、是手写的，或者年份明显不对
  不适用    没有提交这份材料

可用的占位词：{start}、{end}、{months}（实际满几个月）、{days}（实际几天）、{needed}（要求的月数或者天数）
"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from preapproval.calculators.terms import days_of, full_months
from preapproval.case import Value
from preapproval.facts import Facts
from preapproval.rules.days import gather_days
from preapproval.rules.parameters import DatePath
from preapproval.rules.result import CheckResult, passed, undetermined
from preapproval.rules.sought import proof, ruled
from preapproval.rules.template import template
from preapproval.rules.wording import FOREVER, name_path, say


class Parameters(Value):
    start: DatePath
    end: DatePath
    months: Annotated[int, Field(ge=1, le=1200)] | None = None
    days: Annotated[int, Field(ge=1, le=36600)] | None = None

    @model_validator(mode="after")
    def _one_unit(self) -> Self:
        if (self.months is None) == (self.days is None):
            raise ValueError("months or days")
        return self


def run(facts: Facts, given: Parameters) -> CheckResult:
    found = gather_days(facts, given.start, given.end)
    if isinstance(found, CheckResult):
        return found
    (start, start_known), (end, end_known) = found
    names = {"start_name": name_path(facts, given.start), "end_name": name_path(facts, given.end)}
    if start == FOREVER:
        return undetermined(say("odd_date", field=names["start_name"]), proof(start_known))
    if end == FOREVER:
        return passed(say("not_expired.forever", field=names["end_name"]), proof(start_known, end_known))
    months, days = full_months(start, end), days_of(start, end)
    needed = given.months or given.days or 0
    values = {"start": start.isoformat(), "end": end.isoformat(), "months": months, "days": days, "needed": needed}
    right = (months if given.months else days) >= needed
    key = "reversed" if end < start else "months" if given.months else "days"
    return ruled(right, say(f"duration_at_least.{key}", **names, **values), start_known, end_known, **values)


TEMPLATE = template(__name__, __doc__, Parameters, run, fills=("start", "end", "months", "days", "needed"))
