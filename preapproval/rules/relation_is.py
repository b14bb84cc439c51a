"""与户主的关系符合要求。

检查户口簿上某一个成员与户主的关系，是不是要求的几种之一。

参数
  relation  与户主关系，例如 household_register.relation
  allowed   允许的关系，例如 户主、配偶、妻、夫、子、女
  numbers   各成员页的身份号码，例如 household_register.number；和 number 一起写，用来找到是哪一页
  number    要看的人的号码，例如 id_card.number

结果
  通过      是允许的关系
  不通过    是别的关系
  无法判定  没有找到这个人的一页，或者那一页的关系没有读出来；不写号码而有几页；差一个字而机器没有把握；手写
  不适用    没有提交其中一份材料

可用的占位词：{relation}（读到的关系）
"""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from preapproval.case import Value
from preapproval.facts import Facts, Known
from preapproval.folding import squeezed
from preapproval.rules.parameters import IdPath, TextPath, Words, slot_of
from preapproval.rules.result import CheckResult, undetermined
from preapproval.rules.same_person import same_number
from preapproval.rules.sought import doubtful, gather, near, pages_of, proof, ruled
from preapproval.rules.template import template
from preapproval.rules.wording import listed, name_path, say, shown


class Parameters(Value):
    relation: TextPath
    allowed: Words
    numbers: IdPath | None = None
    number: IdPath | None = None

    @model_validator(mode="after")
    def _both_numbers(self) -> Self:
        if (self.numbers is None) != (self.number is None):
            raise ValueError("numbers and number, or neither")
        return self


def run(facts: Facts, given: Parameters) -> CheckResult:
    paths = (given.relation, *((given.number,) if given.number else ()))
    found = gather(facts, *paths)
    if isinstance(found, CheckResult):
        return found
    known = _relation(facts, given, found)
    name = name_path(facts, given.relation)
    if known is None:
        return undetermined(
            say("relation_is.no_page", field=name), pages_of(facts, slot_of(given.relation)), relation=""
        )
    values = {"relation": shown(facts, known)}
    said = {**values, "field": name, "allowed": listed(given.allowed)}
    text, allowed = squeezed(str(known.value)), {squeezed(word) for word in given.allowed}
    if text not in allowed and (not text or (doubtful(known) and any(near(text, word) for word in allowed))):
        return undetermined(say("relation_is.near", **said), proof(known), **values)
    right = text in allowed
    return ruled(right, say(f"relation_is.{'right' if right else 'wrong'}", **said), known, **values)


def _relation(facts: Facts, given: Parameters, found: tuple[Known, ...]) -> Known | None:
    """The relation that stands on the page of the person; without a number the only one."""
    relations = facts.every(given.relation) or (found[0],)
    if given.numbers is None:
        return relations[0] if len(relations) == 1 else None
    numbers = [one for one in facts.every(given.numbers) if same_number(one, found[1]) == "match"]
    pages = [one.read.page for one in numbers if one.read is not None]
    on_page = [one for one in relations if one.read is not None and one.read.page in pages]
    return on_page[0] if len(on_page) == 1 else None


TEMPLATE = template(__name__, __doc__, Parameters, run, fills=("relation",))
