"""由要求的机关签发。

检查签发机关的名称里有没有要求的字，例如“公安局”。只看名称，不判断真假。

参数
  field  签发机关，例如 id_card.authority
  words  名称里应该有的字，有一个就行

结果
  通过      有
  不通过    没有
  无法判定  差一个字（机器可能认错）；没有读出来、是手写的
  不适用    没有提交这份材料

可用的占位词：{authority}（读到的机关名称）
"""

from __future__ import annotations

from preapproval.case import Value
from preapproval.facts import Facts
from preapproval.folding import squeezed
from preapproval.rules.parameters import TextPath, Words
from preapproval.rules.result import CheckResult, undetermined
from preapproval.rules.scope_contains import nearly_holds
from preapproval.rules.sought import exact, gather, proof, ruled
from preapproval.rules.template import template
from preapproval.rules.wording import listed, name_path, say, shown


class Parameters(Value):
    field: TextPath
    words: Words


def run(facts: Facts, given: Parameters) -> CheckResult:
    found = gather(facts, given.field)
    if isinstance(found, CheckResult):
        return found
    (known,) = found
    text, sought = squeezed(str(known.value)), [squeezed(word) for word in given.words]
    authority = shown(facts, known)
    said = {"field": name_path(facts, given.field), "authority": authority, "words": listed(given.words)}
    right = any(word in text for word in sought if word)
    if not text or (
        not right and not exact(known) and any(nearly_holds(text, word) for word in sought if len(word) > 2)
    ):
        return undetermined(say("issued_by.near", **said), proof(known), authority=authority)
    return ruled(right, say(f"issued_by.{'right' if right else 'wrong'}", **said), known, authority=authority)


TEMPLATE = template(__name__, __doc__, Parameters, run, fills=("authority",))
