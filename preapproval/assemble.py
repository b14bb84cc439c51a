"""Pages become materials: both sides of a card, the sheets of a contract, a household's pages; and their fields."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from preapproval.case import FieldValue, Material, Page, ReadFile
from preapproval.classify import UNKNOWN, Guess, classify, sides_of
from preapproval.compare import same_name
from preapproval.extract import extract
from preapproval.extract.flow import flow_of
from preapproval.folding import folded
from preapproval.kinds import Kind, load_kinds
from preapproval.portraits import is_picture

SEVERAL_PAGES = (
    "lease", "labour-contract", "power-of-attorney", "application-form", "food-safety-rules", "food-layout",
    "household-register", "marriage-certificate", "divorce-certificate", "property-certificate", "invoice",
)  # fmt: skip
"""Kinds whose material may have any number of pages; of cards there is one page a side."""
STARTS_ANEW = ("lease", "labour-contract", "power-of-attorney", "application-form", "invoice")
"""Kinds of which a page that was recognised by its own title begins another material, unless it has no more to say."""
BOOKLETS = ("marriage-certificate", "divorce-certificate", "property-certificate")
"""Kinds whose title page says nothing, so that it belongs to the page beside it even from another file."""
CARDS = ("id-card", "driving-licence", "vehicle-licence")
"""Kinds of which both sides belong to one person's one card."""
_FOOTER = re.compile(r"第\s*(\d+)\s*页\s*[,/]?\s*共\s*(\d+)\s*页")
_CLEAR = 0.45
"""A margin from which on the slot that the visitor named decides nothing."""


@dataclass(frozen=True)
class _Sheet:
    """A page with what it is taken for."""

    page: Page
    file: int
    slot: str | None
    guess: Guess
    inherited: bool = False
    fields: tuple[FieldValue, ...] = ()


def assemble(reads: Sequence[ReadFile], kinds: Mapping[str, Kind] | None = None) -> tuple[Material, ...]:
    """In the order of the files; ids m1, m2 … Files without a page give none."""
    kinds = kinds or load_kinds()
    sheets: list[_Sheet] = []
    for number, read in enumerate(reads):
        own = [_sheet(page, number, read.file.slot, kinds) for page in read.pages]
        sheets += _inherited(own)
    sheets = [_filled(sheet, kinds) for sheet in _carried_on(sheets)]
    groups = _completed(_groups(sheets, kinds), kinds)
    return tuple(_material(f"m{at}", group, kinds) for at, group in enumerate(groups, 1))


def _sheet(page: Page, file: int, slot: str | None, kinds: Mapping[str, Kind]) -> _Sheet:
    guess = classify(page, kinds)
    if guess.kind == UNKNOWN and slot in kinds["photo"].materials and is_picture(flow_of(page).text):
        return _Sheet(page, file, slot, Guess("photo"))
    if slot and guess.margin < _CLEAR:
        fitting = [kind for kind in guess.likely[:2] if slot in kinds[kind].materials]
        if fitting and guess.kind not in fitting:
            guess = replace(guess, kind=fitting[0], sides=sides_of(flow_of(page), kinds[fitting[0]]))
    return _Sheet(page, file, slot, guess)


def _inherited(sheets: Sequence[_Sheet]) -> list[_Sheet]:
    """Unknown pages of a file are of the kind before them; where one follows too, both must agree."""
    done: list[_Sheet] = []
    for at, sheet in enumerate(sheets):
        before = done[-1].guess if done else None
        after = next((one.guess for one in sheets[at + 1 :] if one.guess.kind != UNKNOWN), None)
        agree = after is None or (before is not None and after.kind == before.kind)
        if sheet.guess.kind == UNKNOWN and before and before.kind in SEVERAL_PAGES and agree and sheet.page.lines:
            guess = replace(sheet.guess, kind=before.kind, likely=())
            sheet = replace(sheet, guess=guess, inherited=True)
        done.append(sheet)
    return done


def _carried_on(sheets: Sequence[_Sheet]) -> list[_Sheet]:
    """Pages photographed one by one: an unknown one whose footer says that it follows the page before it."""
    done: list[_Sheet] = []
    for sheet in sheets:
        before = done[-1] if done else None
        if before and sheet.guess.kind == UNKNOWN and before.guess.kind in SEVERAL_PAGES and _follows(before, sheet):
            guess = replace(sheet.guess, kind=before.guess.kind, likely=())
            sheet = replace(sheet, guess=guess, inherited=True)
        done.append(sheet)
    return done


def _follows(before: _Sheet, sheet: _Sheet) -> bool:
    one, other = _footer(before.page), _footer(sheet.page)
    return before.slot == sheet.slot and one is not None and other == (one[0] + 1, one[1])


def _footer(page: Page) -> tuple[int, int] | None:
    """Number of the page and how many there are, where it says so."""
    found = _FOOTER.search(folded("\n".join(line.text for line in page.lines)))
    return (int(found[1]), int(found[2])) if found else None


def _filled(sheet: _Sheet, kinds: Mapping[str, Kind]) -> _Sheet:
    if sheet.guess.kind == UNKNOWN:
        return sheet
    return replace(sheet, fields=extract(sheet.page, kinds[sheet.guess.kind], sheet.guess.sides))


def _groups(sheets: Sequence[_Sheet], kinds: Mapping[str, Kind]) -> list[list[_Sheet]]:
    """Each sheet joins the last group that takes it; of cards, as many fronts and then as many backs pair in order."""
    groups: list[list[_Sheet]] = []
    for at, sheet in enumerate(sheets):
        takers = [group for group in groups if _takes(group, sheet, kinds)]
        if not takers:
            groups.append([sheet])
            continue
        alike = [
            one for one in sheets[at:] if (one.guess.kind, one.guess.sides) == (sheet.guess.kind, sheet.guess.sides)
        ]
        in_order = len(takers) > 1 and len(takers) == len(alike) and sheet.guess.kind not in SEVERAL_PAGES
        takers[0 if in_order else -1].append(sheet)
    return groups


def _completed(groups: Sequence[list[_Sheet]], kinds: Mapping[str, Kind]) -> Iterator[list[_Sheet]]:
    """A card handed in twice, of which a side came but once, has it both times: the numbers are the same."""
    for group in groups:
        kind = kinds.get(group[0].guess.kind)
        there = {side for one in group for side in one.guess.sides}
        same = [one for one in groups if one is not group and one[0].guess.kind == group[0].guess.kind]
        same = [one for one in same if _proved(one) & _proved(group)]
        lacking = set(kind.sides) - there if kind and kind.id in CARDS and there else set()
        other = (sheet for one in same for sheet in one if set(sheet.guess.sides) & lacking)
        yield [*group, *[sheet for sheet in other if not there & set(sheet.guess.sides)][:1]]


def _proved(group: Sequence[_Sheet]) -> set[str]:
    """Numbers that prove themselves."""
    return {value.value for one in group for value in one.fields if value.name == "number" and value.validated}


def _takes(group: Sequence[_Sheet], sheet: _Sheet, kinds: Mapping[str, Kind]) -> bool:
    first, last = group[0], group[-1]
    kind = sheet.guess.kind
    if kind == UNKNOWN or first.guess.kind != kind or first.slot != sheet.slot:
        return False
    if kind == "household-register":
        return _one_household(group, sheet)
    if kinds[kind].sides:
        return _other_side(group, sheet)
    if kind not in SEVERAL_PAGES:
        return False
    if last.file != sheet.file:
        title_alone = kind in BOOKLETS and (not sheet.fields or not any(one.fields for one in group))
        return title_alone or _follows(last, sheet)
    return sheet.inherited or kind not in STARTS_ANEW or not _says_again(group, sheet)


def _other_side(group: Sequence[_Sheet], sheet: _Sheet) -> bool:
    """A side that the group lacks, of the same person where both sides name one."""
    there = {side for one in group for side in one.guess.sides}
    if not sheet.guess.sides or not there or there & set(sheet.guess.sides):
        return False
    return not _contradict(group, sheet)


def _one_household(group: Sequence[_Sheet], sheet: _Sheet) -> bool:
    """The same file or the next, and no other number of the household."""
    numbers = {value.value for one in (*group, sheet) for value in one.fields if value.name == "household_number"}
    return abs(sheet.file - group[-1].file) <= 1 and len(numbers) <= 1


def _contradict(group: Sequence[_Sheet], sheet: _Sheet) -> bool:
    """Whether both name a person and the persons differ."""
    for name in ("number", "name", "plate"):
        ours = _first(name, group)
        theirs = _first(name, [sheet])
        if ours and theirs and (ours != theirs if name != "name" else same_name(ours, theirs) == "differs"):
            return True
    return False


def _says_again(group: Sequence[_Sheet], sheet: _Sheet) -> bool:
    """Whether a page that was recognised by itself says fields anew that the group has already, with other values."""
    said = {value.name: value.value for one in group for value in one.fields}
    return any(said.get(value.name, value.value) != value.value for value in sheet.fields)


def _first(name: str, sheets: Sequence[_Sheet]) -> str | None:
    return next((value.value for one in sheets for value in one.fields if value.name == name), None)


def _material(material: str, group: Sequence[_Sheet], kinds: Mapping[str, Kind]) -> Material:
    first = group[0]
    sides = kinds[first.guess.kind].sides if first.guess.kind in kinds else {}
    own = [sheet.guess.margin for sheet in group if not sheet.inherited] or [first.guess.margin]
    return Material(
        id=material,
        kind=first.guess.kind,
        pages=tuple(sheet.page.ref for sheet in group),
        sides=tuple(side for side in sides if any(side in sheet.guess.sides for sheet in group)),
        margin=min(own),
        likely=first.guess.likely if first.guess.kind == UNKNOWN else (),
        fields=tuple(_fields(group, kinds)),
        slot=first.slot,
    )


def _fields(group: Sequence[_Sheet], kinds: Mapping[str, Kind]) -> Iterator[FieldValue]:
    """Every field once a material; of one said on two pages the first, unless only a later one proves itself."""
    kind = kinds.get(group[0].guess.kind)
    many = {field.name for field in kind.fields if field.many} if kind else set()
    found = [value for sheet in group for value in sheet.fields]
    for name in dict.fromkeys(value.name for value in found):
        same = [value for value in found if value.name == name]
        if name in many:
            yield from same
        else:
            yield next((value for value in same if value.validated), same[0])
