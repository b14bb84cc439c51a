"""A rule set as a workbook that clerks edit: one rule a row, Chinese heads, closed lists to choose from; and back.

Nothing is lost on the way: reading what was written gives the same content, and so the same hash.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import openpyxl
import yaml
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from knowledge.sheets.cells import CELL_LIMIT, clean
from knowledge.yaml_style import in_line
from preapproval.kinds import load_kinds
from preapproval.rule_words import words
from preapproval.rules import TEMPLATES
from preapproval.ruleset import EveryRules, KindRule, Rule, Ruleset

RULE_COLUMNS = (
    "id", "title", "kind", "not_for", "check", "with", "when", "severity", "law", "article", "quote", "citizen_text",
    "action", "local", "effective_from", "effective_to", "passes", "fails",
)  # fmt: skip
SLOT_COLUMNS = ("slot", "name", "may_follow", "promise_instead", "copies_only", "sample", "same_as")
OF_EVERY = ("kind", "not_for")
"""Columns of rules for every item alone."""
DECLARED_COLUMNS = ("name", "type", "label")
WIDTHS = {"id": 22, "title": 26, "check": 20, "with": 34, "when": 34, "citizen_text": 44, "action": 26, "passes": 40,
          "fails": 40, "quote": 30, "law": 22, "sample": 40, "slot": 26, "name": 26}  # fmt: skip
LAST_ROW = 2_000
"""How far down closed lists are offered."""
STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
BLANKS = " \t\r\n"
"""What is stripped; other white space is part of a text."""
ISO = re.compile(r"\"(\d{4}-\d{2}-\d{2})\"")

Cell = str | date | None


def rule_workbook(content: Ruleset | EveryRules, name: str = "", slot_names: Mapping[str, str] | None = None) -> bytes:
    """`name` is the item's; `slot_names` are shown beside the keys of the materials, for reading only."""
    said = words()["sheet"]
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    _about(book.create_sheet(said["names"]["about"]), content, name)
    columns = columns_of(content)
    rows = [[rule_cells(rule)[column] for column in columns] for rule in content.rules]
    page = book.create_sheet(said["names"]["rules"])
    _table(page, [said["rules"][column] for column in columns], columns, rows)
    lists = book.create_sheet(said["names"]["lists"])
    for column, options in options_of(columns).items():
        _offer(page, columns.index(column) + 1, lists, list(options))
    if isinstance(content, Ruleset):
        _slots(book.create_sheet(said["names"]["slots"]), content, slot_names or {}, lists)
        labels, types = content.declared_labels, words()["types"]
        declared = [[key, types[kind], labels.get(key)] for key, kind in content.declared.items()]
        own = book.create_sheet(said["names"]["declared"])
        _table(own, [said["declared"][column] for column in DECLARED_COLUMNS], DECLARED_COLUMNS, declared)
        _offer(own, 2, lists, [words()["types"][kind] for kind in ("text", "date", "number", "boolean")])
    lists.sheet_state = "hidden"
    book.move_sheet(lists, len(book.worksheets))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def columns_of(content: Ruleset | EveryRules) -> tuple[str, ...]:
    """The kind of material, and where it does not count, are columns only for the rules of every item."""
    return tuple(one for one in RULE_COLUMNS if one not in OF_EVERY or isinstance(content, EveryRules))


def options_of(columns: Iterable[str]) -> dict[str, dict[str, str]]:
    """Column -> what clerks choose -> what it stands for."""
    said = words()["sheet"]
    found = {
        "check": {template.label: name for name, template in TEMPLATES.items()},
        "severity": {label: value for value, label in said["severity"].items()},
        "local": {label: value for value, label in said["local"].items()},
        "kind": {kind.name: kind.id for kind in load_kinds().values()},
    }
    return {column: options for column, options in found.items() if column in columns}


def rule_cells(rule: Rule) -> dict[str, Cell]:
    """Column -> what stands in its cell."""
    labels = {
        column: {value: label for label, value in many.items()} for column, many in options_of(RULE_COLUMNS).items()
    }
    basis = rule.basis
    return {
        "id": rule.id,
        "title": rule.title,
        "kind": labels["kind"].get(rule.kind, rule.kind) if isinstance(rule, KindRule) else None,
        "not_for": listed(rule.not_for) if isinstance(rule, KindRule) else None,
        "check": labels["check"].get(rule.check, rule.check),
        "with": pairs_text(rule.with_) if rule.with_ else None,
        "when": rule.when,
        "severity": labels["severity"][rule.severity],
        "law": basis.law if basis else None,
        "article": basis.article if basis else None,
        "quote": basis.quote if basis else None,
        "citizen_text": rule.citizen_text,
        "action": rule.action,
        "local": labels["local"][rule.local] if rule.local else None,
        "effective_from": rule.effective_from,
        "effective_to": rule.effective_to,
        "passes": examples_text(rule.examples.passes),
        "fails": examples_text(rule.examples.fails),
    }


def listed(names: Iterable[str]) -> str | None:
    """Several ids in one cell."""
    return "、".join(names) or None


def read_list(text: str) -> list[str]:
    """The reverse of `listed`."""
    return [name for name in re.split(r"[、，,\s]+", text) if name]


def pairs_text(pairs: Mapping[str, Any]) -> str:
    """One `name: value` a line; `{}` where there is none. Days stand without quotes, as clerks write them."""
    return "\n".join(f"{name}: {_value_text(value)}" for name, value in pairs.items()) or "{}"


def _value_text(value: Any) -> str:
    return ISO.sub(r"\1", in_line(value))


def examples_text(examples: Iterable[Mapping[str, Any]]) -> str | None:
    """A blank line between two of them."""
    return "\n\n".join(pairs_text(one) for one in examples) or None


def read_pairs(text: str) -> dict[str, Any]:
    """The reverse of `pairs_text`. Raises ValueError with the line that is none."""
    if text.strip() == "{}":
        return {}
    found: dict[str, Any] = {}
    for line in text.split("\n"):
        if not line.strip(BLANKS):
            continue
        name, sign, value = line.replace("：", ":", 1).partition(":") if ":" not in line else line.partition(":")
        if not sign or not name.strip() or name.strip() in found:
            raise ValueError(line.strip())
        try:
            found[name.strip()] = yaml.safe_load(value.strip(BLANKS))
        except yaml.YAMLError as error:
            raise ValueError(line.strip()) from error
    return found


def read_examples(text: str) -> list[dict[str, Any]]:
    """The reverse of `examples_text`. Raises ValueError."""
    return [read_pairs(block) for block in re.split(r"\n[ \t\r]*\n", text.strip(BLANKS)) if block.strip(BLANKS)]


# writing -------------------------------------------------------------------------------------------------------


def _about(page: Any, content: Ruleset | EveryRules, name: str) -> None:
    said = words()["sheet"]["about"]
    lines = [
        (said["item"], content.item if isinstance(content, Ruleset) else "every"),
        (said["name"], name),
        (said["effective_from"], content.effective_from),
    ]
    for y, (label, value) in enumerate(lines, 1):
        page.cell(y, 1, label).font = Font(bold=True)
        _put(page.cell(y, 2), value)
    _put(page.cell(len(lines) + 2, 1), words()["sheet"]["note"])
    page.column_dimensions["A"].width, page.column_dimensions["B"].width = 14, 60


def _slots(page: Any, content: Ruleset, names: Mapping[str, str], lists: Any) -> None:
    said = words()["sheet"]
    rows: list[list[Cell]] = []
    for key, terms in content.slots.items():
        marks = [said["yes"] if getattr(terms, name) else None for name in SLOT_COLUMNS[2:5]]
        rows.append([key, names.get(key), *marks, terms.sample, listed(terms.same_as)])
    _table(page, [said["slots"][column] for column in SLOT_COLUMNS], SLOT_COLUMNS, rows)
    for x in (3, 4, 5):
        _offer(page, x, lists, [said["yes"], said["no"]])


def _table(page: Any, titles: list[str], columns: tuple[str, ...], rows: list[list[Cell]]) -> None:
    for x, (title, column) in enumerate(zip(titles, columns, strict=True), 1):
        cell = page.cell(1, x, title)
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="DDEBF7")
        page.column_dimensions[get_column_letter(x)].width = WIDTHS.get(column, 12)
    for y, row in enumerate(rows, 2):
        for x, value in enumerate(row, 1):
            _put(page.cell(y, x), value)
    page.freeze_panes = "C2"
    page.auto_filter.ref = f"A1:{get_column_letter(len(titles))}{len(rows) + 1}"


def _put(cell: Any, value: Cell) -> None:
    """Text stays text, also where it begins as a formula does."""
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if isinstance(value, date):
        cell.value, cell.number_format = value, "yyyy-mm-dd"
    elif value is not None:
        text = clean(value)
        if len(text) > CELL_LIMIT:
            raise ValueError(f"{cell.coordinate}: {len(text)} characters do not fit into a cell")
        cell.value, cell.number_format = text, "@"
        cell.data_type = "s"
        cell.quotePrefix = text.startswith(STARTS_FORMULA)


def _offer(page: Any, x: int, lists: Any, options: list[str]) -> None:
    """A closed list for a column, kept on the sheet of lists since long ones do not fit into a rule."""
    column = lists.max_column + (1 if lists.cell(1, lists.max_column).value is not None else 0)
    for y, option in enumerate(options, 1):
        lists.cell(y, column, option)
    letter = get_column_letter(column)
    source = f"'{lists.title}'!${letter}$1:${letter}${max(1, len(options))}"
    rule = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=True)
    own = get_column_letter(x)
    rule.add(f"{own}2:{own}{LAST_ROW}")
    page.add_data_validation(rule)
