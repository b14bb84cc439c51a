"""Which rules hold for each item today, and how they came to hold."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel

from channels.case_parts import CaseParts
from channels.ruleset_view import services_of
from preapproval.rule_words import words
from preapproval.ruleset import EveryRules, Ruleset
from preapproval.ruleset_files import EVERY, NO_EVERY, Rulesets, UnreadableRuleset, ref_of
from preapproval.ruleset_store import content_sha256


class InForceView(BaseModel):
    item: str
    """`every` for the rules of every item."""
    item_name: str
    version: str | None
    """As cases and figures name it: of the item's rules, those of every item, and the program together."""
    sha256: str | None
    """Of the content; a version of the same content has the same."""
    effective_from: date | None
    origin: str | None
    """published, folder, bundled; null where the item has no rules of its own."""
    origin_label: str | None
    rules: int
    problem: str | None
    """Why its rules cannot be read."""


class ItemsView(BaseModel):
    today: date
    """The hall's day: rules may not begin before it."""
    items: list[InForceView]


def items_in_force(parts: CaseParts) -> ItemsView:
    """`every` first, then every item of the handbook that is live."""
    today = parts.reviewer.today()
    settings = parts.product.settings
    sources = Rulesets(
        lambda: services_of(parts).materials, (settings.data_dir / "checklists",), parts.versions.in_force
    )
    try:
        found = sources.source(EVERY, today)
        every = found.content if found and isinstance(found.content, EveryRules) else NO_EVERY
    except UnreadableRuleset:
        every = NO_EVERY  # told in the line of `every` itself
    names = {EVERY: words()["publish"]["every"]} | {one.id: one.name for one in services_of(parts).items.values()}
    return ItemsView(today=today, items=[_line(sources, name, said, every, today) for name, said in names.items()])


def _line(sources: Rulesets, item: str, name: str, every: EveryRules, today: date) -> InForceView:
    empty = InForceView(
        item=item, item_name=name, version=None, sha256=None, effective_from=None, origin=None, origin_label=None,
        rules=0, problem=None,
    )  # fmt: skip
    try:
        found = sources.source(item, today)
    except UnreadableRuleset as error:
        return empty.model_copy(update={"problem": str(error)})
    if found is None:
        own = Ruleset(item=item, effective_from=every.effective_from, rules=())
        return empty.model_copy(update={"version": ref_of(own, every).version})
    content = found.content
    version = ref_of(content, every).version if isinstance(content, Ruleset) else None
    said = words()["publish"]["origins"][found.origin]
    return empty.model_copy(
        update={
            "version": version, "sha256": content_sha256(content), "effective_from": content.effective_from,
            "origin": found.origin, "origin_label": said, "rules": len(content.rules),
        }
    )  # fmt: skip
