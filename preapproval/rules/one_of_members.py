"""户口簿里有申请人的一页。

检查户口簿的成员页里，有没有申请人本人（或者另一个人）的一页。先比较身份号码，号码没有时比较姓名。

参数
  numbers  各成员页的身份号码，例如 household_register.number
  names    各成员页的姓名，例如 household_register.member_name
  number   要找的人的号码，例如 id_card.number
  name     要找的人的姓名，例如 id_card.name

结果
  通过      有一页号码相同，并且号码校验正确
  不通过    每一页的号码都读出来了，校验都正确，没有一个相同
  无法判定  号码没有读全、差一位、没有校验通过；只有姓名相同；手写
  不适用    没有提交户口簿，或者没有提交另一份材料

可用的占位词：{name}（要找的人的姓名）
"""

from __future__ import annotations

from preapproval.case import Value
from preapproval.compare import same_name
from preapproval.facts import Facts, Known
from preapproval.rules.parameters import IdPath, TextPath, slot_of
from preapproval.rules.result import CheckResult, failed, passed, undetermined
from preapproval.rules.same_person import same_number
from preapproval.rules.sought import gather, handwritten, look, pages_of, poor, proof
from preapproval.rules.template import template
from preapproval.rules.wording import name_path, say, shown


class Parameters(Value):
    numbers: IdPath
    names: TextPath
    number: IdPath
    name: TextPath


def run(facts: Facts, given: Parameters) -> CheckResult:
    every = gather(facts, given.numbers, given.number)
    if isinstance(every, CheckResult):
        return every
    sought, name = every[1], look(facts, given.name)
    members = facts.every(given.numbers) or (every[0],)
    texts = {"name": shown(facts, name) if isinstance(name, Known) else shown(facts, sought)}
    said = {**texts, "field": name_path(facts, given.numbers), "count": len(members)}
    found = [one for one in members if same_number(one, sought) == "match" and not handwritten(one, sought)]
    if found:
        return passed(say("one_of_members.found", **said), proof(found[0], sought))
    names = facts.every(given.names)
    named = [
        one for one in names if isinstance(name, Known) and same_name(str(one.value), str(name.value)) != "differs"
    ]
    if named and isinstance(name, Known):
        return undetermined(say("one_of_members.name_only", **said), proof(*named, name, sought), **texts)
    complete = len(members) >= len(names) and not poor(facts, facts.of(slot_of(given.numbers) or ""))
    evidence = proof(*members, sought) or pages_of(facts, slot_of(given.numbers))
    if complete and all(same_number(one, sought) == "differs" for one in members):
        return failed(say("one_of_members.none", **said), evidence, **texts)
    return undetermined(say("one_of_members.unclear", **said), evidence, **texts)


TEMPLATE = template(__name__, __doc__, Parameters, run, fills=("name",))
