"""Verify: every number of a draft stands in a cited passage; only then is it an answer."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace

from assistant.replies import Replies
from assistant.turn import Answer, Draft, NextStep, Turn
from knowledge.live import Live
from knowledge.numbers import Amount, unsupported

logger = logging.getLogger(__name__)

REASON_OF = {"facts": "facts", "faq": "faq", "passage": "passage", "premise": "premise"}
"""The reason of an answer by what drafted it; anything else is a model."""


class Verify:
    """Turns a draft into an `answered` answer, or into no_basis where its numbers have no source."""

    def __init__(self, live: Callable[[], Live], replies: Replies) -> None:
        self.live, self.replies = live, replies

    def __call__(self, turn: Turn) -> Turn:
        draft = turn.draft
        assert draft is not None
        hall = self.live().library.hall
        if numbers := unfounded(draft, hall.hotline, f"{turn.text} {_chosen_words(turn)}", turn.language):
            logger.warning(
                "draft on %s dropped: no source for %s", turn.item and turn.item.id, [number.raw for number in numbers]
            )
            name = turn.item.name_in(turn.language) if turn.item else draft.citations[0].passage.title
            return turn.ended(self.replies.answer("no_basis", "facet_unknown", turn.language, item=name))
        model = None if draft.by in REASON_OF else draft.by
        answer = Answer(
            status="answered",
            reason=REASON_OF.get(draft.by, "model"),
            text=draft.text,
            speech=draft.speech,
            citations=draft.citations,
            next_step=_next_step(turn),
            model=model,
        )
        return replace(turn, answer=answer)


def _chosen_words(turn: Turn) -> str:
    """Labels and notices of the options that the visitor chose: fields of the item that the list repeats."""
    situations = turn.item.situations if turn.item else ()
    chosen = [option for s in situations for option in s.options if turn.choices.get(s.id) == option.value]
    return " ".join(text for option in chosen for text in (option.label, option.notice or ""))


def unfounded(draft: Draft, hotline: str, said: str, language: str = "zh") -> tuple[Amount, ...]:
    """Numbers of the draft that neither stand in its citations nor were said by the visitor."""
    sources = [citation.quote for citation in draft.citations]
    titles = [citation.passage.title for citation in draft.citations]
    known = [*sources, *titles, hotline, said, _numbering(draft.text)]
    return unsupported(f"{draft.text}\n{draft.speech}", known, units=language == "zh")


def _numbering(text: str) -> str:
    """List numbers at the beginning of lines, and counts of steps, are no facts."""
    return " ".join(str(number) for number in range(1, text.count("\n") + 2))


def _next_step(turn: Turn) -> NextStep | None:
    """An answer about materials can be taken along."""
    if turn.item is None or not turn.item.materials:
        return None
    return NextStep("checklist", turn.item.name_in(turn.language), {"item": turn.item.id, "choices": turn.choices})
