"""内容包含要求的字词。

检查一段文字里有没有要求的字词，例如经营范围里有“食品销售”。全角半角、繁体简体、空格标点不影响查找。

参数
  field  文字，例如 business_licence.scope
  any    这些字词里有一个就行
  all    这些字词都要有；any 和 all 可以都写，至少写一种

结果
  通过      有
  不通过    没有
  无法判定  差一个字（四个字以上的字词，机器可能认错）；字词旁边有“不含、除外、不得、禁止”一类的话；没有读出来、是手写的
  不适用    没有提交这份材料

可用的占位词：{missing}（缺的字词）
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, Self

from pydantic import model_validator

from preapproval.case import Value
from preapproval.facts import Facts
from preapproval.folding import folded, squeezed
from preapproval.rules.parameters import TextPath, Words
from preapproval.rules.result import CheckResult, undetermined
from preapproval.rules.sought import exact, gather, near, proof, ruled
from preapproval.rules.template import template
from preapproval.rules.wording import listed, name_path, say, words

Holds = Literal["yes", "no", "unclear"]
FUZZY_FROM = 4
"""Shorter words are not looked for with a differing character: 食品 and 药品 differ in one."""


class Parameters(Value):
    field: TextPath
    any: Words | None = None
    all: Words | None = None

    @model_validator(mode="after")
    def _words(self) -> Self:
        if self.any is None and self.all is None:
            raise ValueError("any or all")
        return self


def run(facts: Facts, given: Parameters) -> CheckResult:
    found = gather(facts, given.field)
    if isinstance(found, CheckResult):
        return found
    (known,) = found
    answers = {word: holds(str(known.value), word, exact(known)) for word in (*(given.any or ()), *(given.all or ()))}
    one_of = [answers[word] for word in given.any or ()]
    needed = [*((_best(one_of),) if one_of else ()), *(answers[word] for word in given.all or ())]
    missing = [word for word in given.all or () if answers[word] != "yes"]
    missing += [listed(given.any or ())] if one_of and _best(one_of) != "yes" else []
    said = {"field": name_path(facts, given.field), "missing": listed(missing)}
    if "no" not in needed and "unclear" in needed:
        return undetermined(say("scope_contains.unclear", **said), proof(known), missing=said["missing"])
    key = "lacks" if "no" in needed else "holds"
    return ruled(key == "holds", say(f"scope_contains.{key}", **said), known, missing=said["missing"])


def _best(answers: Sequence[str]) -> Holds:
    return "yes" if "yes" in answers else "unclear" if "unclear" in answers else "no"


def holds(text: str, word: str, certain: bool = False) -> Holds:
    """Whether `text` names `word` and takes it back nowhere near; `certain` text has no misread characters."""
    sought = squeezed(word)
    clauses = [clause for clause in re.split(words()["scope_contains"]["clause"], folded(text)) if clause.strip()]
    named = [clause for clause in clauses if sought in squeezed(clause)]
    if named:
        limited = re.compile(words()["scope_contains"]["limited"])
        return "unclear" if all(limited.search(clause) for clause in named) else "yes"
    whole = squeezed(text)
    if sought in whole:
        return "unclear"
    return "unclear" if not certain and len(sought) >= FUZZY_FROM and nearly_holds(whole, sought) else "no"


def nearly_holds(text: str, word: str) -> bool:
    """Whether a piece of `text` is `word` but for one character."""
    sizes = (len(word) - 1, len(word), len(word) + 1)
    return any(near(text[at : at + size], word) for size in sizes for at in range(max(len(text) - size + 1, 0)))


TEMPLATE = template(__name__, __doc__, Parameters, run, fills=("missing",))
