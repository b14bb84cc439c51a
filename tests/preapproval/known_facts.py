"""Facts as a test writes them: path -> value. Everything else of a case is filled in around them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from pydantic import BaseModel

from preapproval.case import Case, FieldValue, Line, Mark, Material, Page, PageRef, Quad, QualityFinding
from preapproval.facts import Absent, Facts, Known
from preapproval.kinds import FieldType, load_kinds
from preapproval.rules import TEMPLATES
from preapproval.rules.parameters import Wants, references, slot_of
from preapproval.rules.result import CheckResult

TODAY = date(2026, 6, 1)
SEEN_BEFORE = "11010519491231002X"
"""The example that GB 11643 itself prints: 北京市朝阳区, born 1949-12-31."""
SEEN_BEFORE_TOO = "440524188001010014"
"""Its other example."""
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
"""As GB 11643 prints them."""


@dataclass(frozen=True)
class Read:
    """A value that was read, and how; `on` is the page of the slot's file."""

    value: Any
    handwritten: bool = False
    validated: bool = False
    confidence: float = 0.99
    method: Any = "anchor"
    on: int = 1
    twice: bool = False


def written(value: Any) -> Read:
    return Read(value, handwritten=True)


def doubted(value: Any) -> Read:
    """Print of which the engine was not sure."""
    return Read(value, confidence=0.9)


def number_born(born: str, order: str = "001", region: str = "110105") -> str:
    """An invented identity number with its checksum; `born` is 19491231."""
    digits = f"{region}{born}{order}"
    return digits + "10X98765432"[sum(int(d) * w for d, w in zip(digits, WEIGHTS, strict=True)) % 11]


def at(x: float, y: float, width: float = 40, height: float = 20) -> Quad:
    return ((x, y), (x + width, y), (x + width, y + height), (x, y + height))


def line(text: str, x: float = 100, y: float = 100, handwritten: bool = False) -> Line:
    return Line(text=text, quad=at(x, y), confidence=0.99, handwritten=handwritten)


def mark(kind: Any, x: float = 700, y: float = 900, text: str | None = None) -> Mark:
    return Mark(kind=kind, quad=at(x, y), score=0.9, text=text)


def page(slot: str, number: int = 1, **content: Any) -> Page:
    return Page(ref=ref_of(slot, number), width=1000, height=1400, **content)


def blurred(slot: str, number: int = 1, **content: Any) -> Page:
    spoiled = QualityFinding(problem="motion_blur", retake=True, measure=0.1)
    return page(slot, number, quality=(spoiled,), **content)


def ref_of(slot: str, number: int = 1) -> PageRef:
    return PageRef(file=f"{sum(map(ord, slot)):064x}", number=number)


def material(
    slot: str, kind: str | None = None, sides: tuple[str, ...] = (), pages: tuple[int, ...] = (1,)
) -> Material:
    kinds = [one.id for one in load_kinds().values() if slot in one.materials]
    refs = tuple(ref_of(slot, number) for number in pages)
    return Material(id="m1", kind=kind or kinds[0], pages=refs, sides=sides, margin=0.9, slot=slot)


def facts_of(
    values: Mapping[str, Any] | None = None,
    materials: tuple[Material, ...] = (),
    pages: tuple[Page, ...] = (),
    spare: tuple[Material, ...] = (),
    today: date = TODAY,
) -> Facts:
    """A slot is handed in where a material is given, or where a path of it has a value or None (not read).

    `...` for a path: nothing was handed in for its slot. A list holds several values of one path.
    """
    by_slot: dict[str, tuple[Material, ...]] = {}
    for one in materials:
        by_slot[one.slot or ""] = (*by_slot.get(one.slot or "", ()), one)
    known: dict[str, Known | Absent] = {"case.now": Known("case.now", today)}
    every: dict[str, tuple[Known, ...]] = {}
    for path, value in (values or {}).items():
        slot = slot_of(path)
        if slot is not None and value is not ...:
            by_slot.setdefault(slot, (material(slot),))
        many = value if isinstance(value, list) else [value]
        if value is None or value is ...:
            known[path] = Absent(path, "not_read" if value is None else "not_handed_in")
            continue
        every[path] = tuple(_known(path, one) for one in many)
        known[path] = every[path][0]
    shown = {one.ref: one for one in pages}
    for slot, many in by_slot.items():
        for ref in (ref for one in many for ref in one.pages):
            shown.setdefault(ref, page(slot, ref.number))
    case = Case(item="sample", received_at=datetime(today.year, today.month, today.day, 9, tzinfo=UTC))
    return Facts(case, today, by_slot, spare, shown, known, every)


def _known(path: str, value: Any) -> Known:
    slot = slot_of(path)
    if slot is None:
        return Known(path, value.value if isinstance(value, Read) else value)
    read = value if isinstance(value, Read) else Read(value)
    field = FieldValue(
        material=material(slot).kind, name=path.partition(".")[2], value=str(read.value), raw=str(read.value),
        page=ref_of(slot, read.on), quad=at(10, 10), method=read.method, confidence=read.confidence,
        validated=read.validated, handwritten=read.handwritten, twice=read.twice,
    )  # fmt: skip
    return Known(path, read.value, field)


def check(name: str, facts: Facts, /, **given: Any) -> CheckResult:
    """One template, run as a rule runs it."""
    template = TEMPLATES[name]
    return template.run(facts, template.parameters.model_validate(given))


def outcome(name: str, values: Mapping[str, Any], /, **given: Any) -> str:
    return check(name, facts_of(values), **given).outcome


def paths_of(parameters: BaseModel) -> tuple[tuple[str, str, frozenset[FieldType]], ...]:
    """Parameter, path, and the field types that it may have (none: any)."""
    return tuple((r.parameter, r.named, r.marker.types) for r in references(parameters) if isinstance(r.marker, Wants))
