"""Answers from fields, through one template per facet; no model needed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined

from assistant.choose_faq import faq_of
from assistant.turn import Answer, Draft, NextStep, Option, Turn
from knowledge.checklist import build_checklist
from knowledge.item import Facet, ServiceItem, Situation
from knowledge.library import Library
from knowledge.live import Live
from knowledge.numbers import amounts
from knowledge.passage import Citation, Hit

OVERVIEW_FACETS: tuple[Facet, ...] = ("overview", "conditions", "materials", "place", "time", "fee", "online")
"""What an overview shows, and so cites."""
SAID_TWICE = re.compile(r"(以窗口(?:公布|答复)为准)[。，；]?（以窗口公布为准）")
"""A note and the mark of an unconfirmed field may say the same."""
QUOTED = 400
"""Characters of a document's section that an answer shows at most."""


BESIDE_MATERIALS: frozenset[Facet] = frozenset({"time", "fee", "place", "proxy"})
"""Facets of one field each, told while the list of materials is still open."""


class FactsComposer:
    """Writes drafts from the fields of an item. Pure: the same turn and library give the same words."""

    def __init__(self, live: Callable[[], Live]) -> None:
        self.live = live

    def draft(self, turn: Turn) -> Draft | None:
        """None where the handbook has nothing on any facet asked for."""
        library = self.live().library
        if turn.item is None:
            return _of_document(turn)
        if turn.faq and turn.faq.place == "alone":
            return _of_faq(turn)
        known: list[Facet] = [facet for facet in turn.facets if library.facet_passage(turn.item.id, facet)]
        if not known:
            return _of_faq(turn) if turn.faq else None
        unknown: list[Facet] = [facet for facet in turn.facets if facet not in known]
        words: dict[Facet, tuple[str, str]] = {facet: self._facet(turn, turn.item, facet, library) for facet in known}
        lead = render(turn.language, "lead", "screen", item=turn.item, turn=turn)
        tail = render(turn.language, "unknown", "screen", facets=unknown, hall=library.hall) if unknown else ""
        cited = OVERVIEW_FACETS if "overview" in known else ()
        draft = Draft(
            text="\n".join(filter(None, (lead, *(screen for screen, _ in words.values()), tail))),
            speech="".join(filter(None, (_spoken_lead(turn, known), *_spoken(turn, words), tail))),
            citations=_citations(library, turn.item, tuple(dict.fromkeys((*known, *cited)))),
        )
        return _with_faq(turn, draft) if turn.faq else draft

    def _facet(self, turn: Turn, item: ServiceItem, facet: Facet, library: Library) -> tuple[str, str]:
        values = {
            "item": item,
            "hall": library.hall,
            "checklist": build_checklist(item, turn.choices),
            "alone": len(turn.facets) == 1,
            "members": [library.items[member] for member in item.bundle.members if member in library.items]
            if item.bundle
            else [],
        }
        return (
            render(turn.language, facet, "screen", **values),
            render(turn.language, facet, "speech", **values),
        )

    def ask_situation(self, turn: Turn, situation: Situation) -> Turn:
        """End the turn with what is certain of the checklist, and the question that decides the rest."""
        library = self.live().library
        assert turn.item is not None
        values = {"item": turn.item, "situation": situation, "checklist": build_checklist(turn.item, turn.choices)}
        faq = _of_faq(turn) if turn.faq and turn.faq.place == "lead" else None
        text = render(turn.language, "situation", "screen", **values)
        speech = render(turn.language, "situation", "speech", **values)
        head, _, rest = text.partition("\n")
        beside = self._beside(turn, turn.item, library)
        answer = Answer(
            status="guide",
            reason="situation",
            text="\n".join((faq.text if faq else head, *beside, rest)),
            speech=faq.speech + speech if faq else speech,
            next_step=NextStep("ask", situation.ask, {"situation": situation.id}),
            options=tuple(Option(option.label, option.value) for option in situation.options),
            citations=(*(faq.citations if faq else ()), *_citations(library, turn.item, _cited(turn))),
        )
        return turn.ended(answer)

    def _beside(self, turn: Turn, item: ServiceItem, library: Library) -> list[str]:
        """What is asked beside the materials, while the list is still open."""
        known: list[Facet] = [facet for facet in _cited(turn)[:-1] if library.facet_passage(item.id, facet)]
        return [self._facet(turn, item, facet, library)[0] for facet in known]

    def with_options(self, answer: Answer, options: tuple[Option, ...], language: str = "zh") -> Answer:
        """A reply that asks back, with its options listed on screen and read aloud."""
        return replace(
            answer,
            text=render(language, "options", "screen", lead=answer.text, options=options),
            speech=render(language, "options", "speech", lead=answer.speech, options=options),
            options=options,
        )


def _spoken_lead(turn: Turn, facets: Sequence[Facet]) -> str:
    """The item's name, said where the visitor did not say it: what was understood can then be heard."""
    assert turn.item
    names = (turn.item.name, *turn.item.aliases)
    heard = any(name in turn.text for name in names) or any(past.item == turn.item.id for past in turn.history)
    told = turn.faq is not None and turn.faq.place == "lead"
    return "" if heard or told or facets[0] == "overview" else render(turn.language, "lead", "speech", item=turn.item)


def _spoken(turn: Turn, words: Mapping[Facet, tuple[str, str]]) -> list[str]:
    """What is said of each facet, apart from what the very question asked has already answered."""
    told: tuple[Facet, ...] = ()
    if turn.faq and turn.item and turn.faq.place == "lead" and turn.faq.close:
        told = ("overview", *turn.item.faq[faq_of(turn.faq.hit)].facets)
    return [speech for facet, (_, speech) in words.items() if facet not in told]


def _cited(turn: Turn) -> tuple[Facet, ...]:
    """Facets of a turn that asks back: those of one field each that are asked for, and the materials."""
    return (*(facet for facet in turn.facets if facet in BESIDE_MATERIALS), "materials")


def _of_faq(turn: Turn) -> Draft:
    """The frequent question alone, and below it the second one that fits."""
    assert turn.faq
    assert turn.item
    passage = turn.faq.hit.passage
    faq = turn.item.faq[faq_of(turn.faq.hit)]
    draft = Draft(
        text=render(turn.language, "faq", "screen", item=turn.item, faq=faq, turn=turn),
        speech=render(turn.language, "faq", "speech", item=turn.item, faq=faq, turn=turn),
        citations=(Citation.of(passage, passage.text),),
        by="faq",
    )
    return _and_faq(turn, draft, turn.faq.second) if turn.faq.second else draft


def _with_faq(turn: Turn, draft: Draft) -> Draft:
    """The fields that are asked for, led by the frequent question that is asked, or followed by one like it."""
    assert turn.faq
    if turn.faq.place == "below":
        draft = _and_faq(turn, draft, turn.faq.hit)
        return _and_faq(turn, draft, turn.faq.second) if turn.faq.second else draft
    faq = _of_faq(turn)
    head, _, rest = draft.text.partition("\n")
    answer = faq.text.partition("\n")[2]
    return replace(
        draft,
        text="\n".join((head, answer, rest)),
        speech=faq.speech + draft.speech,
        citations=(*faq.citations, *draft.citations),
    )


def _and_faq(turn: Turn, draft: Draft, hit: Hit) -> Draft:
    """`draft`, and below it a frequent question in its own words."""
    assert turn.item
    faq, passage = turn.item.faq[faq_of(hit)], hit.passage
    question = next((wording for wording in passage.questions if not amounts(wording)), None)
    beside = render(turn.language, "faq", "beside", faq=faq, question=question)
    return replace(
        draft,
        text="\n".join((draft.text, beside)),
        citations=(*draft.citations, Citation.of(passage, passage.text)),
    )


def _of_document(turn: Turn) -> Draft | None:
    if not turn.hits:
        return None
    passage = turn.hits[0].passage
    quote = _beginning(passage.text)
    values = {"title": passage.title, "quote": quote, "more": quote != passage.text, "source": passage.source}
    return Draft(
        text=render(turn.language, "passage", "screen", **values),
        speech=render(turn.language, "passage", "speech", **values),
        citations=(Citation.of(passage, quote),),
        by="passage",
    )


def _beginning(text: str) -> str:
    """The first sentences of `text`, up to QUOTED characters."""
    if len(text) <= QUOTED:
        return text
    end = max(text.rfind(mark, 0, QUOTED) for mark in "。；\n！？")
    return text[: end + 1] if end > QUOTED // 3 else text[:QUOTED]


def _citations(library: Library, item: ServiceItem, facets: Iterable[Facet]) -> tuple[Citation, ...]:
    found = (library.facet_passage(item.id, facet) for facet in facets)
    return tuple(Citation.of(passage, passage.text) for passage in found if passage)


def render(language: str, template: str, form: str, **values: Any) -> str:
    """The macro `form` (screen or speech) of a template, without blank lines."""
    text = getattr(_template(language, template), form)(**values)
    lines = (line.strip() for line in str(text).splitlines())
    return "\n".join(SAID_TWICE.sub(r"\1", line) for line in lines if line)


@cache
def _template(language: str, name: str) -> Any:
    folder = files("assistant") / "templates" / language
    environment = _environment(str(folder))
    return environment.get_template(f"{name}.j2").module


@cache
def _environment(folder: str) -> Environment:
    from pathlib import Path

    return Environment(
        loader=FunctionLoader(lambda name: (Path(folder) / name).read_text(encoding="utf-8")),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - plain text, escaped by whatever shows it
    )
