"""在有效期内。

检查证件的有效期截止日期，到提交这一天是不是还没有过；也可以要求还剩多少天。截止日期当天仍算有效。
有效期写“长期”的一律通过。

参数
  field     截止日期，例如 id_card.valid_until
  min_days  至少还剩多少天，不写是 0
  on        按哪一天算，不写是提交这一天，例如 elderly_card_form.signed_on

结果
  通过      没有过期，剩余天数也够；或者是长期
  不通过    已经过期，或者剩余天数不够
  无法判定  日期没有读出来、是手写的，或者年份明显不对（早于 1900 年、晚于 2200 年）
  不适用    没有提交这份材料

可用的占位词：{until}（截止日期）、{days}（剩余天数，过期时是负数）、{over}（已过期几天，没过期是 0）、{min_days}
"""

from __future__ import annotations

from pydantic import Field

from preapproval.case import Value
from preapproval.facts import Facts
from preapproval.rules.days import gather_days
from preapproval.rules.parameters import DatePath
from preapproval.rules.result import CheckResult, passed
from preapproval.rules.sought import proof, ruled
from preapproval.rules.template import template
from preapproval.rules.wording import FOREVER, name_path, say


class Parameters(Value):
    field: DatePath
    min_days: int = Field(0, ge=0, le=3660)
    on: DatePath = "case.now"


def run(facts: Facts, given: Parameters) -> CheckResult:
    found = gather_days(facts, given.field, given.on)
    if isinstance(found, CheckResult):
        return found
    (until, until_known), (on, on_known) = found
    name = name_path(facts, given.field)
    if until == FOREVER:
        return passed(say("not_expired.forever", field=name), proof(until_known))
    days = (until - on).days
    values = {"until": until.isoformat(), "days": days, "over": max(-days, 0), "min_days": given.min_days}
    key = "over" if days < 0 else "short" if days < given.min_days else "left"
    return ruled(
        days >= given.min_days, say(f"not_expired.{key}", field=name, on=on, **values), until_known, on_known, **values
    )


TEMPLATE = template(__name__, __doc__, Parameters, run, fills=("until", "days", "over", "min_days"))
