"""Guide: settle which item is meant, and ask the questions whose answers change the checklist."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from assistant.choose_faq import FaqLimits, Matter, choose_faq, faq_of_premise, matter_beside, without_names
from assistant.compose_facts import FactsComposer
from assistant.premise import find_premises
from assistant.replies import Replies
from assistant.spoken_words import bare, spoken_words
from assistant.told_choices import told_choices
from assistant.turn import Option, Turn
from knowledge.common_words import in_common_words
from knowledge.facet_words import facets_asked
from knowledge.foreign_names import foreign_names
from knowledge.item import Facet, ServiceItem
from knowledge.letters import request
from knowledge.library import Library
from knowledge.live import Live
from knowledge.passage import Hit
from knowledge.situations import next_situation, redirect

FROM_AFAR = frozenset({"overview", "steps", "online", "conditions", "cross_region"})
"""Facets asked by a visitor at a partner hall who asks no more than whether and how it can be done from there."""
OPEN = re.compile(r"什么|甚么|啥|哪|多少|多久|多长|怎么|怎样|如何|咋|几")
"""Asks for more than yes or no."""
YES_OR_NO = re.compile(r"[吗么嘛](?=[，。？！,?!\s]|$)|[能可要用行会该需][不没]|是不是|有没有")
CALLED = 0.85
"""Name score of an item that is called by its name, a word of asking more or less."""
CLAUSES = re.compile(r"[^，。？！、,?!;；\s]+")


@dataclass(frozen=True)
class Margins:
    """Differences that decide, chosen on the development set (`xiaoxin eval --part development`)."""

    near: float = 0.01
    """Two items this close in score, neither named outright, are asked back."""
    foreign_near: float = 0.035
    """The same for questions in other languages."""
    english_near: float = 0.02
    """And for English, which is also searched by Chinese terms."""
    called: float = 0.06
    """An item that is called by its name is asked back up to this far behind one that is not."""
    not_this: int = 92
    """rapidfuzz ratio from which a question is one of an item's 不是 wordings."""

    def nearness(self, language: str) -> float:
        return {"zh": self.near, "en": self.english_near}.get(language, self.foreign_near)


class Guide:
    def __init__(self, live: Callable[[], Live], replies: Replies, composer: FactsComposer, margins: Margins) -> None:
        self.live, self.replies, self.composer, self.margins = live, replies, composer, margins
        self.faq_limits = FaqLimits()

    def __call__(self, turn: Turn) -> Turn:
        library = self.live().library
        if turn.item is None:
            turn = self._settle_item(turn, library)
            if turn.answer or turn.item is None:
                return turn
        turn = self._mistaken(turn, library)
        assert turn.item is not None
        turn = replace(turn, facets=self._facets(turn, turn.item, library), choices=told_choices(turn, turn.item))
        turn = self._follow_redirect(turn, library)
        turn = self._premises(self._faq(turn), library)
        answered = turn.premises or (turn.faq and turn.faq.place == "alone")
        return turn if answered else self._ask_situation(turn)

    def _premises(self, turn: Turn, library: Library) -> Turn:
        """What the question takes for granted; the facet that it speaks of is then what is answered."""
        if turn.language != "zh" or turn.picked or turn.item is None:
            return turn
        mine = [hit for hit in turn.hits if hit.passage.item == turn.item.id]
        premises = find_premises(request(turn.text), turn.item, turn.choices, library.hall.materials, mine)
        if not premises:
            return turn
        facets: tuple[Facet, ...] = tuple(dict.fromkeys(premise.facet for premise in premises))
        others: list[Facet] = [facet for facet in turn.facets if facet not in (*facets, "overview", "conditions")]
        timed = any(premise.kind == "time" for premise in premises)
        asked: tuple[Facet, ...] = facets if timed else (*facets, *others)
        return replace(turn, premises=premises, facets=asked, faq=faq_of_premise(premises[0].hit, asked))

    def _settle_item(self, turn: Turn, library: Library) -> Turn:
        """The item of the best hit; two that are equally likely are asked back."""
        ranked = _ranked(turn.hits)
        if not ranked or turn.hits[0].passage.item is None:
            return turn
        best, best_hit = ranked[0]
        near = [item for item, hit in ranked[1:4] if self._is_near(hit, best_hit, turn.language)]
        if near and best_hit.parts.name < 0.95 and self._differ(turn, library, (best, *near)):
            return self._which(turn, library, (best, *near))
        return replace(turn, item=library.items[best])

    def _is_near(self, hit: Hit, best: Hit, language: str) -> bool:
        """Whether what is meant may as well be this item as the best one."""
        margin = self.margins.called if hit.parts.name >= CALLED else self.margins.nearness(language)
        return best.score - hit.score < margin and best.parts.name - hit.parts.name < 0.15

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
        """A wording that the item in hand lists as meaning another item (不是), and that lacks no name of this one."""
        assert turn.item is not None
        named = [name for name in (turn.item.name, *turn.item.aliases) if name in turn.text]
        for other in turn.item.not_this:
            if other.item in library.items and any(
                fuzz.ratio(turn.text, ask) >= self.margins.not_this and all(name in ask for name in named)
                for ask in other.asks
            ):
                return replace(turn, item=library.items[other.item], choices={}, mistaken_for=other.because)
        return turn

    def _facets(self, turn: Turn, item: ServiceItem, library: Library) -> tuple[Facet, ...]:
        """Facets asked for, with the item's own names taken out of the question first."""
        if turn.picked and turn.facets:
            return turn.facets
        if turn.language in library.foreign:
            return _foreign_facets(turn, item, library)
        asks = request(in_common_words(turn.text))
        text = without_names(asks, item)
        own = facets_asked(text)
        named = own or (facets_asked(asks) if text == asks else ())
        if turn.at_partner and item.cross_region and FROM_AFAR.issuperset(named):
            return ("cross_region",)
        return named or (turn.facets if text == asks else ()) or ("overview",)

    def _follow_redirect(self, turn: Turn, library: Library) -> Turn:
        assert turn.item is not None
        other = redirect(turn.item, turn.choices)
        if other is None or other not in library.items:
            return turn
        return replace(turn, item=library.items[other], choices={}, asking=None)

    def _faq(self, turn: Turn) -> Turn:
        """With the frequent question of the item that is nearly the one asked."""
        if turn.language != "zh" or turn.picked or turn.item is None:
            return replace(turn, faq=None)
        if turn.at_partner and turn.facets == ("cross_region",):
            return replace(turn, faq=None)
        mine = [hit for hit in turn.hits if hit.passage.item == turn.item.id]
        text = without_names(turn.text, turn.item)
        spoken = spoken_words()
        how_to = "overview" in facets_asked(text) or spoken.asks_how.search(text) or not spoken.asking.search(text)
        asks_all, parts = bool(spoken.asks_all.search(text)), len(CLAUSES.findall(turn.text))
        special, is_open = bool(matter_beside(text, turn.item)), bool(OPEN.search(text) and not YES_OR_NO.search(text))
        matter = Matter(bare(text), special, bool(how_to), asks_all, is_open, parts)
        return replace(turn, faq=choose_faq(mine, turn.item, turn.facets, matter, self.faq_limits))

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
