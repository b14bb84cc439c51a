"""Answers of visitors that staff judged, as questions of the hall's own golden set."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import yaml

from assistant.answer_labels import NOT_ANSWERED, Judgement, Sampled
from channels.answers_view import answer_words
from evals.own_questions import Expect, OwnQuestion
from knowledge.item import ServiceItem

LeftOut = Literal["asked_back", "picked", "no_item", "item_gone", "repeated"]
ASKED_BACK = ("clarify", "guide")
FULL_STOP = "。.！!？? "


@dataclass(frozen=True)
class Questions:
    """Each question once, as it was judged last; and how many rows became none, by why."""

    rows: tuple[OwnQuestion, ...]
    left_out: Counter[LeftOut]


@cache
def sampled_words() -> dict[str, Any]:
    return yaml.safe_load((files("evals") / "sampled_words.yaml").read_text("utf-8"))


def own_questions(judged: Iterable[Sampled], items: Mapping[str, ServiceItem]) -> Questions:
    """From the oldest to the newest. The first person's label counts."""
    rows: dict[str, OwnQuestion] = {}
    left_out = Counter[LeftOut]()
    for one in judged:
        row = own_question(one, items)
        if not isinstance(row, OwnQuestion):
            left_out[row] += 1
            continue
        left_out["repeated"] += rows.pop(row.key, None) is not None
        rows[row.key] = row
    return Questions(tuple(rows.values()), +left_out)


def own_question(sampled: Sampled, items: Mapping[str, ServiceItem]) -> OwnQuestion | LeftOut:
    """What a later answer is to be held against, as far as the label tells; else why it tells nothing."""
    said = sampled.judgements[0]
    if sampled.shown.picked:
        return "picked"
    expected = _expected(sampled, said)
    if isinstance(expected, str):
        return expected
    expect, item = expected
    if item is not None and item not in items:
        return "item_gone"
    event = items[item].life_event if item else None
    return OwnQuestion(
        question=sampled.shown.meant or sampled.shown.question,
        expect=expect,
        items=(item,) if item else (),
        category=event or answer_words()["statuses"][sampled.status],
        note=_note(said),
    )


def _expected(sampled: Sampled, said: Judgement) -> tuple[Expect | None, str | None] | LeftOut:
    """How it is to end, and with which item."""
    if said.label == "should_have_refused":
        return "no_answer", None
    if said.label == "right" and sampled.status in ASKED_BACK:
        return (None, sampled.item) if sampled.item else "asked_back"
    if said.label == "right":
        return ("answer", sampled.item) if sampled.status == "answered" else ("no_answer", None)
    if said.right_item:
        return "answer", said.right_item
    if said.label == "partly" and sampled.status not in NOT_ANSWERED:
        return "answer", sampled.item
    return ("answer", None) if said.should_say else "no_item"


def _note(said: Judgement) -> str:
    words = sampled_words()
    note = words["note"].format(label=answer_words()["labels"][said.label])
    for name, text in (("should_say", said.should_say), ("remark", said.note)):
        if text:
            note += words[name].format(words=text.rstrip(FULL_STOP))
    return note
