"""What a question takes for granted of an item, held against its fields: an amount, a time, a material."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from knowledge.checklist import Checklist, Line, build_checklist
from knowledge.item import CatalogueMaterial, Facet, ServiceItem, TimeLimit
from knowledge.numbers import Amount, amounts

Verdict = Literal["true", "false", "depends", "unknown"]

DAYS = ("日", "工作日", "月", "年", "周")
UNIT_OF: dict[str, str] = {"working_day": "工作日", "day": "日", "month": "月", "hour": "小时"}
TAKES_TIME = re.compile(
    r"要等|得等|等上?|办好|下来|办完|才能(拿|领|办)|就能(拿|领|办)|拿到|办结|出证|多久|需要?.{0,4}(天|日|月)"
)
ASKS_MATERIAL = re.compile(
    r"吗|么|嘛|？|\?|听说|据说|说是|是不是|要不要|用不用|需不需要|必须|一定|没有|没带|不带|丢|行不行|可以不"
)
WITHOUT = re.compile(r"没有|没带|不带|丢了?|缺|拿不出|不想带|没|忘(了|记)?带?")
NEEDS = re.compile(r"要|需要|带|交|提供|准备|必须|用|拿|出示|还得")


@dataclass(frozen=True)
class Premise:
    """Something that a visitor believes or asks whether it is so."""

    kind: Literal["fee", "time", "material", "without_material"]
    facet: Facet
    said: str
    """In the visitor's words."""
    verdict: Verdict
    line: Line | None = None
    """The material line that it concerns."""
    alternatives: tuple[str, ...] = ()
    group: str | None = None
    fact: str = ""


def find_premises(
    text: str, item: ServiceItem, choices: Mapping[str, str], catalogue: Sequence[CatalogueMaterial]
) -> tuple[Premise, ...]:
    """Premises in `text` that a field of `item` can confirm or deny; () for a plain question."""
    found = amounts(text)
    premises = [_fee(amount, item) for amount in found if amount.unit == "元"]
    if TAKES_TIME.search(text):
        premises += [_time(amount, item.time_limit.statutory, item) for amount in found if amount.unit in DAYS]
    if ASKS_MATERIAL.search(text):
        premises += _materials(text, build_checklist(item, choices), catalogue, item)
    return tuple(premise for premise in premises if premise)


def _fee(amount: Amount, item: ServiceItem) -> Premise | None:
    fee = item.fee
    known = [Decimal(str(charge.yuan)) for charge in fee.charges if charge.yuan is not None]
    if fee.free and amount.value > 0:
        verdict: Verdict = "false" if amount.value not in known else "depends"
    elif known:
        verdict = "true" if amount.value in known else "false"
    else:
        verdict = "unknown"
    return Premise("fee", "fee", amount.raw, verdict)


def _time(amount: Amount, limit: TimeLimit | None, item: ServiceItem) -> Premise | None:
    if limit is None or (limit.amount is None and limit.unit != "on_the_spot"):
        return None
    if limit.unit == "on_the_spot":
        return Premise("time", "time", amount.raw, "false")
    unit = UNIT_OF[limit.unit or "day"]
    same = amount.unit == unit and amount.value == limit.amount
    limits = (limit, item.time_limit.promised)
    promised = any(one and one.amount == amount.value and UNIT_OF[one.unit or "day"] == amount.unit for one in limits)
    return Premise("time", "time", amount.raw, "true" if same or promised else "false")


def _materials(
    text: str, checklist: Checklist, catalogue: Sequence[CatalogueMaterial], item: ServiceItem
) -> list[Premise]:
    premises = []
    for material, word in _named_materials(text, catalogue, item):
        without = _stands_near(WITHOUT, text, word)
        if not without and not _stands_near(NEEDS, text, word):
            continue
        premises.append(_material(material, word, without, checklist))
    return premises


def _named_materials(
    text: str, catalogue: Sequence[CatalogueMaterial], item: ServiceItem
) -> list[tuple[CatalogueMaterial, str]]:
    """Catalogue materials that the question names, the item's own names aside."""
    for name in sorted((item.name, *item.aliases), key=len, reverse=True):
        text = text.replace(name, "\x1f")
    words = [(word, material) for material in catalogue for word in (material.name, *material.aliases)]
    found = []
    for word, material in sorted(words, key=lambda pair: -len(pair[0])):
        if word in text:
            found.append((material, word))
            text = text.replace(word, "\x1f")
    return found


def _material(material: CatalogueMaterial, word: str, without: bool, checklist: Checklist) -> Premise:
    kind: Literal["material", "without_material"] = "without_material" if without else "material"
    for line in checklist.lines:
        if line.material == material.id:
            return Premise(kind, "materials", word, "true", line)
    for line in checklist.shared:
        if line.material == material.id:
            return Premise(kind, "materials", word, "false", line)
    for group in checklist.groups:
        mine = next((line for line in group.lines if line.material == material.id), None)
        if mine:
            others = tuple(line.name for line in group.lines if line is not mine)
            return Premise(kind, "materials", word, "depends", mine, others, group.label)
    for line in checklist.by_situation:
        if line.material == material.id:
            return Premise(kind, "materials", word, "depends", line)
    return Premise(kind, "materials", word, "false")


def _stands_near(pattern: re.Pattern[str], text: str, word: str, reach: int = 6) -> bool:
    """Whether `pattern` stands within `reach` characters before or after `word`."""
    start = text.find(word)
    around = text[max(0, start - reach) : start] + "\x1f" + text[start + len(word) : start + len(word) + reach]
    return bool(pattern.search(around))
