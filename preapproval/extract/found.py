"""A value that was found on a page, with the places where it stands, made a field value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from preapproval.case import FieldValue, Method, Page
from preapproval.extract.flow import Flow, Piece, around, written
from preapproval.extract.located import Placed, Span
from preapproval.extract.shapes import Cleaned
from preapproval.kinds import Kind, KindField

CHECKED = ("id_number", "credit_code", "bank_card")
"""Types whose check character proves them even where they are written by hand."""


@dataclass(frozen=True)
class Sheet:
    """What an extractor is given: the page, its kind, and its text with the labels of the kind."""

    page: Page
    kind: Kind
    placed: Placed

    @property
    def flow(self) -> Flow:
        return self.placed.flow

    @property
    def text(self) -> str:
        return self.flow.text


def pieces_of(flow: Flow, spans: Sequence[Span]) -> tuple[Piece, ...]:
    return tuple(piece for span in spans for piece in flow.pieces(*span))


def text_of(flow: Flow, spans: Sequence[Span]) -> str:
    return written(pieces_of(flow, spans))


def value_at(
    sheet: Sheet, field: KindField, spans: Sequence[Span], cleaned: Cleaned, method: Method = "anchor"
) -> FieldValue:
    """Raises IndexError for spans in which nothing stands."""
    pieces = pieces_of(sheet.flow, spans)
    handwritten = any(piece.line.handwritten for piece in pieces)
    return FieldValue(
        material=sheet.kind.id,
        name=field.name,
        value=cleaned.value,
        raw="".join(piece.raw for piece in pieces).strip(),
        page=sheet.page.ref,
        quad=around(piece.quad for piece in pieces),
        method="text_layer" if sheet.page.source == "text_layer" else method,
        confidence=min(piece.line.confidence for piece in pieces),
        validated=cleaned.validated and (not handwritten or field.type in CHECKED),
        handwritten=handwritten,
        twice=all(piece.line.twice for piece in pieces),
    )
