"""身份号码校验。

按国家标准 GB 11643 检查公民身份号码最后一位校验码，并检查号码里的出生日期存在、不在提交日期之后。
行政区划代码会撤销和新增，查不到的地区代码不判不通过。

参数
  field  身份号码，例如 id_card.number

结果
  通过      十八位，校验码正确，出生日期合理
  不通过    申请人自己填写的、或者电子文件里带的号码校验不对；图片上的号码校验不对，放大再读一遍还是它，
            而且两遍都读得有把握；号码里的出生日期不存在或者在将来；位数差得很多
  无法判定  图片上读到的号码校验不对，但读得没有把握（多半是机器认错，请对着图片核对，也请申请人看一看）；
            十五位的旧号码（请申请人换领新证，或者人工核对）；手写的号码
  不适用    没有提交这份材料

可用的占位词：无
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from knowledge.check_digits import valid_id_number
from preapproval.case import Value
from preapproval.facts import Facts, Known
from preapproval.rules.parameters import IdPath
from preapproval.rules.result import CheckResult, failed, passed, undetermined
from preapproval.rules.sought import certain, gather, handwritten, proof
from preapproval.rules.template import template
from preapproval.rules.wording import name_path, say, shown


class Parameters(Value):
    field: IdPath


def run(facts: Facts, given: Parameters) -> CheckResult:
    found = gather(facts, given.field)
    if isinstance(found, CheckResult):
        return found
    (known,) = found
    number = folded_number(str(known.value))
    said = {"field": name_path(facts, given.field), "value": shown(facts, known)}
    if handwritten(known):
        return undetermined(say("id_checksum.handwritten", **said), proof(known))
    if re.fullmatch(r"\d{15}", number, re.ASCII):
        return undetermined(say("id_checksum.old", **said), proof(known))
    if valid_id_number(number):
        born = birth_of(number)
        right = born is not None and date(1850, 1, 1) <= born <= facts.today
        key = "right" if right else "birth"
        return (passed if right else failed)(say(f"id_checksum.{key}", **said), proof(known))
    return _wrong(known, number, said)


def _wrong(known: Known, number: str, said: dict[str, str]) -> CheckResult:
    if certain(known):
        return failed(say("id_checksum.wrong", **said), proof(known))
    if 17 <= len(number) <= 19:
        asked = say("id_checksum.ask", **said)
        return replace(undetermined(say("id_checksum.misread", **said), proof(known)), ask=asked)
    return failed(say("id_checksum.length", **said), proof(known))


def folded_number(number: str) -> str:
    return re.sub(r"[\s-]", "", number).upper()


def birth_of(number: str) -> date | None:
    """The day in an 18-digit number; None where there is no such day."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


TEMPLATE = template(__name__, __doc__, Parameters, run)
