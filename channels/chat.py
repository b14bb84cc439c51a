"""POST /v1/ask and /v1/ask/stream, and wiping a conversation."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from assistant.ask import Reply, new_conversation
from assistant.pipeline import StepDone
from assistant.turn import Question, Sentence
from channels.answer_body import AnswerBody
from channels.errors import Problem
from channels.metrics import Metrics
from channels.wiring import Product

router = APIRouter(prefix="/v1", tags=["ask"])

SENTENCE = re.compile(r"[^。！？\n]+[。！？\n]*")


class EventStream(StreamingResponse):
    """Server-sent events; a class of its own, so that OpenAPI names the media type."""

    media_type = "text/event-stream"


class AskBody(BaseModel):
    """A question as a terminal sends it."""

    model_config = ConfigDict(extra="forbid")

    question: str = Field(max_length=20_000)
    conversation_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")] | None = None
    terminal: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,64}$")] = "web"
    region: Annotated[str, Field(max_length=64)] | None = None
    profile: Literal["standard", "elder", "crowd"] = "standard"
    language: Literal["zh", "en", "ja", "de"] | None = None


@router.post("/ask", response_model=AnswerBody)
def ask(body: AskBody, request: Request) -> dict[str, Any]:
    """Answer one question."""
    product: Product = request.app.state.product
    reply = product.assistant.ask(_question(body, product))
    _count(request, reply)
    return reply.as_dict()


@router.post("/ask/stream", response_class=EventStream)
def ask_stream(body: AskBody, request: Request) -> StreamingResponse:
    """As /v1/ask, as server-sent events: `step`, `sentence`, then one `answer`."""
    product: Product = request.app.state.product
    events = _events(product, _question(body, product), request)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return EventStream(events, headers=headers)


@router.delete("/conversations/{conversation_id}", status_code=204)
def wipe(conversation_id: str, request: Request) -> None:
    """Delete every trace of a conversation."""
    request.app.state.product.conversations.wipe(conversation_id)


def _question(body: AskBody, product: Product) -> Question:
    return Question(
        text=body.question,
        conversation_id=body.conversation_id or new_conversation(),
        terminal=body.terminal,
        region=region_of(product, body.region),
        profile=body.profile,
        language=body.language,
    )


def region_of(product: Product, given: str | None) -> str | None:
    """The code of a region that was named by code, name or alias. Raises Problem(422)."""
    if given is None:
        return None
    for region in product.live.current().library.hall.regions:
        if given in (region.code, region.name, *region.aliases):
            return region.code
    raise Problem(422, "no_region", region=given)


def _events(product: Product, question: Question, request: Request) -> Iterator[str]:
    events, sent = product.assistant.stream(question), 0
    while True:
        try:
            event = next(events)
        except StopIteration as ended:
            reply: Reply = ended.value
            break
        if isinstance(event, Sentence):
            sent += 1
            yield _sse("sentence", {"text": event.text, "speech": event.speech})
        elif isinstance(event, StepDone):
            yield _sse("step", {"name": event.name})
    _count(request, reply)
    if not sent:
        for sentence in SENTENCE.findall(reply.answer.text):
            yield _sse("sentence", {"text": sentence})
    yield _sse("answer", reply.as_dict())


def _sse(event: str, data: dict[str, Any]) -> str:
    return f"event: {event}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


def _count(request: Request, reply: Reply) -> None:
    metrics: Metrics = request.app.state.metrics
    metrics.answered(reply)
