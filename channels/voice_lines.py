"""What 小新 says around her answers, so that the first sound is there at once: voice_lines.yaml."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from assistant.ask import Reply
from speech.label import label

FIXED = ("greet", "unclear")


@cache
def _lines() -> dict[str, Any]:
    return yaml.safe_load((files("channels") / "voice_lines.yaml").read_text("utf-8"))


def line(name: str) -> str:
    return _lines()[name]


def lead_in(reply: Reply, before: str | None) -> str | None:
    """What is said before the answer while that is being synthesized. `before` is the item of the last answer.

    None before fixed replies: they are synthesized ahead themselves.
    """
    leads: dict[str, str] = _lines()["lead_in"]
    item, status = reply.turn.item, reply.answer.status
    if status in ("guide", "clarify"):
        return leads[status]
    if status != "answered" or item is None:
        return None
    return leads["again"] if item.id == before else leads["item"].format(item=item.name)


def worded(reply: Reply, before: Reply | None, told: Reply | None) -> str:
    """The answer as it is said: after a lead-in, and after a wish once more what was told.

    `before` is the last reply, `told` the last that told something.
    """
    speech = reply.answer.speech
    if reply.answer.status == "small_talk" and reply.answer.reason in ("slower", "louder") and told:
        return f"{speech}\n{told.answer.speech}"
    was = before.turn.item.id if before and before.turn.item else None
    lead = lead_in(reply, was) if reply.turn.language == "zh" else None
    return f"{lead}\n{speech}" if lead else speech


def said_ahead(items: Iterable[str]) -> Iterator[str]:
    """Every line, then the lead-in of each item, by its name: what is worth having before the first visitor."""
    yield label().spoken
    yield from (line(name) for name in FIXED)
    leads: dict[str, str] = _lines()["lead_in"]
    yield from (text for name, text in leads.items() if name != "item")
    yield from (leads["item"].format(item=name) for name in items)
