"""What is checked for every item, from the handbook alone: readable files, clear pictures, kinds, complete papers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from preapproval.case import Checked, Evidence, Finding, Material, Page, ReadFile, Severity
from preapproval.kinds import Kind
from preapproval.ruleset import SlotTerms
from preapproval.slots import Filled, Slot

READ_BY_PERSON = ("reader_failed", "timed_out", "out_of_memory")
"""Problems that are ours, not the visitor's: nothing is to be handed in again."""
STILL_READ = ("duplicate", "animated", "too_many_pages")
"""Problems that leave pages to judge by."""
FEW_FIELDS = 0.5
"""A page with a retake problem must be taken again if less than this share of the side's fields was read."""


@dataclass(frozen=True)
class Seen:
    """All that the checks look at."""

    reads: tuple[ReadFile, ...]
    slots: tuple[Slot, ...]
    filled: Filled
    terms: Mapping[str, SlotTerms]
    kinds: Mapping[str, Kind]
    version: str

    def name_of(self, file: str) -> str:
        return next((read.file.name for read in self.reads if read.file.sha256 == file), file[:8])

    @property
    def unsure(self) -> tuple[Material, ...]:
        return tuple(one for one in self.filled.materials if one.kind == "unknown" and one.slot is None)


def own_checks(seen: Seen) -> Iterator[Finding | Checked]:
    """Every one of them, in the order in which a person would look."""
    for read in seen.reads:
        yield from _readable(seen, read)
        yield from _clear(seen, read)
    yield from _recognised(seen)
    yield from _present(seen)


@cache
def words() -> dict[str, Any]:
    return yaml.safe_load((files("preapproval") / "findings.yaml").read_text("utf-8"))


def _finding(
    seen: Seen, rule: str, status: Any, severity: Severity, said: Mapping[str, str],
    evidence: tuple[Evidence, ...] = (), *, slot: Slot | None = None, basis: str = "", **values: Any,
) -> Finding:  # fmt: skip
    texts = {key: text.format(**values) for key, text in said.items()}
    detail = texts.get("detail", texts["citizen_text"])
    return Finding(
        rule=rule, version=seen.version, status=status, severity=severity, title=texts["title"], detail=detail,
        citizen_text=texts["citizen_text"], basis=basis or (slot.basis if slot else ""), evidence=evidence,
        action=texts["action"], slot=slot.key if slot else None,
    )  # fmt: skip


def _readable(seen: Seen, read: ReadFile) -> Iterator[Finding | Checked]:
    said, name = words()["readable"], read.file.name
    if read.problem is None:
        yield Checked(rule="readable", title=said["title"].format(file=name))
        return
    detail, citizen = said["problems"][read.problem]
    texts = {"title": said["title"], "detail": detail, "citizen_text": citizen, "action": said["action"]}
    if read.problem == "duplicate":
        status, severity = "hint", "hint"
    elif read.problem in READ_BY_PERSON or read.problem in STILL_READ:
        status, severity = "undetermined", "should"
    else:
        status, severity = "fail", "must"
    evidence = (Evidence(file=read.file.sha256),)
    yield _finding(seen, "readable", status, severity, texts, evidence, file=name)  # type: ignore[arg-type]


def _clear(seen: Seen, read: ReadFile) -> Iterator[Finding | Checked]:
    """Retake only where text is lost; a blurred page whose fields were read is a hint."""
    if read.problem == "duplicate":
        return
    said, name = words()["picture"], read.file.name
    clear = True
    for page in read.pages:
        for one in page.quality:
            clear = False
            problem, advice = said["problems"][one.problem]
            lost = one.retake and _lost(seen, page)
            texts = {"title": said["title"], **said["retake" if lost else "warn"]}
            evidence = (Evidence(file=page.ref.file, page=page.ref.number, part=page.ref.part, quad=one.quad),)
            status, severity = ("fail", "must") if lost else ("hint", "hint")
            yield _finding(
                seen, "picture", status, severity, texts, evidence, file=name, problem=problem, advice=advice  # type: ignore[arg-type]
            )  # fmt: skip
    if clear and read.pages:
        yield Checked(rule="picture", title=said["title"].format(file=name))


def _lost(seen: Seen, page: Page) -> bool:
    material = next((one for one in seen.filled.materials if page.ref in one.pages), None)
    kind = seen.kinds.get(material.kind) if material else None
    if material is None or kind is None:
        return True
    expected = [one for one in kind.fields if one.side is None or one.side in material.sides]
    read = {one.name for one in material.fields}
    return bool(expected) and sum(one.name in read for one in expected) < FEW_FIELDS * len(expected)


def _recognised(seen: Seen) -> Iterator[Finding | Checked]:
    said = words()["recognised"]
    mistaken = {material.id: slot for material, slot in seen.filled.wrong}
    by_key = {slot.key: slot for slot in seen.slots}
    for material in seen.filled.materials:
        name, evidence = _names(seen, material), tuple(_whole(material))
        kind = seen.kinds[material.kind].name if material.kind in seen.kinds else ""
        title = {"title": said["title"]}
        slot = by_key.get(material.slot or "")
        if material.id in mistaken and kind:
            slot = by_key[mistaken[material.id]]
            texts = title | _of(said["wrong_slot"], slot)
            yield _finding(seen, "recognised", "fail", "must", texts, evidence, slot=slot, file=name, kind=kind)
        elif material.kind == "unknown" and slot:
            yield _finding(
                seen, "recognised", "undetermined", "should", title | _of(said["by_person"], slot), evidence,
                slot=slot, file=name,
            )  # fmt: skip
        elif material.kind == "unknown":
            likely = _likely(seen, material)
            texts = title | said["unknown"]
            yield _finding(seen, "recognised", "undetermined", "should", texts, evidence, file=name, likely=likely)
        elif slot is None:
            yield _finding(seen, "recognised", "hint", "hint", title | said["spare"], evidence, file=name, kind=kind)
        else:
            yield Checked(rule="recognised", title=said["title"].format(file=name), slot=slot.key, detail=kind)


def _of(said: Mapping[str, str], slot: Slot) -> dict[str, str]:
    """The sentences with the slot's name in them; other braces stay."""
    return {key: text.replace("{slot}", slot.name) for key, text in said.items()}


def _likely(seen: Seen, material: Material) -> str:
    names = [seen.kinds[kind].name for kind in material.likely if kind in seen.kinds]
    return words()["likely"].format(kinds=words()["or"].join(names)) if names else ""


def _names(seen: Seen, material: Material) -> str:
    return words()["and"].join(dict.fromkeys(seen.name_of(ref.file) for ref in material.pages))


def _whole(material: Material) -> Iterator[Evidence]:
    for ref in material.pages:
        yield Evidence(file=ref.file, page=ref.number, part=ref.part)


def _present(seen: Seen) -> Iterator[Finding | Checked]:
    said = words()["present"]
    groups: dict[str, list[Slot]] = {}
    for slot in seen.slots:
        if slot.group:
            groups.setdefault(slot.group, []).append(slot)
        else:
            yield _present_alone(seen, slot, said)
    for label, slots in groups.items():
        yield _present_group(seen, label, slots, said)


def _present_alone(seen: Seen, slot: Slot, said: Mapping[str, Any]) -> Finding | Checked:
    title = said["title"].format(name=slot.name)
    if seen.filled.by_slot.get(slot.key):
        return Checked(rule="present", title=title, slot=slot.key)
    if slot.need == "shared":
        return Checked(rule="present", title=title, slot=slot.key, detail=said["shared"])
    note = slot.note or ""
    if slot.need == "depends":
        texts = {"title": title, **said["depends"]}
        cases = words()["or"].join(slot.depends_on)
        return _finding(seen, "present", "undetermined", "should", texts, slot=slot, name=slot.name, cases=cases)
    if perhaps := _perhaps(seen, (slot,), title, slot.name):
        return perhaps
    terms = seen.terms.get(slot.key, SlotTerms())
    how = "may_follow" if terms.may_follow else "promise_instead" if terms.promise_instead else "missing"
    severity: Severity = "must" if how == "missing" else "should"
    return _finding(
        seen, "present", "fail", severity, {"title": title, **said[how]}, slot=slot, name=slot.name, note=note
    )  # fmt: skip


def _present_group(seen: Seen, label: str, slots: Sequence[Slot], said: Mapping[str, Any]) -> Finding | Checked:
    title = said["title"].format(name=label)
    filled = next((slot for slot in slots if seen.filled.by_slot.get(slot.key)), None)
    if filled or any(slot.need == "shared" for slot in slots):
        return Checked(rule="present", title=title, slot=filled.key if filled else None)
    names = words()["or"].join(slot.name for slot in slots)
    if slots[0].need == "depends":
        cases = words()["or"].join(dict.fromkeys(case for slot in slots for case in slot.depends_on))
        texts = {"title": title, **said["depends"]}
        return _finding(seen, "present", "undetermined", "should", texts, slot=slots[0], name=label, cases=cases)
    if perhaps := _perhaps(seen, slots, title, label):
        return perhaps
    texts = {"title": title, **said["missing_group"]}
    return _finding(seen, "present", "fail", "must", texts, slot=slots[0], group=label, names=names)


def _unsure_of(seen: Seen, slots: Iterable[Slot]) -> tuple[Material, ...]:
    """Unrecognised materials that might be one of these."""
    fitting = {kind.id for kind in seen.kinds.values() for slot in slots if slot.key in kind.materials}
    return tuple(one for one in seen.unsure if not fitting or not one.likely or fitting & set(one.likely))


def _unread(seen: Seen, slots: Iterable[Slot]) -> tuple[Evidence, ...]:
    """Files that our reader failed on, and that may be one of these."""
    keys = {slot.key for slot in slots}
    failed = (one.file for one in seen.reads if one.problem in READ_BY_PERSON and not one.pages)
    return tuple(Evidence(file=one.sha256) for one in failed if one.slot is None or one.slot in keys)


def _perhaps(seen: Seen, slots: Sequence[Slot], title: str, name: str) -> Finding | None:
    """Nothing is called missing while something that nobody could read might be it."""
    unsure = [one for material in _unsure_of(seen, slots) for one in _whole(material)]
    evidence = (*unsure, *_unread(seen, slots))
    if not evidence:
        return None
    texts = {"title": title, **words()["present"]["perhaps"]}
    count = len({one.file for one in evidence})
    return _finding(seen, "present", "undetermined", "should", texts, evidence, slot=slots[0], name=name, count=count)
