"""How far a judge can be relied on: with itself over several runs, and with people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from assistant.answer_figures import kappa
from assistant.answer_labels import LABELS, Label
from evals.judge import Judged, words
from evals.sample import BadRow
from evals.scorers import share_of


def majority(labels: Sequence[Label]) -> Label | None:
    """The label of more than half of the runs; None where there is none."""
    label, times = next(iter(Counter(labels).most_common(1)), (None, 0))
    return label if times * 2 > len(labels) else None


def summary(judged: Sequence[Judged], runs: int) -> dict[str, Any]:
    """How often each label has the majority, and in how many cases all runs say the same."""
    decided = Counter(majority(one.labels) for one in judged if one.labels)
    whole = [one for one in judged if len(one.labels) == runs]
    of = sum(decided.values())
    return {
        "cases": len(judged),
        "failed_runs": sum(len(one.runs) - len(one.labels) for one in judged),
        "without_a_label": sum(not one.labels for one in judged),
        "undecided": decided[None],
        "labels": {label: share_of(decided[label], of) for label in LABELS},
        "unanimous": share_of(sum(len(set(one.labels)) == 1 for one in whole), len(whole)),
    }


def agreement(judged: Iterable[Judged], people: Mapping[str, Label]) -> dict[str, Any]:
    """The judge's majority against people's labels, where both have said one."""
    pairs: list[tuple[Label, Label]] = [
        (people[one.id], label) for one in judged if one.id in people and (label := majority(one.labels))
    ]
    table: dict[Label, dict[Label, int]] = {said: dict.fromkeys(LABELS, 0) for said in LABELS}
    for said, label in pairs:
        table[said][label] += 1
    same, beyond_chance = sum(said == label for said, label in pairs), kappa(pairs)
    return {
        "labelled": len(people),
        "compared": len(pairs),
        "accuracy": share_of(same, len(pairs)),
        "kappa": None if beyond_chance is None else round(beyond_chance, 4),
        "confusion": table,
    }


def read_labels(path: Path) -> dict[str, Label]:
    """Id of a case -> what a person says, from every sheet with both columns; empty cells are left out. Raises BadRow.

    The spreadsheet of a run, `cases.xlsx`, with one more column 人工判定 is such a file.
    """
    said = words()["errors"]
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except Exception as error:  # openpyxl fails in many ways on what is no workbook
        raise BadRow(said["unreadable"].format(file=path)) from error
    found: dict[str, Label] = {}
    sheets = [sheet for sheet in book.worksheets if _columns(sheet)]
    if not sheets:
        raise BadRow(said["no_columns"].format(file=path))
    for sheet in sheets:
        _read_sheet(path, sheet, found)
    if not found:
        raise BadRow(said["empty"].format(file=path))
    return found


def _read_sheet(path: Path, sheet: Worksheet, found: dict[str, Label]) -> None:
    id_column, label_column = _columns(sheet) or (0, 0)
    spelt = {word: label for label, spellings in words()["labels"].items() for word in spellings}
    for number, row in enumerate(sheet.iter_rows(min_row=2, values_only=True), 2):
        identifier, given = (str(row[column] or "").strip() for column in (id_column, label_column))
        if not identifier or not given:
            continue
        where: dict[str, Any] = {"file": path, "sheet": sheet.title, "row": number}
        if given not in spelt:
            raise BadRow(words()["errors"]["label"].format(**where, given=given))
        if found.setdefault(identifier, spelt[given]) != spelt[given]:
            raise BadRow(words()["errors"]["twice"].format(**where, id=identifier))


def _columns(sheet: Worksheet) -> tuple[int, int] | None:
    """Positions of the columns of ids and of labels; None where one is missing."""
    heads = [str(cell or "").strip() for cell in next(sheet.iter_rows(max_row=1, values_only=True), ())]
    places = [
        next((place for place, head in enumerate(heads) if head in words()["columns"][name]), None)
        for name in ("id", "label")
    ]
    return (places[0], places[1]) if places[0] is not None and places[1] is not None else None
