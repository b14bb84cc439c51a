"""What one visitor's conversation holds at a terminal, and how it is forgotten."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from assistant.ask import Assistant, Reply, new_conversation
from assistant.conversations import Conversations
from assistant.turn import Question

logger = logging.getLogger(__name__)

WIPE_AGAIN_S = (1, 5, 30, 120, 600, 3600)
"""Waits between attempts to wipe while the database is away."""


@dataclass
class Memory:
    """Begins empty with every conversation."""

    conversation_id: str
    met: bool = False
    """Whether a visitor was greeted, asked something, or came back with the conversation."""
    labelled: bool = False
    """Whether it was said that a machine speaks."""
    unclear: int = 0
    """Utterances in a row of which nothing was understood."""
    last: Reply | None = None
    told: Reply | None = None
    """The last answer that told something: a wish for it slower or louder is followed by saying it again."""


class Visit:
    def __init__(self, assistant: Assistant, conversations: Conversations) -> None:
        self.assistant, self.conversations = assistant, conversations
        self.memory = Memory(new_conversation())
        self._asking: set[asyncio.Future[Reply]] = set()
        """Answers on their way: each is saved when it is there, though nobody may wait for it any more."""

    async def ask(self, question: Question) -> Reply:
        memory = self.memory
        memory.met = True
        asking = asyncio.get_running_loop().run_in_executor(None, self.assistant.ask, question)
        self._asking.add(asking)
        asking.add_done_callback(self._asking.discard)
        reply = await asyncio.shield(asking)
        memory.last = reply
        if reply.answer.status != "small_talk":
            memory.told = reply
        return reply

    def go_on(self, conversation: str) -> None:
        """With a conversation that began elsewhere, or before the line was lost."""
        if conversation != self.memory.conversation_id:
            self.memory = Memory(conversation, met=True)

    def end(self) -> str:
        """Another conversation begins; the id of the one that is to be wiped."""
        left, self.memory = self.memory.conversation_id, Memory(new_conversation())
        return left

    async def wipe(self, conversation: str) -> None:
        """Once every answer on its way was saved; again and again while the database is away."""
        if self._asking:
            await asyncio.wait(set(self._asking))
        for wait_s in WIPE_AGAIN_S:
            try:
                await asyncio.to_thread(self.conversations.wipe, conversation)
                return
            except SQLAlchemyError:
                logger.exception("a conversation could not be wiped; this is tried again in %d s", wait_s)
                await asyncio.sleep(wait_s)
