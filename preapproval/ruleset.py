"""Rules as clerks keep them: one file an item under checklists/, and what holds for every kind in every.yaml."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from knowledge.item import Basis
from preapproval.case import Severity, Slug, Value


def _plain(value: Any) -> Any:
    """Days as ISO text, as JSON and sheets have them."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


Plain = Annotated[dict[str, Any], BeforeValidator(_plain)]


class Examples(Value):
    """Facts, path -> value, for which the rule passes, and for which it fails. Each rule needs one of both.

    `case.now` may be given; it is 2026-06-01 otherwise. preapproval.rule_examples tells what else may stand there.
    """

    passes: tuple[Plain, ...] = ()
    fails: tuple[Plain, ...] = ()


class Rule(Value):
    """One check that a clerk chose from the templates, with its parameters and its sentences."""

    id: Slug
    title: str
    check: str
    """Name of a template in preapproval.rules.TEMPLATES."""
    with_: Plain = Field(default_factory=dict, alias="with")
    when: str | None = None
    """CEL; the rule does not apply where it is false, and cannot be judged where it cannot be evaluated."""
    severity: Severity = "must"
    basis: Basis | None = None
    citizen_text: str
    """May name values of the check in braces: 还有{days}天到期."""
    action: str
    local: Literal["confirmed", "to_be_confirmed"] | None = None
    effective_from: date | None = None
    effective_to: date | None = None
    examples: Examples = Examples()


class SlotTerms(Value):
    """What holds for one line of the item's checklist beyond the handbook."""

    may_follow: bool = False
    """容缺: may be handed in after acceptance, with a commitment."""
    promise_instead: bool = False
    """告知承诺: a written commitment may stand in for it."""
    copies_only: bool = False
    same_as: tuple[Slug, ...] = ()
    """Lines whose paper may serve here too, where one person is both: whoever applies is often the guardian."""
    sample: str | None = None
    """How a right one looks, in words, for the notice."""


class Ruleset(Value):
    """All rules of one item. Its version is the SHA-256 of its canonical content; nobody writes it."""

    item: Slug
    effective_from: date
    slots: dict[Slug, SlotTerms] = Field(default_factory=dict)
    rules: tuple[Rule, ...]
    declared: dict[str, Literal["text", "date", "number", "boolean"]] = Field(default_factory=dict)
    """Values of the application that rules name as `declared.…`."""
    declared_labels: dict[str, str] = Field(default_factory=dict)
    """What the form calls them: shop_area -> 经营面积（平方米）."""


class KindRule(Rule):
    """A rule for every material of one kind, whatever it is handed in for. Its paths begin with `it`: `it.number`."""

    kind: Slug
    not_for: tuple[Slug, ...] = ()
    """Lines of a checklist for which the kind may be handed in and the rule does not hold: a dead person's card."""


class EveryRules(Value):
    """What holds for every item: every.yaml."""

    effective_from: date
    rules: tuple[KindRule, ...]
