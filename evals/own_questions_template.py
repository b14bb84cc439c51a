"""Three example rows for the template of a hall's own questions, from the hall's own handbook."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, islice

from evals.facts import facts_of, wordings
from evals.own_questions import OwnQuestion, words
from knowledge.item import Facet, ServiceItem
from knowledge.library import Library
from knowledge.numbers import amounts

ASKED: tuple[Facet, ...] = ("time", "materials", "fee")
"""Facets that an example may ask for, the most telling first."""
SHOWN, IN_WORDS = ("value", "name"), ("free", "on_the_spot")
"""Kinds of facts; the first show best how a sheet is filled."""
FEW = 3


def examples(library: Library) -> tuple[OwnQuestion, ...]:
    """Two questions that the handbook answers and one that it does not, every one marked as a sample."""
    answered = islice(chain(_of_items(library), _of_texts(library)), 2)
    not_answered = OwnQuestion(words()["examples"]["not_answered"], "no_answer")
    marked = {"category": words()["sample"], "note": words()["sample_note"]}
    return tuple(replace(row, **marked) for row in (*answered, not_answered))


def is_example(row: OwnQuestion) -> bool:
    return row.note == words()["sample_note"]


def _of_items(library: Library) -> Iterator[OwnQuestion]:
    """One question for each facet, of the first item that states it by value or name, else in words."""
    asked: set[str] = set()
    for facet in ASKED:
        stated = ((item, lines) for item in library.items.values() if (lines := _lines(item, facet, SHOWN)))
        in_words = ((item, lines) for item in library.items.values() if (lines := _lines(item, facet, IN_WORDS)))
        for item, lines in chain(stated, in_words):
            if item.id not in asked:
                asked.add(item.id)
                yield OwnQuestion(words()["examples"][facet].format(name=item.name), "answer", (item.id,), lines)
                break


def _lines(item: ServiceItem, facet: Facet, kinds: tuple[str, ...]) -> tuple[str, ...]:
    found = [fact for fact in facts_of(item).facts if fact.facet == facet and fact.kind in kinds]
    return tuple(dict.fromkeys(_line(fact.kind, fact.value) for fact in found))[:FEW]


def _line(kind: str, value: str) -> str:
    if kind in ("free", "on_the_spot"):
        return wordings()[kind]["zh"][0]
    return value.replace(" ", words()["count_of"]) if value.endswith(" 工作日") else value.replace(" ", "")


def _of_texts(library: Library) -> Iterator[OwnQuestion]:
    """Of the first passages with a question of their own, else with a title: one question each."""
    texts = [one for one in library.passages if one.item is None and not one.is_other_service]
    for passage in sorted(texts, key=lambda one: not one.questions)[:2]:
        subject = passage.title.split(" > ")[-1].strip()
        question = passage.questions[0] if passage.questions else words()["examples"]["text"].format(name=subject)
        values = tuple(dict.fromkeys(amount.raw for amount in amounts(passage.text) if amount.unit))
        yield OwnQuestion(question, "answer", contains=values[:1])
