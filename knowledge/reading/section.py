"""A document as a tree of sections under their headings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge.reading.document import Block, Heading, Paragraph, Table


@dataclass(frozen=True)
class Section:
    heading: str
    own: tuple[Paragraph | Table, ...]
    children: tuple[Section, ...] = ()
    article: bool = False

    def flat(self) -> Iterator[Paragraph | Table]:
        """Everything in it, its inner headings as paragraphs, in the order of the page."""
        yield from self.own
        for child in self.children:
            if child.heading and not child.article:
                yield Paragraph(child.heading)
            yield from child.flat()


def tree(blocks: Sequence[Block]) -> Section:
    """The whole document; its root has no heading of its own."""
    return _section("", -1, False, blocks, 0)[0]


def _section(heading: str, rank: int, article: bool, blocks: Sequence[Block], start: int) -> tuple[Section, int]:
    own: list[Paragraph | Table] = []
    children: list[Section] = []
    at = start
    while at < len(blocks):
        block = blocks[at]
        if not isinstance(block, Heading):
            own.append(block)
            at += 1
        elif block.rank <= rank:
            break
        else:
            child, at = _section(block.text, block.rank, block.article, blocks, at + 1)
            children.append(child)
    return Section(heading, tuple(own), tuple(children), article), at
