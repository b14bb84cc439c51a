"""What of a passage is embedded: several short texts, each a key under which the passage may be found."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from knowledge.facet_words import facet_words
from knowledge.passage import Passage

CONTENT_FACETS = ("conditions", "materials")
"""Facets whose own words visitors use in questions, and so are embedded beside the phrase that asks for them."""
CONTENT_LENGTH = 120
OTHER_SERVICE_KEYS = 3
"""Names of another service that are embedded; all of them are found by their words."""


def embedding_keys(passage: Passage) -> tuple[str, ...]:
    """Names and wordings one by one, since a short key matches a short question better than a long passage."""
    if passage.is_other_service:
        return passage.questions[:OTHER_SERVICE_KEYS]
    if passage.item is None:
        return tuple(dict.fromkeys((f"《{passage.title}》{passage.text}", *passage.questions)))
    if passage.is_faq:
        return tuple(f"{passage.title}：{question}" for question in passage.questions)
    if passage.facet == "overview":
        return tuple(dict.fromkeys((*passage.questions, f"{passage.title}：{passage.text}")))
    assert passage.facet is not None
    asks = (f"{passage.title}{facet_words()[passage.facet].ask}",)
    if passage.facet in CONTENT_FACETS:
        return (*asks, f"{passage.title}：{passage.text[:CONTENT_LENGTH]}")
    return asks


def key_id(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def keys_of(passages: Sequence[Passage]) -> dict[str, str]:
    """Key id -> text, over all passages."""
    return {key_id(key): key for passage in passages for key in embedding_keys(passage)}
