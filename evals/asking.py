"""Asks the product in process, as a visitor would; nothing that is asked here is kept in the hall's data."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from fastapi import FastAPI

from assistant.ask import Assistant, Reply
from assistant.choose_faq import faq_of
from assistant.conversations import Conversations
from assistant.turn import Question
from channels.database import open_database
from channels.wiring import Product
from evals.booth import Booth
from evals.facts import ItemFacts, facts_of
from evals.reviewing import ReviewDesk
from evals.voice_line import open_hall
from knowledge.item import Facet
from knowledge.passage import Hit

TERMINAL = "batch"


@dataclass
class Asker:
    """One run's questions. A question that several tasks ask alone is asked once."""

    product: Product
    assistant: Assistant
    at: date
    record: Mapping[str, ItemFacts]
    alone: dict[str, Reply] = field(default_factory=dict)

    def ask(self, question: str) -> Reply:
        """In a conversation of its own."""
        if question not in self.alone:
            self.alone[question] = self._ask(question, f"alone-{len(self.alone)}")
        return self.alone[question]

    def converse(self, identifier: str, questions: Sequence[str]) -> list[Reply]:
        return [self._ask(question, f"dialogue-{identifier}") for question in questions]

    def say(self, conversation: str, text: str, terminal: str = TERMINAL, profile: str = "standard") -> Reply:
        """The next turn of a conversation."""
        return self.assistant.ask(Question(text, conversation, terminal, profile=profile, at=self.at))

    def facts(self, item: str) -> ItemFacts | None:
        """On record, else from the item's own fields; None for an item that the handbook does not hold."""
        if item in self.record:
            return self.record[item]
        found = self.product.live.current().library.items.get(item)
        return facts_of(found) if found else None

    def facets_of(self, hit: Hit) -> tuple[Facet, ...]:
        """What a passage tells of its item; a frequent question may tell of several facets."""
        passage = hit.passage
        item = self.product.live.current().library.items.get(passage.item or "")
        if passage.is_faq and item:
            return item.faq[faq_of(hit)].facets
        return (passage.facet,) if passage.facet else ()

    def mended(self, raw: str) -> str:
        """What a terminal takes recognised words for before it asks."""
        return self.booth.words.mend(raw).text

    @property
    def hotline(self) -> str:
        return self.product.live.current().library.hall.hotline

    @cached_property
    def desk(self) -> ReviewDesk:
        """Opened by the first application that is reviewed."""
        library = self.product.live.current().library
        return ReviewDesk(self.product.settings, library.items, library.hall.materials)

    @cached_property
    def booth(self) -> Booth:
        """Opened by the first question that is misheard, or the first sound that is heard."""
        return Booth(self.product.settings, self.product.live)

    @cached_property
    def hall(self) -> FastAPI:
        """The voice socket, opened by the first terminal that calls."""
        own = replace(self.product, assistant=self.assistant, conversations=self.assistant.conversations)
        return open_hall(own, own.settings, self.booth.recognizer, self.booth.words)

    def close(self) -> None:
        if "desk" in self.__dict__:
            self.desk.close()
        if "booth" in self.__dict__:
            self.booth.close()

    def _ask(self, question: str, conversation: str) -> Reply:
        return self.assistant.ask(Question(question, conversation, TERMINAL, at=self.at))


@contextmanager
def asker(product: Product, at: date, record: Mapping[str, ItemFacts]) -> Iterator[Asker]:
    """The product's own steps over a conversation store that goes away with the run."""
    with tempfile.TemporaryDirectory(prefix="xiaoxin-eval-", ignore_cleanup_errors=True) as folder:
        engine = open_database(None, Path(folder))
        try:
            steps, live = product.assistant.steps, product.live.current
            assistant = Assistant(steps, Conversations(engine), product.replies, live)
            assistant.warm_up()
            asking = Asker(product, assistant, at, record)
            try:
                yield asking
            finally:
                asking.close()
        finally:
            engine.dispose()
