"""同一个人。

比较两个地方的姓名和身份号码，判断是不是同一个人。号码比姓名可靠：号码校验正确而且相同，才说明是同一个人。

参数
  name_a、number_a  第一个地方的姓名和号码，例如 lease.tenant、lease.tenant_number
  name_b、number_b  第二个地方的姓名和号码，例如 id_card.name、id_card.number
  号码可以不写；两边的号码都写了才比较号码，否则只比较姓名

结果
  通过      号码相同，姓名也一致；没有要求比较号码时，姓名一致
  不通过    号码都确定无误而且不同；号码差两位以上；姓名不同
  无法判定  号码相同而姓名不同；号码只差一位而有一个没有校验通过；要求比较的号码没有读出来；姓名看不准；
            手写的号码或者姓名不同
  不适用    没有提交其中一份材料

可用的占位词：{a}、{b}（两个地方的姓名）
"""

from __future__ import annotations

from typing import Literal, Self

from pydantic import model_validator

from knowledge.check_digits import valid_id_number
from preapproval.case import Value
from preapproval.compare import same_name
from preapproval.facts import Facts, Known
from preapproval.rules.compared import judge
from preapproval.rules.id_checksum import folded_number
from preapproval.rules.parameters import IdPath, TextPath
from preapproval.rules.result import CheckResult, failed, passed, undetermined
from preapproval.rules.sought import exact, gather, handwritten, look, near, proof
from preapproval.rules.template import template
from preapproval.rules.wording import name_path, say, shown

Numbers = Literal["match", "differs", "unclear", "unread"]


class Parameters(Value):
    name_a: TextPath
    number_a: IdPath | None = None
    name_b: TextPath
    number_b: IdPath | None = None

    @model_validator(mode="after")
    def _both_numbers(self) -> Self:
        if (self.number_a is None) != (self.number_b is None):
            raise ValueError("both numbers or neither")
        return self


def run(facts: Facts, given: Parameters) -> CheckResult:
    if given.number_a is None or given.number_b is None:
        return judge(facts, given.name_a, given.name_b, same_name)
    every = gather(facts, given.name_a, given.number_a, given.name_b, given.number_b)
    if isinstance(every, CheckResult) and every.outcome == "not_applicable":
        return every
    names = judge(facts, given.name_a, given.name_b, same_name)
    numbers = [look(facts, path) for path in (given.number_a, given.number_b)]
    known = tuple(one for one in numbers if isinstance(one, Known))
    answer = same_number(*known) if len(known) == 2 else "unread"
    said = {"names": names.detail, **_said(facts, given, known)}
    evidence = tuple(dict.fromkeys((*proof(*known), *names.evidence)))
    if answer == "match" and names.outcome == "pass":
        return passed(say("same_person.same", **said), evidence)
    if answer == "differs":
        return failed(say("same_person.numbers_differ", **said), evidence, **_names(facts, given))
    if answer == "unread" and names.outcome == "fail":
        return CheckResult("fail", names.detail, evidence, names.values)
    return undetermined(say(f"same_person.{answer}", **said), evidence, **_names(facts, given))


def same_number(a: Known, b: Known) -> Numbers:
    """Two identity numbers; only such as prove themselves are the same or different beyond doubt."""
    one, other = folded_number(str(a.value)), folded_number(str(b.value))
    if one == other:
        return "match" if valid_id_number(one) or exact(a) or exact(b) else "unclear"
    if handwritten(a, b) or {len(one), len(other)} != {18}:
        return "unclear"
    certain = all(valid_id_number(number) or exact(known) for number, known in ((one, a), (other, b)))
    return "differs" if certain or not near(one, other) else "unclear"


def _said(facts: Facts, given: Parameters, known: tuple[Known, ...]) -> dict[str, str]:
    texts = {one.path: shown(facts, one) for one in known}
    unread = say("unread")
    return {
        "a_name": name_path(facts, given.number_a or ""),
        "b_name": name_path(facts, given.number_b or ""),
        "a": texts.get(given.number_a or "", unread),
        "b": texts.get(given.number_b or "", unread),
    }


def _names(facts: Facts, given: Parameters) -> dict[str, str]:
    found = (look(facts, path) for path in (given.name_a, given.name_b))
    return {key: shown(facts, one) if isinstance(one, Known) else "" for key, one in zip("ab", found, strict=True)}


TEMPLATE = template(__name__, __doc__, Parameters, run, fills=("a", "b"), judges_handwriting=True)
