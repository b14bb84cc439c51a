"""Identity numbers of several persons on one page: each belongs to the party named before it in its column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from preapproval.case import FieldValue
from preapproval.extract.anchors import find_labels
from preapproval.extract.flow import Box
from preapproval.extract.found import Sheet, value_at
from preapproval.extract.numbers import FoundNumber, find_id_numbers
from preapproval.extract.shapes import Cleaned

PARTIES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "lease": {
        "landlord_number": ("出租方", "出租人", "甲方", "房东"),
        "tenant_number": ("承租方", "承租人", "乙方", "租客"),
    },
    "labour-contract": {"": ("用人单位", "甲方"), "employee_number": ("劳动者", "乙方", "职工", "员工")},
    "power-of-attorney": {
        "principal_number": ("委托人", "委托方", "本人"),
        "agent_number": (
            "受托人",
            "被委托人",
            "受委托人",
            "代理人",
            "代办人",
            "受托方",
            "兹委托",
            "现委托",
            "特委托",
            "全权委托",
        ),
    },
    "birth-certificate": {"mother_number": ("母亲", "母亲姓名"), "father_number": ("父亲", "父亲姓名")},
}
"""Kind -> field of the number -> words by which the party is named; without a field the number is nobody's."""


@dataclass(frozen=True)
class _Named:
    field: str
    row: int
    box: Box


def numbers_of_parties(sheet: Sheet) -> tuple[FieldValue, ...]:
    """A number of which two parties could be the owner is nobody's."""
    owners = PARTIES[sheet.kind.id]
    words = {word: field for field, every in owners.items() for word in every}
    named = [
        _Named(words[label.name], sheet.text.count("\n", 0, label.start), box)
        for label in find_labels(sheet.flow, words)
        if (box := sheet.flow.box_of(label.start, label.start + 1))
    ]
    taken: dict[str, list[FoundNumber]] = {}
    for number in find_id_numbers(sheet.text):
        field = _owner(sheet, number, named)
        if field:
            taken.setdefault(field, []).append(number)
    return tuple(_value(sheet, field, numbers) for field, numbers in taken.items())


def _owner(sheet: Sheet, number: FoundNumber, named: list[_Named]) -> str:
    """The party named nearest above or before it, of two in one row the one to whose right it stands."""
    box = sheet.flow.box_of(number.start, number.end)
    row = sheet.text.count("\n", 0, number.start)
    if box is None:
        return ""
    before = [
        one
        for one in named
        if (one.row < row and one.box.left < box.right) or (one.row == row and one.box.left < box.left)
    ]
    if not before:
        return ""
    nearest = max(one.row for one in before)
    beside = [one for one in before if one.row == nearest and one.box.left <= box.left + box.height]
    return max(beside or [one for one in before if one.row == nearest], key=lambda one: one.box.left).field


def _value(sheet: Sheet, field: str, numbers: list[FoundNumber]) -> FieldValue:
    best = next((one for one in numbers if one.proved), numbers[0])
    return value_at(sheet, sheet.kind.field(field), [(best.start, best.end)], Cleaned(best.value, best.proved), "regex")
