"""How much a handbook holds and where it is thin, in figures for the CLI, the studio and the big screen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any, get_args

from knowledge.handbook import Handbook
from knowledge.item import FACETS, LifeEvent, ServiceItem
from knowledge.split import FIELD_OF_FACET, split_item

UNSORTED = "unsorted"
"""Stands for items without a life event."""


def handbook_stats(handbook: Handbook) -> dict[str, Any]:
    """Figures of `handbook`, ready for JSON.

    `questions` counts aliases and FAQ wordings; `facet_completeness` is the share of items, 0 to 1,
    whose facet can be answered; `without_situations` lists the items that ask nothing; `bundle_papers` tells for
    each bundle how many papers its members ask for one by one and how many it asks for itself.
    """
    items = tuple(handbook.items.values())
    resolved = tuple(handbook.resolved(item) for item in items)
    return {
        "items": len(items),
        "bundles": sum(item.bundle is not None for item in items),
        "situations": sum(bool(item.situations) for item in items),
        "situation_questions": sum(len(item.situations) for item in items),
        "questions": sum(len(item.aliases) + sum(len(faq.questions) for faq in item.faq) for item in items),
        "faq": sum(len(item.faq) for item in items),
        "materials": len(handbook.materials) or len(_material_names(items)),
        "laws": len(handbook.laws) or len({basis.law for item in items for basis in item.legal_basis}),
        "places": len(handbook.places),
        "regions": len(handbook.regions),
        "by_life_event": _by_life_event(items),
        "by_audience": dict(Counter(one for item in items for one in item.audience)),
        "by_kind": dict(Counter(item.kind or UNSORTED for item in items)),
        "facet_completeness": _facet_completeness(resolved),
        "verification": dict(Counter(item.verified.status for item in items)),
        "without_situations": sorted(item.id for item in items if not item.situations),
        "cross_region": _cross_region(resolved),
        "bundle_papers": _bundle_papers(resolved),
        "project_lines": {
            f"{item.name}：{line.name}": len(line.members)
            for item in items
            if item.project
            for line in item.project.lines
        },
        "regions_by_level": dict(Counter(region.level for region in handbook.regions.values())),
        "problems": len(handbook.problems),
    }


def _material_names(items: Iterable[ServiceItem]) -> set[str]:
    return {line.material or line.name or "" for item in items for line in item.materials}


def _by_life_event(items: tuple[ServiceItem, ...]) -> dict[str, int]:
    """Every life event, those without an item too, so that a gap is seen."""
    counts = Counter(item.life_event or UNSORTED for item in items)
    by_event = {event: counts[event] for event in get_args(LifeEvent)}
    return by_event | ({UNSORTED: counts[UNSORTED]} if counts[UNSORTED] else {})


def _cross_region(items: Iterable[ServiceItem]) -> dict[str, int]:
    """Resolved items by the way in which they are handled across regions."""
    return dict(Counter(mode for item in items if item.cross_region for mode in item.cross_region.modes))


def _bundle_papers(items: Iterable[ServiceItem]) -> dict[str, dict[str, int]]:
    return {
        item.name: {"apart": item.bundle.saving.apart, "together": item.bundle.saving.together}
        for item in items
        if item.bundle and item.bundle.saving
    }


def _facet_completeness(items: tuple[ServiceItem, ...]) -> dict[str, float]:
    answerable: Counter[str] = Counter()
    for item in items:
        passages = split_item(item, source=item.id)
        answerable.update({facet for p in passages if (facet := p.facet) and p.field == FIELD_OF_FACET[facet]})
    total = len(items)
    return {facet: round(answerable[facet] / total, 4) if total else 0.0 for facet in FACETS}
