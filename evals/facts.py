"""What an answer about an item has to say, and the values that it may say: by value and name, never by wording.

A row of a question set names item and facets. Their facts are on record in `datasets/facts.jsonl`, one line for each
item, drawn from its fields by `xiaoxin eval record`. So a fee that is changed by intent changes one line of the record,
in sight of whoever reads the commit; a fee that is changed by mistake differs from the record, and its answers are
wrong. Items without a line, those of another handbook, are held against their own fields.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import yaml

from evals.sample import DATASETS, BadRow
from knowledge.checklist import build_checklist
from knowledge.item import Facet, ServiceItem, TimeLimit
from knowledge.numbers import amounts

RECORD = DATASETS / "facts.jsonl"
FactKind = Literal["value", "free", "on_the_spot", "phone", "name", "any_of"]
TIME_UNITS = {"working_day": "个工作日", "day": "日", "month": "个月", "hour": "小时"}
_PHONE_MARKS = re.compile(r"[-\s()（）—]")


@dataclass(frozen=True)
class Fact:
    facet: Facet
    kind: FactKind
    value: str = ""
    """A value as `120 元`; of any_of the names of which one is enough, joined by |."""

    def __str__(self) -> str:
        return f"{self.facet}: {self.value or self.kind}"


@dataclass(frozen=True)
class ItemFacts:
    facts: tuple[Fact, ...]
    values: frozenset[str]
    """Every value that the item states anywhere, as `120 元`."""

    def of(self, facets: Iterable[Facet], language: str = "zh") -> tuple[Fact, ...]:
        """The facts of some facets; names are compared in Chinese answers only."""
        wanted = set(facets)
        return tuple(
            fact
            for fact in self.facts
            if fact.facet in wanted and (language == "zh" or fact.kind not in ("name", "any_of"))
        )


@cache
def wordings() -> dict[str, Any]:
    return yaml.safe_load((files("evals") / "facts.yaml").read_text("utf-8"))


# what an answer says ---------------------------------------------------------------------------------------------


def is_said(fact: Fact, text: str, language: str = "zh") -> bool:
    if fact.kind == "value":
        number, _, unit = fact.value.partition(" ")
        if language != "zh":  # units of other languages are not read
            return Decimal(number) in {amount.value for amount in amounts(text)} or _in_years(number, unit, text)
        return fact.value in set(values_of(text))
    if fact.kind in ("free", "on_the_spot"):
        return any(words in text for words in wordings()[fact.kind][language])
    if fact.kind == "phone":
        return fact.value in _PHONE_MARKS.sub("", text)
    return any(name in text for name in fact.value.split("|"))


def invented(text: str, known: ItemFacts, question: str, also: Iterable[str] = ()) -> tuple[str, ...]:
    """Values of telling units that are neither on the item's record nor an echo of the question."""
    allowed = known.values | set(values_of(question)) | set(also)
    telling = set(wordings()["telling_units"])
    said = dict.fromkeys(value for value in values_of(text) if value.partition(" ")[2] in telling)
    return tuple(value for value in said if value not in allowed)


def values_of(text: str) -> Iterator[str]:
    """`120 元`, `15 日`: every value in a text, in one writing for all that mean the same."""
    return (_written(*amount.key) for amount in amounts(text))


def _in_years(number: str, unit: str, text: str) -> bool:
    years = Decimal(number) / 12
    return unit == "月" and years in {amount.value for amount in amounts(text)}


def _written(value: Decimal, unit: str) -> str:
    return f"{value.normalize():f} {unit}"


# what is on record -----------------------------------------------------------------------------------------------


def read_record(path: Path = RECORD) -> dict[str, ItemFacts]:
    """Item -> its facts. Raises BadRow."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadRow(f"{path}: cannot be read: {error}") from error
    record = {}
    for number, line in enumerate(lines, 1):
        try:
            row = json.loads(line)
            record[row["item"]] = ItemFacts(tuple(Fact(*fact) for fact in row["facts"]), frozenset(row["values"]))
        except (ValueError, KeyError, TypeError) as error:
            raise BadRow(f"{path}:{number}: not the facts of an item: {error}") from error
    return record


def write_record(items: Mapping[str, ServiceItem], path: Path = RECORD) -> None:
    lines = []
    for identifier in sorted(items):
        known = facts_of(items[identifier])
        facts = [[fact.facet, fact.kind, fact.value] for fact in known.facts]
        row = {"item": identifier, "facts": facts, "values": sorted(known.values)}
        lines.append(json.dumps(row, ensure_ascii=False))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def off_record(items: Mapping[str, ServiceItem], record: Mapping[str, ItemFacts]) -> dict[str, list[str]]:
    """Item -> facts and values in which its fields differ from its record, `-` on record and `+` in the handbook."""
    differing = {}
    for identifier in sorted(items.keys() & record.keys()):
        now, then = facts_of(items[identifier]), record[identifier]
        lost = [*(set(then.facts) - set(now.facts)), *(then.values - now.values)]
        new = [*(set(now.facts) - set(then.facts)), *(now.values - then.values)]
        if lost or new:
            differing[identifier] = [*sorted(f"- {one}" for one in lost), *sorted(f"+ {one}" for one in new)]
    return differing


def facts_of(item: ServiceItem) -> ItemFacts:
    """From the fields of an item whose names are resolved."""
    facts = (*_fee(item), *_time(item), *_materials(item), *_names(item), *_in_words(item))
    overview = (Fact("overview", fact.kind, fact.value) for fact in _overview(item))
    values = {value for text in _texts(item.model_dump()) for value in values_of(text)}
    values |= {fact.value for fact in facts if fact.kind == "value"}
    return ItemFacts(tuple(dict.fromkeys((*facts, *overview))), frozenset(values))


def _overview(item: ServiceItem) -> Iterator[Fact]:
    """Of an overview is expected what any first answer must say: price, time, place, what to bring."""
    yield from _fee(item, words=False)
    limit = item.time_limit.promised or item.time_limit.statutory
    yield from _limit(limit) if limit else ()
    yield from (Fact("place", "name", place.name) for place in item.places if place.name)
    checklist = build_checklist(item, {})
    yield from (Fact("materials", "name", line.name) for line in checklist.lines)


def _fee(item: ServiceItem, words: bool = True) -> Iterator[Fact]:
    if item.fee.free:
        yield Fact("fee", "free")
    for charge in item.fee.charges:
        if charge.yuan is not None and not item.fee.free:
            yield Fact("fee", "value", _written(Decimal(str(charge.yuan)), "元"))
    if words and item.fee.text and not item.fee.free:
        yield from (Fact("fee", "value", value) for value in values_of(item.fee.text))


def _time(item: ServiceItem) -> Iterator[Fact]:
    for limit in (item.time_limit.promised, item.time_limit.statutory):
        yield from _limit(limit) if limit else ()


def _limit(limit: TimeLimit) -> Iterator[Fact]:
    if limit.unit == "on_the_spot":
        yield Fact("time", "on_the_spot")
    elif limit.amount is not None and limit.unit:
        yield from (Fact("time", "value", value) for value in values_of(f"{limit.amount}{TIME_UNITS[limit.unit]}"))
    elif limit.text:
        yield from (Fact("time", "value", value) for value in values_of(limit.text))


def _materials(item: ServiceItem) -> Iterator[Fact]:
    """What has to be brought in any case; what depends on an answer is expected only once it is given."""
    checklist = build_checklist(item, {})
    yield from (Fact("materials", "name", line.name) for line in checklist.lines)
    for group in checklist.groups:
        if not group.depends:
            yield Fact("materials", "any_of", "|".join((group.label, *(line.name for line in group.lines))))


def _names(item: ServiceItem) -> Iterator[Fact]:
    yield from (Fact("place", "name", place.name) for place in item.places if place.name)
    yield from (Fact("phone", "phone", _PHONE_MARKS.sub("", phone.number)) for phone in item.phones)
    yield from (Fact("law", "name", f"《{basis.law}》") for basis in item.legal_basis)
    if item.result:
        yield Fact("result", "name", item.result.name)
        yield from (Fact("result", "value", value) for value in values_of(item.result.validity or ""))
    if item.online and item.online.available and item.online.name:
        yield Fact("online", "name", item.online.name)


def _in_words(item: ServiceItem) -> Iterator[Fact]:
    """Facets written in sentences: their numbers."""
    certain = [condition.text for condition in item.conditions if not condition.when]
    written: dict[Facet, list[str]] = {
        "conditions": certain,
        "steps": [step.text for step in item.steps],
        "proxy": [item.proxy.text] if item.proxy else [],
        "cross_region": [item.cross_region.text] if item.cross_region else [],
    }
    for facet, texts in written.items():
        yield from (Fact(facet, "value", value) for text in texts for value in values_of(text))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from (text for one in value.values() for text in _texts(one))
    elif isinstance(value, list | tuple):
        yield from (text for one in value for text in _texts(one))
