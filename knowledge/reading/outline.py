"""Which plain lines are headings: numbered lines with something under them, labels of a guide, bold short lines."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.reading.document import TITLE_RANK, Block, Heading, Paragraph
from knowledge.reading.labels import field_of, parted
from knowledge.reading.numbering import ARTICLE, BULLET, DIGIT_DOT, HAN_DOT, LEGAL, Number, number_of
from knowledge.reading.packing import QUESTION

MAX_HEADING = 40
UNNUMBERED, LABEL = ARTICLE + 5, HAN_DOT + 5
"""Ranks of a bold or free-standing short line, and of a known label without a number."""
ENDS = "。；;，,！!…"


def outlined(blocks: Sequence[Block], titled: bool = False) -> tuple[Block, ...]:
    """`blocks` with the paragraphs that are headings turned into headings.

    `titled`: the format has named the document already, so its first line is not looked at as a title.
    """
    ranks = [_certain(block) for block in blocks]
    if not titled:
        _title(blocks, ranks)
    _starters(blocks, ranks)
    for rank in (HAN_DOT, HAN_DOT + 10, DIGIT_DOT):
        _siblings(blocks, ranks, rank)
    _bold(blocks, ranks)
    _pairs_below_labels(blocks, ranks)
    _lone_pairs(blocks, ranks)
    return tuple(_made(blocks, ranks))


def _certain(block: Block) -> int | None:
    if isinstance(block, Heading):
        return block.rank
    if not isinstance(block, Paragraph) or "\n" in block.text:
        return None
    number = number_of(block.text)
    if number and number.rank in LEGAL and _short(block.text):
        return number.rank
    if number and number.rank == ARTICLE:
        return ARTICLE
    if _short(block.text.rstrip("：: ")) and _is_label(block.text):
        return number.rank if number else LABEL
    if number and number.rank in (HAN_DOT, HAN_DOT + 10, DIGIT_DOT) and _is_pair(block.text):
        return number.rank
    return None


def _is_label(text: str) -> bool:
    """A whole line that is a label (its value stands below), not a word of a sentence."""
    return len(text) <= 20 and field_of(text) not in (None, "weak_name", "name", "sub_name")


def _short(text: str) -> bool:
    return 0 < len(text.strip()) <= MAX_HEADING and text.strip()[-1] not in ENDS + "：:"


def _title(blocks: Sequence[Block], ranks: list[int | None]) -> None:
    """The first short line is the document's title, if anything follows it."""
    for index, block in enumerate(blocks):
        if not isinstance(block, Paragraph):
            return
        if not block.text.strip():
            continue
        number = number_of(block.text)
        fits = _short(block.text) and "\n" not in block.text and (number is None) and ranks[index] in (None, LABEL)
        if fits and index + 1 < len(blocks) and not _is_question(block.text) and not _is_pair(block.text):
            ranks[index] = TITLE_RANK
        return


def _is_question(text: str) -> bool:
    return text.rstrip()[-1:] in "?？"


def _is_pair(text: str) -> bool:
    """办理地点：…: a label with its value on the same line."""
    head, value = parted(text)
    return bool(value and field_of(head) not in (None, "group", "weak_name"))


def _starters(blocks: Sequence[Block], ranks: list[int | None]) -> None:
    """A short unnumbered line right before 一、 or 1. heads what starts there; so does one where labels start anew."""
    seen: set[str | None] = set()
    for index, block in enumerate(blocks[:-1]):
        after = blocks[index + 1]
        if ranks[index] is not None:
            if ranks[index] == LABEL:
                seen.add(field_of(parted(_text(block))[0]))
            continue
        if not isinstance(block, Paragraph) or not isinstance(after, Paragraph) or not _may_start(block.text):
            continue
        valued = index > 0 and ranks[index - 1] == LABEL
        first = number_of(after.text)
        legal = first is not None and first.value == 1 and first.rank in (HAN_DOT, ARTICLE, *LEGAL) and not valued
        listed = first is not None and first.value == 1 and first.rank == DIGIT_DOT and not seen
        if first and (legal or listed):
            ranks[index] = UNNUMBERED if first.rank > ARTICLE else min(first.rank, ARTICLE) - 5
        elif ranks[index + 1] == LABEL and not valued and (not seen or field_of(parted(after.text)[0]) in seen):
            ranks[index] = UNNUMBERED
            seen = set()


def _may_start(text: str) -> bool:
    return "\n" not in text and _short(text) and not number_of(text) and not _is_pair(text)


def _siblings(blocks: Sequence[Block], ranks: list[int | None], rank: int) -> None:
    """Decide lines numbered alike together: headings where most have text of their own below."""
    group: list[int] = []
    field_open = False
    for index, block in enumerate([*blocks, Heading(TITLE_RANK, "")]):
        given = ranks[index] if index < len(blocks) else TITLE_RANK
        number = _number(block) if given is None else None
        if given is not None and given < rank:
            _decide(blocks, ranks, group, rank)
            group = []
            field_open = given == ARTICLE or (isinstance(block, Paragraph | Heading) and _opens_field(block.text))
        elif number and number.rank == rank and not field_open:
            group.append(index)


def _opens_field(text: str) -> bool:
    return field_of(text) not in (None, "group", "name", "weak_name", "sub_name")


def _decide(blocks: Sequence[Block], ranks: list[int | None], group: list[int], rank: int) -> None:
    short = [index for index in group if _short(_text(blocks[index])) and not QUESTION.match(_text(blocks[index]))]
    with_text = [index for index in short if _has_text_below(blocks, ranks, index, rank)]
    if short and len(short) == len(group) and 2 * len(with_text) > len(short):
        for index in short:
            ranks[index] = rank


def _has_text_below(blocks: Sequence[Block], ranks: list[int | None], index: int, rank: int) -> bool:
    if index + 1 >= len(blocks):
        return False
    below = blocks[index + 1]
    if not isinstance(below, Paragraph):
        return not isinstance(below, Heading)
    given = ranks[index + 1]
    number = _number(below)
    if given is not None:
        return given > rank
    return number is None or (rank == HAN_DOT and number.rank > rank)


def _bold(blocks: Sequence[Block], ranks: list[int | None]) -> None:
    """A short line all in bold; under 一、 where such headings came first."""
    numbered = False
    for index, block in enumerate(blocks):
        numbered = numbered or ranks[index] == HAN_DOT
        if ranks[index] is not None or not isinstance(block, Paragraph) or not block.bold:
            continue
        number = _number(block)
        if _short(block.text) and not _is_pair(block.text) and index + 1 < len(blocks):
            ranks[index] = number.rank if number else (LABEL if numbered else UNNUMBERED)


def _pairs_below_labels(blocks: Sequence[Block], ranks: list[int | None]) -> None:
    """办理时限：… after an unnumbered 申请材料 is the next label, not a line of its list."""
    below_label = False
    for index, block in enumerate(blocks):
        if ranks[index] is not None:
            below_label = ranks[index] == LABEL
        elif below_label and isinstance(block, Paragraph) and _is_pair(block.text):
            number = number_of(block.text)
            if number is None or number.rank == BULLET:
                ranks[index] = LABEL


def _lone_pairs(blocks: Sequence[Block], ranks: list[int | None]) -> None:
    """One （一）申请条件：… alone is a line of a list, not a heading."""
    labelled = [
        index for index, block in enumerate(blocks) if isinstance(block, Paragraph) and _is_labelled(block.text)
    ]
    for rank in (HAN_DOT, HAN_DOT + 10, DIGIT_DOT):
        alike = [index for index in labelled if ranks[index] == rank]
        if len(alike) == 1 and _is_pair(_text(blocks[alike[0]])):
            ranks[alike[0]] = None


def _is_labelled(text: str) -> bool:
    return _is_pair(text) or _is_label(text)


def _number(block: Block) -> Number | None:
    return number_of(block.text) if isinstance(block, Paragraph) else None


def _text(block: Block) -> str:
    return block.text if isinstance(block, Paragraph | Heading) else ""


def _made(blocks: Sequence[Block], ranks: list[int | None]) -> list[Block]:
    made: list[Block] = []
    for block, rank in zip(blocks, ranks, strict=True):
        if not isinstance(block, Paragraph) or rank is None:
            made.append(block)
        elif rank == ARTICLE:
            number = number_of(block.text)
            made += [Heading(ARTICLE, block.text[: number.end].strip() if number else block.text, article=True), block]
        elif _is_pair(block.text):
            head, value = parted(block.text)
            made += [Heading(rank, head), Paragraph(value)]
        else:
            made.append(Heading(rank, block.text.strip()))
    return made
