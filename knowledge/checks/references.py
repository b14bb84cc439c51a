"""Names that lead nowhere: materials, places, laws, regions and other items."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.checks.subject import Finding, Subject, bases
from knowledge.situations import unknown_choices
from knowledge.source_lines import Loc


def materials_are_known(at: Subject) -> Iterator[Finding]:
    """With a materials.yaml, every line must name one of its entries; without, a name of its own."""
    catalogue = at.handbook.materials
    for position, line in enumerate(at.item.materials):
        loc: Loc = ("materials", position)
        if line.material and line.material not in catalogue and (catalogue or not line.name):
            yield (*loc, "material"), f"{line.material} is not in materials.yaml"
        elif not line.material and catalogue:
            yield loc, f"{line.name or 'the line'} has no entry in materials.yaml; give `material`"
        elif not line.material and not line.name:
            yield loc, "a line needs `material` or `name`"


def places_are_known(at: Subject) -> Iterator[Finding]:
    for position, place in enumerate(at.item.places):
        loc: Loc = ("places", position)
        if place.place and place.place not in at.handbook.places:
            yield (*loc, "place"), f"{place.place} is not in places.yaml"
        elif not place.place and not place.name:
            yield loc, "a place needs `place` or `name`"


def laws_are_known(at: Subject) -> Iterator[Finding]:
    """Only for a handbook that has a laws.yaml; an imported one may cite freely."""
    if not at.handbook.laws:
        return
    for loc, basis in bases(at.item):
        if basis.law not in at.handbook.laws:
            yield (*loc, "law"), f"{basis.law} is not in laws.yaml"


def region_is_known(at: Subject) -> Iterator[Finding]:
    if at.item.region and at.item.region not in at.handbook.regions:
        yield ("region",), f"{at.item.region} is not in regions.yaml"


def other_items_are_known(at: Subject) -> Iterator[Finding]:
    """A file in items/ that could not be read counts as known, so that one error is not reported twice."""
    known = at.handbook.items.keys() | {path.stem for path in (at.handbook.root / "items").rglob("*.yaml")}
    for loc, name in _named_items(at):
        if name == at.item.id:
            yield loc, f"{name} is this item itself"
        elif name not in known:
            yield loc, f"{name} is no item of this handbook"


def bundle_members_are_single(at: Subject) -> Iterator[Finding]:
    bundle = at.item.bundle
    if (at.item.kind == "一件事") != (bundle is not None):
        yield ("kind",), "an item of kind 一件事 has a `bundle`, and no other has one"
    for position, member in enumerate(bundle.members if bundle else ()):
        loc: Loc = ("bundle", "members", position)
        other = at.handbook.items.get(member)
        if other is not None and other.bundle is not None:
            yield loc, f"{member} is a bundle itself"
        if bundle and member in bundle.members[:position]:
            yield loc, f"{member} is a member twice"


def bundle_cases_are_known(at: Subject) -> Iterator[Finding]:
    """Cases of members, answers that the members know, materials of the catalogue."""
    bundle = at.item.bundle
    for name, case in bundle.cases.items() if bundle else ():
        loc: Loc = ("bundle", "cases", name)
        member = at.handbook.items.get(name)
        if bundle and name not in bundle.members:
            yield loc, f"{name} is no member of the bundle"
        elif member is not None:
            for wrong in unknown_choices(member, case.given):
                yield (*loc, "given", wrong), f"{member.id} knows no answer {wrong}: {case.given[wrong]}"
        for material in case.gives:
            if at.handbook.materials and material not in at.handbook.materials:
                yield (*loc, "gives"), f"{material} is not in materials.yaml"


def bundle_fee_agrees(at: Subject) -> Iterator[Finding]:
    """A bundle is not called free while one of its members charges, unless it says so."""
    fee = at.item.fee
    if at.item.bundle is None or not fee.free or fee.charges or fee.text:
        return
    for name in at.item.bundle.members:
        member = at.handbook.items.get(name)
        if member is not None and (member.fee.free is False or member.fee.charges):
            yield ("fee",), f"free, yet {name} charges; say so in `text` or `charges`"


def _named_items(at: Subject) -> Iterator[tuple[Loc, str]]:
    for position, other in enumerate(at.item.not_this):
        yield ("not_this", position, "item"), other.item
    for first, situation in enumerate(at.item.situations):
        for second, option in enumerate(situation.options):
            if option.item:
                yield ("situations", first, "options", second, "item"), option.item
    for position, member in enumerate(at.item.bundle.members if at.item.bundle else ()):
        yield ("bundle", "members", position), member
    for first, line in enumerate(at.item.project.lines if at.item.project else ()):
        for second, member in enumerate(line.members):
            yield ("project", "lines", first, "members", second), member
