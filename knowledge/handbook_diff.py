"""What differs between two contents of a handbook: entries added and removed, and each changed field."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from pydantic import BaseModel

from knowledge.handbook import dotted
from knowledge.sheets.rows import Content
from knowledge.source_lines import Loc

SHOWN = 80
"""Characters of a value that a line of the diff shows."""


@dataclass(frozen=True)
class Change:
    """One field of one entry. `item` is the item's id, or catalogue/key for an entry of a catalogue."""

    item: str
    field: str
    old: Any
    new: Any

    def __str__(self) -> str:
        old, new = _text(self.old), _text(self.new)
        start = _where_they_part(old, new)
        return f"~ {self.item} {self.field}: {_excerpt(old, start)} → {_excerpt(new, start)}"


@dataclass(frozen=True)
class Diff:
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[Change, ...] = ()
    names: dict[str, str] = field(default_factory=dict)
    """Names of the entries that were added or removed."""

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)

    def lines(self) -> Iterator[str]:
        yield from (f"+ {one} {self.names[one]}".rstrip() for one in self.added)
        yield from (f"- {one} {self.names[one]}".rstrip() for one in self.removed)
        yield from map(str, self.changed)

    def counts(self) -> str:
        entries = len({change.item for change in self.changed})
        told = f"{len(self.changed)} fields of {entries} entries changed"
        return f"{len(self.added)} added, {len(self.removed)} removed, {told}"


def diff(old: Content, new: Content) -> Diff:
    """Every difference, entries in the order in which they stand, added ones in the order of `new`."""
    added: list[str] = []
    removed: list[str] = []
    changed: list[Change] = []
    names: dict[str, str] = {}
    for root, before in old.roots.items():
        after = new.roots[root]
        for key in [*before, *(key for key in after if key not in before)]:
            title = entry_title(root, key)
            if key in before and key in after:
                pairs = _fields(plain(before[key]), plain(after[key]), ()) if before[key] != after[key] else ()
                changed += [Change(title, dotted(loc), *values) for loc, *values in pairs]
                continue
            (added if key in after else removed).append(title)
            name = getattr((before if key in before else after)[key], "name", "")
            names[title] = "" if name == key else name
    return Diff(tuple(added), tuple(removed), tuple(changed), names)


def entry_title(root: str, key: str) -> str:
    return key if root == "items" else f"{root}/{key}"


def plain(entry: BaseModel) -> dict[str, Any]:
    """An entry as plain data, in the order of its model, without defaults; whole amounts as 30, not 30.0."""
    return _whole(entry.model_dump(mode="json", exclude_defaults=True))


def _whole(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _whole(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_whole(one) for one in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _fields(old: Any, new: Any, loc: Loc) -> Iterator[tuple[Loc, Any, Any]]:
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for key in [*old, *(key for key in new if key not in old)]:
            yield from _fields(old.get(key), new.get(key), (*loc, key))
    elif isinstance(old, list) and isinstance(new, list) and any(isinstance(one, dict) for one in (*old, *new)):
        for before, after in aligned(old, new):
            at = after if after is not None else before
            assert at is not None
            yield from _fields(
                None if before is None else old[before], None if after is None else new[after], (*loc, at)
            )
    else:
        yield loc, old, new


def aligned(old: Sequence[Any], new: Sequence[Any]) -> list[tuple[int | None, int | None]]:
    """Positions of the elements that belong together; None where one has no partner."""
    texts = [[json.dumps(one, ensure_ascii=False, default=str) for one in side] for side in (old, new)]
    pairs: list[tuple[int | None, int | None]] = []
    for _, i, i_end, j, j_end in SequenceMatcher(None, *texts, autojunk=False).get_opcodes():
        both = min(i_end - i, j_end - j)
        pairs += [(i + n, j + n) for n in range(both)]
        pairs += [(n, None) for n in range(i + both, i_end)]
        pairs += [(None, n) for n in range(j + both, j_end)]
    return pairs


def _text(value: Any) -> str:
    if value is None:
        return "(none)"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return " ".join(text.split())


def _where_they_part(old: str, new: str) -> int:
    """Where an excerpt of two long texts begins so that it shows their first difference."""
    if max(len(old), len(new)) <= SHOWN:
        return 0
    shorter = min(len(old), len(new))
    same = next((place for place in range(shorter) if old[place] != new[place]), shorter)
    return max(0, same - SHOWN // 4)


def _excerpt(text: str, start: int) -> str:
    end = start + SHOWN
    return ("…" if start else "") + text[start:end] + ("…" if len(text) > end else "")
