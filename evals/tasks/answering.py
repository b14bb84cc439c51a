"""The answer: right item, every facet that was asked for, its facts, and no value that stands nowhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from assistant.ask import Reply
from evals.asking import Asker
from evals.case import Case
from evals.facts import Fact, ItemFacts, invented, is_said
from evals.sample import AnsweringRow
from knowledge.item import Facet

ANSWERS = ("answered", "guide")
"""Statuses that answer; `guide` says what is certain and asks for the rest."""


@dataclass(frozen=True)
class Held:
    """An answer held against the record of the item that was expected."""

    expected: tuple[Fact, ...] = ()
    lacking: tuple[Fact, ...] = ()
    strange: tuple[str, ...] = ()
    """Values on no record of the item."""

    @property
    def missed(self) -> tuple[str, ...]:
        return (*(f"- {fact}" for fact in self.lacking), *(f"+ {value}" for value in self.strange))

    @property
    def counts(self) -> dict[str, int]:
        said = len(self.expected) - len(self.lacking)
        return {"said": said, "lacking": len(self.lacking), "strange": len(self.strange)}


def judge(asker: Asker, row: AnsweringRow) -> Iterator[Case]:
    reply = asker.ask(row.question)
    turn, answer = reply.turn, reply.answer
    item = turn.item.id if turn.item else None
    marks = {"item": item == row.item and answer.status in ANSWERS}
    known = asker.facts(row.item)
    held = Held()
    if marks["item"] and known:
        held = hold(asker, reply, known, () if answer.reason == "faq" else row.facets)
        marks["facets"] = all(_covers(asker, reply, known, facet) for facet in row.facets)
        if held.expected:
            marks["facts"] = not held.lacking
        marks["nothing_invented"] = not held.strange
    yield Case(
        row.id,
        row.category,
        row.question,
        f"{row.item}: {', '.join(row.facets)}",
        f"{answer.status} {item or ''}: {', '.join(turn.facets)}",
        marks,
        row.kind,
        row.item,
        answer.text,
        held.missed,
        held.counts,
        _verdict(answer.status, marks, held),
        reply.took_ms,
    )


def hold(asker: Asker, reply: Reply, known: ItemFacts, facets: Iterable[Facet]) -> Held:
    """Facts of `facets` that the answer says and lacks, and values that it has from nowhere.

    A frequent question answered in its own words need not recite the fields: of it no facts are expected, but what it
    says is held against the record like everything else.
    """
    turn, text = reply.turn, reply.answer.text
    expected = known.of(facets, turn.language)
    lacking = tuple(fact for fact in expected if not is_said(fact, text, turn.language))
    strange = invented(text, known, turn.text, also=(f"{asker.hotline} phone",)) if turn.language == "zh" else ()
    return Held(expected, lacking, strange)


def _covers(asker: Asker, reply: Reply, known: ItemFacts, facet: Facet) -> bool:
    """Whether an answer tells of a facet: named as such, in a frequent question about it, or by all of its facts."""
    turn = reply.turn
    if facet in turn.facets or (turn.faq and facet in asker.facets_of(turn.faq.hit)):
        return True
    facts = known.of((facet,), turn.language)
    return bool(facts) and all(is_said(fact, reply.answer.text, turn.language) for fact in facts)


def _verdict(status: str, marks: dict[str, bool], held: Held) -> str:
    if not marks["item"]:
        return "asks_back" if status == "clarify" else "wrong_item" if status in ANSWERS else "not_answered"
    if held.strange:
        return "wrong" if held.lacking else "invented"
    return "partly" if held.lacking or not marks.get("facets", True) else "right"
