"""The catalogues of a handbook: names that mean two entries, and references that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from knowledge.checks.subject import bare
from knowledge.handbook import CATALOGUES, Handbook, Problem, dotted
from knowledge.source_lines import UnreadableFile, read_yaml


def catalogue_names_mean_one_entry(handbook: Handbook, _today: date) -> Iterator[Problem]:
    """In each of these lists no name or alias belongs to two entries."""
    for stem in ("materials", "places", "regions", "partners"):
        first: dict[str, str] = {}
        for key, entry in getattr(handbook, stem).items():
            for wording in (entry.name, *entry.aliases):
                owner = first.setdefault(bare(wording), key)
                if owner != key:
                    yield _problem(handbook, stem, key, f"{wording} means {owner} too")


def catalogue_references_are_known(handbook: Handbook, _today: date) -> Iterator[Problem]:
    """Parents of regions, regions of places, and the hall's district."""
    regions = handbook.regions
    for code, region in regions.items():
        if region.parent and region.parent not in regions:
            yield _problem(handbook, "regions", code, f"parent {region.parent} is not in regions.yaml")
        elif code in _above(handbook, code):
            yield _problem(handbook, "regions", code, f"{region.name} lies in itself")
    for name, place in handbook.places.items():
        if place.region and place.region not in regions:
            yield _problem(handbook, "places", name, f"region {place.region} is not in regions.yaml")
    if handbook.hall.district and handbook.hall.district not in regions:
        yield Problem("regions.yaml", 1, "district", f"{handbook.hall.district} is not in regions.yaml")


def crossregion_is_known(handbook: Handbook, _today: date) -> Iterator[Problem]:
    """Items, partners and laws of the cross-region matrix; an item of it says itself how it is handled elsewhere."""
    for name, entry in handbook.crossregion.items():
        item = handbook.items.get(name)
        if item is None:
            yield _problem(handbook, "crossregion", name, f"{name} is no item of this handbook")
        elif item.cross_region is None:
            yield _problem(handbook, "crossregion", name, f"{name} has no `cross_region` of its own")
        for partner in entry.partners:
            if partner not in handbook.partners:
                yield _problem(handbook, "crossregion", name, f"{partner} is not in partners.yaml")
        if entry.basis and handbook.laws and entry.basis.law not in handbook.laws:
            yield _problem(handbook, "crossregion", name, f"{entry.basis.law} is not in laws.yaml")


def _above(handbook: Handbook, code: str) -> set[str]:
    above: set[str] = set()
    region = handbook.regions.get(code)
    while region and region.parent and region.parent not in above:
        above.add(region.parent)
        region = handbook.regions.get(region.parent)
    return above


def _problem(handbook: Handbook, stem: str, key: str, message: str) -> Problem:
    """A problem at the line of the entry `key` of one catalogue."""
    try:
        source = read_yaml(handbook.root / f"{stem}.yaml")
    except (UnreadableFile, FileNotFoundError):
        return Problem(f"{stem}.yaml", 1, stem, message)
    field = CATALOGUES[stem][1]
    rows = (source.data or {}).get(stem, [])
    position = next((n for n, row in enumerate(rows) if isinstance(row, dict) and str(row.get(field)) == key), 0)
    return Problem(f"{stem}.yaml", source.line((stem, position)), dotted((stem, position)), message)
