"""Where the value of a label stands: behind it, in lines that go on below, beside it in a taller cell, or under it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from preapproval.extract.anchors import Label
from preapproval.extract.flow import Box, Flow

Span = tuple[int, int]
"""From and to in the text of the flow."""

_ANOTHER = re.compile(r"[\s,;.][\u3400-\u9fff]{2,8}[ \t]*:")
"""A label that nobody knows: behind a space or a mark, before a colon."""


@dataclass(frozen=True)
class Placed:
    """A flow with the labels that stand in it."""

    flow: Flow
    labels: tuple[Label, ...]

    @cached_property
    def labelled(self) -> dict[int, float]:
        """Row -> left edge of its first label."""
        lefts: dict[int, float] = {}
        for label in self.labels:
            box = self.flow.box_of(label.start, label.end)
            if box:
                row = self.flow.text.count("\n", 0, label.start)
                lefts[row] = min(box.left, lefts.get(row, box.left))
        return lefts

    @cached_property
    def claimed(self) -> dict[int, Label]:
        """Where a line begins -> the label beside which it stands although that label is at another height."""
        claims: dict[int, Label] = {}
        for label in self.labels:
            inline = behind(self, label)
            spans = beside(self, label) if inline is None else raised(self, label, [inline])[:-1]
            claims.update({start: label for start, _ in spans})
        return claims

    @cached_property
    def row_of(self) -> dict[int, int]:
        """Line -> its row."""
        return {line: self.flow.text.count("\n", 0, at) for line, at in self.flow.starts.items()}

    def span_of(self, line: int) -> Span:
        start = self.flow.starts[line]
        return start, start + len(self.flow.boxes[line].line.text)

    def has_label(self, line: int) -> bool:
        start, end = self.span_of(line)
        return any(start <= label.start < end for label in self.labels)


def behind(placed: Placed, label: Label, *, whole_row: bool = False, colons: bool = False) -> Span | None:
    """From the label to the next one, to another's colon, or to a wide gap; None where nothing stands there.

    With `colons` a mark and words before a colon belong to the value, as in the scope of a licence.
    """
    text = placed.flow.text[label.end : label.value_end]
    if not text.strip(" \t_:;"):
        return None
    lead = len(text) - len(text.lstrip(" \t:;"))
    body = text[lead:]
    if not whole_row:
        body = body.split("\t")[0]
        other = re.search(r"\s[\u3400-\u9fff]{2,8}[ \t]*:", body) if colons else _ANOTHER.search(body)
        body = body[: other.start()] if other else body
    return label.end + lead, label.end + lead + len(body.rstrip())


def going_on(placed: Placed, span: Span, label: Label) -> list[Span]:
    """The span and the lines below that begin where it begins, as long as nothing else stands in their row before."""
    spans = [span]
    first = placed.flow.box_of(*span)
    if first is None:
        return spans
    above = first
    for line in _below(placed, first):
        box = placed.flow.boxes[line]
        gap = box.top - above.bottom
        if placed.claimed.get(placed.flow.starts[line], label) != label:
            break
        if gap > 0.95 * first.height or placed.has_label(line) or _owned(placed, line, box) or _number(box):
            break
        spans.append(placed.span_of(line))
        above = box
    return spans


def beside(placed: Placed, label: Label) -> list[Span]:
    """Lines right of a label in whose row nothing stands: a cell of two lines with the label at half height."""
    at = placed.flow.box_of(label.start, label.end)
    if at is None:
        return []
    near = [
        line
        for line, box in enumerate(placed.flow.boxes)
        if box.left > at.right - 0.3 * at.height
        and abs(box.middle - at.middle) < 1.25 * max(at.height, box.height)
        and not placed.has_label(line)
        and not _owned(placed, line, box, but=label)
    ]
    if not near:
        return []
    left = min(placed.flow.boxes[line].left for line in near)
    column = [line for line in near if placed.flow.boxes[line].left - left < 1.5 * at.height]
    return [placed.span_of(line) for line in sorted(column, key=lambda one: placed.flow.boxes[one].middle)]


def under(placed: Placed, label: Label) -> Span | None:
    """The line right below a label, as in a table with its labels on top."""
    at = placed.flow.box_of(label.start, label.end)
    if at is None:
        return None
    for line in _below(placed, at, slack=1.5):
        box = placed.flow.boxes[line]
        if box.top - at.bottom > 1.6 * at.height or placed.has_label(line):
            return None
        return placed.span_of(line)
    return None


def raised(placed: Placed, label: Label, spans: Sequence[Span]) -> list[Span]:
    """With the line above, where the label stands at half height between it and the first line."""
    at, first = placed.flow.box_of(label.start, label.end), placed.flow.box_of(*spans[0])
    if at is None or first is None or first.middle - at.middle < 0.25 * min(at.height, first.height):
        return list(spans)
    for line, box in enumerate(placed.flow.boxes):
        aligned = abs(box.left - first.left) < 1.2 * first.height
        close = 0 < first.middle - box.middle < 1.9 * first.height
        if aligned and close and not placed.has_label(line) and not _owned(placed, line, box, but=label):
            return [placed.span_of(line), *spans]
    return list(spans)


def _below(placed: Placed, first: Box, slack: float = 1.2) -> Iterable[int]:
    """Lines that begin under the beginning of `first`, from top to bottom."""
    lines = [
        line
        for line, box in enumerate(placed.flow.boxes)
        if box.middle > first.bottom - 0.1 * first.height
        and abs(box.left - first.left) < slack * first.height
        and 0.55 < box.height / first.height < 1.8
    ]
    return sorted(lines, key=lambda line: placed.flow.boxes[line].middle)


def _owned(placed: Placed, line: int, box: Box, but: Label | None = None) -> bool:
    """Whether a label stands before it in its row."""
    row = placed.row_of[line]
    if but is not None and row == placed.flow.text.count("\n", 0, but.start):
        return False
    return placed.labelled.get(row, box.left) < box.left - 1


def _number(box: Box) -> bool:
    """Whether it is a line of digits, which goes on nothing."""
    return bool(re.search(r"\d{10}|\d{4}[.年]\d", box.line.text.replace(" ", "")))
