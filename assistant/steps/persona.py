"""Persona: the face that goes with an answer, how much of it is spoken, and questions that certainly have an answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from assistant.turn import Answer, Expression, Turn
from knowledge.item import Facet
from knowledge.library import Library
from knowledge.live import Live

SUGGESTED: tuple[Facet, ...] = ("materials", "place", "time", "fee", "online", "steps", "result", "proxy")
MOST = 3
SPOKEN = {"zh": 130, "ja": 160, "en": 360, "de": 400}
"""Characters that are read aloud at most, about half a minute; the rest is on screen."""
SENTENCES = {
    "zh": re.compile(r"[^。！？；\n]+[。！？；\n]*"),
    "ja": re.compile(r"[^。！？\n]+[。！？\n]*"),
    "en": re.compile(r"[^.!?\n]+[.!?\n]*\s*"),
    "de": re.compile(r"[^.!?\n]+[.!?\n]*\s*"),
}
EXPRESSIONS: dict[str, Expression] = {"answered": "explain", "guide": "explain", "clarify": "thinking"}


class Persona:
    def __init__(self, live: Callable[[], Live], labels: dict[str, dict[Facet, str]], more: dict[str, str]) -> None:
        self.live, self.labels, self.more = live, labels, more

    def __call__(self, turn: Turn) -> Turn:
        answer = turn.answer
        assert answer is not None
        return replace(turn, answer=self._faced(turn, answer))

    def _faced(self, turn: Turn, answer: Answer) -> Answer:
        if answer.status == "answered":
            answer = replace(answer, speech=shortened(answer.speech, turn.language, self.more[turn.language]))
        expression = EXPRESSIONS.get(answer.status, answer.expression)
        if answer.suggestions or answer.status not in ("answered", "no_basis", "small_talk"):
            return replace(answer, expression=expression)
        return replace(answer, expression=expression, suggestions=self._suggest(turn, self.live().library))

    def _suggest(self, turn: Turn, library: Library) -> tuple[str, ...]:
        """Facets of the item in hand that were not asked for and that the handbook fills."""
        item, labels = turn.item, self.labels.get(turn.language, self.labels["zh"])
        if item is None:
            return ()
        open_facets: list[Facet] = [
            f for f in SUGGESTED if f in labels and f not in turn.facets and library.facet_passage(item.id, f)
        ]
        return tuple(labels[facet].format(name=item.name_in(turn.language)) for facet in open_facets[:MOST])


def shortened(speech: str, language: str, more: str) -> str:
    """The first sentences of `speech`, and `more` where something is left for the screen. The first is always whole."""
    if len(speech) <= SPOKEN[language]:
        return speech
    kept = ""
    for sentence in SENTENCES[language].findall(speech):
        if kept and len(kept) + len(sentence) + len(more) > SPOKEN[language]:
            return kept.rstrip("；;。 \n") + more
        kept += sentence
    return speech
