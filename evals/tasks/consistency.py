"""Several wordings of one question: do all get the same item and the same facts?"""

from __future__ import annotations

from collections.abc import Iterator

from assistant.ask import Reply
from evals.asking import Asker
from evals.case import Case
from evals.facts import is_said
from evals.sample import ConsistencyRow


def judge(asker: Asker, row: ConsistencyRow) -> Iterator[Case]:
    replies = [asker.ask(question) for question in row.questions]
    items = [reply.turn.item.id if reply.turn.item else reply.answer.status for reply in replies]
    marks = {"right_item": set(items) == {row.item}, "same_item": len(set(items)) == 1}
    said = [_facts_said(asker, row, reply) for reply in replies]
    if marks["right_item"]:
        marks["same_facts"] = len(set(said)) == 1
    in_all = frozenset.intersection(*said)
    apart = sorted(frozenset.union(*said) - in_all) if marks["right_item"] else []
    yield Case(
        row.id,
        row.category,
        " / ".join(row.questions),
        f"{row.item}: {', '.join(row.facets)}",
        " / ".join(items),
        marks,
        item=row.item,
        answer="\n\n".join(reply.answer.text for reply in replies),
        missed=tuple(f"± {fact}" for fact in apart),
        took_ms=max(reply.took_ms for reply in replies),
    )


def _facts_said(asker: Asker, row: ConsistencyRow, reply: Reply) -> frozenset[str]:
    known = asker.facts(row.item)
    expected = known.of(row.facets, reply.turn.language) if known else ()
    return frozenset(str(fact) for fact in expected if is_said(fact, reply.answer.text, reply.turn.language))
