"""A situation told in words: does the visitor who answers what is asked back get exactly the list of that situation?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.ask import Reply
from evals.asking import Asker
from evals.case import Case
from evals.sample import BadRow, ChecklistRow
from evals.told_list import Compared, Entry, compared, entries, labels, told_lines, words
from knowledge.checklist import Checklist, build_checklist
from knowledge.item import ServiceItem
from knowledge.situations import unknown_choices

MOST_TURNS = 10
"""After so many the visitor walks away."""
TO_SPARE = 2
"""Turns that a visit may take beside one for each answer that the question does not tell."""


@dataclass(frozen=True)
class Visit:
    """One conversation, up to the list or to where it leads no further."""

    said: tuple[str, ...]
    asked: tuple[str, ...]
    """Situations asked back, in order."""
    last: Reply
    told: tuple[str, ...] | None
    """Lines of the list, where there is one."""
    took_ms: float

    @property
    def turns(self) -> int:
        return len(self.said)


def judge(asker: Asker, row: ChecklistRow) -> Iterator[Case]:
    """Raises BadRow where the choices of a row make no whole list of its item."""
    checklist = expected_list(asker.product.live.current().library.items.get(row.item), row)
    expected, visit = entries(checklist), _visit(asker, row)
    found = compared(visit.told or (), expected)
    yield Case(
        row.id,
        row.category,
        " / ".join(visit.said),
        f"{row.item}: {', '.join(labels(checklist))}",
        _came(visit),
        _marks(asker, row, visit, expected, found),
        _kind(checklist, asker),
        row.item,
        visit.last.answer.text,
        missed=(*(f"- {one}" for one in found.missing), *(f"+ {one}" for one in found.extra)),
        took_ms=visit.took_ms,
    )


def expected_list(item: ServiceItem | None, row: ChecklistRow) -> Checklist:
    """The list of the item's own fields for the choices of a row, so that a changed material changes it."""
    if item is None:
        raise BadRow(f"{row.id}: the handbook has no item {row.item}")
    for name in unknown_choices(item, row.choices):
        raise BadRow(f"{row.id}: {row.item} has no situation {name} with the option {row.choices[name]}")
    checklist = build_checklist(item, row.choices)
    if checklist.item_instead:
        raise BadRow(f"{row.id}: its choices lead to {checklist.item_instead} instead of {row.item}")
    if checklist.open_questions:
        raise BadRow(f"{row.id}: its choices leave {checklist.open_questions[0].situation} of {row.item} open")
    return checklist


def _visit(asker: Asker, row: ChecklistRow) -> Visit:
    said, asked, took = [row.question], [], 0.0
    while True:
        reply = asker.say(f"checklist-{row.id}", said[-1])
        took = max(took, reply.took_ms)
        told = told_lines(reply.answer.text) if reply.answer.status == "answered" else None
        answer = None if told is not None else _answer(row, reply, said, asked)
        if answer is None or len(said) == MOST_TURNS:
            return Visit(tuple(said), tuple(asked), reply, told, took)
        said.append(answer)


def _answer(row: ChecklistRow, reply: Reply, said: list[str], asked: list[str]) -> str | None:
    """What the visitor says next: the words that he has for it, at the second asking the option; None to walk away."""
    answer, step = reply.answer, reply.answer.next_step
    if answer.status == "guide" and step:
        situation = step.data["situation"]
        asked.append(situation)
        if situation in row.replies and asked.count(situation) == 1:
            return row.replies[situation]
        return _touched(reply, row.choices.get(situation))
    if answer.status == "clarify":
        return _touched(reply, row.item)
    ask = words()["ask_for_list"]
    return ask if answer.status == "answered" and ask not in said else None


def _touched(reply: Reply, value: str | None) -> str | None:
    return next((option.label for option in reply.answer.options if option.value == value), None)


def _marks(
    asker: Asker, row: ChecklistRow, visit: Visit, expected: tuple[Entry, ...], found: Compared
) -> dict[str, bool]:
    item = visit.last.turn.item
    repeated = [name for place, name in enumerate(visit.asked) if name in (*row.told, *visit.asked[:place])]
    got, may_take = visit.told is not None, TO_SPARE + len(row.choices.keys() - set(row.told))
    marks = {
        "item": got and item is not None and item.id == row.item,
        "exact": got and not found.missing and not found.extra,
        "reached": got and visit.turns <= may_take,
        "nothing_missing": got and not found.missing,
        "asks_nothing_told": not repeated,
    }
    if got:
        marks["nothing_extra"] = not found.extra
        marks["takes_home"] = _taken_home(asker, visit.last) == set(expected)
    return marks


def _taken_home(asker: Asker, reply: Reply) -> set[Entry] | None:
    """The list behind the link and the QR code of an answer; None where it has none."""
    step = reply.answer.next_step
    if step is None or step.kind != "checklist":
        return None
    item = asker.product.live.current().library.items[step.data["item"]]
    return set(entries(build_checklist(item, step.data["choices"])))


def _kind(checklist: Checklist, asker: Asker) -> str:
    if asker.product.live.current().library.items[checklist.item].bundle:
        return "bundle"
    return "one_situation" if len(checklist.choices) == 1 else "several_situations"


def _came(visit: Visit) -> str:
    item = visit.last.turn.item
    asked = f" asked {', '.join(visit.asked)};" if visit.asked else ""
    lines = "no list" if visit.told is None else f"{len(visit.told)} lines"
    return f"{visit.last.answer.status} {item.id if item else ''}:{asked} {lines} after {visit.turns} turns"
