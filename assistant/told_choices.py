"""What a visitor tells of his situation beside what he asks: 租房的，怎么办居住证."""

from __future__ import annotations

import re

from assistant.choose_faq import without_names
from assistant.chosen_option import AGENT, in_person, label_parts
from assistant.spoken_words import spoken_words
from assistant.turn import Option, Turn
from knowledge.facet_words import facets_asked
from knowledge.item import ServiceItem, Situation

DENIED = re.compile(r"(没有?|不是|除了|不|无|非)[^，。]{0,2}$")
"""Before an option's word: the visitor says that it is not so."""
PERSON = re.compile(r"(?:本人|亲自|亲身|自己)(?:来|去|到|跑|办|过来|过去)?")


def told_choices(turn: Turn, item: ServiceItem) -> dict[str, str]:
    """Choices so far, and those that the words of this turn tell, or the alias that names the item: 行驶证丢了."""
    said = turn.text if turn.telling is None else turn.telling
    text, choices = without_names(said, item), dict(turn.choices)
    alias = max((name for name in item.aliases if name in said), key=len, default="")
    acts = bool(spoken_words().reply["acts"].search(said))
    for situation in item.situations:
        if situation.id in choices:
            continue
        named = [(word, value) for word, value in _words(situation) if word not in item.name]
        value = _one_value(_words(situation), text) or _of_who_comes(situation, text, acts) or _one_value(named, alias)
        if value:
            choices[situation.id] = value
    return choices


def _one_value(words: list[tuple[str, str]], text: str) -> str | None:
    told = [(len(word), value) for word, value in words if word in text and not DENIED.search(text[: text.index(word)])]
    return max(told)[1] if told and len({value for _, value in told}) == 1 else None


def _words(situation: Situation) -> list[tuple[str, str]]:
    """Labels, other words and what a label lists, with the value that they mean."""
    listed = label_parts(_options(situation))
    return [
        (word, option.value)
        for option, parts in zip(situation.options, listed, strict=True)
        for word in (option.label, *option.says, *parts)
        if len(word) > 1
    ]


def _options(situation: Situation) -> list[Option]:
    return [Option(option.label, option.value) for option in situation.options]


def _of_who_comes(situation: Situation, text: str, acts: bool) -> str | None:
    """Whether the visitor comes himself or acts for somebody, where that is asked of him."""
    if AGENT not in {option.value for option in situation.options}:
        return None
    reply = spoken_words().reply
    if acts:
        return AGENT
    if reply["not_in_person"].search(text):
        return AGENT if "proxy" in facets_asked(text) else None
    if reply["in_person_told"].search(text):
        comes = in_person(_options(situation), [option.says for option in situation.options])
        return comes and comes.value
    return AGENT if "proxy" in facets_asked(PERSON.sub("", text)) else None
