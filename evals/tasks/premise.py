"""What a question takes for granted: contradicted where it is wrong, borne out where it is right."""

from __future__ import annotations

from collections.abc import Iterator

from evals.asking import Asker
from evals.case import Case
from evals.sample import PremiseRow
from evals.tasks.answering import Held, hold

OPPOSITE = {"true": "false", "false": "true"}


def judge(asker: Asker, row: PremiseRow) -> Iterator[Case]:
    """`not_misled`: the opposite is not said. `said`: the verdict itself is, and not only the facts that tell it."""
    reply = asker.ask(row.question)
    turn = reply.turn
    item = turn.item.id if turn.item else None
    verdicts = [premise.verdict for premise in turn.premises] if reply.answer.reason == "premise" else []
    marks, held, known = {"item": item == row.item}, Held(), asker.facts(row.item)
    if marks["item"] and known:
        held = hold(asker, reply, known, ("fee",) if row.about == "fee" else ())
        marks["not_misled"] = OPPOSITE.get(row.expect) not in verdicts
        marks["said"] = row.expect in verdicts
        marks["nothing_invented"] = not held.strange
        if held.expected:
            marks["fee"] = not held.lacking
    yield Case(
        row.id,
        row.category,
        row.question,
        f"{row.item}: {row.expect}",
        f"{item}: {', '.join(verdicts) or reply.answer.reason}",
        marks,
        f"{row.about}, {row.expect}",
        row.item,
        reply.answer.text,
        held.missed,
        held.counts,
        took_ms=reply.took_ms,
    )
