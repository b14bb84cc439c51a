"""Guide: settle which item is meant, and ask the questions whose answers change the checklist."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from assistant.compose_facts import FactsComposer
from assistant.premise import find_premises, nearness
from assistant.replies import Replies
from assistant.turn import Option, Turn
from knowledge.facet_words import facets_asked
from knowledge.foreign_names import foreign_names
from knowledge.item import Facet, ServiceItem
from knowledge.library import Library
from knowledge.live import Live
from knowledge.passage import Hit
from knowledge.situations import next_situation, redirect


@dataclass(frozen=True)
class Margins:
    """Differences that decide, chosen on the development set (`python -m evals.tune`)."""

    near: float = 0.025
    """Two items this close in score, neither named outright, are asked back."""
    foreign_near: float = 0.035
    """The same for questions in other languages."""
    faq: float = 0.62
    """Meaning from which a frequent question is taken as the one asked."""
    faq_over_facet: float = 0.06
    """By how much a frequent question must beat the facet that is asked for."""
    not_this: int = 92
    """rapidfuzz ratio from which a question is one of an item's 不是 wordings."""


class Guide:
    def __init__(self, live: Callable[[], Live], replies: Replies, composer: FactsComposer, margins: Margins) -> None:
        self.live, self.replies, self.composer, self.margins = live, replies, composer, margins

    def __call__(self, turn: Turn) -> Turn:
        library = self.live().library
        if turn.item is None:
            turn = self._settle_item(turn, library)
            if turn.answer or turn.item is None:
                return turn
        turn = self._mistaken(turn, library)
        assert turn.item is not None
        turn = replace(turn, facets=self._facets(turn, turn.item, library), choices=_told(turn, turn.item))
        turn = self._follow_redirect(turn, library)
        turn = self._premises(replace(turn, faq=self._faq(turn)), library)
        return turn if turn.faq or turn.premises else self._ask_situation(turn)

    def _premises(self, turn: Turn, library: Library) -> Turn:
        """What the question takes for granted; the facet that it speaks of is then what is answered."""
        if turn.language != "zh" or turn.picked or turn.item is None:
            return turn
        mine = [hit for hit in turn.hits if hit.passage.item == turn.item.id]
        premises = find_premises(turn.text, turn.item, turn.choices, library.hall.materials, mine)
        if not premises:
            return turn
        facets: tuple[Facet, ...] = tuple(dict.fromkeys(premise.facet for premise in premises))
        others: list[Facet] = [facet for facet in turn.facets if facet not in (*facets, "overview", "conditions")]
        timed = any(premise.kind == "time" for premise in premises)
        asked: tuple[Facet, ...] = facets if timed else (*facets, *others)
        return replace(turn, premises=premises, facets=asked, faq=premises[0].hit)

    def _settle_item(self, turn: Turn, library: Library) -> Turn:
        """The item of the best hit; two that are equally likely are asked back."""
        ranked = _ranked(turn.hits)
        if not ranked or turn.hits[0].passage.item is None:
            return turn
        best, best_hit = ranked[0]
        margin = self.margins.near if turn.language == "zh" else self.margins.foreign_near
        near = [
            item
            for item, hit in ranked[1:4]
            if best_hit.score - hit.score < margin and best_hit.parts.name - hit.parts.name < 0.15
        ]
        if near and best_hit.parts.name < 0.95 and self._differ(turn, library, (best, *near)):
            return self._which(turn, library, (best, *near))
        return replace(turn, item=library.items[best])

    def _differ(self, turn: Turn, library: Library, items: tuple[str, ...]) -> bool:
        """Whether it matters which item is meant: the facets asked for are not the same words in all of them."""
        facets: list[Facet] = [facet for facet in turn.facets if facet != "overview"]
        said = {tuple(_words(library, item, facet) for facet in facets) for item in items}
        return not facets or len(said) > 1

    def _which(self, turn: Turn, library: Library, items: tuple[str, ...]) -> Turn:
        options = tuple(Option(library.items[item].name_in(turn.language), item) for item in items)
        reason = "two_items" if len(options) == 2 else "many_items"
        answer = self.replies.answer("clarify", reason, turn.language)
        return turn.ended(self.composer.with_options(answer, options, turn.language))

    def _mistaken(self, turn: Turn, library: Library) -> Turn:
        """A wording that the item in hand lists as meaning another item (不是)."""
        assert turn.item is not None
        for other in turn.item.not_this:
            if other.item in library.items and any(
                fuzz.ratio(turn.text, ask) >= self.margins.not_this for ask in other.asks
            ):
                return replace(turn, item=library.items[other.item], choices={}, mistaken_for=other.because)
        return turn

    def _facets(self, turn: Turn, item: ServiceItem, library: Library) -> tuple[Facet, ...]:
        """Facets asked for, with the item's own names taken out of the question first."""
        if turn.picked and turn.facets:
            return turn.facets
        if turn.language in library.foreign:
            return _foreign_facets(turn, item, library)
        text = turn.text
        for name in sorted((item.name, *item.aliases), key=len, reverse=True):
            text = text.replace(name, "")
        own = facets_asked(text)
        named = own or (facets_asked(turn.text) if text == turn.text else ())
        return named or (turn.facets if text == turn.text else ()) or ("overview",)

    def _follow_redirect(self, turn: Turn, library: Library) -> Turn:
        assert turn.item is not None
        other = redirect(turn.item, turn.choices)
        if other is None or other not in library.items:
            return turn
        return replace(turn, item=library.items[other], choices={}, asking=None)

    def _faq(self, turn: Turn) -> Hit | None:
        """A frequent question of the item that is nearly the one asked."""
        if turn.language != "zh" or turn.picked or turn.item is None:
            return None
        mine = [hit for hit in turn.hits if hit.passage.item == turn.item.id]
        best = max((hit for hit in mine if hit.passage.is_faq), key=nearness, default=None)
        if best is None or nearness(best) < self.margins.faq:
            return None
        rivals = [nearness(hit) for hit in mine if not hit.passage.is_faq and hit.passage.facet in turn.facets]
        margin = 0.0 if turn.facets == ("overview",) else self.margins.faq_over_facet
        return best if nearness(best) >= max(rivals, default=0.0) + margin else None

    def _ask_situation(self, turn: Turn) -> Turn:
        assert turn.item is not None
        situation = next_situation(turn.item, turn.choices) if "materials" in turn.facets else None
        if situation is None or turn.asking or turn.language != "zh":
            return turn
        return self.composer.ask_situation(replace(turn, asking=situation.id), situation)


def _words(library: Library, item: str, facet: Facet) -> str:
    passage = library.facet_passage(item, facet)
    return passage.text if passage else ""


def _foreign_facets(turn: Turn, item: ServiceItem, library: Library) -> tuple[Facet, ...]:
    """Facets asked for beside the item's names. That care in another province is meant may be the item itself."""
    text = turn.text
    for name in foreign_names(item, turn.language):
        text = re.sub(re.escape(name), " ", text, flags=re.IGNORECASE)
    asked = facets_asked(text, turn.language) or (facets_asked(turn.text, turn.language) if text == turn.text else ())
    known: tuple[Facet, ...] = tuple(f for f in asked if f != "cross_region" or library.facet_passage(item.id, f))
    return known or (turn.facets if not asked and text == turn.text else ()) or ("overview",)


def _ranked(hits: tuple[Hit, ...]) -> list[tuple[str, Hit]]:
    """Items with their best hit, best first."""
    best: dict[str, Hit] = {}
    for hit in hits:
        if hit.passage.item:
            best.setdefault(hit.passage.item, hit)
    return list(best.items())


def _told(turn: Turn, item: ServiceItem) -> dict[str, str]:
    """Choices so far, and those that the question itself tells (租房的，怎么办居住证)."""
    choices = dict(turn.choices)
    for situation in item.situations:
        if situation.id in choices:
            continue
        text = turn.text
        for name in (item.name, *item.aliases):
            text = text.replace(name, "")
        told = [
            (len(word), option.value)
            for option in situation.options
            for word in (option.label, *option.says)
            if len(word) > 1 and word in text
        ]
        if told and len({value for _, value in told}) == 1:
            choices[situation.id] = max(told)[1]
    return choices
