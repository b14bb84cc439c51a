"""The fields of any kind by what kinds.yaml says of them: numbers that prove themselves first, then labels."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator
from datetime import date

from preapproval.case import FieldValue
from preapproval.extract.anchors import Label
from preapproval.extract.dates import LONG, find_dates, find_range
from preapproval.extract.found import Sheet, text_of, value_at
from preapproval.extract.located import Span, behind, beside, going_on, raised, under
from preapproval.extract.numbers import (
    FoundNumber,
    find_bank_cards,
    find_credit_codes,
    find_id_numbers,
    find_phones,
)
from preapproval.extract.shapes import Cleaned, amount, measure, shaped, words
from preapproval.folding import folded
from preapproval.kinds import KindField

NUMBERS: dict[str, Callable[[str], Iterator[FoundNumber]]] = {
    "id_number": find_id_numbers, "credit_code": find_credit_codes, "bank_card": find_bank_cards, "phone": find_phones,
}  # fmt: skip
_SEVERAL_LINES = ("address", "company", "long", "party")
_BEGINS = ("valid_from", "start")
_ENDS = ("valid_until", "end", "term_end", "inspected_until")
_FAR = 90
"""Characters behind a label in which a date or amount of running text is looked for."""
_MONTH = re.compile(r"[\s:;]*(20\d\d)\s*年\s*(1[0-2]|0?[1-9])\s*月(?!\s*\d)")
_LONG_TERM = re.compile(r"[\s:;]*(?:长\s*期|永久)")


def read_field(sheet: Sheet, field: KindField) -> tuple[FieldValue, ...]:
    """No value, one, or several where the field may have many."""
    if field.type in NUMBERS:
        found = list(by_number(sheet, field, NUMBERS[field.type]))
    elif field.type == "date":
        found = list(by_date(sheet, field))
    elif field.type in ("amount", "number"):
        found = list(by_amount(sheet, field))
    else:
        found = list(by_label(sheet, field))
    return tuple(found) if field.many else tuple(found[:1])


def labels_of(sheet: Sheet, field: KindField) -> list[Label]:
    """The field's own label first, then its other ones, each from top to bottom."""
    names = [re.sub(r"\s", "", folded(name)) for name in (field.label, *field.anchors)]
    words_only = sheet.kind.running and field.type == "text"
    standing = [label for label in sheet.placed.labels if label.apart or not words_only]
    if field.many:
        return [label for label in standing if label.name in names]
    return [label for name in dict.fromkeys(names) for label in standing if label.name == name]


def by_label(sheet: Sheet, field: KindField) -> Iterator[FieldValue]:
    for label in labels_of(sheet, field):
        for spans in candidates(sheet, field, label):
            cleaned = shaped(field, text_of(sheet.flow, spans))
            if cleaned and sheet.flow.pieces(*spans[0]) and not _breaks_off(sheet, field, spans, cleaned):
                yield value_at(sheet, field, spans, cleaned)
                break


def _breaks_off(sheet: Sheet, field: KindField, spans: list[Span], cleaned: Cleaned) -> bool:
    """Whether a value of running text may go on in the next line, or is no name of a company."""
    if field.shape in ("address", "long", "company") and _goes_on_behind_a_gap(sheet, spans):
        return True
    if not sheet.kind.running or field.shape not in _SEVERAL_LINES:
        return False
    if field.shape == "company":
        return not any(cleaned.value.endswith(end) for end in words()["company_ends"])
    box = sheet.flow.box_of(*spans[-1])
    margin = max(one.right for one in sheet.flow.boxes)
    return field.shape != "party" and box is not None and box.right > margin - 2.5 * box.height


def _goes_on_behind_a_gap(sheet: Sheet, spans: list[Span]) -> bool:
    """Whether unlabelled text stands behind a wide gap in the first row: what stood in the gap may be gone."""
    end = spans[0][1]
    row = sheet.text[end : sheet.text.find("\n", end)]
    if not row.startswith("\t"):
        return False
    labels = [label.start for label in sheet.placed.labels if label.start >= end]
    return bool(sheet.text[end : min([*labels, end + len(row)])].strip())


def candidates(sheet: Sheet, field: KindField, label: Label) -> Iterator[list[Span]]:
    """Where the value may stand, likeliest first."""
    inline = behind(sheet.placed, label, colons=field.shape == "long")
    if inline is None:
        near = beside(sheet.placed, label)
        if near:
            yield near if field.shape in _SEVERAL_LINES else near[:1]
        elif (below := under(sheet.placed, label)) is not None:
            yield [below]
        return
    if field.shape in _SEVERAL_LINES:
        yield raised(sheet.placed, label, going_on(sheet.placed, inline, label))
    else:
        yield [inline]
        if whole := behind(sheet.placed, label, whole_row=True):
            yield [whole]


def by_number(sheet: Sheet, field: KindField, find: Callable[[str], Iterator[FoundNumber]]) -> Iterator[FieldValue]:
    """Those that prove themselves before others, those behind the field's label before others.

    A number that stands alone on the page needs no label, if it proves itself or was read the same twice; of several
    without one, none is taken.
    """
    found = list(find(sheet.text))
    labels = labels_of(sheet, field)
    if field.many:
        taken = [one for one in found if one.proved or _labelled(sheet, one, labels)]
    else:
        own = [one for one in found if _labelled(sheet, one, labels)]
        proved = [one for one in own if one.proved] or own or [one for one in found if one.proved]
        sure = proved if own or proved else [one for one in found if _read_twice(sheet, one)]
        taken = sure[:1] if own or len({one.value for one in sure}) == 1 else []
    for one in taken:
        yield value_at(sheet, field, [(one.start, one.end)], Cleaned(one.value, one.proved), "regex")


def _read_twice(sheet: Sheet, number: FoundNumber) -> bool:
    return all(piece.line.twice for piece in sheet.flow.pieces(number.start, number.end))


def _labelled(sheet: Sheet, number: FoundNumber, labels: Iterable[Label]) -> bool:
    """Whether it stands behind a label of the field, or right below it, with no other label between."""
    for label in labels:
        if label.end <= number.start <= label.value_end:
            return True
        spans = beside(sheet.placed, label) if behind(sheet.placed, label) is None else []
        below = under(sheet.placed, label) if behind(sheet.placed, label) is None else None
        if any(start <= number.start < end for start, end in [*spans, *([below] if below else [])]):
            return True
    return False


def by_date(sheet: Sheet, field: KindField) -> Iterator[FieldValue]:
    for label in labels_of(sheet, field):
        for start, text in _windows(sheet, label):
            if found := _date_in(field, text):
                first, last, value = found
                yield value_at(sheet, field, [(start + first, start + last)], Cleaned(value, True), "anchor")
                break


def _date_in(field: KindField, text: str) -> tuple[int, int, str] | None:
    """From, to and value of the date that the field means."""
    both = find_range(text)
    if both and field.name in _BEGINS:
        return both.first.start, both.first.end, both.first.day.isoformat()
    if both and field.name in _ENDS:
        if both.last is None:
            return both.first.end, both.end, LONG
        return both.last.start, both.last.end, both.last.day.isoformat()
    if field.name == "inspected_until" and (month := _MONTH.match(text)):
        return month.start(1), month.end(), _end_of(int(month[1]), int(month[2]))
    if field.name in _ENDS and (endless := _LONG_TERM.match(text)):
        return 0, endless.end(), LONG
    dates = find_dates(text)
    if len(dates) == 0 or (len(dates) > 1 and field.name in (*_BEGINS, *_ENDS)) or (both and both.last):
        return None
    if field.name in _ENDS and re.match(r"\s*(?:-|~|至|到)", text[dates[0].end :]):
        return None
    if field.name in _BEGINS and re.search(r"至|止|到期", text[: dates[0].end + 3]):
        return None
    until = re.search(r"[至到]\s*$", text[: dates[0].start])
    if field.name in _ENDS and not until and re.search(r"自|起", text[: dates[0].end + 2]):
        return None
    return dates[0].start, dates[0].end, dates[0].day.isoformat()


def _end_of(year: int, month: int) -> str:
    """The last day of a month: until when an inspection that is dated to the month holds."""
    return date(year, month, monthrange(year, month)[1]).isoformat()


def by_amount(sheet: Sheet, field: KindField) -> Iterator[FieldValue]:
    read = amount if field.type == "amount" else measure
    for label in labels_of(sheet, field):
        for start, text in _windows(sheet, label):
            first = re.match(r"[^,.;。]*?(?=[,;]?\s*(?!大写|小写)[\u3400-\u9fff]{2,6}:)|.*", text, re.S)
            part = first.group() if first and first.group().strip() else text
            if cleaned := read(part):
                lead = len(part) - len(part.lstrip())
                yield value_at(sheet, field, [(start + lead, start + len(part.rstrip()))], cleaned)
                break


def _windows(sheet: Sheet, label: Label) -> Iterator[tuple[int, str]]:
    """Text in which a label's date or amount may stand: its row, its cell, the line below, running text."""
    if row := behind(sheet.placed, label, whole_row=True):
        yield row[0], sheet.text[row[0] : row[1]]
    else:
        for start, end in [*beside(sheet.placed, label), *filter(None, [under(sheet.placed, label)])]:
            yield start, sheet.text[start:end]
    following = [one.start for one in sheet.placed.labels if one.start >= label.end]
    end = min([*following, label.end + _FAR, len(sheet.text)])
    yield label.end, sheet.text[label.end : end].replace("\n", " ")
