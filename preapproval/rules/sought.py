"""Values that a check needs: all of them, or the result that says why it cannot be judged."""

from __future__ import annotations

from collections.abc import Iterable

from preapproval.case import Evidence, Material, PageRef
from preapproval.facts import Absent, Facts, Known, Missing, evidence_of
from preapproval.rules.parameters import slot_of
from preapproval.rules.result import CheckResult, failed, not_applicable, passed, undetermined
from preapproval.rules.wording import name_path, name_slot, say

EXACT = ("text_layer", "user")
"""Ways of reading that give what stands there, character by character."""
SURE = 0.98
"""Confidence from which one differing character counts as different. Below it half of all misread lines stand."""


def look(facts: Facts, path: str) -> Known | Absent:
    """Like `facts.get`, but what nobody declared is absent, and so is a path of a slot that the item does not have."""
    try:
        return facts.get(path)
    except KeyError:
        slot = slot_of(path)
        return Absent(path, "not_read" if slot is not None and facts.of(slot) else "not_handed_in")


def gather(facts: Facts, *paths: str) -> tuple[Known, ...] | CheckResult:
    """Every value, in order. Nothing handed in for one of the slots: not applicable; else one missing: undetermined.

    What the applicant should have typed and did not is undetermined too, never silently left out.
    """
    found = [look(facts, path) for path in paths]
    absent = [one for one in found if isinstance(one, Absent)]
    for one in absent:
        slot = slot_of(one.path)
        if one.why == "not_handed_in" and slot is not None and not facts.of(slot):
            return not_applicable(say("missing.slot", slot=name_slot(facts, slot)))
    if absent:
        parts = [say(f"missing.{_why(one)}", field=name_path(facts, one.path)) for one in absent]
        evidence = tuple(place for one in absent for place in pages_of(facts, slot_of(one.path)))
        return undetermined("".join(parts), evidence or proof(*(one for one in found if isinstance(one, Known))))
    return tuple(one for one in found if isinstance(one, Known))


def in_slot(facts: Facts, slot: str) -> tuple[Material, ...] | CheckResult:
    """What was handed in for the slot; not applicable where there is nothing."""
    materials = facts.of(slot)
    return materials or not_applicable(say("missing.slot", slot=name_slot(facts, slot)))


def pages_of(facts: Facts, slot: str | None) -> tuple[Evidence, ...]:
    """The pages handed in for a slot, as the place to look at when a value was not read."""
    if slot is None:
        return ()
    refs = dict.fromkeys(ref for material in facts.of(slot) for ref in material.pages)
    return tuple(page_evidence(ref) for ref in refs)


def page_evidence(ref: PageRef) -> Evidence:
    return Evidence(file=ref.file, page=ref.number, part=ref.part)


def proof(*known: Known) -> tuple[Evidence, ...]:
    """Where the values stand, each place once."""
    return tuple(dict.fromkeys(place for one in known for place in evidence_of(one)))


def handwritten(*known: Known) -> bool:
    return any(one.read is not None and one.read.handwritten for one in known)


def exact(known: Known) -> bool:
    """Typed in, from a text layer, or proved by itself: a misread character is excluded."""
    read = known.read
    return read is None or (not read.handwritten and (read.validated or read.method in EXACT))


def doubtful(*known: Known) -> bool:
    """Whether one of them may hold a misread character: it proves nothing by itself and the engine was not sure."""
    return any(not exact(one) and one.read is not None and one.read.confidence < SURE for one in known)


def certain(known: Known) -> bool:
    """A number that was read for sure, also from a picture: in two looks the same, each sure of it."""
    read = known.read
    return exact(known) or (read is not None and read.twice and not read.handwritten and read.confidence >= SURE)


def near(one: str, other: str) -> bool:
    """At most one character put in, left out or replaced."""
    if one == other:
        return True
    if abs(len(one) - len(other)) > 1:
        return False
    at = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return one[at + 1 :] == other[at + 1 :] or one[at:] == other[at + 1 :] or one[at + 1 :] == other[at:]


def ruled(right: bool, detail: str, /, *known: Known, **values: object) -> CheckResult:
    """Pass or fail by values that are read for certain; by handwriting nothing is certain."""
    if handwritten(*known):
        return undetermined(detail + say("handwritten"), proof(*known), **values)
    return passed(detail, proof(*known)) if right else failed(detail, proof(*known), **values)


def poor(facts: Facts, materials: Iterable[Material]) -> bool:
    """Whether a page of them should be taken again, or is not known at all."""
    refs = [ref for material in materials for ref in material.pages]
    return any(ref not in facts.pages or any(one.retake for one in facts.pages[ref].quality) for ref in refs)


def _why(absent: Absent) -> Missing | str:
    return "not_typed" if slot_of(absent.path) is None else absent.why if absent.why != "not_handed_in" else "not_read"
