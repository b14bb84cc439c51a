"""The answer as JSON, for OpenAPI: DESIGN names every field."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from assistant.turn import AnswerStatus, Expression, NextStepKind
from knowledge.item import Facet


class ItemBody(BaseModel):
    id: str
    name: str


class CitationBody(BaseModel):
    passage_id: str
    title: str
    field: str | None
    quote: str
    source: str
    effective_from: str | None
    url: str | None


class NextStepBody(BaseModel):
    kind: NextStepKind
    label: str
    data: dict[str, Any]


class OptionBody(BaseModel):
    label: str
    value: str


class CorrectionBody(BaseModel):
    heard: str
    taken_for: str


class StepBody(BaseModel):
    name: str
    ms: float


class AnswerBody(BaseModel):
    """One answer. `next_step` is null only where status is answered or small_talk."""

    status: AnswerStatus
    reason: str
    text: str
    speech: str
    language: str
    item: ItemBody | None
    facets: list[Facet]
    citations: list[CitationBody]
    next_step: NextStepBody | None
    options: list[OptionBody]
    suggestions: list[str]
    expression: Expression
    corrections: list[CorrectionBody]
    conversation_id: str
    turn_id: str
    took_ms: float
    steps: list[StepBody]
    model: str | None
