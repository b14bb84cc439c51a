"""The elements of an item, gathered from a section: labelled lines, labelled headings, tables."""

from __future__ import annotations

from dataclasses import dataclass, replace

from knowledge.reading.document import Paragraph, Table
from knowledge.reading.labels import field_of
from knowledge.reading.material_lines import materials_of_table
from knowledge.reading.numbering import number_of
from knowledge.reading.section import Section
from knowledge.reading.table_shape import (
    Entry,
    column_head,
    holds_items,
    inline_pair,
    known_fields,
    pairs,
    question_rows,
)

RELATED = (
    {"statutory", "promised"},
    {"fee", "fee_basis"},
    {"place", "place_name", "hours", "phone", "complaint"},
    {"result", "validity", "delivery"},
    {"phone", "complaint"},
)
ELSEWHERE = {"statutory", "promised", "fee", "place", "hours", "phone", "complaint", "online", "legal_basis", "result"}
LISTS = ("conditions", "materials", "steps")
"""Fields whose labels may stand inside one another's text."""


@dataclass(frozen=True)
class Gathered:
    """Entries found in a section, and what of it is none."""

    entries: list[Entry]
    rest: list[Paragraph | Table]
    children: list[Section]


def gather(section: Section) -> Gathered:
    """Entries out of a section's lines and tables, and of the headings below it that are labels."""
    found = _Lines()
    children: list[Section] = []
    for block in section.own:
        if isinstance(block, Table):
            found.take_table(block)
        else:
            found.take_line(block)
    entries, rest = found.entries(), found.rest
    for child in section.children:
        kind = None if child.article else field_of(child.heading)
        if kind == "group":
            inner = gather(child)
            entries += inner.entries
            rest += inner.rest
            children += inner.children
        elif kind in ("name", "sub_name") and (told := _told_name(child)):
            entries.append(Entry(child.heading, kind, (told,)))
        elif kind and kind not in ("name", "sub_name", "weak_name", "remark"):
            entries += _section_entries(child, kind)
        else:
            children.append(child)
    return Gathered(entries, rest, children)


class _Lines:
    """Entries while they are gathered: lines after a label belong to it."""

    def __init__(self) -> None:
        self._begun: list[tuple[Entry, list[str]]] = []
        self.rest: list[Paragraph | Table] = []

    def entries(self) -> list[Entry]:
        return [replace(entry, lines=(*entry.lines, *more)) for entry, more in self._begun]

    def take_table(self, table: Table) -> None:
        told = _table_entries(table)
        self._begun += [(entry, []) for entry in told]
        self.rest += [] if told else [table]

    def take_line(self, block: Paragraph) -> None:
        """A 标签：值 line opens an entry; the lines below it belong to it until other text comes between."""
        pair = inline_pair(block.text)
        label = block.text.rstrip("：: ")
        open_label = block.text.rstrip().endswith(("：", ":")) and field_of(label) not in (None, "group", "weak_name")
        if pair or open_label:
            self._begun.append((pair or Entry(label, field_of(label)), []))
        elif self._begun and not self.rest and self._begun[-1][0].field not in (None, "name"):
            self._begun[-1][1].append(block.text)
        else:
            self.rest.append(block)


def _told_name(section: Section) -> str:
    """The one short line under a heading 事项名称, or nothing."""
    lines = [block.text for block in section.flat() if isinstance(block, Paragraph)]
    return lines[0] if len(lines) == 1 and len(lines[0]) <= 80 else ""


def _table_entries(table: Table) -> list[Entry]:
    if question_rows(table) or holds_items(table):
        return []
    found = pairs(table)
    fields = known_fields(found)
    if len(fields) > 2 or ({"name", "sub_name"} & fields and len(fields) > 1):
        return found
    if materials_of_table(table) and not names_items(table):
        return [Entry(table.rows[0][0].text, "materials", (), (table,))]
    return []


def _section_entries(section: Section, kind: str) -> list[Entry]:
    """A labelled heading with what is under it; labels of related fields inside it become entries of their own."""
    blocks = list(section.flat())
    lines = [line for block in blocks if isinstance(block, Paragraph) for line in block.text.split("\n")]
    tables = [block for block in blocks if isinstance(block, Table)]
    entries: list[Entry] = []
    kept: list[Table] = []
    for table in tables:
        inner = pairs(table) if kind != "materials" else []
        if known_fields(inner) and not materials_of_table(table) and not column_head(table, "place_columns"):
            entries += [Entry(e.label or section.heading, e.field or kind, e.lines, e.tables) for e in inner]
        else:
            kept.append(table)
    return [*split_related(Entry(section.heading, kind, tuple(filter(None, lines)), tuple(kept))), *entries]


def split_related(entry: Entry) -> list[Entry]:
    """Lines of related fields as entries of their own; a label that repeats the entry's own is left off."""
    related = set().union(*(group for group in RELATED if entry.field in group))
    if entry.field in LISTS:
        related = ELSEWHERE
    parts: list[tuple[Entry, list[str]]] = [(replace(entry, lines=()), [])]
    for line in entry.lines:
        pair = inline_pair(line) if entry.field not in LISTS or not number_of(line) else None
        begun, lines = parts[-1]
        if pair and pair.field in (*related, "remark") and pair.field != entry.field:
            parts.append((replace(pair, lines=()), list(pair.lines)))
        elif pair and pair.field == begun.field and pair.field != "fee":
            lines += pair.lines
        else:
            lines.append(line)
    return [replace(part, lines=tuple(lines)) for part, lines in parts if lines or part.tables]


def names_items(table: Table) -> bool:
    """Materials of several items, with a column that names the item."""
    head = table.rows[0]
    kinds = {field_of(cell.text, "material_columns") for cell in head} - {None, "ignored"}
    labels = {field_of(cell.text) for cell in head}
    return (
        "name" in labels
        and len(kinds) > 1
        and any(cell.text.strip().startswith("材料") for cell in head)
        and len(labels - {None, "name", "sub_name", "materials", "group"}) == 0
    )
