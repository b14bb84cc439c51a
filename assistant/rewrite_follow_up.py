"""A follow-up that the rules leave open, made self-standing by a chat model. Looked up, never shown."""

from __future__ import annotations

import time
from dataclasses import replace

from assistant.chat_model import ChatCalls
from assistant.compose_facts import render
from assistant.compose_model import as_data
from assistant.language import HAN
from assistant.turn import Turn

TURNS = 3
"""Earlier turns that the model sees."""
SHOWN = 200
"""Characters of an earlier answer that the model sees."""
LONGEST = 80
NONE = "无"


class RewriteFollowUp:
    def __init__(self, calls: ChatCalls) -> None:
        self.calls = calls

    def __call__(self, turn: Turn) -> str | None:
        """The question in full, in half the model's deadline; None where there is nothing to go by."""
        from langchain_core.messages import HumanMessage, SystemMessage

        if turn.language != "zh" or not any(past.item for past in turn.history):
            return None
        history = [
            replace(past, question=as_data(past.question), text=as_data(past.text[:SHOWN]))
            for past in turn.history[-TURNS:]
        ]
        messages = [
            SystemMessage(render("zh", "model_rewrite", "rules")),
            HumanMessage(render("zh", "model_rewrite", "task", question=as_data(turn.text), history=history)),
        ]
        words = (self.calls.ask(messages, time.monotonic() + self.calls.deadline_s / 2) or "").strip().strip("“”\"'")
        usable = len(words) <= LONGEST and words.isprintable() and HAN.search(words) and words.rstrip("。") != NONE
        return words if usable else None
