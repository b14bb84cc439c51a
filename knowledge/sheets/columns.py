"""Sheets and columns of a handbook, read off its models: a column for each value, a sheet for each list of parts.

A part inside a part becomes columns of a dotted path; lists of texts and small dicts stay in one cell.
"""

from __future__ import annotations

import types
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from knowledge.handbook import CATALOGUES
from knowledge.item import ServiceItem

Dotted = tuple[str, ...]
Shape = Literal["text", "whole", "number", "yes_no", "date", "texts", "map", "map_of_texts"]

ROOTS: dict[str, tuple[type[BaseModel], str]] = {"items": (ServiceItem, "id"), **CATALOGUES}
"""What a handbook holds: name -> (model, key field)."""

COMPUTED: frozenset[str] = frozenset({"items.bundle.tasks", "items.bundle.saving", "items.project.lines.tasks"})
"""Filled in from the members when an item is shown; nobody writes them."""

KEY, NUMBER, OWNER = "@key", "@number", "@name"
"""Columns that are no field: the key of a dict, the place in the list, and the owner's name for reading."""

REFERENCES: dict[str, str] = {
    "items.materials.material": "materials",
    "items.places.place": "places",
    "items.not_this.item": "items",
    "items.situations.options.item": "items",
    "items.bundle.cases.@key": "items",
    "crossregion.item": "items",
}
"""Columns that name an entry of another root; the column after them tells its name to the reader."""

SCALARS: dict[Any, Shape] = {str: "text", int: "whole", float: "number", bool: "yes_no", date: "date"}


@dataclass(frozen=True)
class Column:
    path: Dotted
    shape: Shape
    options: tuple[str, ...] = ()
    """The closed list that the value, or each value, is from."""
    default: Any = None
    inherited: bool = False
    """The default stands in the default of a part above, so that a blank cell must be filled with it."""
    refers: str | None = None
    """The root that holds the entry which is named here."""
    names: str | None = None
    """The root that holds the entry which the column before names; this one tells how it is called."""

    @property
    def for_reading(self) -> bool:
        return self.names is not None


@dataclass(frozen=True)
class Sheet:
    """Columns of one model. Rows of a sheet with a `parent` belong to one of the parent's rows."""

    root: str
    path: Dotted
    key: str | None
    """The field that names a row among its siblings; None where only its place does."""
    columns: tuple[Column, ...]
    optional: tuple[Dotted, ...]
    """Parts that may be absent."""
    parent: Sheet | None = field(default=None, compare=False)
    keyed: bool = False
    """Rows are the entries of a dict, under KEY."""

    @property
    def name(self) -> str:
        return ".".join((self.root, *self.path))

    @property
    def chain(self) -> tuple[Sheet, ...]:
        """The sheets above, outermost first."""
        return (*self.parent.chain, self.parent) if self.parent else ()

    @property
    def inner(self) -> Dotted:
        """Where the rows stand in the parent's model."""
        return self.path[len(self.parent.path) :] if self.parent else ()

    @property
    def heads(self) -> tuple[Column, ...]:
        """Columns before the model's own: whose row it is, its place, its key."""
        if not self.parent:
            return ()
        owner = Column((f"@{self.root}",), "text", refers=self.root)
        inner = [Column((f"@{above.name}",), "text") for above in self.chain[1:]]
        last = _with_name(Column((KEY,), "text"), self.name) if self.keyed else [Column((NUMBER,), "number")]
        return (owner, Column((OWNER,), "text", names=self.root), *inner, *last)

    @property
    def all_columns(self) -> tuple[Column, ...]:
        return (*self.heads, *self.columns)


@cache
def sheets() -> tuple[Sheet, ...]:
    """Every sheet, parents before their children."""
    found: list[Sheet] = []
    for root, (model, key) in ROOTS.items():
        _gather(model, found, root=root, path=(), key=key)
    return tuple(found)


def children(sheet: Sheet) -> list[Sheet]:
    return [one for one in sheets() if one.parent is sheet]


@dataclass
class _Model:
    """What the fields of one model give, parts inside it included."""

    columns: list[Column] = field(default_factory=list)
    optional: list[Dotted] = field(default_factory=list)
    below: list[tuple[Dotted, type[BaseModel], bool]] = field(default_factory=list)


def _gather(
    model: type[BaseModel],
    found: list[Sheet],
    *,
    root: str,
    path: Dotted,
    key: str | None,
    parent: Sheet | None = None,
    keyed: bool = False,
) -> None:
    fields = _Model()
    _walk(model, (), PydanticUndefined, ".".join((root, *path)), fields)
    sheet = Sheet(root, path, key, tuple(fields.columns), tuple(fields.optional), parent, keyed)
    found.append(sheet)
    for inner, part, is_dict in fields.below:
        own_key = KEY if is_dict else _key_of(part)
        _gather(part, found, root=root, path=(*path, *inner), key=own_key, parent=sheet, keyed=is_dict)


def _key_of(model: type[BaseModel]) -> str | None:
    return "id" if "id" in model.model_fields else None


def _walk(model: type[BaseModel], at: Dotted, given: Any, name: str, fields: _Model) -> None:
    """Columns of `model`; `given` is the part that stands there by default, if any."""
    for own, info in model.model_fields.items():
        path = (*at, own)
        if f"{name}.{'.'.join(path)}" in COMPUTED:
            continue
        kind, optional = _plain(info.annotation)
        default = None if info.is_required() else info.get_default(call_default_factory=True)
        inherited = isinstance(given, BaseModel) and getattr(given, own) != default
        default = getattr(given, own) if inherited else default
        part = _part_of(kind)
        if part and get_origin(kind) in (tuple, dict):
            fields.below.append((path, part, get_origin(kind) is dict))
        elif part:
            fields.optional += [path] if optional else []
            _walk(part, path, default, name, fields)
        else:
            shape, options = _shape(kind)
            fields.columns += _with_name(Column(path, shape, options, default, inherited), name)


def _with_name(column: Column, sheet: str) -> list[Column]:
    """A column and, where it names an entry of a root, the one that tells how that is called."""
    root = REFERENCES.get(f"{sheet}.{column.path[-1]}")
    if not root:
        return [column]
    shown = Column((f"@shown.{column.path[-1]}",), "text", names=root)
    return [replace(column, refers=root), shown]


def _plain(annotation: Any) -> tuple[Any, bool]:
    """An annotation without Annotated and None, and whether None was allowed."""
    if get_origin(annotation) is Annotated:
        return _plain(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        kinds = [one for one in get_args(annotation) if one is not type(None)]
        if len(kinds) == 1:
            return _plain(kinds[0])[0], True
    return annotation, False


def _part_of(kind: Any) -> type[BaseModel] | None:
    """The model of a part, or of the parts in a list or dict."""
    inner = kind
    if get_origin(kind) is tuple:
        inner = get_args(kind)[0]
    elif get_origin(kind) is dict:
        inner = get_args(kind)[1]
    inner = _plain(inner)[0]
    return inner if isinstance(inner, type) and issubclass(inner, BaseModel) else None


def _shape(kind: Any) -> tuple[Shape, tuple[str, ...]]:
    """How a value is written in a cell. Raises TypeError for a kind of field that no cell can hold yet."""
    if get_origin(kind) is Literal:
        return "text", get_args(kind)
    if get_origin(kind) is tuple:
        inner = _plain(get_args(kind)[0])[0]
        return "texts", get_args(inner) if get_origin(inner) is Literal else ()
    if get_origin(kind) is dict:
        inner = _plain(get_args(kind)[1])[0]
        return ("map_of_texts" if get_origin(inner) is tuple else "map"), ()
    if kind in SCALARS:
        return SCALARS[kind], ()
    raise TypeError(f"no cell can hold {kind}")
