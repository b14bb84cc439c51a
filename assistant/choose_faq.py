"""Which frequent question of an item is the one asked, and whether it answers alone or beside the fields."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz

from assistant.premise import nearness
from assistant.spoken_words import bare, own_matter
from knowledge.item import Facet, ServiceItem
from knowledge.passage import Hit

PLAIN: frozenset[Facet] = frozenset({
    "overview", "materials", "fee", "time", "place", "phone", "online", "steps", "law",
})  # fmt: skip
"""Facets that a field answers in full; a frequent question may only stand beside them."""
NAMED_FACETS: frozenset[Facet] = frozenset({"result", "proxy", "cross_region"})
"""Facets whose field is a short text that a nearer frequent question may say better."""

VERDICT = re.compile(
    r"(?:一般)?(?:不(?:可以|能|行|一定|会|用|需要|必|要|是|算)|可以|要先)|(?:能|行|会|要|是|算|没?有|合法|得)[，。；]"
)
"""How an answer to a yes-or-no question begins."""

FaqPlace = Literal["alone", "lead", "below"]
"""A frequent question answers alone, leads the fields that are asked for, or stands below them with its own words."""


@dataclass(frozen=True)
class FaqLimits:
    """Nearness that decides, chosen on the development set."""

    sure: float = 0.62
    """A frequent question is taken for a question that fields answer as well."""
    likely: float = 0.5
    """It is taken for one that asks whether something is so, or tells a special case."""
    lead: float = 0.66
    """It is shown before the fields of a facet that is asked for as well."""
    below: float = 0.55
    """It is shown below them."""
    second: float = 0.6
    """A second one is shown below the first."""
    overlap: float = 0.05
    """What it gains when it is about a facet that is asked for."""
    close: int = 75
    """rapidfuzz ratio from which it is the very question asked, the item's names left out of both."""
    close_matter: int = 60
    """The same of what both say beside the words that ask: 丢了怎么办 is not 怎么办."""


@dataclass(frozen=True)
class ChosenFaq:
    """A frequent question of the item in hand, and where it stands in the answer."""

    hit: Hit
    place: FaqPlace
    close: bool = False
    """Whether it is the very question asked, rather than one like it."""
    second: Hit | None = None
    """Another one that fits, for a question with two parts."""


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
    open: bool = False
    """Whether it asks what, where, how much or how, rather than yes or no."""
    parts: int = 1
    """In how many clauses it is said."""


def faq_of(hit: Hit) -> int:
    """The position of the frequent question that a hit shows."""
    assert hit.passage.field
    return int(hit.passage.field.removeprefix("faq[").removesuffix("]"))


@dataclass(frozen=True)
class _Ranked:
    """A frequent question among the others of its item."""

    hit: Hit
    close: bool
    value: float
    """How well it fits; one that is the very question asked stands before all that are not."""


def choose_faq(
    hits: Sequence[Hit], item: ServiceItem, asked: Sequence[Facet], matter: Matter, limits: FaqLimits
) -> ChosenFaq | None:
    """The frequent question to answer with, or to show beside the fields."""
    found: dict[int, _Ranked] = {}
    for hit in hits:
        if hit.passage.is_faq:
            one = _ranked(hit, item, asked, matter, limits)
            found[faq_of(hit)] = max(found.get(faq_of(hit), one), one, key=lambda ranked: ranked.value)
    ranked = sorted(found.values(), key=lambda one: one.value, reverse=True)
    if not ranked:
        return None
    hit, close = ranked[0].hit, ranked[0].close
    place = _place(hit, item, asked, matter, close, limits)
    if place is None:
        return None
    second = ranked[1].hit if len(ranked) > 1 and matter.special and matter.parts > 1 else None
    if second and (close or nearness(second) < limits.second):
        second = None
    return ChosenFaq(hit, place, close, second)


def faq_of_premise(hit: Hit | None, asked: Sequence[Facet]) -> ChosenFaq | None:
    """The frequent question by which a premise was judged."""
    return ChosenFaq(hit, "lead" if PLAIN & set(asked) else "alone", close=True) if hit else None


def is_close(hit: Hit, item: ServiceItem, matter: Matter, limits: FaqLimits) -> bool:
    """Whether one of its wordings is nearly the question, word by word."""
    said, wordings = matter_beside(matter.text, item), (without_names(one, item) for one in hit.passage.questions)
    return any(
        fuzz.ratio(matter.text, bare(wording)) >= limits.close
        and fuzz.ratio(said, matter_beside(wording, item)) >= limits.close_matter
        for wording in wordings
    )


def matter_beside(text: str, item: ServiceItem) -> str:
    """What `text`, the item's names left out, says beside the words that ask: nothing where a name holds it."""
    matter = own_matter(text)
    return "" if any(matter in name for name in (item.name, *item.aliases)) else matter


def without_names(text: str, item: ServiceItem) -> str:
    """`text` without the item's names, longest first."""
    for name in sorted((item.name, *item.aliases), key=len, reverse=True):
        text = text.replace(name, "")
    return text


def _ranked(hit: Hit, item: ServiceItem, asked: Sequence[Facet], matter: Matter, limits: FaqLimits) -> _Ranked:
    about = set(item.faq[faq_of(hit)].facets) & set(asked)
    close = is_close(hit, item, matter, limits)
    value = nearness(hit) + (limits.overlap if about else 0.0) + (1.0 if close else 0.0)
    return _Ranked(hit, close, value)


def _place(
    hit: Hit, item: ServiceItem, asked: Sequence[Facet], matter: Matter, close: bool, limits: FaqLimits
) -> FaqPlace | None:
    """Where it stands; None where it must not be shown."""
    about, near = set(item.faq[faq_of(hit)].facets) & set(asked), nearness(hit)
    plain = (PLAIN if matter.how_to else PLAIN - {"overview"}) & set(asked)
    if close:
        return "alone" if not plain or (matter.special and list(asked) == ["overview"]) else "lead"
    if plain or matter.asks_all or (NAMED_FACETS & set(asked) and not about):
        if not matter.special:
            return None
        how_to = matter.how_to and "overview" in asked
        if about and near >= limits.lead and not how_to and _may_lead(hit, item, matter):
            return "lead"
        return "below" if near >= limits.below else None
    enough = limits.likely if matter.special else limits.sure
    return "alone" if near + (limits.overlap if about else 0.0) >= enough else None


def _may_lead(hit: Hit, item: ServiceItem, matter: Matter) -> bool:
    """Whether its first word answers: a yes or no answers nobody who asks what, where or how much."""
    return not (matter.open and VERDICT.match(item.faq[faq_of(hit)].answer))
