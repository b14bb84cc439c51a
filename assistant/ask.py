"""Assistant: one question in its conversation, from history to the saved turn."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from assistant.conversations import Conversations
from assistant.pipeline import NamedStep, StepDone, take_turn
from assistant.replies import Replies
from assistant.turn import Answer, Question, Sentence, Turn

WARM_UP = ("身份证换领要带什么材料、多久、多少钱？", "怎么办居住证")
"""Questions that load templates, models and tables."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reply:
    """An ended turn with its identity and time."""

    turn_id: str
    turn: Turn
    answer: Answer
    took_ms: float

    def as_dict(self) -> dict[str, Any]:
        """The answer as `xiaoxin ask --json` and POST /v1/ask give it."""
        turn, answer = self.turn, self.answer
        step = answer.next_step
        return {
            "status": answer.status,
            "reason": f"{answer.status}.{answer.reason}",
            "text": answer.text,
            "speech": answer.speech,
            "language": turn.language,
            "item": {"id": turn.item.id, "name": turn.item.name} if turn.item else None,
            "facets": list(turn.facets) if turn.item else [],
            "citations": [_citation(citation) for citation in answer.citations],
            "next_step": {"kind": step.kind, "label": step.label, "data": step.data} if step else None,
            "options": [{"label": option.label, "value": option.value} for option in answer.options],
            "suggestions": list(answer.suggestions),
            "expression": answer.expression,
            "corrections": [{"heard": heard, "taken_for": taken} for heard, taken in turn.corrections],
            "conversation_id": turn.question.conversation_id,
            "turn_id": self.turn_id,
            "took_ms": round(self.took_ms, 2),
            "steps": [{"name": one.name, "ms": one.ms} for one in turn.times],
            "model": answer.model,
        }


class Assistant:
    def __init__(
        self,
        steps: Sequence[NamedStep],
        conversations: Conversations,
        replies: Replies,
        handbook: Callable[[], object] = lambda: None,
    ) -> None:
        """`handbook` gives what is live, a new object after every change."""
        self.steps, self.conversations, self.replies, self.handbook = steps, conversations, replies, handbook

    def warm_up(self) -> None:
        """Take one question through the steps without keeping it, so that the first visitor does not wait."""
        for question in WARM_UP:
            for _ in take_turn(self.steps, Turn(Question(question, "warm-up"))):
                pass

    def ask(self, question: Question) -> Reply:
        """The reply to one question. A failure inside becomes an apology with a code; it never raises."""
        events = self.stream(question)
        while True:
            try:
                next(events)
            except StopIteration as ended:
                return ended.value

    def stream(self, question: Question) -> Generator[StepDone | Sentence, None, Reply]:
        """As `ask`, yielding each step taken and each sentence verified on the way."""
        begun = time.perf_counter()
        turn = Turn(question)
        try:
            turn = replace(turn, history=self.conversations.history(question.conversation_id))
            turn = yield from self._taken(turn)
        except Exception:  # whatever broke, the visitor gets an answer and the log gets the cause
            code = uuid.uuid4().hex[:8]
            logger.exception("turn failed, code %s", code)
            turn = turn.ended(self.replies.answer("error", "internal", turn.language, code=code))
        return self._saved(turn, begun)

    def _taken(self, turn: Turn) -> Generator[StepDone | Sentence, None, Turn]:
        """Through the steps; once more where an item went away between two of them and nothing was said yet."""
        handbook, said, events = self.handbook(), False, take_turn(self.steps, turn)
        while True:
            try:
                event = next(events)
            except StopIteration as ended:
                return ended.value
            except LookupError:
                if said or self.handbook() is handbook:
                    raise
                handbook, events = self.handbook(), take_turn(self.steps, turn)
                continue
            said = said or isinstance(event, Sentence)
            yield event

    def _saved(self, turn: Turn, begun: float) -> Reply:
        assert turn.answer is not None
        turn_id, took = str(uuid.uuid4()), (time.perf_counter() - begun) * 1000
        try:
            self.conversations.save(turn_id, turn, took)
        except Exception:  # a full disk must not silence the answer
            logger.exception("turn %s was not saved", turn_id)
        return Reply(turn_id, turn, turn.answer, took)


def new_conversation() -> str:
    return str(uuid.uuid4())


def _citation(citation: Any) -> dict[str, Any]:
    passage = citation.passage
    return {
        "passage_id": passage.id,
        "title": passage.title,
        "field": passage.field,
        "quote": citation.quote,
        "source": passage.source,
        "effective_from": passage.effective_from.isoformat() if passage.effective_from else None,
        "url": passage.url,
    }
