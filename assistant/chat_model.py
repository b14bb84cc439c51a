"""Calls of a chat model that may be slow, down or endless: its text within a deadline, or why there is none."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from typing import TYPE_CHECKING, Literal

from knowledge.breaker import Breaker

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

Outcome = Literal["done", "cut_short", "deadline", "failed", "resting"]
"""How a call ended: cut_short by its reader, resting while the breaker is open."""

MOST_CHARACTERS = 8_000
"""What is read of one reply at most; the rest is not waited for."""
ENDINGS = ("finish_reason", "stop_reason", "done_reason", "stopReason")
"""Under these names providers say that a reply is at its end; without one the connection broke off."""

logger = logging.getLogger(__name__)


class UnusableModel(Exception):
    """The chat model that is set cannot be used; the message says why."""


class ChatCalls:
    """Calls of one LangChain chat model, from any thread. No call raises: what goes wrong is an Outcome."""

    def __init__(
        self,
        model: BaseChatModel,
        name: str,
        *,
        deadline_s: float,
        breaker: Breaker,
        retry_on: tuple[type[Exception], ...] = (),
    ) -> None:
        self.model, self.name, self.deadline_s = model, name, deadline_s
        self.breaker, self.retry_on = breaker, retry_on
        self._counts: Counter[Outcome] = Counter()
        self._lock = threading.Lock()

    @property
    def counts(self) -> dict[Outcome, int]:
        """Calls so far by how they ended."""
        with self._lock:
            return dict(self._counts)

    def stream(self, messages: Sequence[BaseMessage], until: float) -> Generator[str, None, Outcome]:
        """Pieces of the reply as they come, until the moment `until` of time.monotonic() at the latest."""
        if not self.breaker.allows():
            return self._ended("resting")
        call = _Call(self.model, messages, self.retry_on)
        threading.Thread(target=call.read, name="chat-model", daemon=True).start()
        try:
            outcome: Outcome = yield from call.pieces(until)
        except GeneratorExit:
            self._ended("cut_short")
            raise
        finally:
            call.stopped.set()
        if outcome == "done":
            self.breaker.succeeded()
        else:
            self.breaker.failed()
        return self._ended(outcome)

    def ask(self, messages: Sequence[BaseMessage], until: float) -> str | None:
        """The whole reply; None where it did not come whole and in time."""
        pieces, reply = [], self.stream(messages, until)
        while True:
            try:
                pieces.append(next(reply))
            except StopIteration as ended:
                return "".join(pieces) if ended.value == "done" else None

    def _ended(self, outcome: Outcome) -> Outcome:
        with self._lock:
            self._counts[outcome] += 1
        return outcome


class _Call:
    """One call: a thread reads the model, the visitor's thread waits no longer than it may."""

    def __init__(
        self, model: BaseChatModel, messages: Sequence[BaseMessage], retry_on: tuple[type[Exception], ...]
    ) -> None:
        self.model, self.messages, self.retry_on = model, list(messages), retry_on
        self.stopped = threading.Event()
        self._begun = False
        self._arrived: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        """Pieces, and None after the last."""
        self._outcome: Outcome = "failed"

    def read(self) -> None:
        from langsmith.run_helpers import tracing_context

        with tracing_context(enabled=False):  # a visitor's words go to the model alone, whatever the environment says
            try:
                self._read_twice_at_most()
            except Exception as error:  # noqa: BLE001 - every provider has its own errors; all of them mean no reply
                cause = type(error.__cause__ or error).__name__
                logger.warning("chat model: %s (%s)", type(error).__name__, cause)
            finally:
                self._arrived.put(None)

    def pieces(self, until: float) -> Generator[str, None, Outcome]:
        while True:
            try:
                piece = self._arrived.get(timeout=max(0.0, until - time.monotonic()))
            except queue.Empty:
                logger.warning("chat model: no reply in time")
                return "deadline"
            if piece is None:
                return self._outcome
            yield piece
            if time.monotonic() > until:
                return "deadline"

    def _read_twice_at_most(self) -> None:
        """A connection that breaks before the first word is tried once more."""
        try:
            self._read()
        except self.retry_on:
            if self._begun or self.stopped.is_set():
                raise
            self._read()

    def _read(self) -> None:
        total, chunks = 0, self.model.stream(self.messages)
        try:
            for chunk in chunks:
                text = str(chunk.text)
                self._begun = self._begun or bool(text)
                if self.stopped.is_set() or total >= MOST_CHARACTERS:
                    return
                if any(chunk.response_metadata.get(name) for name in ENDINGS):
                    self._outcome = "done"
                total += len(text)
                if text:
                    self._arrived.put(text)
        finally:
            _close(chunks)


def _close(chunks: Iterator[object]) -> None:
    """End the connection of a reply that is read no further."""
    if isinstance(chunks, Generator):
        chunks.close()
