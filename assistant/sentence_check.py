"""One drafted sentence held against the words it rests on. What stands in neither is an objection."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

import yaml

from assistant.language import HAN
from knowledge.library import Library
from knowledge.numbers import amounts, unsupported
from knowledge.passage import Citation

Objection = Literal["form", "quote", "uncited", "number", "link", "law", "name", "claim", "far"]
"""Why a sentence is not said; the model gets it named in the template `model_draft`."""

LONGEST = 160
"""Characters of one sentence."""
SHORTEST_QUOTE = 4
KEPT_WORDS = 0.5
"""Share of a sentence's character pairs that stand in its passage at least."""

_FORM = re.compile(r"[<>\[\]{}`*#|\\【】]")
_LATIN = re.compile(r"[\w.:/?=&%#@+-]*[A-Za-z@][\w.:/?=&%#@+-]*", re.ASCII)
_LAW = re.compile(r"《[^》]*》?")
_SPELT = re.compile(r"[零〇一二三四五六七八九幺]{4,}")
_HAN_RUN = re.compile(r"[\u3400-\u9fff]+")


@dataclass(frozen=True)
class Claims:
    """Words that carry a fact without being a number."""

    stated: tuple[re.Pattern[str], ...]
    polar: tuple[re.Pattern[str], ...]
    joints: re.Pattern[str]
    about_both: re.Pattern[str]


@cache
def claims() -> Claims:
    data = yaml.load((files("assistant") / "claims.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    return Claims(
        stated=tuple(re.compile(words) for words in data["claims"].values()),
        polar=tuple(re.compile(words) for words in data["polar"].values()),
        joints=re.compile(data["joints"]),
        about_both=re.compile(data["about_both"]),
    )


Names = Mapping[str, str | None]
"""Names of items, materials, places and regions -> the item that has this name."""


def names_of(library: Library, elsewhere: Iterable[str] = ()) -> Names:
    """What a sentence may name only where its passage does."""
    names: dict[str, str | None] = dict.fromkeys(elsewhere)
    for named in (*library.hall.materials, *library.hall.regions):
        names |= dict.fromkeys((named.name, *named.aliases))
    for item in library.items.values():
        names |= dict.fromkeys(place.name for place in item.places if place.name)
    names |= dict(zip(library.names, library.name_owners, strict=True))
    return {name: owner for name, owner in names.items() if len(name) > 1}


def objection(sentence: str, citation: Citation | None, names: Names) -> Objection | None:
    """None for a sentence that may be said."""
    if len(sentence) > LONGEST or _FORM.search(sentence) or not sentence.isprintable() or not HAN.search(sentence):
        return "form"
    if citation is None:
        return _of_uncited(sentence, names)
    if len(citation.quote) < SHORTEST_QUOTE:
        return "quote"
    passage = citation.passage
    shown = "\n".join((passage.title, passage.text))
    if unsupported(sentence, (citation.quote, passage.title)) or _absent(_SPELT, sentence, shown):
        return "number"
    if _absent(_LATIN, sentence, shown):
        return "link"
    if _absent(_LAW, sentence, shown):
        return "law"
    foreign = (name for name, owner in names.items() if owner is None or owner != passage.item)
    if any(name in sentence and name not in shown for name in foreign):
        return "name"
    if not _agree(sentence, citation):
        return "claim"
    return None if _kept_words(sentence, shown + "\n" + "\n".join(passage.questions)) >= KEPT_WORDS else "far"


def _of_uncited(sentence: str, names: Names) -> Objection | None:
    """A sentence without a source may lead over from one to the next, and hold nothing."""
    known = claims()
    holds_fact = (
        amounts(sentence)
        or any(pattern.search(sentence) for pattern in (_LATIN, _LAW, _SPELT, *known.stated, *known.polar))
        or any(name in sentence for name in names)
    )
    return "uncited" if holds_fact or len(sentence) > LONGEST // 4 else None


def _absent(pattern: re.Pattern[str], sentence: str, shown: str) -> bool:
    lowered = shown.lower()
    return any(found.lower().rstrip(".:/-") not in lowered for found in pattern.findall(sentence))


def _agree(sentence: str, citation: Citation) -> bool:
    known, said = claims(), f"{citation.passage.title}\n{citation.quote}"
    if any(pattern.search(sentence) and not pattern.search(said) for pattern in known.stated):
        return False
    return all(bool(pattern.search(sentence)) == bool(pattern.search(citation.quote)) for pattern in known.polar)


def _kept_words(sentence: str, shown: str) -> float:
    pairs = [run[i : i + 2] for run in _HAN_RUN.findall(sentence) for i in range(len(run) - 1)]
    return sum(pair in shown for pair in pairs) / len(pairs) if pairs else 1.0
