"""Understand: small talk, answers to what was asked back, follow-ups on the item in hand, regions, facets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.chosen_option import LONGEST_CHOICE, by_the_whole, chosen, is_plain, named_outright, touched
from assistant.compose_facts import render
from assistant.masking import without_masked
from assistant.replies import Replies
from assistant.spoken_words import bare, own_matter, small_talk, spoken_words
from assistant.told_choices import told_choices
from assistant.turn import Answer, NextStep, PastTurn, Turn
from knowledge.common_words import in_common_words
from knowledge.facet_words import facets_asked
from knowledge.foreign_places import foreign_elsewhere
from knowledge.letters import request
from knowledge.live import Live
from knowledge.regions import Regions

if TYPE_CHECKING:
    from knowledge.item import ServiceItem, Situation
    from knowledge.library import Library


class Understand:
    """Makes a question self-standing. Ends small talk, and questions about other places."""

    def __init__(self, live: Callable[[], Live], replies: Replies, elsewhere: Sequence[str]) -> None:
        self.live, self.replies, self.elsewhere = live, replies, elsewhere

    def __call__(self, turn: Turn) -> Turn:
        library = self.live().library
        turn = _in_characters(replace(turn, text=without_masked(turn.text)), library)
        meant = in_common_words(turn.text) if turn.language == "zh" else turn.text
        turn = replace(turn, self_standing=meant, facets=facets_asked(request(meant), turn.language))
        for part in (self._small_talk, self._picked, self._place, self._follow_up):
            turn = part(turn, library)
            if turn.answer:
                return turn
        return turn

    def _small_talk(self, turn: Turn, library: Library) -> Turn:
        kind = small_talk(turn.text)
        if kind is None or (kind == "acknowledged" and turn.history and turn.history[-1].options):
            return turn
        last = turn.history[-1] if turn.history else None
        if last and last.item:
            turn = replace(turn, item=library.items.get(last.item), choices=last.choices)
        if kind == "repeat":
            told = next((past for past in reversed(turn.history) if past.status != "small_talk"), None)
            if told is None:
                return turn.ended(self.replies.answer("small_talk", "greeting", turn.language))
            answer = self.replies.answer("small_talk", "repeat", turn.language, said=told.text)
            return turn.ended(replace(answer, speech=told.speech))
        return turn.ended(self.replies.answer("small_talk", kind, turn.language))

    def _picked(self, turn: Turn, library: Library) -> Turn:
        """An answer to options of one of the last turns."""
        past = next((past for past in reversed(turn.history[-3:]) if past.options), None)
        if past is None:
            return turn
        item = library.items.get(past.item) if past.item else None
        situation = next((s for s in item.situations if s.id == past.asking), None) if item else None
        if situation and item:
            return self._situation(turn, past, item, situation, library)
        option = chosen(turn.text, past.options, by_place_only=past is not turn.history[-1])
        if option is None:
            return turn
        more = "" if touched(turn.text, past.options) else f"，{turn.text}"
        turn = replace(turn, picked=True, telling=past.question + more)
        item = library.items.get(option.value)
        if item is None:
            return replace(turn, self_standing=option.value)
        return replace(
            turn,
            item=item,
            facets=turn.facets or past.facets,
            self_standing=_with_name(item.name_in(turn.language), past.question),
        )

    def _situation(self, turn: Turn, past: PastTurn, item: ServiceItem, situation: Situation, library: Library) -> Turn:
        """An answer to the question about a situation. What is no answer and no question is asked again."""
        says, just_asked = [option.says for option in situation.options], past is turn.history[-1]
        whole = touched(turn.text, past.options)
        if just_asked:
            whole = named_outright(turn.text, past.options, says) or by_the_whole(turn.text, past.options, says)
        telling = "" if whole or is_plain(turn.text) else None
        answer = replace(turn, item=item, choices=past.choices, facets=past.facets, picked=True, telling=telling)
        if whole is None and just_asked and spoken_words().skip.search(turn.text):
            return replace(answer, asking=situation.id)
        option = whole or chosen(turn.text, past.options, says, by_place_only=not just_asked)
        if option:
            return replace(answer, choices={**past.choices, situation.id: option.value})
        if not just_asked or not _asks_nothing(turn, library):
            return turn
        if told_choices(answer, item) != past.choices:
            return answer
        if turn.facets or _asked_again(turn.history):
            return turn
        return self._ask_again(replace(answer, asking=situation.id), past, situation)

    def _ask_again(self, turn: Turn, past: PastTurn, situation: Situation) -> Turn:
        """The same question once more, with its options."""
        sorry = self.replies.answer("clarify", "no_option", turn.language)
        values = {"lead": f"{sorry.text}{situation.ask}", "options": past.options}
        answer = Answer(
            status="guide",
            reason="situation",
            text=render(turn.language, "options", "screen", **values),
            speech=render(turn.language, "options", "speech", **values),
            next_step=NextStep("ask", situation.ask, {"situation": situation.id}),
            options=past.options,
            expression=sorry.expression,
        )
        return turn.ended(answer)

    def _place(self, turn: Turn, library: Library) -> Turn:
        """The region that a question names; a question about another city is not this hall's to answer."""
        if turn.language != "zh":
            return self._foreign_place(turn)
        partners = {word for one in library.hall.partners for word in (one.name, *one.aliases)}
        regions = Regions(library.hall.regions, (*self.elsewhere, *partners))
        mentioned = regions.mentioned(_without_item_names(turn.text, library))
        known = next((region.code for region in mentioned if region.code), None)
        turn = replace(turn, region=known or turn.question.region)
        asked = regions.mentioned(_without_item_names(request(turn.text), library))
        other = next((region.word for region in asked if region.code is None), None)
        of_there = other is not None and spoken_words().of_there.search(turn.text.partition(other)[2])
        if other in partners and not of_there:
            return replace(turn, at_partner=True, self_standing=turn.self_standing.replace(other, ""))
        if other is None or known:
            return turn
        if spoken_words().from_there.search(turn.text) and not of_there:
            return turn
        return turn.ended(self.replies.answer("no_basis", "other_region", turn.language, region=other))

    def _foreign_place(self, turn: Turn) -> Turn:
        turn = replace(turn, region=turn.question.region)
        other = foreign_elsewhere(turn.text)
        if other is None:
            return turn
        return turn.ended(self.replies.answer("no_basis", "other_region", turn.language, region=other))

    def _follow_up(self, turn: Turn, library: Library) -> Turn:
        """那费用呢？ asks of the item in hand."""
        past = next((past for past in reversed(turn.history) if past.item), None)
        item = library.items.get(past.item) if past and past.item else None
        if turn.item or past is None or item is None:
            return turn
        if turn.language in library.foreign:
            return _foreign_follow_up(turn, past, item, library)
        if not own_matter(turn.text) and (turn.facets or spoken_words().opener.search(turn.text)):
            return _in_hand(turn, past, item.name, library)
        return turn


def _asks_nothing(turn: Turn, library: Library) -> bool:
    """Whether short words name no service and ask nothing, beside that somebody comes himself."""
    spoken, text = spoken_words(), turn.text
    asks = any(one.search(text) for one in (spoken.asking, spoken.opener, spoken.reply["request"]))
    facets = facets_asked(spoken.reply["in_person"].sub("", text))
    short = turn.language == "zh" and len(bare(text)) <= LONGEST_CHOICE
    return short and not asks and not facets and not library.names_within(text.lower())


def _asked_again(history: Sequence[PastTurn]) -> bool:
    """Whether the last question about a situation was a repetition already."""
    *_, before, last = (None, *history)
    return before is not None and (before.item, before.asking) == (last.item, last.asking)


def _in_hand(turn: Turn, past: PastTurn, name: str, library: Library) -> Turn:
    assert past.item is not None
    return replace(
        turn,
        item=library.items[past.item],
        choices=past.choices,
        facets=turn.facets or past.facets,
        self_standing=_with_name(name, turn.text),
    )


def _foreign_follow_up(turn: Turn, past: PastTurn, item: ServiceItem, library: Library) -> Turn:
    """And the fee? What does the permit cost? Nothing is named that is not in the names of the item in hand."""
    nothing = not own_matter(turn.text, turn.language)
    if nothing or (turn.facets and library.foreign[turn.language].holds(item.id, turn.text)):
        turn = replace(turn, facets=turn.facets or ("overview",))
        return _in_hand(turn, past, item.name_in(turn.language), library)
    return turn


def _in_characters(turn: Turn, library: Library) -> Turn:
    """What is typed in pinyin in characters, and told as a correction."""
    read = library.pinyin.read(turn.text) if turn.language == "zh" else turn.text
    return turn if read == turn.text else replace(turn, text=read, corrections=((turn.text, read),))


def _with_name(name: str, text: str) -> str:
    return text if name in text else f"{name}，{text}"


def _without_item_names(text: str, library: Library) -> str:
    """Item names may hold words like 异地 or a place; they name no region."""
    for name in (library.names[position] for position in library.names_within(text)):
        if len(name) > 4:
            text = text.replace(name, "")
    return text
