"""残疾人证号与身份号码一致。

残疾人证号共二十位：前十八位是公民身份号码，第十九位是残疾类别
（1 视力、2 听力、3 言语、4 肢体、5 智力、6 精神、7 多重），
第二十位是残疾等级。补发的证件后面可能还有字母 B 和数字。检查前十八位是不是就是身份号码。

参数
  long    残疾人证号，例如 disability_certificate.number
  number  身份号码，例如 id_card.number
  level   残疾等级，例如 disability_certificate.level；写了就同时和第二十位比较

结果
  通过      前十八位相同，等级（如果要求比较）也相同
  不通过    两个号码都校验正确，但是不同；或者差两位以上
  无法判定  差一位而没有校验通过；位数不对；等级对不上；手写；没有读出来
  不适用    没有提交其中一份材料

可用的占位词：无
"""

from __future__ import annotations

import re
from dataclasses import replace

from preapproval.case import Value
from preapproval.facts import Facts, Known
from preapproval.rules.id_checksum import folded_number
from preapproval.rules.level_in import levels_in
from preapproval.rules.parameters import IdPath, TextPath
from preapproval.rules.result import CheckResult, failed, passed, undetermined
from preapproval.rules.same_person import same_number
from preapproval.rules.sought import gather, handwritten, look, proof
from preapproval.rules.template import template
from preapproval.rules.wording import name_path, say, shown

SHAPE = re.compile(r"(\d{17}[\dX])([1-7])([1-4])(B\d{0,2})?", re.ASCII)


class Parameters(Value):
    long: TextPath
    number: IdPath
    level: TextPath | None = None


def run(facts: Facts, given: Parameters) -> CheckResult:
    found = gather(facts, given.long, given.number)
    if isinstance(found, CheckResult):
        return found
    long, number = found
    said = {
        "long_name": name_path(facts, given.long), "long": shown(facts, long),
        "name": name_path(facts, given.number), "number": shown(facts, number),
    }  # fmt: skip
    shape = SHAPE.fullmatch(folded_number(str(long.value)))
    if shape is None:
        return undetermined(say("number_matches.shape", **said), proof(long, number))
    answer = same_number(replace(long, value=shape[1]), number)
    if answer == "differs":
        return failed(say("number_matches.differs", **said), proof(long, number))
    if answer != "match" or (handwritten(long) and handwritten(number)):
        return undetermined(say("number_matches.unclear", **said), proof(long, number))
    level = look(facts, given.level) if given.level else None
    if isinstance(level, Known) and levels_in(str(level.value)) != {int(shape[3])}:
        return undetermined(say("number_matches.level", level=shown(facts, level), **said), proof(long, number, level))
    return passed(say("number_matches.match", **said), proof(long, number))


TEMPLATE = template(__name__, __doc__, Parameters, run, judges_handwriting=True)
