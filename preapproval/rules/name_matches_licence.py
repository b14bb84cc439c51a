"""单位名称与营业执照一致。

比较某一处写的单位名称，和营业执照上的名称。括号的全角半角不影响比较。

参数
  name     单位名称，例如 food_safety_rules_list.company
  licence  营业执照上的名称，不写是 business_licence.name

结果
  通过      一致
  不通过    不同
  无法判定  差别很小，例如少了括号、少一个字，机器可能认错；有一个是手写的而且不同；没有读出来
  不适用    没有提交其中一份材料

可用的占位词：{a}（单位名称）、{b}（执照名称）
"""

from __future__ import annotations

from preapproval.case import Value
from preapproval.compare import same_company
from preapproval.facts import Facts
from preapproval.rules.compared import judge
from preapproval.rules.parameters import TextPath
from preapproval.rules.result import CheckResult
from preapproval.rules.template import template


class Parameters(Value):
    name: TextPath
    licence: TextPath = "business_licence.name"


def run(facts: Facts, given: Parameters) -> CheckResult:
    return judge(facts, given.name, given.licence, same_company)


TEMPLATE = template(__name__, __doc__, Parameters, run, fills=("a", "b"), judges_handwriting=True)
