"""Compose: a draft from the facts. What a visitor believes wrongly is corrected first."""

from __future__ import annotations

from dataclasses import replace

from assistant.compose_facts import FactsComposer, render
from assistant.replies import Replies
from assistant.turn import Draft, Turn


class Compose:
    def __init__(self, replies: Replies, composer: FactsComposer) -> None:
        self.replies, self.composer = replies, composer

    def __call__(self, turn: Turn) -> Turn:
        draft = self.composer.draft(turn)
        if draft is None:
            assert turn.item is not None
            answer = self.replies.answer(
                "no_basis", "facet_unknown", turn.language, item=turn.item.name_in(turn.language)
            )
            return turn.ended(answer)
        return replace(turn, draft=_with_premises(turn, draft))


def _with_premises(turn: Turn, draft: Draft) -> Draft:
    """The draft, led by what is to be said to the visitor's premises."""
    said = render("zh", "premise", "screen", premises=turn.premises, item=turn.item)
    spoken = render("zh", "premise", "speech", premises=turn.premises, item=turn.item)
    if not said:
        return draft
    head, _, rest = draft.text.partition("\n")
    text = f"{head}\n{said}\n{rest}" if head.startswith("【") else f"{said}\n{draft.text}"
    return replace(draft, text=text, speech=spoken + draft.speech, by="premise")
