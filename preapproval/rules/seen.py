"""Marks on the pages of a slot: seals, faces, signatures, and where they stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from preapproval.case import Evidence, Line, Mark, MarkKind, Page, Quad
from preapproval.facts import Facts
from preapproval.folding import squeezed
from preapproval.rules.parameters import Region
from preapproval.rules.sought import page_evidence


@dataclass(frozen=True)
class Seen:
    """A mark with its page."""

    page: Page
    mark: Mark

    @property
    def evidence(self) -> Evidence:
        return place(self.page, self.mark.quad)


def slot_pages(facts: Facts, slot: str) -> tuple[Page, ...]:
    """The pages handed in for a slot that were read."""
    refs = dict.fromkeys(ref for material in facts.of(slot) for ref in material.pages)
    return tuple(facts.pages[ref] for ref in refs if ref in facts.pages)


def marks(pages: Iterable[Page], kind: MarkKind) -> tuple[Seen, ...]:
    return tuple(Seen(page, mark) for page in pages for mark in page.marks if mark.kind == kind)


def within(seen: Seen, region: Region | None) -> bool:
    """Whether the middle of the mark lies in the region; everything does where none is given."""
    if region is None:
        return True
    x, y = middle(seen.mark.quad)
    left, top, right, bottom = region
    return left <= x / seen.page.width <= right and top <= y / seen.page.height <= bottom


def lines_with(pages: Iterable[Page], words: Iterable[str]) -> Iterator[tuple[Page, Line]]:
    """Lines that hold one of the words, spaces and punctuation apart."""
    sought = [word for word in map(squeezed, words) if word]
    for page in pages:
        for line in page.lines:
            text = squeezed(line.text)
            if any(word in text for word in sought):
                yield page, line


def place(page: Page, quad: Quad) -> Evidence:
    return page_evidence(page.ref).model_copy(update={"quad": quad})


def middle(quad: Quad) -> tuple[float, float]:
    return sum(x for x, _ in quad) / 4, sum(y for _, y in quad) / 4
