"""内容已填写。

检查一项或者几项内容有没有填写。只看有没有，不看对不对；手写的也算已填写。

参数
  fields  要填写的各项，例如 elderly_card_form.phone、declared.purpose

结果
  通过      都有
  不通过    网上填写的项目没有填
  无法判定  材料上没有读到（机器分不清是没有写，还是写了没有读出来）
  不适用    没有提交这份材料

可用的占位词：{missing}（没有填的项目）
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from preapproval.case import Value
from preapproval.facts import Absent, Facts, Known
from preapproval.rules.parameters import Path, slot_of
from preapproval.rules.result import CheckResult, failed, passed, undetermined
from preapproval.rules.sought import gather, look, pages_of, proof
from preapproval.rules.template import template
from preapproval.rules.wording import listed, name_path, say


class Parameters(Value):
    fields: Annotated[tuple[Path, ...], Field(min_length=1, max_length=40)]


def run(facts: Facts, given: Parameters) -> CheckResult:
    every = gather(facts, *given.fields)
    if isinstance(every, CheckResult) and every.outcome == "not_applicable":
        return every
    found = {path: look(facts, path) for path in given.fields}
    empty = [path for path, one in found.items() if isinstance(one, Absent) or not str(one.value).strip()]
    known = tuple(one for one in found.values() if isinstance(one, Known))
    if not empty:
        return passed(say("field_present.all", fields=_names(facts, given.fields)), proof(*known))
    typed = [path for path in empty if slot_of(path) is None]
    if typed:
        return failed(say("field_present.missing", missing=_names(facts, typed)), missing=_names(facts, typed))
    evidence = tuple(dict.fromkeys(place for path in empty for place in pages_of(facts, slot_of(path))))
    return undetermined(
        say("field_present.unread", missing=_names(facts, empty)), evidence, missing=_names(facts, empty)
    )


def _names(facts: Facts, paths: tuple[str, ...] | list[str]) -> str:
    return listed(name_path(facts, path) for path in paths)


TEMPLATE = template(__name__, __doc__, Parameters, run, fills=("missing",), judges_handwriting=True)
