"""What a table is: an item's fields in pairs, an item per row, questions and answers, materials; or none of these."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.reading.document import Cell, Table
from knowledge.reading.labels import field_of, listed, parted
from knowledge.reading.numbering import without_number
from knowledge.reading.packing import table_lines

HEAD_ROWS = 4
"""A header stands among the first rows, below at most three title rows."""

Row = tuple[Cell, ...]
WEAK = (None, "group", "weak_name")


@dataclass(frozen=True)
class Entry:
    """One element of an item: its label as written, the field it means, and what stands under it."""

    label: str
    field: str | None
    lines: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def all_lines(self) -> list[str]:
        return [*self.lines, *(line for table in self.tables for line in table_lines(table))]


def entry_of(label: str, cells: Sequence[Cell], field: str | None = None) -> Entry:
    lines = [line.strip() for cell in cells for line in cell.text.split("\n") if line.strip()]
    tables = tuple(table for cell in cells for table in cell.tables)
    return Entry(label.strip(), field or field_of(label), tuple(lines), tables)


def distinct(row: Sequence[Cell]) -> list[Cell]:
    """The cells of a row, a merged one once."""
    seen: dict[tuple[int, int], Cell] = {}
    for cell in row:
        seen.setdefault(cell.at, cell)
    return list(seen.values())


def known_fields(entries: Sequence[Entry]) -> set[str]:
    return {entry.field for entry in entries if entry.field and entry.field not in (*WEAK, "remark")}


def column_rows(table: Table, columns: str, need: Sequence[str] = ("name",), least: int = 2) -> list[dict[str, str]]:
    """Rows by column field, for a table whose header has the `need`ed columns; unknown ones stand by their head."""
    head = column_head(table, columns, need, least)
    if head is None:
        return []
    y, heads = head
    return [_by_head(heads, below) for below in table.rows[y + 1 :] if len(_filled(below)) > 1 or len(heads) == 1]


def column_head(
    table: Table, columns: str, need: Sequence[str] = ("name",), least: int = 2
) -> tuple[int, list[str]] | None:
    """Row of the header that has the `need`ed columns, and its columns' fields."""
    for y, row in enumerate(table.rows[:HEAD_ROWS]):
        fields = [field_of(cell.text, columns) for cell in row]
        if set(need) <= set(fields) and len({field for field in fields if field}) >= least and len(distinct(row)) > 1:
            return y, [field or cell.text.strip() for field, cell in zip(fields, row, strict=True)]
    return None


def question_rows(table: Table) -> list[dict[str, str]]:
    """Rows with `question` and `answer`, for a table headed so, or one whose first column asks and second answers."""
    rows = column_rows(table, "faq_columns", ("question", "answer"))
    if rows or not table.rows or len(table.rows[0]) != 2:
        return rows
    asked = sum(row[0].text.rstrip().endswith(("?", "？")) for row in table.rows)
    if 3 * asked < 2 * len(table.rows):
        return []
    return [{"question": row[0].text, "answer": row[1].text} for row in table.rows if row[0].text and row[1].text]


def _by_head(heads: Sequence[str], row: Sequence[Cell]) -> dict[str, str]:
    values: dict[str, str] = {}
    for head, cell in zip(heads, row, strict=False):
        if head and cell.text.strip() and cell.text.strip() not in values.get(head, "").split("\n"):
            values[head] = f"{values[head]}\n{cell.text.strip()}" if head in values else cell.text.strip()
    return values


def _filled(row: Sequence[Cell]) -> list[Cell]:
    return [cell for cell in distinct(row) if cell.text.strip() or cell.tables]


def item_rows(table: Table) -> tuple[list[list[Entry]], list[str]]:
    """Entries of each item, for a table with an item in every row (or column), and the heads not understood."""
    head = _item_header(table)
    if head is None:
        turned = _turned(table)
        head = _item_header(turned) if _items_in_columns(table) else None
        if head is None:
            return [], []
        table = turned
    labels, start = _labels(table, head)
    fields = [field_of(label) for label in labels]
    names = [x for x, field in enumerate(fields) if field in ("name", "weak_name", "sub_name")]
    key = next((x for x in names if fields[x] == "sub_name"), names[0])
    items = [_item_entries(labels, fields, group) for group in _groups(table.rows[start:], key)]
    unknown = [label for label, field in zip(labels, fields, strict=True) if label and field is None]
    skipped = [label for label in unknown if not listed_column(label)]
    return [entries for entries in items if entries], list(dict.fromkeys(skipped))


def listed_column(label: str) -> bool:
    return field_of(label, "material_columns") is not None


def holds_items(table: Table) -> bool:
    """Whether a table has an item in every row or column."""
    return _item_header(table) is not None or (_items_in_columns(table) and _item_header(_turned(table)) is not None)


def _item_header(table: Table) -> int | None:
    for y in range(min(HEAD_ROWS, len(table.rows) - 1)):
        row, below = table.rows[y], table.rows[y + 1]
        known = [x for x, cell in enumerate(row) if field_of(cell.text) not in (None, "group")]
        fields = {field_of(row[x].text) for x in known}
        named = fields & {"name", "sub_name"} or ("weak_name" in fields and len(fields) > 2)
        filled = len(_filled(row))
        labels_below = sum(below[x].at != row[x].at and field_of(below[x].text) is not None for x in known)
        if named and len(fields) > 1 and 2 * len(fields) >= filled - 1 and 2 * labels_below < len(known):
            return y
    return None


def _items_in_columns(table: Table) -> bool:
    for row in table.rows[:HEAD_ROWS]:
        values = _filled(row)
        if len(values) > 2 and field_of(values[0].text) == "name":
            labels = {field_of(other[0].text) for other in table.rows if other}
            return all(field_of(cell.text) is None for cell in values[1:]) and len(labels - {None}) > 2
    return False


def _turned(table: Table) -> Table:
    columns = zip(*table.rows, strict=False)
    return Table(tuple(tuple(Cell(cell.text, cell.at[::-1], cell.tables) for cell in column) for column in columns))


def _labels(table: Table, head: int) -> tuple[list[str], int]:
    """Column labels, and where the items start; a header may take two rows, one over the other."""
    upper = table.rows[head]
    lower = table.rows[head + 1]
    double = len(table.rows) > head + 2 and any(
        above.at == below.at and above.text.strip() for above, below in zip(upper, lower, strict=True)
    )
    if not double:
        return [cell.text.strip() for cell in upper], head + 1
    labels = [(below if below.text.strip() else above).text.strip() for above, below in zip(upper, lower, strict=True)]
    return labels, head + 2


def _groups(rows: Sequence[Row], key: int) -> list[list[Row]]:
    """Rows of one item: its name cell is merged over them, or empty below the first."""
    groups: list[list[Row]] = []
    for row in rows:
        if not _filled(row):
            continue
        name = row[key].text.strip()
        if groups and (not name or name == groups[-1][0][key].text.strip()) and len(_filled(row)) > 0:
            groups[-1].append(row)
        elif name and len(_filled(row)) > 1:
            groups.append([row])
    return groups


def _item_entries(labels: Sequence[str], fields: Sequence[str | None], rows: Sequence[Row]) -> list[Entry]:
    material = _material_columns(labels, fields)
    entries: list[Entry] = []
    for x, label in enumerate(labels):
        cells = {row[x].at: row[x] for row in rows if row[x].text.strip() or row[x].tables}
        unique = list({cell.text: cell for cell in cells.values()}.values())
        if x not in material and unique and label and not listed("pair_heads", label):
            entries.append(entry_of(label, unique, "name" if fields[x] == "weak_name" else fields[x]))
    if material:
        head = tuple(Cell(labels[x], (-1, x)) for x in material)
        inner = Table((head, *(tuple(row[x] for x in material) for row in rows)))
        entries.append(Entry(labels[material[0]], "materials", (), (inner,)))
    return entries


def _material_columns(labels: Sequence[str], fields: Sequence[str | None]) -> list[int]:
    """Columns of the material list inside a table of items, from 材料名称 on."""
    kinds = [
        field_of(label, "material_columns") if not field else None for label, field in zip(labels, fields, strict=True)
    ]
    if "name" not in kinds:
        return []
    first = kinds.index("name")
    last = first
    while last + 1 < len(kinds) and kinds[last + 1]:
        last += 1
    return list(range(first, last + 1))


def pairs(table: Table, depth: int = 0) -> list[Entry]:
    """Entries of a table whose labels stand beside or above their values."""
    entries: list[Entry] = []
    rows = [row for row in table.rows if _filled(row)]
    at = 0
    while at < len(rows):
        first = rows[at][0]
        end = at + 1
        while end < len(rows) and rows[end][0].at == first.at:
            end += 1
        if end - at > 1 and first.text.strip():
            entries += _tall(first, rows[at:end], depth)
        elif _is_inner_head(rows[at]) and at + 1 < len(rows):
            end = _end_of_inner(rows, at + 1)
            entries.append(Entry(_filled(rows[at])[0].text.strip(), "materials", (), (Table(tuple(rows[at:end])),)))
        elif len(_filled(rows[at])) == 1:
            end = _end_of_inner(rows, at + 1)
            told, end = _bar(rows, at, end)
            entries += told
        else:
            entries += _row_pairs(distinct(rows[at]))
        at = end
    return entries


def _tall(label: Cell, rows: Sequence[Row], depth: int) -> list[Entry]:
    """A label merged over several rows."""
    inner = Table(tuple(tuple(cell for cell in row if cell.at != label.at) for row in rows))
    field = field_of(label.text)
    tabular = any(column_head(inner, columns) for columns in ("material_columns", "step_columns", "place_columns"))
    nested = pairs(inner, depth + 1) if depth < 3 and inner.rows[0] and not (field and tabular) else []
    if known_fields(nested):
        return nested
    if len({cell.at[1] for row in inner.rows for cell in _filled(row)}) < 2:
        return [entry_of(label.text, [cell for row in inner.rows for cell in _filled(row)])]
    return [Entry(label.text.strip(), field, (), (inner,))]


def _is_inner_head(row: Sequence[Cell]) -> bool:
    kinds = {field_of(cell.text, "material_columns") for cell in _filled(row)} - {None, "ignored"}
    return "name" in kinds and len(kinds) > 1 and all(len(cell.text) < 16 for cell in _filled(row))


def _end_of_inner(rows: Sequence[Row], start: int) -> int:
    """Where the rows below a bar or inner header end: at the next row that starts with a known label."""
    for y in range(start, len(rows)):
        if field_of(_filled(rows[y])[0].text) or (len(_filled(rows[y])) == 1 and y > start):
            return y
    return len(rows)


def _bar(rows: Sequence[Row], at: int, end: int) -> tuple[list[Entry], int]:
    """A row of one cell: the label of the rows below it, a 标签：值 line, or a title. Also where to go on."""
    cell = _filled(rows[at])[0]
    field = field_of(cell.text)
    pair = inline_pair(cell.text)
    if pair:
        return [pair], at + 1
    if field and field != "group" and end > at + 1:
        below = Table(tuple(rows[at + 1 : end]))
        if all(len(_filled(row)) == 1 for row in below.rows):
            return [entry_of(cell.text, [_filled(row)[0] for row in below.rows])], end
        return [Entry(cell.text.strip(), field, (), (below,))], end
    if field or at == 0:
        return [], at + 1
    return [entry_of("", [cell])], at + 1


def _row_pairs(cells: Sequence[Cell]) -> list[Entry]:
    cells = [cell for x, cell in enumerate(cells) if not (x == 0 and re.fullmatch(r"[\s\d.、]*", cell.text))]
    if all(listed("pair_heads", cell.text) for cell in cells):
        return []
    entries: list[Entry] = []
    x = 0
    while x < len(cells):
        label = cells[x].text.strip()
        if field_of(label) or (len(cells) % 2 == 0 and 0 < len(label) <= 20 and x + 1 < len(cells)):
            end = x + 2 if x + 1 < len(cells) and not _label_follows(cells, x) else x + 1
            while end < len(cells) and not field_of(cells[end].text) and (field_of(label) and len(cells) % 2):
                end += 1
            values = [cell for cell in cells[x + 1 : end] if cell.text.strip() or cell.tables]
            entries += [entry_of(label, values)] if values else []
            x = end
        else:
            entries += [entry_of("", [cells[x]])] if cells[x].text.strip() else []
            x += 1
    return entries


def _label_follows(cells: Sequence[Cell], x: int) -> bool:
    """Whether the cell after the label at `x` is itself a label, so that the one at `x` has no value."""
    if not field_of(cells[x + 1].text):
        return False
    return not (len(cells) % 2 == 0 and x % 2 == 0 and (x + 2 >= len(cells) or field_of(cells[x + 2].text)))


def inline_pair(line: str) -> Entry | None:
    """办理地点：… as an entry."""
    head, value = parted(line)
    field = field_of(head) if value and len(head) <= 24 and "\n" not in head else None
    if field in WEAK:
        return None
    return Entry(without_number(head), field, tuple(part.strip() for part in value.split("\n") if part.strip()))
