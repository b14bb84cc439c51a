"""Compose: a draft from the facts. What a visitor believes wrongly is corrected first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from assistant.compose_facts import FactsComposer, render
from assistant.premise import Premise, find_premises
from assistant.replies import Replies
from assistant.turn import Draft, Turn
from knowledge.live import Live


class Compose:
    def __init__(self, live: Callable[[], Live], replies: Replies, composer: FactsComposer) -> None:
        self.live, self.replies, self.composer = live, replies, composer

    def __call__(self, turn: Turn) -> Turn:
        library = self.live().library
        premises = find_premises(turn.text, turn.item, turn.choices, library.hall.materials) if turn.item else ()
        turn = _widened(turn, premises)
        draft = self.composer.draft(turn)
        if draft is None:
            assert turn.item is not None
            answer = self.replies.answer("no_basis", "facet_unknown", turn.language, item=turn.item.name)
            return turn.ended(answer)
        return replace(turn, draft=_with_premises(turn, draft, premises))


def _widened(turn: Turn, premises: tuple[Premise, ...]) -> Turn:
    """The facet that a premise speaks of is answered, and no frequent question in its stead."""
    facets = tuple(dict.fromkeys(premise.facet for premise in premises))
    if not facets or turn.language != "zh":
        return turn
    others = tuple(facet for facet in turn.facets if facet not in (*facets, "overview", "conditions"))
    return replace(turn, facets=(*facets, *others), faq=None)


def _with_premises(turn: Turn, draft: Draft, premises: tuple[Premise, ...]) -> Draft:
    if not premises or turn.language != "zh":
        return draft
    said = render("zh", "premise", "screen", premises=premises, item=turn.item)
    spoken = render("zh", "premise", "speech", premises=premises, item=turn.item)
    head, _, rest = draft.text.partition("\n")
    text = f"{head}\n{said}\n{rest}" if head.startswith("【") else f"{said}\n{draft.text}"
    return replace(draft, text=text, speech=spoken + draft.speech, by="premise")
