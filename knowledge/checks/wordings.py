"""One wording that means two things: questions and aliases of two items."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from knowledge.checks.subject import Finding, Subject, bare
from knowledge.handbook import Handbook, Problem
from knowledge.item import ServiceItem
from knowledge.source_lines import Loc


def wordings_mean_one_item(handbook: Handbook, today: date) -> Iterator[Problem]:
    """Items of different regions may share a wording: the nearer one overrides. What is out of force is let be."""
    first: dict[tuple[str, str | None], tuple[str, Loc]] = {}
    for item in handbook.items.values():
        if item.effective_to and item.effective_to < today:
            continue
        for loc, wording in _wordings(item):
            owner, _ = first.setdefault((bare(wording), item.region), (item.id, loc))
            if owner != item.id:
                yield handbook.problem(item.id, loc, f"{wording} is a wording of {owner} too")


def wordings_are_not_repeated(at: Subject) -> Iterator[Finding]:
    """An alias given twice, or one question in two FAQs of the same item."""
    aliases: set[str] = set()
    for position, alias in enumerate(at.item.aliases):
        if bare(alias) in aliases:
            yield ("aliases", position), f"{alias} stands here twice"
        aliases.add(bare(alias))
    asked: set[str] = set()
    for first, faq in enumerate(at.item.faq):
        for second, question in enumerate(faq.questions):
            if bare(question) in asked:
                yield ("faq", first, "questions", second), f"{question} is asked twice in this item"
            asked.add(bare(question))


def not_this_is_somebody_elses(handbook: Handbook, _today: date) -> Iterator[Problem]:
    """What `not_this` sends away is neither a wording of this item nor of a third one."""
    owners: dict[tuple[str, str | None], set[str]] = {}
    for item in handbook.items.values():
        for _, wording in _wordings(item):
            owners.setdefault((bare(wording), item.region), set()).add(item.id)
    for item in handbook.items.values():
        for first, away in enumerate(item.not_this):
            for second, ask in enumerate(away.asks):
                owned = owners.get((bare(ask), item.region), {away.item})
                loc: Loc = ("not_this", first, "asks", second)
                if item.id in owned:
                    yield handbook.problem(item.id, loc, f"{ask} is a wording of this item itself")
                elif away.item not in owned:
                    yield handbook.problem(item.id, loc, f"{ask} is a wording of {min(owned)}, not of {away.item}")


def _wordings(item: ServiceItem) -> Iterator[tuple[Loc, str]]:
    yield ("name",), item.name
    for position, alias in enumerate(item.aliases):
        yield ("aliases", position), alias
    for first, faq in enumerate(item.faq):
        for second, question in enumerate(faq.questions):
            yield ("faq", first, "questions", second), question
