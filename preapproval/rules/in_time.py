"""在期限内办理。

检查提交的日子，是不是在某一天之后的一段时间里，例如“出生后一个月以内”。起算那一天不算，从第二天开始计算
（《民法典》第二百零一条）；按月计算的，到期月的对应日是最后一天，没有对应日的是月末最后一日（第二百零二条）。

最后一天是法定休假日的，顺延到休假日结束的次日（第二百零三条），按系统里的放假安排计算。

参数
  since   从哪一天起算，例如 birth_certificate.born_on
  months  几个月以内
  days    几天以内；months 和 days 写一个
  on      按哪一天算，不写是提交这一天

结果
  通过      没有超过期限
  不通过    超过期限
  无法判定  超过九天以内，而那一年的放假安排还没有公布；提交在起算日之前；日期没有读出来、是手写的
  不适用    没有提交这份材料

可用的占位词：{since}、{due}（最后一天）、{over}（超过几天）
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Self

from pydantic import Field, model_validator

from preapproval.calculators.terms import add_months
from preapproval.case import Value
from preapproval.facts import Facts
from preapproval.rules.days import LAST, gather_days
from preapproval.rules.parameters import DatePath
from preapproval.rules.result import CheckResult, undetermined
from preapproval.rules.sought import proof, ruled
from preapproval.rules.template import template
from preapproval.rules.wording import FOREVER, name_path, say
from preapproval.working_days import load_working_days

LONGEST_HOLIDAY = 9
"""Days by which a term that ends in a holiday may at most be longer, in a year whose holidays are not known."""


class Parameters(Value):
    since: DatePath
    months: Annotated[int, Field(ge=1, le=1200)] | None = None
    days: Annotated[int, Field(ge=1, le=36600)] | None = None
    on: DatePath = "case.now"

    @model_validator(mode="after")
    def _one_unit(self) -> Self:
        if (self.months is None) == (self.days is None):
            raise ValueError("months or days")
        return self


def run(facts: Facts, given: Parameters) -> CheckResult:
    found = gather_days(facts, given.since, given.on)
    if isinstance(found, CheckResult):
        return found
    (since, since_known), (on, on_known) = found
    name = name_path(facts, given.since)
    if FOREVER in (since, on):
        return undetermined(say("odd_date", field=name), proof(since_known, on_known))
    due = add_months(since, given.months) if given.months else since + timedelta(days=given.days or 0)
    due, calendar_known = _moved(due)
    over = max((on - due).days, 0)
    values = {"since": since.isoformat(), "due": due.isoformat(), "over": over}
    if on < since or (0 < over <= LONGEST_HOLIDAY and not calendar_known):
        key = "early" if on < since else "holiday"
        return undetermined(say(f"in_time.{key}", field=name, on=on, **values), proof(since_known, on_known), **values)
    key = "over" if over else "within"
    return ruled(over == 0, say(f"in_time.{key}", field=name, on=on, **values), since_known, on_known, **values)


def _moved(due: date) -> tuple[date, bool]:
    """The first working day from `due` on, and whether the holidays of its year are known."""
    calendar = load_working_days()
    while due < LAST and not calendar.is_working(due):
        due += timedelta(days=1)
    return due, due.year in calendar.years


TEMPLATE = template(__name__, __doc__, Parameters, run, fills=("since", "due", "over"))
