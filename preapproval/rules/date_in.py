"""日期在要求的范围内。

检查一个日期，不早于某一天、不晚于某一天，两头都包括。

参数
  field     日期，例如 lease.signed_on
  earliest  最早哪一天，不写表示不限
  latest    最晚哪一天，不写表示不限
  两个至少写一个。写法：固定的日子 2026-01-01；提交这一天 today；相对提交这一天 -90d（九十天前）、-6m（六个月前）、
  +1y（一年后）

结果
  通过      在范围内
  不通过    不在范围内
  无法判定  日期没有读出来、是手写的，或者年份明显不对
  不适用    没有提交这份材料

可用的占位词：{day}（读到的日期）、{earliest}、{latest}
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Annotated, Self

from pydantic import AfterValidator, StringConstraints, model_validator

from preapproval.calculators.terms import add_months
from preapproval.case import Value
from preapproval.facts import Facts
from preapproval.rules.days import gather_days
from preapproval.rules.parameters import DatePath
from preapproval.rules.result import CheckResult
from preapproval.rules.sought import ruled
from preapproval.rules.template import template
from preapproval.rules.wording import name_path, say

_OFFSET = re.compile(r"([+-])(\d{1,4})([dmy])", re.ASCII)


def _is_bound(text: str) -> str:
    if text != "today" and not _OFFSET.fullmatch(text):
        date.fromisoformat(text)
    return text


Bound = Annotated[str, StringConstraints(max_length=10, strip_whitespace=True), AfterValidator(_is_bound)]


class Parameters(Value):
    field: DatePath
    earliest: Bound | None = None
    latest: Bound | None = None

    @model_validator(mode="after")
    def _limited(self) -> Self:
        if self.earliest is None and self.latest is None:
            raise ValueError("earliest or latest")
        return self


def run(facts: Facts, given: Parameters) -> CheckResult:
    found = gather_days(facts, given.field)
    if isinstance(found, CheckResult):
        return found
    ((day, known),) = found
    first = bound(given.earliest, facts.today) if given.earliest else date.min
    last = bound(given.latest, facts.today) if given.latest else date.max
    values = {
        "day": day.isoformat(),
        "earliest": first.isoformat() if given.earliest else "",
        "latest": last.isoformat() if given.latest else "",
    }
    key = "early" if day < first else "late" if day > last else "within"
    detail = say(f"date_in.{key}", field=name_path(facts, given.field), **values)
    return ruled(first <= day <= last, detail, known, **values)


def bound(text: str, today: date) -> date:
    """`text` as a day; an offset counts from `today`, months and years by the calendar."""
    if text == "today":
        return today
    offset = _OFFSET.fullmatch(text)
    if offset is None:
        return date.fromisoformat(text)
    count = int(offset[1] + offset[2])
    if offset[3] == "d":
        return today + timedelta(days=count)
    return add_months(today, count if offset[3] == "m" else 12 * count)


TEMPLATE = template(__name__, __doc__, Parameters, run, fills=("day", "earliest", "latest"))
