"""统一社会信用代码校验。

按国家标准 GB 32100 检查十八位统一社会信用代码的最后一位。

参数
  field  统一社会信用代码，例如 business_licence.credit_code

结果
  通过      十八位，校验正确
  不通过    申请人自己填写的、或者电子文件里带的代码校验不对；图片上的代码校验不对，放大再读一遍还是它，
            而且两遍都读得有把握；位数差得很多
  无法判定  图片上读到的代码校验不对，但读得没有把握（多半是机器认错，请对着图片核对，也请申请人看一看）；
            十五位的旧注册号；手写的代码
  不适用    没有提交这份材料

可用的占位词：{code}（读到的代码）
"""

from __future__ import annotations

import re
from dataclasses import replace

from knowledge.check_digits import valid_credit_code
from preapproval.case import Value
from preapproval.facts import Facts
from preapproval.rules.id_checksum import folded_number
from preapproval.rules.parameters import CreditPath
from preapproval.rules.result import CheckResult, failed, passed, undetermined
from preapproval.rules.sought import certain, gather, handwritten, proof
from preapproval.rules.template import template
from preapproval.rules.wording import name_path, say, shown


class Parameters(Value):
    field: CreditPath


def run(facts: Facts, given: Parameters) -> CheckResult:
    found = gather(facts, given.field)
    if isinstance(found, CheckResult):
        return found
    (known,) = found
    code = folded_number(str(known.value))
    said = {"field": name_path(facts, given.field), "value": shown(facts, known)}
    if handwritten(known):
        return undetermined(say("uscc_valid.handwritten", **said), proof(known), code=said["value"])
    if valid_credit_code(code):
        return passed(say("uscc_valid.right", **said), proof(known))
    if re.fullmatch(r"\d{15}", code, re.ASCII):
        return undetermined(say("uscc_valid.old", **said), proof(known), code=said["value"])
    if not certain(known) and 17 <= len(code) <= 19:
        unsure = undetermined(say("uscc_valid.misread", **said), proof(known), code=said["value"])
        return replace(unsure, ask=say("uscc_valid.ask", **said))
    return failed(say("uscc_valid.wrong", **said), proof(known), code=said["value"])


TEMPLATE = template(__name__, __doc__, Parameters, run, fills=("code",))
