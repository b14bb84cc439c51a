"""The search alone: is the right item found first, and the passage of the right facet among its first?"""

from __future__ import annotations

import time
from collections.abc import Iterator

from assistant.cleaning import clean
from assistant.language import language_of
from evals.asking import Asker
from evals.case import Case
from evals.sample import AnsweringRow
from knowledge.passage import Hit

NEAR = 3
PASSAGES = 5
"""Passages of the right item among which the facet is looked for."""


def judge(asker: Asker, row: AnsweringRow) -> Iterator[Case]:
    begun = time.perf_counter()
    question = clean(row.question)
    hits = asker.product.retriever().find(question, at=asker.at, language=language_of(question))
    took = (time.perf_counter() - begun) * 1000
    items = list(dict.fromkeys(hit.passage.entry for hit in hits))
    marks = {"item_first": items[:1] == [row.item], "item_among_3": row.item in items[:NEAR]}
    if row.item in items:
        marks["facet"] = _facet_found(asker, [hit for hit in hits if hit.passage.item == row.item][:PASSAGES], row)
    yield Case(
        row.id,
        row.category,
        row.question,
        row.item,
        ", ".join(items[:NEAR]),
        marks,
        row.kind,
        row.item,
        answer="\n".join(f"{hit.score:.3f} {hit.passage.title} · {hit.passage.field}" for hit in hits[:PASSAGES]),
        took_ms=took,
    )


def _facet_found(asker: Asker, hits: list[Hit], row: AnsweringRow) -> bool:
    """A passage of one of the facets; of an overview any passage says something."""
    found = {facet for hit in hits for facet in asker.facets_of(hit)}
    return "overview" in row.facets or bool(found & set(row.facets))
