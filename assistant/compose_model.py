"""Drafts by a chat model from passages, one verified sentence at a time. What it may not say is not said."""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from assistant.chat_model import ChatCalls
from assistant.compose_facts import render
from assistant.draft_lines import BrokenLine, DraftLine, LineReader
from assistant.sentence_check import Names, Objection, objection
from assistant.turn import Sentence
from knowledge.passage import Citation, FalseQuote, Passage

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

MOST_SENTENCES = 8
TRIES = 2
"""A sentence that lies is named to the model once."""
SHOWN = 1_500
"""Characters of a passage that the model sees."""

_MARKS = str.maketrans("<>", "＜＞")
_UNMARKED = str.maketrans("＜＞", "<>")


@dataclass(frozen=True)
class Drafted:
    """Sentences that were verified, and shown, in their order."""

    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    whole: bool
    """Whether the model came to its end."""


@dataclass
class _Draft:
    """What has been accepted while a draft is being written."""

    passages: Sequence[Passage]
    names: Names
    labelled: bool
    until: float
    sentences: list[Sentence] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    accepted: list[str] = field(default_factory=list)
    """Sentences as the model wrote them."""
    leading_over: list[Sentence] = field(default_factory=list)
    """Sentences without a citation, held back until one with a citation follows."""

    def take(self, line: DraftLine) -> Generator[Sentence, None, Objection | None]:
        """Yield the sentence of `line` if it stands in its passage."""
        if not line.sentence or line.sentence in self.accepted:
            return None
        citation = None
        if line.passage is not None:
            if not 1 <= line.passage <= len(self.passages):
                return "quote"
            citation = _citation(self.passages[line.passage - 1], line.quote)
            if citation is None:
                return "quote"
        if why := objection(line.sentence, citation, self.names):
            return why
        self.accepted.append(line.sentence)
        sentence = self._worded(line.sentence, citation)
        if citation is None:
            self.leading_over.append(sentence)
            return None
        for verified in (*self.leading_over, sentence):
            self.sentences.append(verified)
            yield verified
        self.leading_over.clear()
        self.citations.append(citation)
        return None

    def _worded(self, text: str, citation: Citation | None) -> Sentence:
        """Where several items are at hand a sentence says which one it speaks of."""
        if citation and self.labelled and citation.passage.title not in text:
            text = f"{citation.passage.title}：{text}"
        text = text if text.endswith(("。", "！", "？", "；", "：")) else f"{text}。"
        return Sentence(text, text)


@dataclass(frozen=True)
class _Rejected:
    why: Objection
    sentence: str


class ModelComposer:
    def __init__(self, calls: ChatCalls) -> None:
        self.calls = calls

    def draft(
        self, question: str, passages: Sequence[Passage], names: Names, *, labelled: bool
    ) -> Generator[Sentence, None, Drafted]:
        """Yields each sentence once it is verified. All tries together keep the deadline."""
        draft = _Draft(passages, names, labelled, time.monotonic() + self.calls.deadline_s)
        messages = _first_messages(question, passages)
        whole = False
        for _ in range(TRIES):
            result = yield from self._written(messages, draft)
            whole = result == "whole"
            if not isinstance(result, _Rejected):
                break
            messages = [*messages, *_complaint(draft, result)]
        return Drafted(tuple(draft.sentences), tuple(draft.citations), whole)

    def _written(
        self, messages: Sequence[BaseMessage], draft: _Draft
    ) -> Generator[Sentence, None, _Rejected | Literal["whole", "failed"]]:
        reader, reply = LineReader(), self.calls.stream(messages, draft.until)
        try:
            while True:
                try:
                    piece = next(reply)
                except StopIteration as ended:
                    if ended.value != "done":
                        return "failed"
                    reader.close()
                    return "whole"
                for line in reader.feed(piece):
                    if why := (yield from draft.take(line)):
                        return _Rejected(why, line.sentence)
                    if len(draft.sentences) >= MOST_SENTENCES:
                        return "whole"
        except BrokenLine:
            return _Rejected("form", "…")
        finally:
            reply.close()


def _citation(passage: Passage, quote: str) -> Citation | None:
    for words in (quote, quote.translate(_UNMARKED)):
        try:
            return Citation.of(passage, words)
        except FalseQuote:
            continue
    return None


def _first_messages(question: str, passages: Sequence[Passage]) -> list[BaseMessage]:
    from langchain_core.messages import HumanMessage, SystemMessage

    shown = [replace(p, title=as_data(p.title), text=as_data(p.text[:SHOWN])) for p in passages]
    rules = render("zh", "model_draft", "rules", most=MOST_SENTENCES)
    return [
        SystemMessage(rules),
        HumanMessage(render("zh", "model_draft", "task", question=as_data(question), passages=shown)),
    ]


def _complaint(draft: _Draft, rejected: _Rejected) -> list[BaseMessage]:
    from langchain_core.messages import AIMessage, HumanMessage

    said = "\n".join((*draft.accepted, rejected.sentence))
    words = render("zh", "model_draft", "complaint", objection=rejected.why, sentence=as_data(rejected.sentence[:200]))
    return [AIMessage(said), HumanMessage(words)]


def as_data(text: str) -> str:
    """`text` that cannot close the mark that it stands in."""
    return text.translate(_MARKS)
