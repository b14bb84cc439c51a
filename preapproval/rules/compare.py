"""比较两个值。

比较两处的日期、数、文字或者是否，也可以和固定的值比较。两边必须是同一种：日期只和日期比，数只和数比。
文字只能比较“等于”“不等于”，全角半角、繁体简体、空格标点不影响比较。

参数
  left   左边的字段，例如 lease.end
  op     比较的方式：==（等于）、!=（不等于）、<（小于、早于）、<=、>（大于、晚于）、>=
  right  右边的字段，例如 case.now
  value  右边固定的值：日期写 2026-01-01；right 和 value 写一个

结果
  通过      成立
  不通过    不成立
  无法判定  有一个没有读出来、是手写的（和打印的相同除外）；两边不是同一种；文字只差一个字而机器没有把握
  不适用    没有提交其中一份材料

可用的占位词：{left}、{right}（两边的值，号码和地址只显示一部分）
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, Literal, Self

from pydantic import model_validator

from preapproval.case import Value
from preapproval.compare import same_name
from preapproval.facts import Facts, Known
from preapproval.folding import squeezed
from preapproval.rules.days import FIRST, LAST, typed_day
from preapproval.rules.figures import typed_figure
from preapproval.rules.parameters import Path
from preapproval.rules.result import CheckResult, passed, undetermined
from preapproval.rules.sought import doubtful, gather, handwritten, near, proof, ruled
from preapproval.rules.template import template
from preapproval.rules.wording import FOREVER, name_path, say, shown

Sign = Literal["==", "!=", "<", "<=", ">", ">="]
HOLDS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
Plain = str | date | Decimal | bool


class Parameters(Value):
    left: Path
    op: Sign
    right: Path | None = None
    value: bool | int | float | str | None = None

    @model_validator(mode="after")
    def _one_right(self) -> Self:
        if (self.right is None) == (self.value is None):
            raise ValueError("right or value")
        return self


def run(facts: Facts, given: Parameters) -> CheckResult:
    found = gather(facts, given.left, *((given.right,) if given.right else ()))
    if isinstance(found, CheckResult):
        return found
    alike = given.left if given.left.startswith("choices.") else "declared.value"
    right = found[1] if given.right or given.value is None else Known(alike, given.value)
    return _judge(facts, given, found[0], right)


def _judge(facts: Facts, given: Parameters, left: Known, right: Known) -> CheckResult:
    values = {"left": shown(facts, left), "right": shown(facts, right)}
    right_name = name_path(facts, given.right) if given.right else say("compare.fixed")
    said = {
        **values,
        "left_name": name_path(facts, given.left),
        "right_name": right_name,
        "op": say(f"compare.{given.op}"),
    }
    pair = _same_type(left.value, right.value)
    if pair is None or (isinstance(pair[0], str) and given.op not in ("==", "!=")):
        return undetermined(say("compare.types", **said), proof(left, right), **values)
    if any(isinstance(one, date) and not (FIRST <= one <= LAST or one == FOREVER) for one in pair):
        return undetermined(say("odd_date", field=said["left_name"]), proof(left, right), **values)
    holds = HOLDS[given.op](*pair)
    equal = pair[0] == pair[1]
    hands = [handwritten(one) for one in (left, right)]
    if given.op == "==" and equal and any(hands) and not all(hands):
        return passed(say("compare.holds", **said), proof(left, right))
    if _nearly(given.op, *pair) and doubtful(left, right) and not any(hands):
        return undetermined(say("compare.near", **said), proof(left, right), **values)
    return ruled(holds, say(f"compare.{'holds' if holds else 'fails'}", **said), left, right, **values)


def _nearly(op: Sign, left: Plain, right: Plain) -> bool:
    """Whether reading may have made the difference. Short names that must differ do by one sign, if not a like one."""
    if not isinstance(left, str) or not isinstance(right, str) or left == right:
        return False
    return near(left, right) and not (op == "!=" and same_name(left, right) == "differs")


def _same_type(left: object, right: object) -> tuple[Plain, Plain] | None:
    """Both as yes or no, as days, as numbers or as folded text; a fixed value's text may be a day or a number."""
    if isinstance(left, bool) or isinstance(right, bool):
        return (left, right) if isinstance(left, bool) and isinstance(right, bool) else None
    for kind, typed in ((date, typed_day), (int | float, typed_figure)):
        if isinstance(left, kind) or isinstance(right, kind):
            one, other = typed(left), typed(right)
            return None if one is None or other is None else (one, other)
    texts = squeezed(str(left)), squeezed(str(right))
    return texts if all(texts) else None


TEMPLATE = template(__name__, __doc__, Parameters, run, fills=("left", "right"), judges_handwriting=True)
