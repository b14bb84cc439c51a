"""Which frequent question of an item is the one asked, and whether it answers alone or beside the fields."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from assistant.premise import nearness
from assistant.spoken_words import bare
from knowledge.item import Facet, ServiceItem
from knowledge.passage import Hit

PLAIN: frozenset[Facet] = frozenset({
    "overview", "materials", "fee", "time", "place", "phone", "online", "steps", "law",
})  # fmt: skip
"""Facets that a field answers in full; a frequent question may only stand beside them."""
NAMED_FACETS: frozenset[Facet] = frozenset({"result", "proxy", "cross_region"})
"""Facets whose field is a short text that a nearer frequent question may say better."""


@dataclass(frozen=True)
class FaqLimits:
    """Nearness that decides, chosen on the development set."""

    sure: float = 0.62
    """A frequent question is taken for a question that fields answer as well."""
    likely: float = 0.5
    """It is taken for one that asks whether something is so, or tells a special case."""
    overlap: float = 0.05
    """What it gains when it is about a facet that is asked for."""
    close: int = 75
    """rapidfuzz ratio from which it is the very question asked, the item's names left out of both."""


@dataclass(frozen=True)
class Matter:
    """What a question says beside the item's names."""

    text: str
    special: bool
    """Whether that is more than which facet it asks for."""
    how_to: bool
    """Whether it asks how the item is done or only names it, rather than whether something is so."""
    asks_all: bool
    """Whether it asks for all conditions, rather than whether something is so."""


def faq_of(hit: Hit) -> int:
    """The position of the frequent question that a hit shows."""
    assert hit.passage.field
    return int(hit.passage.field.removeprefix("faq[").removesuffix("]"))


def choose_faq(
    hits: Sequence[Hit], item: ServiceItem, asked: Sequence[Facet], matter: Matter, limits: FaqLimits
) -> Hit | None:
    """The frequent question to answer with, or to show beside the fields."""
    best, best_value = None, 0.0
    for hit in hits:
        if hit.passage.is_faq and (value := _value(hit, item, asked, matter, limits)) > best_value:
            best, best_value = hit, value
    return best


def answers_alone(asked: Sequence[Facet], matter: Matter) -> bool:
    """Whether a frequent question needs no field beside it."""
    return not (PLAIN if matter.how_to else PLAIN - {"overview"}) & set(asked)


def is_close(hit: Hit, item: ServiceItem, matter: Matter, limits: FaqLimits) -> bool:
    """Whether one of its wordings is nearly the question, word by word."""
    wordings = (bare(without_names(wording, item)) for wording in hit.passage.questions)
    return any(fuzz.ratio(matter.text, wording) >= limits.close for wording in wordings)


def without_names(text: str, item: ServiceItem) -> str:
    """`text` without the item's names, longest first."""
    for name in sorted((item.name, *item.aliases), key=len, reverse=True):
        text = text.replace(name, "")
    return text


def _value(hit: Hit, item: ServiceItem, asked: Sequence[Facet], matter: Matter, limits: FaqLimits) -> float:
    """How well a frequent question fits; 0 where it must not be taken."""
    about = set(item.faq[faq_of(hit)].facets) & set(asked)
    near = nearness(hit) + (limits.overlap if about else 0.0)
    if is_close(hit, item, matter, limits):
        return near + 1
    if not answers_alone(asked, matter):
        wanted = matter.special if "overview" in asked else about
        return near if wanted and nearness(hit) >= limits.sure else 0.0
    if matter.asks_all or (NAMED_FACETS & set(asked) and not about):
        return 0.0
    return near if near >= (limits.likely if matter.special else limits.sure) else 0.0
