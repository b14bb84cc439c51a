"""姓名一致。

比较两个地方的姓名。空格、全角半角、繁体简体、少数民族姓名中间的点都不影响比较。

参数
  a、b  两个姓名，例如 lease.tenant 和 id_card.name

结果
  通过      一致（其中一个是手写的也算通过）
  不通过    不同
  无法判定  差的是容易认错的形近字；只差一个字，而机器对这一行没有把握（把握低于 98%，又没有办法自己验证）；
            有一个是手写的而且不同；没有读出来
  不适用    没有提交其中一份材料

为什么差一个字不一定判不通过：机器认错的字常常也显得很有把握，所以把握稍低就请工作人员对着图片看。
申请人自己填写的、电子文件里带的文字是确定无误的，差一个字也判不通过。

可用的占位词：{a}、{b}（两个地方读到的姓名）
"""

from __future__ import annotations

from preapproval.case import Value
from preapproval.compare import same_name
from preapproval.facts import Facts
from preapproval.rules.compared import judge
from preapproval.rules.parameters import TextPath
from preapproval.rules.result import CheckResult
from preapproval.rules.template import template


class Parameters(Value):
    a: TextPath
    b: TextPath


def run(facts: Facts, given: Parameters) -> CheckResult:
    return judge(facts, given.a, given.b, same_name)


TEMPLATE = template(__name__, __doc__, Parameters, run, fills=("a", "b"), judges_handwriting=True)
