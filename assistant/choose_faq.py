"""Which frequent question of an item is the one asked, and whether it answers alone or beside the fields."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.premise import nearness
from knowledge.item import Facet, ServiceItem
from knowledge.passage import Hit

PLAIN: frozenset[Facet] = frozenset({"materials", "fee", "time", "place", "phone", "online", "steps", "law"})
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
    lead: float = 0.04
    """By how much it must be nearer than the field of a facet that it is not about."""


def faq_of(hit: Hit) -> int:
    """The position of the frequent question that a hit shows."""
    assert hit.passage.field
    return int(hit.passage.field.removeprefix("faq[").removesuffix("]"))


def choose_faq(
    hits: Sequence[Hit], item: ServiceItem, asked: Sequence[Facet], special: bool, limits: FaqLimits
) -> Hit | None:
    """The frequent question to answer with. `special` tells whether more is said than the item and its facets."""
    best, best_value = None, 0.0
    for hit in hits:
        if hit.passage.is_faq and (value := _value(hit, item, hits, asked, special, limits)) > best_value:
            best, best_value = hit, value
    return best


def answers_alone(asked: Sequence[Facet]) -> bool:
    """Whether a frequent question needs no field beside it."""
    return not PLAIN & set(asked)


def _value(
    hit: Hit, item: ServiceItem, hits: Sequence[Hit], asked: Sequence[Facet], special: bool, limits: FaqLimits
) -> float:
    """How well a frequent question fits; 0 where it must not be taken."""
    about = set(item.faq[faq_of(hit)].facets) & set(asked)
    near = nearness(hit)
    if not answers_alone(asked):
        return near if about and near >= limits.sure else 0.0
    if near + (limits.overlap if about else 0.0) < (limits.likely if special else limits.sure):
        return 0.0
    fields = [other for other in hits if not other.passage.is_faq and other.passage.facet in NAMED_FACETS & set(asked)]
    if fields and not about and near < max(nearness(field) for field in fields) + limits.lead:
        return 0.0
    return near + (limits.overlap if about else 0.0)
