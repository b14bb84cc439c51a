"""Reading the fields of a kind from a page of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from preapproval.case import FieldValue, Page, Quad
from preapproval.extract import peculiar
from preapproval.extract.anchors import find_labels
from preapproval.extract.fields import by_number, read_field
from preapproval.extract.flow import flow_of
from preapproval.extract.foreign import names_another
from preapproval.extract.found import Sheet
from preapproval.extract.located import Placed
from preapproval.extract.numbers import find_disability_numbers
from preapproval.extract.parties import PARTIES, numbers_of_parties
from preapproval.extract.shapes import words
from preapproval.kinds import Kind

EXTRACTORS: dict[str, Callable[[Sheet], Iterable[FieldValue]]] = {
    "lease": peculiar.lease,
    "labour-contract": peculiar.signed,
    "licence": peculiar.licence,
    "property-certificate": peculiar.property_certificate,
    "diploma": peculiar.diploma,
    "power-of-attorney": peculiar.power_of_attorney,
    "food-safety-rules": peculiar.food_safety_rules,
    "bank-card": peculiar.bank_card,
    "invoice": peculiar.invoice,
    "business-licence": peculiar.business_licence,
    "driving-licence": peculiar.driving_licence,
}
"""Kind -> what it says in its own way. The rest is read as kinds.yaml describes it."""
OWN_FIRST = {
    ("licence", "name"), ("property-certificate", "number"), ("property-certificate", "owner"), ("invoice", "amount"),
    ("invoice", "buyer"), ("invoice", "seller"), ("lease", "address"), ("diploma", "school"),
}  # fmt: skip
"""Fields for which a kind's own way is better than a label."""


def extract(page: Page, kind: Kind, sides: Sequence[str] = ()) -> tuple[FieldValue, ...]:
    """Every field of the kind that stands on the page; with `sides` only those of these sides."""
    flow = flow_of(page)
    labels = [name for field in kind.fields for name in (field.label, *field.anchors)]
    sheet = Sheet(page, kind, Placed(flow, find_labels(flow, labels, words()["other_labels"])))
    return tuple(
        value
        for value in _read(sheet, sides)
        if value.validated or not (_washed_out(page, value) or names_another(sheet, value))
    )


def _washed_out(page: Page, value: FieldValue) -> bool:
    """Whether glare lies on the value or right beside it, or the page is blurred: a part of it may be gone."""
    if any(finding.problem == "motion_blur" and finding.retake for finding in page.quality):
        return True
    left, top, right, bottom = _extent(value.quad)
    reach = 2 * (bottom - top) if bottom - top < 80 else bottom - top
    for finding in page.quality:
        if finding.problem == "glare" and finding.retake and finding.quad:
            from_left, from_top, to_right, to_bottom = _extent(finding.quad)
            across = left - reach < to_right and from_left < right + reach
            if across and top < to_bottom and from_top < bottom:
                return True
    return False


def _extent(quad: Quad) -> tuple[float, float, float, float]:
    xs, ys = zip(*quad, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _read(sheet: Sheet, sides: Sequence[str]) -> Iterator[FieldValue]:
    own: dict[str, list[FieldValue]] = {}
    for value in EXTRACTORS.get(sheet.kind.id, lambda _: ())(sheet):
        own.setdefault(value.name, []).append(value)
    parties = {value.name: (value,) for value in numbers_of_parties(sheet)} if sheet.kind.id in PARTIES else None
    for field in sheet.kind.fields:
        if sides and field.side and field.side not in sides:
            yield from own.get(field.name, [])
            continue
        if parties is not None and field.type == "id_number":
            yield from parties.get(field.name, ())
        elif (sheet.kind.id, field.name) == ("disability-certificate", "number"):
            yield from list(by_number(sheet, field, find_disability_numbers))[:1]
        elif (sheet.kind.id, field.name) in OWN_FIRST and field.name in own:
            yield from own[field.name]
        else:
            yield from read_field(sheet, field) or own.get(field.name, [])[: 99 if field.many else 1]
