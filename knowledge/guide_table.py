"""办事指南 of a stranger's document -> ServiceItem; whatever no field can hold stays a passage."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from pypinyin import lazy_pinyin

from knowledge.item import ServiceItem, Verified
from knowledge.passage import Passage
from knowledge.reading.document import Cell, Document, Paragraph, Table
from knowledge.reading.entries import Gathered, gather, names_items, split_related
from knowledge.reading.item_fields import FILL
from knowledge.reading.labels import field_of, item_name, shown_label
from knowledge.reading.material_lines import materials_of_table
from knowledge.reading.packing import ANSWER, QUESTION, Place, own_passages, text_passages
from knowledge.reading.section import Section, tree
from knowledge.reading.table_shape import (
    Entry,
    column_rows,
    item_rows,
    known_fields,
    question_rows,
)

MAX_SLUG = 80


@dataclass
class Found:
    """What a document has given so far; filled while its sections are walked."""

    source: str
    items: list[ServiceItem] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    materials: dict[str, list[Table]] = field(default_factory=dict)
    """Material tables that name their item in a column."""
    ids: set[str] = field(default_factory=set)

    def add(self, name: str, fields: dict[str, Any]) -> None:
        """One more item, under the next free id of its name."""
        item_id = slug(name, self.ids)
        verified = Verified(status="to_be_confirmed", source=self.source)
        self.ids.add(item_id)
        self.items.append(ServiceItem(id=item_id, name=name, verified=verified, **fields))


def understand(document: Document, source: str, stem: str) -> Found:
    """Items and passages of a document; `stem` is the file's name, for what has no title."""
    found = Found(source, notes=list(document.notes))
    root = tree(document.blocks)
    place = Place((), source, document.url)
    _visit(root, place, stem, found)
    _attach_materials(found)
    return found


def slug(name: str, taken: Collection[str] = ()) -> str:
    """The id of a name: its sounds joined by hyphens, with -2 and so on where that id is taken."""
    sounds = [re.sub(r"[^a-z0-9]+", "-", sound.casefold()) for sound in lazy_pinyin(name)]
    plain = re.sub(r"-+", "-", "-".join(sounds)).strip("-") or "item"
    if len(plain) > MAX_SLUG:
        plain = plain[:MAX_SLUG].rsplit("-", 1)[0]
    number = 1
    while (unique := plain if number == 1 else f"{plain}-{number}") in taken:
        number += 1
    return unique


def _visit(section: Section, place: Place, name: str, found: Found) -> None:
    """One section: an item, or rows of items, or free text."""
    below = place.below(section.heading)
    own_name = item_name(section.heading) or name
    gathered = gather(section)
    if _is_item(gathered.entries, section.heading):
        _make_items(gathered.entries, own_name, below if section.heading else place, found)
    else:
        gathered = Gathered([], list(section.own), list(section.children))
    free = _tables(gathered.rest, below, found)
    shown = below if below.path else below.below(name)
    found.passages += own_passages(Section(section.heading, tuple(free), (), section.article), shown)
    for child in gathered.children:
        _visit(child, below, own_name, found)


def _is_item(entries: Sequence[Entry], heading: str) -> bool:
    fields = known_fields(entries)
    strong = fields - {"remark", "name", "sub_name", "faq", "effective_from", "aliases"}
    named = fields & {"name", "sub_name"} or item_name(heading)
    return bool((fields & {"name", "sub_name"} and strong) or len(strong) > 2 or (named and len(strong) > 1))


def _make_items(entries: Sequence[Entry], name: str, place: Place, found: Found) -> None:
    """One item, or one for each 事项名称 that stands in the entries."""
    groups: list[list[Entry]] = [[]]
    for entry in entries:
        if entry.field == "name" and any(before.field == "name" for before in groups[-1]):
            if _named(groups[-1], "") == _named([entry], ""):
                continue
            groups.append([])
        groups[-1].append(entry)
    for group in groups:
        own_name = _named(group, name).strip()
        if own_name:
            _make_item(group, own_name, place, found)
        else:
            lines = [line for entry in group for line in entry.all_lines()]
            found.passages += text_passages(lines, place)


def _named(entries: Sequence[Entry], otherwise: str) -> str:
    names = [" ".join(entry.lines) for entry in entries if entry.field == "name" and entry.lines]
    subs = [" ".join(entry.lines) for entry in entries if entry.field == "sub_name" and entry.lines]
    main, sub = (names or [""])[0].strip(), (subs or [""])[0].strip()
    if main and sub and sub not in ("/", "无") and sub != main:
        return sub if len(sub) > 6 or main in sub else f"{main}（{sub}）"
    return item_name(main or sub) or main or sub or otherwise


def _make_item(entries: Sequence[Entry], name: str, place: Place, found: Found) -> None:
    fields: dict[str, Any] = {}
    left: list[Entry] = []
    entries = [part for entry in entries for part in (split_related(entry) or [entry])]
    for kind, fill in FILL.items():
        of_kind = [entry for entry in entries if entry.field == kind]
        if of_kind:
            left += fill(of_kind, fields)
    known = {*FILL, "name", "sub_name"}
    left += [entry for entry in entries if entry.field not in known]
    filled = {key: value for key, value in fields.items() if value is not None}
    found.add(name, filled)
    path = place.path if place.path and item_name(place.path[-1]) == name else (*place.path, name)
    for entry in left:
        under = Place(path, place.source, place.url).below(shown_label(entry.label))
        found.passages += text_passages(entry.all_lines(), under)


def _tables(blocks: Sequence[Paragraph | Table], place: Place, found: Found) -> list[Paragraph | Table]:
    """Free text, the tables of items, questions and owned materials taken out."""
    return [block for block in blocks if isinstance(block, Paragraph) or not _take_table(block, place, found)]


def _take_table(table: Table, place: Place, found: Found) -> bool:
    return _take_questions(table, place, found) or _take_rows(table, place, found)


def _take_rows(table: Table, place: Place, found: Found) -> bool:
    if names_items(table):
        for row in column_rows(table, "fields", ("name",)):
            found.materials.setdefault(row["name"], [])
        found.materials.update({name: [part] for name, part in _by_owner(table).items()})
        return True
    rows, unknown = item_rows(table)
    for entries in rows:
        _make_items(entries, "", place, found)
    if unknown:
        columns = ", ".join(unknown)
        found.notes.append(f"Columns not understood, kept as text under each item: {columns}.")
    return bool(rows)


def _by_owner(table: Table) -> dict[str, Table]:
    head = table.rows[0]
    key = next(x for x, cell in enumerate(head) if field_of(cell.text) == "name")
    owner, parts = "", {}
    for row in table.rows[1:]:
        owner = row[key].text.strip() or owner
        parts.setdefault(owner, []).append(row)
    rest = {name: [_without(row, key) for row in rows] for name, rows in parts.items() if name}
    return {name: Table((_without(head, key), *rows)) for name, rows in rest.items()}


def _without(row: Sequence[Cell], key: int) -> tuple[Cell, ...]:
    return tuple(cell for x, cell in enumerate(row) if x != key)


def _attach_materials(found: Found) -> None:
    for name, tables in found.materials.items():
        lines = tuple(line for table in tables for line in materials_of_table(table))
        at = next((n for n, item in enumerate(found.items) if item.name == name and not item.materials), None)
        if at is not None:
            found.items[at] = found.items[at].model_copy(update={"materials": lines})
        elif lines and not any(item.name == name for item in found.items):
            found.add(name, {"materials": lines})


def _take_questions(table: Table, place: Place, found: Found) -> bool:
    """A table of questions and answers: a passage for each row."""
    rows = question_rows(table)
    for row in rows:
        question, answer = QUESTION.sub("", row.get("question", "")), ANSWER.sub("", row.get("answer", ""))
        if not question or not answer:
            continue
        similar = [part.strip() for part in re.split(r"[|｜；;\n]+", row.get("similar", "")) if part.strip()]
        under = Place((*filter(None, [row.get("topic", "").replace("\n", " > ")]), question), place.source, place.url)
        found.passages.append(under.passage(answer, list(dict.fromkeys([question, *similar]))))
    known = {"question", "answer", "similar", "topic", "ignored"}
    unknown = list(dict.fromkeys(key for row in rows for key in row if key not in known))
    if unknown:
        found.notes.append(f"Columns left out of the questions: {', '.join(unknown)}.")
    return bool(rows)
