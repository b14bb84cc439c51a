"""地址一致。

把两个地址拆成省、市、区、街道、路、门牌、楼栋、单元、室号，一段一段比较。门牌号、楼号、室号必须完全相同。

参数
  a、b  两个地址，例如 lease.address 和 applicant.address

结果
  通过      各段都相同，或者只是一个写得更详细的省市区
  不通过    有一段明确不同，例如门牌号不同
  无法判定  有一个缺了门牌号或者室号；只差一个字而机器没有把握；有一个是手写的而且不同；没有读出来
  不适用    没有提交其中一份材料

明细里的地址只显示到街路，完整的地址请在图片上看。

可用的占位词：{a}、{b}（两个地址，只显示到街路）
"""

from __future__ import annotations

from preapproval.case import Value
from preapproval.compare import same_address
from preapproval.facts import Facts
from preapproval.rules.compared import judge
from preapproval.rules.parameters import TextPath
from preapproval.rules.result import CheckResult
from preapproval.rules.template import template


class Parameters(Value):
    a: TextPath
    b: TextPath


def run(facts: Facts, given: Parameters) -> CheckResult:
    return judge(facts, given.a, given.b, same_address)


TEMPLATE = template(__name__, __doc__, Parameters, run, fills=("a", "b"), judges_handwriting=True)
