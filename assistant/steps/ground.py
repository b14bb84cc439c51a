"""Ground: find what the handbook says. Nothing above the threshold ends as no_basis, with the nearest questions."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.replies import Replies
from assistant.spoken_words import own_matter, spoken_words
from assistant.turn import NextStep, Turn
from knowledge.item import ServiceItem
from knowledge.letters import is_letter, request
from knowledge.library import Library
from knowledge.live import Live
from knowledge.passage import Hit, Passage
from knowledge.regions import Regions
from knowledge.retrieve import Retriever


@dataclass(frozen=True)
class Thresholds:
    """Scores that decide, calibrated on the development set (`python -m evals.tune`)."""

    answer: float = 0.38
    """From here on a hit is answered."""
    letter: float = 0.34
    """The same for a letter, most of which tells a story and fits nothing."""
    foreign: float = 0.52
    """The same for questions in other languages, whose scores are fused otherwise."""
    english: float = 0.40
    """And for English, which is also searched by Chinese terms."""
    other_service: float = 0.40
    """From here on a service that the handbook does not hold is recognised as the one asked for."""
    other_margin: float = 0.06
    """By how much such a service must beat the best item."""
    suggest: float = 0.30
    """From here on a hit's item is offered when nothing is answered."""
    named: float = 0.6
    """From this name score on, a question names an item of its own."""
    mended: float = 0.03
    """By how much misheard words put right must raise the score."""
    outright: float = 0.9
    """Name score of a question that is little else but the name of another item."""
    own_topic: float = 0.55
    """From here on what a question finds by itself may change the topic, if it leads clearly."""
    clear_lead: float = 0.12
    """By how much it must beat the item in hand."""
    same_topic: float = 0.03
    """Up to this lead of another item, a question still means the item in hand."""
    nameless: float = 0.3
    """Below this name score, a short question names no item."""
    surely: float = 0.65
    """From here on it is the question of another item all the same."""
    remote: float = 0.25
    """Score that ties a question, which finds nothing by itself, to the item in hand."""

    def enough(self, language: str) -> float:
        """The score from which a question in `language` is answered."""
        return {"zh": self.answer, "en": self.english}.get(language, self.foreign)


MakeRetriever = Callable[[Live], Retriever]
Rewrite = Callable[[Turn], str | None]
"""Makes a follow-up self-standing; None where it cannot."""
SHORT, LONG = 30, 50
"""Characters up to which a question may be a follow-up, and from which a foreign one is searched by sentences."""
LITTLE = 3
"""Characters of a matter of its own that a question about the item in hand may have: 照片, 户口本."""
FOREIGN_SENTENCES = re.compile(r"[^.?!。？！\n]+[.?!。？！\n]*")
OPEN = re.compile(r"什么|甚么|啥|哪|多少|多久|多长|怎么|怎样|如何|咋|几(?![份张寸页])|想|丢|遗失|过期|到期")
"""Asks more than yes or no, or tells what has become of a paper."""
NEEDED = re.compile(r"要|带|需|交|用|没有|缺|行|可以|够")
OBTAIN = re.compile(r"(?:办|领|补|换|申|请|开|续|改|销|考|审|签|注|转|理)(?:了|过|个|一个|一?张|一?本|新的?)?$")
"""Before a paper: it is what the visitor wants to get, not what is to be brought."""
PAPER_WORDS = re.compile(r"原件|复印件|[带交用没有只还再拿凭到份张缺够行提供出示准备时候申请]")
"""What stands beside a paper that is asked about, and names nothing else."""


class Ground:
    def __init__(
        self,
        live: Callable[[], Live],
        retriever: MakeRetriever,
        replies: Replies,
        thresholds: Thresholds,
        rewrite: Rewrite | None = None,
    ) -> None:
        self.live, self.retriever, self.replies, self.thresholds = live, retriever, replies, thresholds
        self.rewrite = rewrite

    def __call__(self, turn: Turn) -> Turn:
        live = self.live()
        retriever = self.retriever(live)
        find = _finder(retriever, Regions(live.library.hall.regions), turn)
        if turn.item:
            return replace(turn, hits=_of_item(find(turn.self_standing), turn.item.id))
        hits = self._best(find, turn.self_standing, turn.language)
        turn, hits = self._mended(turn, hits, find, live.library)
        if gone := self._out_of_reach(turn, retriever, live.library):
            return gone
        turn = self._keep_topic(turn, hits, find, live)
        if turn.item:
            return turn
        enough = self._enough(turn)
        other = next((hit for hit in hits if hit.passage.is_other_service), None)
        hits = tuple(hit for hit in hits if not hit.passage.is_other_service)
        if other and other.score >= max(self.thresholds.other_service, _top(hits) + self.thresholds.other_margin):
            return self._other_service(turn, other.passage, live)
        if not hits or hits[0].score < enough:
            return self._rewritten(turn, find) or self._no_basis(replace(turn, hits=hits), live)
        return replace(turn, hits=hits)

    def _best(self, find: Callable[[str], tuple[Hit, ...]], text: str, language: str) -> tuple[Hit, ...]:
        """Hits of the text; of a long foreign one, for each passage the best that it or one of its sentences finds."""
        hits = find(text)
        if language == "zh":
            return self._of_request(hits, find, text)
        if len(text) < LONG or (hits and hits[0].score >= self.thresholds.answer + 0.1):
            return hits
        best = {id(hit.passage): hit for hit in hits}
        for hit in (hit for sentence in FOREIGN_SENTENCES.findall(text)[:8] for hit in find(sentence)):
            known = best.get(id(hit.passage))
            if known is None or hit.score > known.score:
                best[id(hit.passage)] = hit
        return tuple(sorted(best.values(), key=lambda hit: hit.score, reverse=True))

    def _of_request(self, hits: tuple[Hit, ...], find: Callable[[str], tuple[Hit, ...]], text: str) -> tuple[Hit, ...]:
        """What the clauses that ask find, where they name it and the whole of a letter finds too little."""
        if not is_letter(text) or _top(hits) >= self.thresholds.letter:
            return hits
        asked = find(request(text))
        named = asked and asked[0].parts.name >= self.thresholds.named and asked[0].score >= self.thresholds.answer
        return asked if named else hits

    def _enough(self, turn: Turn) -> float:
        """The score from which a hit is answered."""
        if turn.language == "zh" and is_letter(turn.self_standing):
            return self.thresholds.letter
        return self.thresholds.enough(turn.language)

    def _out_of_reach(self, turn: Turn, retriever: Retriever, library: Library) -> Turn | None:
        """An item that is named outright, but does not hold today or where the visitor is."""
        at, regions, text = turn.question.at, Regions(library.hall.regions), turn.self_standing
        for place in regions.mentioned(text):
            text = text.replace(place.word, "")
        named = retriever.out_of_reach(text, regions=regions.chain(turn.region), at=at)
        if named is None:
            return None
        item = library.items[named]
        name, where = item.name_in(turn.language), regions.name(item.region or "")
        if not (item.effective_from or at) <= at <= (item.effective_to or at):
            return turn.ended(self.replies.answer("no_basis", "not_in_force", turn.language, item=name))
        return turn.ended(
            self.replies.answer(
                "no_basis", "other_region", turn.language, variant="only_there", item=name, region=where
            )
        )

    def _mended(
        self, turn: Turn, hits: tuple[Hit, ...], find: Callable[[str], tuple[Hit, ...]], library: Library
    ) -> tuple[Turn, tuple[Hit, ...]]:
        """A question that names nothing outright, with misheard words put right where that finds more."""
        if turn.language != "zh" or (hits and hits[0].parts.name >= self.thresholds.named):
            return turn, hits
        mended = library.misheard.mend(turn.self_standing)
        if not mended.corrections:
            return turn, hits
        better = find(mended.text)
        if not better or better[0].score < (hits[0].score if hits else 0.0) + self.thresholds.mended:
            return turn, hits
        return replace(turn, self_standing=mended.text, corrections=(*turn.corrections, *mended.corrections)), better

    def _keep_topic(
        self, turn: Turn, hits: tuple[Hit, ...], find: Callable[[str], tuple[Hit, ...]], live: Live
    ) -> Turn:
        """A short question without a subject of its own stays with the item in hand, unless another fits better."""
        past = next((past for past in reversed(turn.history) if past.item), None)
        item = live.library.items.get(past.item) if past and past.item else None
        if past is None or item is None or len(turn.text) > SHORT or turn.language != "zh":
            return turn
        if not self._points_back(turn, hits, item, live.library):
            return turn
        extended = f"{item.name}，{turn.text}"
        mine = _of_item(find(extended), item.id)
        return replace(turn, item=item, choices=past.choices, hits=mine, self_standing=extended) if mine else turn

    def _points_back(self, turn: Turn, hits: tuple[Hit, ...], item: ServiceItem, library: Library) -> bool:
        """Whether a question means the item in hand rather than what it finds by itself."""
        best, alone, limits = hits[0] if hits else None, _top(_of_item(hits, item.id)), self.thresholds
        matter = own_matter(turn.text)
        if best is None or best.passage.item == item.id or not matter or _asks_for_a_paper(turn.text, library):
            return True
        if best.parts.name >= limits.outright:
            return False
        if len(matter) <= 2 * LITTLE and best.parts.name < limits.nameless and best.score < limits.surely:
            return True
        asks = [facet for facet in turn.facets if facet != "overview"]
        lead = best.score - alone
        if asks and len(matter) <= LITTLE:
            return best.passage.is_other_service or best.score < limits.own_topic or lead < limits.clear_lead
        if best.score >= limits.own_topic and lead >= limits.clear_lead:
            return False
        if best.score < limits.answer:
            return bool(asks) or alone >= limits.remote
        return len(matter) <= 2 * LITTLE or bool(spoken_words().opener.search(turn.text)) or lead <= limits.same_topic

    def _rewritten(self, turn: Turn, find: Callable[[str], tuple[Hit, ...]]) -> Turn | None:
        """A follow-up in full words, where these find an item that the conversation was about."""
        words = self.rewrite(turn) if self.rewrite and turn.history else None
        hits = find(words) if words else ()
        if not words or not hits or hits[0].score < self.thresholds.answer:
            return None
        known = {past.item for past in turn.history if past.item}
        return replace(turn, self_standing=words, hits=hits) if hits[0].passage.item in known else None

    def _other_service(self, turn: Turn, passage: Passage, live: Live) -> Turn:
        """The visitor means something that the handbook does not hold: say so, and who does it."""
        service = live.library.other_services[passage.title]
        phone = service.phone or live.library.hall.hotline
        answer = self.replies.answer(
            "no_basis", "other_service", turn.language, item=service.name, department=service.department, phone=phone
        )
        return turn.ended(answer)

    def _no_basis(self, turn: Turn, live: Live) -> Turn:
        library = live.library
        answer = self.replies.answer("no_basis", "nothing_close", turn.language)
        near = [hit for hit in turn.hits if hit.score >= self.thresholds.suggest]
        step = answer.next_step or NextStep("hotline", library.hall.hotline, {"phone": library.hall.hotline})
        return turn.ended(replace(answer, suggestions=nearest_names(near, live.library, turn.language), next_step=step))


def nearest_names(hits: Sequence[Hit], library: Library, language: str, most: int = 3) -> tuple[str, ...]:
    """Names of the items nearest to a question, best first: each is a question that certainly has an answer."""
    nearest = dict.fromkeys(hit.passage.item for hit in hits if hit.passage.item)
    return tuple(library.items[item].name_in(language) for item in nearest)[:most]


def _asks_for_a_paper(text: str, library: Library) -> bool:
    """Whether no more is asked than whether a material is needed: 户口本要吗, 没有居住证能办吗."""
    names = (name for paper in library.hall.materials for name in (paper.name, *paper.aliases))
    paper = max((name for name in names if name in text), key=len, default="")
    before, _, after = text.partition(paper) if paper else (text, "", "")
    if not paper or OPEN.search(before + after) or OBTAIN.search(before):
        return False
    rest = PAPER_WORDS.sub("", own_matter(f"{before}，{after}"))
    return not rest and bool(NEEDED.search(before + after))


def _finder(retriever: Retriever, regions: Regions, turn: Turn) -> Callable[[str], tuple[Hit, ...]]:
    chain = regions.chain(turn.region)
    return lambda text: retriever.find(text, regions=chain, at=turn.question.at, top=40, language=turn.language)


def _top(hits: tuple[Hit, ...]) -> float:
    return hits[0].score if hits else 0.0


def _of_item(hits: tuple[Hit, ...], item: str) -> tuple[Hit, ...]:
    return tuple(hit for hit in hits if hit.passage.item == item)
