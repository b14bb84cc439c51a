"""Load a handbook folder. Every problem names file, line and field."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from knowledge.bundles import compiled_bundle, named_lines
from knowledge.catalogue import CatalogueMaterial, CrossRegionEntry, Law, OtherService, Partner, Place, Region
from knowledge.item import Part, ServiceItem
from knowledge.source_lines import Loc, SourceLines, UnreadableFile, read_yaml

CATALOGUES: dict[str, tuple[type[BaseModel], str]] = {
    "materials": (CatalogueMaterial, "id"),
    "places": (Place, "id"),
    "laws": (Law, "name"),
    "regions": (Region, "code"),
    "other_services": (OtherService, "name"),
    "crossregion": (CrossRegionEntry, "item"),
    "partners": (Partner, "id"),
}
"""The one-file lists of a handbook folder: file stem -> (model, key field)."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a handbook, at its place."""

    file: str
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.field}: {self.message}"


class Hall(Part):
    """Who a handbook answers for, and the catalogues that answers need beside the items."""

    name: str = "政务服务大厅"
    hotline: str = "12345"
    district: str | None = None
    regions: tuple[Region, ...] = ()
    materials: tuple[CatalogueMaterial, ...] = ()
    other_services: tuple[OtherService, ...] = ()
    partners: tuple[Partner, ...] = ()


def merge_halls(halls: Iterable[Hall]) -> Hall:
    """One hall of several handbooks: names from the last that gives one, entries of all, the last of each key."""
    merged: dict[str, Any] = {}
    for hall in halls:
        for name in hall.model_fields_set:
            given = getattr(hall, name)
            if name in CATALOGUES:
                key = CATALOGUES[name][1]
                entries = {getattr(entry, key): entry for entry in (*merged.get(name, ()), *given)}
                given = tuple(entries.values())
            merged[name] = given
    return Hall(**merged)


@dataclass(frozen=True)
class Handbook:
    """A loaded handbook. Items are as written; `resolved()` fills in the catalogue names."""

    root: Path
    items: dict[str, ServiceItem]
    materials: dict[str, CatalogueMaterial]
    places: dict[str, Place]
    laws: dict[str, Law]
    regions: dict[str, Region]
    other_services: dict[str, OtherService]
    crossregion: dict[str, CrossRegionEntry]
    partners: dict[str, Partner]
    hall: Hall
    sources: dict[str, SourceLines] = field(repr=False)
    problems: tuple[Problem, ...] = ()

    def problem(self, item_id: str, loc: Loc, message: str) -> Problem:
        source = self.sources[item_id]
        return Problem(_shown(source.path, self.root), source.line(loc), dotted(loc), message)

    def resolved(self, item: ServiceItem) -> ServiceItem:
        """`item` as a visitor sees it: names and places of the catalogues, and what its members make of a bundle."""
        item = self._named(item)
        if item.bundle:
            members = [self._named(self.items[member]) for member in item.bundle.members if member in self.items]
            forms = frozenset(entry.id for entry in self.materials.values() if entry.kind == "form")
            item = compiled_bundle(item, members, forms)
        if item.project:
            item = item.model_copy(update={"project": named_lines(item.project, self.items)})
        return self._across(item, self.crossregion.get(item.id))

    def _named(self, item: ServiceItem) -> ServiceItem:
        materials = tuple(
            line.model_copy(update={"name": self.materials[line.material].name})
            if line.material in self.materials and not line.name
            else line
            for line in item.materials
        )
        places = tuple(_fill_place(place, self.places) for place in item.places)
        return item.model_copy(update={"materials": materials, "places": places})

    def _across(self, item: ServiceItem, entry: CrossRegionEntry | None) -> ServiceItem:
        """What the item says of other regions, with the modes and partners of the matrix."""
        own = item.cross_region
        if own is None or entry is None:
            return item
        given = {
            "modes": tuple(dict.fromkeys((*own.modes, *entry.modes))),
            "partners": tuple(self.partners[one].name for one in entry.partners if one in self.partners),
            "basis": own.basis or entry.basis,
        }
        return item.model_copy(update={"cross_region": own.model_copy(update=given)})


def bundled_handbook() -> Path:
    """The folder of the handbook that comes with the product."""
    return Path(str(files("knowledge"))) / "handbook"


def is_handbook(folder: Path) -> bool:
    """Whether `folder` is laid out as a handbook (an items folder), rather than a folder of office files."""
    return (folder / "items").is_dir() and any((folder / "items").rglob("*.yaml"))


def load_handbook(root: Path) -> Handbook:
    """Read every file; what is wrong stands in `problems`, what is right is loaded all the same."""
    problems: list[Problem] = []
    catalogues = {stem: _load_catalogue(root, stem, problems) for stem in CATALOGUES}
    items: dict[str, ServiceItem] = {}
    sources: dict[str, SourceLines] = {}
    for path in sorted((root / "items").rglob("*.yaml")):
        source, item = _load_one(path, root, ServiceItem, problems)
        if item is None or source is None:
            continue
        assert isinstance(item, ServiceItem)
        if item.id in items:
            first = _shown(sources[item.id].path, root)
            problems.append(Problem(_shown(path, root), source.line(("id",)), "id", f"{item.id} is already in {first}"))
            continue
        items[item.id], sources[item.id] = item, source
    hall = _load_hall(root, catalogues)
    return Handbook(root, items, **catalogues, hall=hall, sources=sources, problems=tuple(problems))


def dotted(loc: Loc) -> str:
    """("faq", 2, "answer") is written faq[2].answer."""
    text = ""
    for part in loc:
        text += f"[{part}]" if isinstance(part, int) else (f".{part}" if text else part)
    return text or "(file)"


def _shown(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def _load_one(
    path: Path, root: Path, model: type[BaseModel], problems: list[Problem]
) -> tuple[SourceLines | None, BaseModel | None]:
    try:
        source = read_yaml(path)
    except UnreadableFile as error:
        problems.append(Problem(_shown(path, root), 1, "(file)", str(error)))
        return None, None
    return source, _parse(source, source.data, (), root, model, problems)


def _parse(
    source: SourceLines, data: Any, at: Loc, root: Path, model: type[BaseModel], problems: list[Problem]
) -> BaseModel | None:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        for one in error.errors():
            loc = (*at, *one["loc"])
            problems.append(Problem(_shown(source.path, root), source.line(loc), dotted(loc), one["msg"]))
        return None


def _load_catalogue(root: Path, stem: str, problems: list[Problem]) -> dict[str, Any]:
    path = root / f"{stem}.yaml"
    if not path.exists():
        return {}
    model, key = CATALOGUES[stem]
    try:
        source = read_yaml(path)
    except UnreadableFile as error:
        problems.append(Problem(_shown(path, root), 1, "(file)", str(error)))
        return {}
    entries: dict[str, Any] = {}
    for position, data in enumerate((source.data or {}).get(stem, [])):
        at = (stem, position)
        entry = _parse(source, data, at, root, model, problems)
        if entry is None:
            continue
        name = getattr(entry, key)
        if name in entries:
            problems.append(Problem(_shown(path, root), source.line(at), dotted(at), f"{name} stands here twice"))
        entries[name] = entry
    return entries


def _load_hall(root: Path, catalogues: dict[str, dict[str, Any]]) -> Hall:
    path = root / "regions.yaml"
    try:
        data = read_yaml(path).data if path.exists() else None
    except UnreadableFile:
        data = None
    given = {"name": data.get("hall"), "hotline": data.get("hotline"), "district": data.get("district")} if data else {}
    lists = {stem: tuple(catalogues[stem].values()) for stem in ("regions", "materials", "other_services", "partners")}
    return Hall.model_validate({key: str(value) for key, value in given.items() if value} | lists)


def _fill_place(place: Any, places: dict[str, Place]) -> Any:
    known = places.get(place.place) if place.place else None
    if known is None:
        return place
    filled = {
        name: getattr(place, name) or getattr(known, name)
        for name in ("name", "address", "hours", "phone", "note", "level", "local")
    }
    return place.model_copy(update=filled)
