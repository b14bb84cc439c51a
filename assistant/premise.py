"""What a question takes for granted of an item, held against its fields: an amount of money, a time, a material."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from knowledge.catalogue import CatalogueMaterial
from knowledge.checklist import Checklist, Line, build_checklist
from knowledge.item import Facet, ServiceItem
from knowledge.numbers import Amount, amounts
from knowledge.passage import Hit

Verdict = Literal["true", "false", "depends", "unknown"]

DAYS: dict[str, Decimal] = {
    "日": Decimal(1), "工作日": Decimal(1), "周": Decimal(7), "月": Decimal(30),
    "年": Decimal(365), "周年": Decimal(365),
}  # fmt: skip
"""Units of time in days, near enough to tell a claim from a fact."""
ALIKE = (Decimal("0.6"), Decimal("1.7"))
"""Times whose ratio lies between these are not called wrong: a day and a working day, half a year and 180 days."""

CONFIRMS = re.compile(
    r"[对是]不[对是]|[对是]吗|[对是]吧|吧[？?。]?$|是真的|真的(吗|假的|要|有)|没错|听说|听人|听讲|据说|人家说|说是|网上说|都说|说要"
    r"|就行[了吗]?|[要得]等.{1,12}[吗？?]"
)
"""The visitor wants to hear whether it is so."""
TIME_NEAR = 0.5
"""Nearness of the passage against which a time is held."""
CHARGED = re.compile(r"(要|交|收|得|是|花|付|缴|费|钱|掏|给)[^，。？]{0,6}$")
NEEDED = re.compile(
    r"(?:要|需要|需|得|必须|带上?|交|提供|准备|出示|拿|开|用|凭)"
    r"(?:先|个|一个|一张|一份|本人的?|我的?|那个|这个|单位开?|双方的?){0,2}$"
)
NEEDED_AFTER = re.compile(
    r"^(?:原件|复印件|也|都|还|是|必须|一定|就){0,2}(?:要带|要不要|带不带|用不用|必带|必须|行不行|要吗|要么|一定要|不用)"
    r"(?!(?:带|准备|交|提供)?(?:些|点)?(?:什么|啥|哪|几))"
)
WITHOUT = re.compile(r"(?:没有|没带|不带|缺|拿不出|没得|忘带|忘了带|不用|(?<!要)不要)(?:本人的?|我的?)?$")
WITHOUT_AFTER = re.compile(r"^(?:没有|没带|忘带|忘了带|不在身边|不在|拿不到|找不到)")
ASKS = re.compile(
    r"吗|么|嘛|？|\?|听说|据说|说是|是不是|要不要|用不用|需不需要|必须|一定|行不行|可以不|咋办|怎么办|对吧|真的"
)


@dataclass(frozen=True)
class Premise:
    """Something that a visitor believes, or asks whether it is so."""

    kind: Literal["fee", "time", "material", "without_material"]
    facet: Facet
    said: str
    """In the visitor's words."""
    verdict: Verdict
    line: Line | None = None
    """The material line that it concerns."""
    alternatives: tuple[str, ...] = ()
    group: str | None = None
    hit: Hit | None = None
    """The frequent question that answers it."""


def find_premises(
    text: str,
    item: ServiceItem,
    choices: Mapping[str, str],
    catalogue: Sequence[CatalogueMaterial],
    hits: Sequence[Hit] = (),
) -> tuple[Premise, ...]:
    """Premises in `text` that a field of `item` confirms or denies; () for a plain question. `hits` are the item's."""
    found = [_fee(amount, item) for amount in amounts(text) if amount.unit == "元" and _charged(text, amount)]
    if CONFIRMS.search(text):
        found += [_time(amount, hits) for amount in amounts(text) if amount.unit in DAYS][:1]
    if ASKS.search(text):
        found += _materials(text, build_checklist(item, choices), catalogue, item)
    return tuple(premise for premise in found if premise)


def _charged(text: str, amount: Amount) -> bool:
    return bool(CHARGED.search(text[: amount.span[0]]))


def _fee(amount: Amount, item: ServiceItem) -> Premise | None:
    fee = item.fee
    known = [Decimal(str(charge.yuan)) for charge in fee.charges if charge.yuan is not None]
    if amount.value in known:
        verdict: Verdict = "true" if len(known) == 1 and not fee.free else "depends"
    elif fee.free or (known and len(known) == len(fee.charges)):
        verdict = "false"
    else:
        verdict = "unknown"
    return Premise("fee", "fee", amount.raw, verdict)


def _time(amount: Amount, hits: Sequence[Hit]) -> Premise | None:
    """Held against the passage of the item that speaks of a time and is nearest to the question."""
    said = _in_days(amount)
    speaking = [(hit, times) for hit in hits if (times := _times(hit.passage.text))]
    if not speaking:
        return None
    hit, times = max(speaking, key=lambda pair: nearness(pair[0]) + (0.06 if amount.key in pair[1] else 0))
    if hit.passage.facet is None or (hit.passage.facet != "time" and nearness(hit) < TIME_NEAR):
        return None
    facet = hit.passage.facet
    faq = hit if hit.passage.is_faq else None
    if amount.key in times:
        return Premise("time", facet, amount.raw, "true" if len(times) == 1 else "depends", hit=faq)
    alike = any(ALIKE[0] < said / days < ALIKE[1] for days in times.values() if days)
    return Premise("time", facet, amount.raw, "depends" if alike else "false", hit=faq)


def _in_days(amount: Amount) -> Decimal:
    return amount.value * DAYS[amount.unit]


def _times(text: str) -> dict[tuple[Decimal, str], Decimal]:
    """The times in `text`, by key, in days."""
    return {amount.key: _in_days(amount) for amount in amounts(text) if amount.unit in DAYS}


def nearness(hit: Hit) -> float:
    """Meaning and words alone: the name tells nothing between passages of one item."""
    return 0.7 * hit.parts.meaning + 0.3 * hit.parts.words


def _materials(
    text: str, checklist: Checklist, catalogue: Sequence[CatalogueMaterial], item: ServiceItem
) -> list[Premise]:
    premises = []
    for material, word, start in _named_materials(text, catalogue, item):
        before, after = text[max(0, start - 8) : start], text[start + len(word) : start + len(word) + 8]
        without = WITHOUT.search(before) or WITHOUT_AFTER.search(after)
        if without or NEEDED.search(before) or NEEDED_AFTER.search(after):
            premises.append(_material(material, word, bool(without), checklist))
    return premises


def _named_materials(
    text: str, catalogue: Sequence[CatalogueMaterial], item: ServiceItem
) -> list[tuple[CatalogueMaterial, str, int]]:
    """Catalogue materials that the question names and where, apart from what the item itself is about."""
    about = (item.name, *item.aliases, item.result.name if item.result else "")
    for name in sorted(filter(None, about), key=len, reverse=True):
        text = text.replace(name, "\x1f" * len(name))
    names = ((word, material) for material in catalogue for word in (material.name, *material.aliases))
    words = [(word, material) for word, material in names if word in text]
    found = []
    for word, material in sorted(words, key=lambda pair: -len(pair[0])):
        start = text.find(word)
        if start >= 0 and not any(word in name for name in about):
            found.append((material, word, start))
            text = text.replace(word, "\x1f" * len(word))
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
