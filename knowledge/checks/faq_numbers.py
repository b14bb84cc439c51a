"""Every number in an FAQ answer stands in another field of its item too."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from knowledge.checks.facts import HOTLINES
from knowledge.checks.subject import Finding, Subject, bases, texts
from knowledge.item import TimeLimit
from knowledge.numbers import Amount, amounts

Key = tuple[Decimal, str]

TRIVIAL: frozenset[Key] = frozenset((Decimal(1), unit) for unit in ("次", "张", "份", "件", "套", "本", "人", "页"))
"""Counts of one, which state no fact: 一张, 一次."""

NOT_AMOUNTS: tuple[str, ...] = ("", "级")
"""Bare digits and ranks name things (二级医院)."""

UNITS: dict[str, str] = {"working_day": "工作日", "day": "日", "month": "月", "hour": "小时"}


def faq_numbers_stand_in_a_field(at: Subject) -> Iterator[Finding]:
    known = _known(at)
    for position, faq in enumerate(at.item.faq):
        own = {amount.key for text in texts(faq.basis) for amount in amounts(text)}
        for amount in amounts(faq.answer):
            if amount.unit not in NOT_AMOUNTS and amount.key not in known and amount.key not in own:
                yield ("faq", position, "answer"), f"{amount.raw} stands in no other field of this item"


def _known(at: Subject) -> set[Key]:
    """Numbers of every field but the FAQ, of the catalogue entries it names, and of the laws it cites."""
    item, handbook = at.whole, at.handbook
    others = item.model_copy(update={"faq": ()})
    sources: list[object] = [others, *(handbook.materials.get(line.material or "") for line in item.materials)]
    sources += [handbook.places.get(place.place or "") for place in item.places]
    cited = [handbook.laws.get(basis.law) for _, basis in bases(at.item)]
    dates = [day for law in cited if law for day in (law.version, law.effective_from, law.expired_on)]
    dates += [item.effective_from, item.effective_to]
    found = {amount.key for source in sources for text in texts(source) for amount in amounts(text)}
    found |= {amount.key for day in dates if day for amount in amounts(day.isoformat())}
    found |= {(Decimal(day.year), "date") for day in dates if day}
    found |= {amount.key for _, basis in bases(item) for amount in amounts(basis.cite())}
    hotlines = {(Decimal(number), "phone") for number in (*HOTLINES, handbook.hall.hotline) if number.isdigit()}
    return found | hotlines | TRIVIAL | set(_counted(at))


def _counted(at: Subject) -> Iterator[Key]:
    """Numbers that stand in fields as numbers: limits, charges, copies, visits."""
    for limit in (at.item.time_limit.statutory, at.item.time_limit.promised):
        if isinstance(limit, TimeLimit) and limit.amount is not None and limit.unit in UNITS:
            yield Amount(Decimal(limit.amount), UNITS[limit.unit], (0, 0), "").key
    for charge in at.item.fee.charges:
        if charge.yuan is not None:
            yield Amount(Decimal(str(charge.yuan)), "元", (0, 0), "").key
    for line in at.item.materials:
        yield from (
            (Decimal(count), unit) for count in (line.original, line.copies) for unit in ("份", "张", "页", "本")
        )
    if at.item.visits:
        yield Decimal(at.item.visits.count), "次"
