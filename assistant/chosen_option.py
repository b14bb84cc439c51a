"""Which option a visitor means who answers what was asked back: by touch, place, words, denial or sound."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from assistant.spoken_words import PUNCTUATION, bare, own_matter, spoken_words
from assistant.turn import Option
from knowledge.keywords import sound_tokens

LONGEST_CHOICE = 16
"""Characters beyond which words are a question of their own, not a choice."""
NEARLY_EQUAL = 75
"""rapidfuzz ratio from which words name an option."""
NOT = (
    "(?:没有?|无(?![人偿])|未|不(?![过少同仅但止动锈])|不是|不用|不想|非(?!常)|别(?![人的墅]))"
    "(?:[有是过想要能会得再去来装建办买做交参签领带开养拿写搬迁换住卖用打结]{0,2})(?:什么|任何)?"
)
HAVING = re.compile(r"^(已经|已|还)?(有|是|要|想)?")
NEGATIVE = re.compile(r"^(还|都|以上|什么)*(没|不(?!动产|锈钢|同)|无(?!人|偿)|未|否)")
"""How an option begins that says that it is not so."""
NONE_OF_THEM = re.compile(r"^(以上|什么)*都(不|没)|^其[他它]")
ALL_OF_THEM = re.compile(r"都(要|有|是|办|查|卖|申请|写)|^[两双][个样种项类方]")
UNSURE = re.compile(r"不知道|不清楚|不确定|说不清")
PARTS = re.compile(r"、|，|或者|或|；")
"""Between what a label lists."""
UNTOLD = re.compile(r"[没不无未非]|其[他它]|.{0,2}等$")
"""A part of a label that says too little by itself."""
AGENT = "agent"
"""The option value, in any item, of somebody who acts for the applicant."""
IN_PERSON = re.compile(r"本人|亲自|我自己|自己$|自己(来|去|办|申请|报|查|打|到)")

Says = Sequence[Sequence[str]]
"""Other words for each option, in the order of the options."""


def touched(text: str, options: Sequence[Option]) -> Option | None:
    """The option whose label or value `text` is: it was touched, or read out."""
    return next((option for option in options if bare(text) in (bare(option.label), option.value)), None)


def named_outright(text: str, options: Sequence[Option], says: Says) -> Option | None:
    """The one option that `text` is the label, the value or another wording of."""
    names = _names(options, says)
    said = [option for option, wordings in zip(options, names, strict=True) if bare(text) in map(bare, wordings)]
    return touched(text, options) or _only(said)


def by_the_whole(text: str, options: Sequence[Option], says: Says) -> Option | None:
    """The option that 都不是, 都要, 不清楚 or a plain yes or no means among these; None where none is that."""
    words, reply, names = bare(text), spoken_words().reply, _names(options, says)
    if reply["none"].fullmatch(words):
        found = _only(_any(options, names, NONE_OF_THEM)) or _only([o for o in options if NEGATIVE.match(o.label)])
        if found:
            return found
    if reply["all"].fullmatch(words) and (found := _only(_any(options, names, ALL_OF_THEM))):
        return found
    if reply["unsure"].fullmatch(words):
        return _only([option for option in options if UNSURE.search(option.label)])
    negative = _only([option for option in options if NEGATIVE.match(option.label)])
    if negative and len(options) == 2 and reply["affirmed"].fullmatch(words):
        return next(option for option in options if option is not negative)
    return None


def is_plain(text: str) -> bool:
    """Whether it is 没有, 都要, 不清楚 or 是的 and no more: nothing but what is asked can be meant."""
    reply = spoken_words().reply
    return any(reply[kind].fullmatch(bare(text)) for kind in ("none", "all", "unsure", "affirmed"))


def in_person(options: Sequence[Option], says: Says = ()) -> Option | None:
    """The one option of who comes himself, by its label, or else by other words for it."""
    labels = [(re.sub(r"（.*?）", "", option.label),) for option in options]
    return _only(_any(options, labels, IN_PERSON)) or _only(_any(options, _names(options, says), IN_PERSON))


def chosen(text: str, options: Sequence[Option], says: Says = (), *, by_place_only: bool = False) -> Option | None:
    """The option that `text` names: by its place, its label, other words for it, or its sound."""
    words = re.sub(r"^(我)?(要|选|是|想要|想选|就|那就?)|(吧|呢|啊|呀|的话)$", "", bare(text))
    for pattern, position in spoken_words().ordinals:
        if pattern.fullmatch(words) and position < len(options):
            return options[position]
    exact = touched(text, options)
    if exact or by_place_only or len(words) > LONGEST_CHOICE:
        return exact
    found = named_outright(text, options, says) or by_the_whole(text, options, says)
    names = [(*one, *more) for one, more in zip(_names(options, says), label_parts(options), strict=True)]
    return found or _by_words(text, words, options, names) or _who_comes(text, options, says)


def _by_words(text: str, words: str, options: Sequence[Option], names: list[tuple[str, ...]]) -> Option | None:
    said = _clauses(text)
    left = [place for place, wordings in enumerate(names) if not any(denied(said, name) for name in wordings)]
    ways = (words, words.removesuffix("的")) if len(words) > 2 else (words,)
    scores = {place: max(_likeness(one, name) for one in ways for name in names[place]) for place in left}
    best = max(scores, key=scores.__getitem__, default=None)
    if best is not None and scores[best] >= NEARLY_EQUAL:
        return options[best]
    if len(options) == 2 and len(left) == 1:
        return options[left[0]]
    return _told_apart(words, [options[place] for place in left])


def _who_comes(text: str, options: Sequence[Option], says: Says) -> Option | None:
    """Whoever says that he comes himself, or that he acts for another."""
    reply = spoken_words().reply
    if reply["acts"].search(text):
        return _only([option for option in options if option.value == AGENT])
    comes = reply["in_person"].search(text) and not reply["not_in_person"].search(text)
    return in_person(options, says) if comes else None


def label_parts(options: Sequence[Option]) -> list[list[str]]:
    """What each label lists and no other option says: 被辞退、裁员或者合同到期."""
    parts = [PARTS.split(re.sub(r"（.*?）", "", option.label)) for option in options]
    return [
        [part for part in mine if len(part) > 1 and not UNTOLD.match(part) and not _elsewhere(part, options, place)]
        if len(mine) > 1 and not UNSURE.search(options[place].label)
        else []
        for place, mine in enumerate(parts)
    ]


def _elsewhere(part: str, options: Sequence[Option], place: int) -> bool:
    return any(part in option.label for other, option in enumerate(options) if other != place)


def denied(said: str, name: str) -> bool:
    """Whether `said`, of `_clauses`, says that it is not so: 没有贷款 denies 有贷款, and 贷款."""
    name = _clauses(name)
    core = HAVING.sub("", name)
    if core in ("", "了", "的"):
        return name.startswith("有") and re.match(NOT, said) is not None
    long_enough = len(core) > 1 or name.startswith("有")
    return long_enough and re.search(NOT + re.escape(core), said) is not None


def _clauses(text: str) -> str:
    """`text` with a comma for any punctuation between its clauses."""
    return PUNCTUATION.sub("，", re.sub(r"\s", "", text)).strip("，")


def _names(options: Sequence[Option], says: Says) -> list[tuple[str, ...]]:
    return [(option.label, *(says[place] if place < len(says) else ())) for place, option in enumerate(options)]


def _any(options: Sequence[Option], names: Sequence[Sequence[str]], pattern: re.Pattern[str]) -> list[Option]:
    """The options one of whose names holds the pattern."""
    pairs = zip(options, names, strict=True)
    return [option for option, wordings in pairs if any(pattern.search(name) for name in wordings)]


def _only(options: Sequence[Option]) -> Option | None:
    return options[0] if len(options) == 1 else None


def _told_apart(words: str, options: Sequence[Option]) -> Option | None:
    """The one option with a part that no other has, if `words` are mostly that part by its sound: 卖食品的那个."""
    heard = set(sound_tokens(own_matter(words)))
    sounds = [set(sound_tokens(option.label)) for option in options]
    for place, option in enumerate(options):
        others = set[str]().union(*(sound for other, sound in enumerate(sounds) if other != place))
        if heard and len(heard & (sounds[place] - others)) * 2 >= len(heard) and not heard & (others - sounds[place]):
            return option
    return None


def _likeness(words: str, name: str) -> float:
    name = bare(name)
    if not words:
        return 0.0
    if name in words and (len(name) > 1 or words.startswith(name)):
        return 80 + 20 * len(name) / len(words)
    if len(words) >= 2 and words in name:
        return 75 + 20 * len(words) / len(name)
    if len(words) >= 2 and sound_tokens(words) == sound_tokens(name):
        return 90
    return fuzz.ratio(words, name)
