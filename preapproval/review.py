"""Read, classify, extract, place, check, conclude: the whole pre-review, in order."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from knowledge.checklist import build_checklist
from knowledge.item import ServiceItem
from preapproval.assemble import assemble
from preapproval.build_facts import build_facts, received_on
from preapproval.called import called
from preapproval.case import Case, FieldValue, Material, Page, PageRef, Quality, ReadFile, ReadFileRef, Verdict
from preapproval.conclude import conclude
from preapproval.decisions import FieldCorrection
from preapproval.facts import Facts
from preapproval.kinds import load_kinds
from preapproval.own_checks import Seen, own_checks
from preapproval.ruleset import Ruleset
from preapproval.ruleset_files import LoadedRuleset
from preapproval.run_rules import run
from preapproval.slots import Filled, Slot, fill, slots_of


@dataclass(frozen=True)
class Reviewer:
    """Judges what was read. Reading itself is a FileReader's work, so that judging again needs no OCR."""

    rulesets: Callable[[ServiceItem, date], LoadedRuleset]
    """Item and day -> the rule set in force."""
    demoted: Callable[[str], frozenset[str]] = lambda _version: frozenset()
    """Version of a rule set -> its rules that were overruled too often."""

    def today(self) -> date:
        return date.today()

    def review(
        self, item: ServiceItem, case: Case, reads: Sequence[ReadFile], corrections: Iterable[FieldCorrection] = ()
    ) -> Verdict:
        """`reads` in the order in which files were handed in; `corrections` are values that a person typed."""
        begun = time.perf_counter()
        kinds = load_kinds()
        ruleset = self.rulesets(item, received_on(case))
        laid_out = lay_out(item, case, reads, corrections, ruleset.source)
        reads, slots, filled, facts = laid_out.reads, laid_out.slots, laid_out.filled, laid_out.facts
        seen = Seen(reads, slots, filled, ruleset.slots, kinds, ruleset.ref.version)
        concluded = conclude(
            own_checks(seen),
            run(ruleset, facts, slots),
            facts,
            {slot.key: slot for slot in slots},
            kinds,
            ruleset.ref.version,
            self.demoted(ruleset.ref.version),
        )
        return Verdict(
            verdict=concluded.verdict,
            item=item.id,
            item_name=item.name,
            findings=concluded.findings,
            checks_passed=concluded.passed,
            checks_not_applicable=concluded.not_applicable,
            materials=filled.materials,
            fields=tuple(field for material in filled.materials for field in material.fields),
            quality=tuple(_quality(reads)),
            files=tuple(_named(read) for read in reads),
            ruleset=ruleset.ref,
            engine=_engines(reads),
            reviewed_on=facts.today,
            took_ms=round((time.perf_counter() - begun) * 1000 + sum(read.took_ms for read in reads), 1),
        )


@dataclass(frozen=True)
class LaidOut:
    """What was handed in, as rules ask of it."""

    reads: tuple[ReadFile, ...]
    slots: tuple[Slot, ...]
    filled: Filled
    facts: Facts


def lay_out(
    item: ServiceItem,
    case: Case,
    reads: Sequence[ReadFile],
    corrections: Iterable[FieldCorrection] = (),
    ruleset: Ruleset | None = None,
) -> LaidOut:
    """Pages become materials, materials fill the requirements of the item, and their fields become facts."""
    kinds, once = load_kinds(), tuple(_without_doubles(reads))
    pages = {page.ref: page for page in _pages(once)}
    materials = _corrected(assemble(once), tuple(corrections), pages)
    slots = slots_of(build_checklist(item, case.choices))
    files, terms = {read.file.sha256: read.file for read in once}, ruleset.slots if ruleset else None
    filled = fill(slots, materials, files, case.applicant, kinds, terms)
    declared, labels = (ruleset.declared, ruleset.declared_labels) if ruleset else ({}, {})
    facts = build_facts(case, slots, filled, pages.values(), kinds, declared, called(item, labels))
    return LaidOut(once, slots, filled, facts)


def _without_doubles(reads: Sequence[ReadFile]) -> list[ReadFile]:
    """The same file handed in twice counts once, unless it is said to be for another line; the second says so."""
    seen: dict[str, set[str | None]] = {}
    kept = []
    for read in reads:
        lines = seen.setdefault(read.file.sha256, set())
        if lines:
            again = read.pages if read.file.slot and None not in lines and read.file.slot not in lines else ()
            read = read.model_copy(update={"pages": again, "problem": "duplicate"})
        lines.add(read.file.slot)
        kept.append(read)
    return kept


def _corrected(
    materials: Iterable[Material], corrections: Sequence[FieldCorrection], pages: Mapping[PageRef, Page]
) -> tuple[Material, ...]:
    """A person's value replaces what was read in the same place; of several there, the one that was corrected."""
    done = []
    for material in materials:
        for one in corrections:
            if one.page in material.pages:
                material = _with(material, one, pages[one.page])
        done.append(material)
    return tuple(done)


def _with(material: Material, correction: FieldCorrection, page: Page) -> Material:
    """One value put in; one that nobody read there comes last, and stands somewhere on the page."""
    fields = list(material.fields)
    here = [at for at, one in enumerate(fields) if (one.name, one.page) == (correction.field, correction.page)]
    meant = here if len(here) == 1 else [at for at in here if fields[at].value == correction.read][:1]
    whole = ((0.0, 0.0), (page.width, 0.0), (page.width, page.height), (0.0, page.height))
    typed = FieldValue(
        material=material.kind, name=correction.field, value=correction.value, raw=correction.value,
        page=correction.page, quad=fields[meant[0]].quad if meant else whole, method="user", confidence=1.0,
        validated=True,
    )  # fmt: skip
    place = meant[0] if meant else len(fields)
    return material.model_copy(update={"fields": (*fields[:place], typed, *fields[place + 1 :])})


def _pages(reads: Iterable[ReadFile]) -> list[Page]:
    return [page for read in reads for page in read.pages]


def _quality(reads: Iterable[ReadFile]) -> Iterable[Quality]:
    for page in _pages(read for read in reads if read.problem != "duplicate"):
        for one in page.quality:
            ref = page.ref
            yield Quality(
                file=ref.file, page=ref.number, part=ref.part, problem=one.problem, retake=one.retake, quad=one.quad
            )


def _named(read: ReadFile) -> ReadFileRef:
    return ReadFileRef(file=read.file.sha256, name=read.file.name, pages=len(read.pages), problem=read.problem)


def _engines(reads: Iterable[ReadFile]) -> dict[str, str]:
    engines = {read.engine.partition(" ")[0]: read.engine.partition(" ")[2] for read in reads if read.engine}
    return dict(sorted(engines.items()))
