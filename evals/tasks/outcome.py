"""How it ends: answered what can be answered, and not answered what must not be, each for the right reason."""

from __future__ import annotations

from collections.abc import Iterator

from evals.asking import Asker
from evals.case import Case
from evals.sample import AnsweringRow, RefuseRow
from evals.tasks.answering import ANSWERS

CLARIFIES = "clarify"


def judge(asker: Asker, row: AnsweringRow | RefuseRow) -> Iterator[Case]:
    reply = asker.ask(row.question)
    status = reply.answer.status
    came = "answered" if status in ANSWERS else status
    if isinstance(row, AnsweringRow):
        expected = "answered"
        marks = {"answers": came == "answered", "not_turned_away": came in ("answered", CLARIFIES)}
    else:
        as_good = came in (row.expect.status, *row.expect.also)
        expected = came if as_good else row.expect.status
        marks = {"kept_out": came != "answered", "status": as_good}
        if row.expect.reason and came == row.expect.status:
            marks["reason"] = reply.answer.reason == row.expect.reason
    yield Case(
        row.id,
        row.category,
        row.question,
        expected,
        came,
        marks,
        getattr(row, "kind", None),
        getattr(row, "item", None),
        reply.answer.text,
        took_ms=reply.took_ms,
    )
