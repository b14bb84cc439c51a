"""Draft: what templates cannot say well, a chat model words: several items in one question, and free text.

Taken only where a chat model is set. Whatever goes wrong leaves the turn as it was, and the facts answer.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace

from assistant.compose_facts import FactsComposer
from assistant.compose_model import Drafted, ModelComposer
from assistant.sentence_check import Names, claims, names_of
from assistant.steps.ground import MakeRetriever, Thresholds
from assistant.turn import Draft, Sentence, Turn
from knowledge.facet_words import without_facet_words
from knowledge.item import Facet, ServiceItem
from knowledge.library import Library
from knowledge.live import Live
from knowledge.passage import Hit, Passage
from knowledge.regions import Regions
from knowledge.retrieve import FILLERS

MOST_PASSAGES = 4
"""Passages of documents that one answer is drafted from."""
MOST_ITEMS = 3
SHORT = 30
"""Characters up to which a later question may mean the item in hand, which the facts answer."""
NAMED = 0.6
"""Score of a name from which a part of a question names an item."""
NEAR = 0.15
"""How far below the best one a passage may be and still serve."""
FAQ_IS_ASKED = 0.8
"""Meaning from which a frequent question answers what was asked, and no draft is needed."""
TOLD: tuple[Facet, ...] = ("overview", "conditions", "time", "fee", "place", "result")
"""What is told of several items where the question asks for no facet. Materials are never drafted."""


@dataclass(frozen=True)
class Basis:
    """What a draft may rest on."""

    passages: tuple[Passage, ...]
    items: tuple[ServiceItem, ...] = ()
    hits: tuple[Hit, ...] = ()


class DraftByModel:
    def __init__(
        self,
        live: Callable[[], Live],
        retriever: MakeRetriever,
        thresholds: Thresholds,
        facts: FactsComposer,
        model: ModelComposer,
        elsewhere: Sequence[str],
    ) -> None:
        self.live, self.retriever, self.thresholds = live, retriever, thresholds
        self.facts, self.model, self.elsewhere = facts, model, elsewhere
        self._names: tuple[int, Names] = (-1, {})

    def __call__(self, turn: Turn) -> Generator[Sentence, None, Turn]:
        live = self.live()
        basis = self._basis(turn, live)
        if basis is None:
            return turn
        drafted = yield from self.model.draft(
            turn.text, basis.passages, self._known_names(live.library), labelled=len(basis.items) > 1
        )
        if not drafted.citations:
            return turn
        return replace(turn, draft=self._draft(turn, basis, drafted))

    def _basis(self, turn: Turn, live: Live) -> Basis | None:
        """None for what the facts of one item answer."""
        if turn.item or turn.picked or turn.language != "zh" or "materials" in turn.facets:
            return None
        retriever, chain = self.retriever(live), Regions(live.library.hall.regions).chain(turn.region)

        def find(text: str) -> tuple[Hit, ...]:
            return retriever.find(text, regions=chain, at=turn.question.at, top=20)

        hits = find(turn.self_standing)
        if hits and hits[0].passage.is_faq and hits[0].parts.meaning >= FAQ_IS_ASKED:
            return None
        if items := _several(turn.text, find, live.library):
            return _of_items(items, turn, live.library, chain)
        if len(turn.text) <= SHORT and any(past.item for past in turn.history):
            return None
        return _of_documents(hits, self.thresholds.answer)

    def _draft(self, turn: Turn, basis: Basis, drafted: Drafted) -> Draft:
        """What was shown; where the model broke off, the facts of the same matter after it."""
        texts = [sentence.text for sentence in drafted.sentences]
        spoken = [sentence.speech for sentence in drafted.sentences]
        citations = list(drafted.citations)
        if not drafted.whole:
            for facts in self._facts(turn, basis):
                texts.append(facts.text)
                spoken.append(facts.speech)
                citations.extend(facts.citations)
        return Draft("\n".join(texts), "".join(spoken), tuple(dict.fromkeys(citations)), by=self.model.calls.name)

    def _facts(self, turn: Turn, basis: Basis) -> list[Draft]:
        if not basis.items:
            drafts = [self.facts.draft(replace(turn, hits=basis.hits))]
        else:
            facets = turn.facets or ("overview",)
            drafts = [self.facts.draft(replace(turn, item=item, facets=facets)) for item in basis.items]
        return [draft for draft in drafts if draft]

    def _known_names(self, library: Library) -> Names:
        version, names = self._names
        if version != library.version:
            names = names_of(library, self.elsewhere)
            self._names = (library.version, names)
        return names


def _several(text: str, find: Callable[[str], tuple[Hit, ...]], library: Library) -> tuple[ServiceItem, ...]:
    """The items that a question such as 护照和港澳通行证多久能拿到 joins; () for a question about one."""
    parts = claims().joints.split(text)
    if not 2 <= len(parts) <= MOST_ITEMS:
        return ()
    found: list[str] = []
    for part in parts:
        core = claims().about_both.sub("", FILLERS.sub("", without_facet_words(part)))
        best = next(iter(find(core)), None) if len(core) > 1 else None
        if best is None or best.passage.item is None or best.parts.name < NAMED or best.passage.item in found:
            return ()
        found.append(best.passage.item)
    return tuple(library.items[item] for item in found)


def _of_items(items: tuple[ServiceItem, ...], turn: Turn, library: Library, chain: tuple[str, ...]) -> Basis | None:
    """The facets asked for, of each item. None where the handbook lacks all of them for one."""
    asked: tuple[Facet, ...] = tuple(facet for facet in turn.facets if facet != "overview") or TOLD
    passages: list[Passage] = []
    for item in items:
        mine = [passage for facet in asked if (passage := library.facet_passage(item.id, facet))]
        mine = [p for p in mine if p.in_force(turn.question.at) and (p.region is None or p.region in chain)]
        if not mine:
            return None
        passages += mine
    return Basis(tuple(passages), items)


def _of_documents(hits: Sequence[Hit], threshold: float) -> Basis | None:
    """Sections of documents, where one is what fits best."""
    if not hits or hits[0].score < threshold or not _of_document(hits[0]):
        return None
    near = [hit for hit in hits if _of_document(hit) and hits[0].score - hit.score <= NEAR][:MOST_PASSAGES]
    return Basis(tuple(hit.passage for hit in near), hits=tuple(near))


def _of_document(hit: Hit) -> bool:
    return hit.passage.item is None and not hit.passage.is_other_service
