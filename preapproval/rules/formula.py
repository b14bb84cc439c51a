"""公式成立。

别的检查都不合适时，自己写一个条件，成立就通过。条件的写法和规则的“适用条件”一样，例如
  身份证.姓名 == 房屋租赁合同.承租方 且 房屋租赁合同.租赁到期日 > 当前日期
  lease.rent * 12.0 <= declared.income

参数
  holds  条件，最多两千字
  slot   这个条件主要说的是哪一份材料，不写也可以

结果
  通过      条件成立
  不通过    条件不成立
  无法判定  条件里有一个值没有读出来、是手写的；或者条件写错了
  不适用    不能判断，只因为条件里的材料没有提交

可用的占位词：无
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Annotated, Any

from pydantic import StringConstraints

from preapproval.aliases import NOW, PRESENT, BadCondition, Names
from preapproval.build_facts import path_of
from preapproval.case import Applicant, Value
from preapproval.cel import Condition, Typed, compile_condition, environment
from preapproval.facts import Absent, Facts, Known
from preapproval.kinds import FieldType, load_kinds
from preapproval.rule_words import words as rule_words
from preapproval.rules.parameters import Condition as ConditionText
from preapproval.rules.parameters import SlotName, slot_of
from preapproval.rules.result import CheckResult, failed, not_applicable, passed, undetermined
from preapproval.rules.sought import in_slot, look, proof
from preapproval.rules.template import template
from preapproval.rules.wording import listed, name_path, name_slot, say, shown

logger = logging.getLogger(__name__)


class Parameters(Value):
    holds: Annotated[ConditionText, StringConstraints(min_length=1, max_length=2000)]
    slot: SlotName | None = None


def run(facts: Facts, given: Parameters) -> CheckResult:
    if given.slot is not None and isinstance(nothing := in_slot(facts, given.slot), CheckResult):
        return nothing
    try:
        condition = compiled(facts, given.holds)
    except BadCondition:
        logger.exception("a condition cannot be used: %s", given.holds)
        return undetermined(say("formula.wrong"))
    plain = tuple(dict.fromkeys(path.removesuffix(f".{PRESENT}") for path in condition.paths))
    found = [look(facts, path) for path in plain if "." in path and path != NOW]
    known = tuple(one for one in found if isinstance(one, Known))
    holds = condition.holds(facts)
    if holds is not None:
        return (passed if holds else failed)(
            say(f"formula.{'holds' if holds else 'fails'}", values=_values(facts, found, "values")), proof(*known)
        )
    missing = condition.missing(facts)
    owners = {slot_of(path) for path in missing}
    if owners and all(slot is not None and not facts.of(slot) for slot in owners):
        empty = sorted(slot for slot in owners if slot is not None)
        return not_applicable(say("missing.slot", slot=listed(name_slot(facts, slot) for slot in empty)))
    names = listed(name_path(facts, path) for path in missing)
    told = _values(facts, known, "known")
    return undetermined(say("formula.unknown", missing=names, values=told), proof(*known))


def _values(facts: Facts, found: Iterable[Known | Absent], key: str) -> str:
    """What the condition was judged by, as people call it; nothing where it names no value."""
    told = [_value(facts, one) for one in found]
    return say(f"formula.{key}", values=say("formula.separator").join(told)) if told else ""


def _value(facts: Facts, one: Known | Absent) -> str:
    name = name_path(facts, one.path)
    if isinstance(one, Absent):
        return say("formula.none", name=name)
    every = dict.fromkeys(shown(facts, each) for each in (facts.every(one.path) or (one,)))
    return say("formula.value", name=name, value=listed(every))


def compiled(facts: Facts, source: str) -> Condition:
    """`source` over the paths of the case. Raises BadCondition."""
    return _compiled(source, _slots(facts), tuple(_typed_in(facts)))


@lru_cache(maxsize=1024)
def _compiled(source: str, slots: tuple[str, ...], typed_in: tuple[tuple[str, Typed], ...]) -> Condition:
    """Once for all cases of an item that have the same requirements."""
    types = dict((*_types(slots), *typed_in))
    heads = {path.partition(".")[0]: path for path in types if slot_of(path) is not None}
    names = Names(_aliases(slots), frozenset((*types, *heads)))
    return compile_condition(source, types, names, environment(types, heads))


def _types(slots: tuple[str, ...]) -> Iterator[tuple[str, Typed]]:
    yield NOW, Typed("date")
    for name in Applicant.model_fields:
        yield f"applicant.{name}", Typed("text")
    for slot in slots:
        for kind in load_kinds().values():
            if slot in kind.materials:
                yield from ((path_of(slot, one.name), Typed(one.type, one.many)) for one in kind.fields)


def _typed_in(facts: Facts) -> Iterator[tuple[str, Typed]]:
    """What the applicant declared and answered, typed by its value."""
    for path, found in facts.values.items():
        if path.startswith(("declared.", "choices.")):
            yield path, Typed(_type_of(found.value if isinstance(found, Known) else ""))


def _slots(facts: Facts) -> tuple[str, ...]:
    named = (slot_of(path) for path in facts.values)
    return tuple(dict.fromkeys((*(slot for slot in named if slot is not None), *facts.materials)))


def _type_of(value: Any) -> FieldType:
    if isinstance(value, bool):
        return "boolean"
    return "number" if isinstance(value, int | float) else "text" if isinstance(value, str) else "date"


def _aliases(slots: tuple[str, ...]) -> dict[str, str]:
    """Names of kinds and labels of fields, for the slots of the case, and the words for the clock."""
    aliases: dict[str, str] = dict.fromkeys(rule_words()["case_now"], NOW)
    aliases |= {f"{p}.{label}": f"applicant.{name}" for p in rule_words()["prefixes"]["applicant"]
                for name, label in rule_words()["applicant"].items()}  # fmt: skip
    for slot in slots:
        for kind in load_kinds().values():
            if slot in kind.materials:
                for one in kind.fields:
                    aliases.setdefault(f"{kind.name}.{one.label}", path_of(slot, one.name))
    return aliases


TEMPLATE = template(__name__, __doc__, Parameters, run)
