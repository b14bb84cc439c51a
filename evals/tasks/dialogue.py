"""Turns of one conversation: is each follow-up taken for what it means? One case for each turn, one for the whole."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.ask import Reply
from evals.asking import Asker
from evals.case import Case
from evals.sample import DialogueRow, TurnExpectation


def judge(asker: Asker, row: DialogueRow) -> Iterator[Case]:
    questions = [turn.question for turn in row.turns]
    replies = asker.converse(row.id, questions)
    right = 0
    for number, (turn, reply) in enumerate(zip(row.turns, replies, strict=True), 1):
        kind, met = ("follow_up" if number > 1 else "first"), _marks(turn.expect, reply)
        marks = {kind: all(met.values()), **met}
        right += marks[kind]
        yield Case(
            f"{row.id}#{number}",
            row.category,
            " / ".join(questions[:number]),
            _shown(turn.expect),
            _came(reply),
            marks,
            kind,
            turn.expect.item,
            reply.answer.text,
            took_ms=reply.took_ms,
        )
    share, marks = f"{right}/{len(replies)}", {"whole": right == len(replies)}
    yield Case(row.id, row.category, " / ".join(questions), "every turn", share, marks, "whole")


def _marks(expect: TurnExpectation, reply: Reply) -> dict[str, bool]:
    marks = {}
    if expect.status:
        marks["status"] = reply.answer.status == expect.status
    if expect.item:
        marks["item"] = reply.turn.item is not None and reply.turn.item.id == expect.item
    if expect.facets:
        marks["facets"] = set(expect.facets) <= set(reply.turn.facets)
    return marks


def _shown(expect: TurnExpectation) -> str:
    return f"{expect.status or ''} {expect.item or ''}: {', '.join(expect.facets)}".strip()


def _came(reply: Reply) -> str:
    item = reply.turn.item.id if reply.turn.item else ""
    return f"{reply.answer.status} {item}: {', '.join(reply.turn.facets)}"
