"""Turns of a day that a test writes down: each ends as given, at its instant."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import uuid4

import sqlalchemy as sa

from assistant.conversations import Conversations
from assistant.turn import REASONS, Answer, AnswerStatus, NextStep, Question, Turn
from knowledge.item import ServiceItem


@dataclass(frozen=True)
class Kept:
    """One turn; without a conversation it is one of its own."""

    at: datetime
    status: AnswerStatus = "answered"
    item: str | None = None
    question: str = "养犬登记多少钱"
    conversation: str | None = None
    terminal: str = "kiosk-1"


def keep(engine: sa.Engine, *kept: Kept) -> None:
    for one in kept:
        conversations = Conversations(engine, now=one.at.astimezone)
        asked = Question(one.question, one.conversation or str(uuid4()), one.terminal)
        answer = Answer(one.status, REASONS[one.status][0], "", "", NextStep("hotline", ""))
        item = ServiceItem.model_construct(id=one.item) if one.item else None
        history = conversations.history(asked.conversation_id)
        turn = Turn(asked, text=one.question, item=item, answer=answer, history=history)
        conversations.save(str(uuid4()), turn, 5.0)


def local(hour: int, minute: int = 0, day: date = date(2026, 3, 2)) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute).astimezone()
