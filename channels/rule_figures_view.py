"""How good the rules are and how often officers overrule them, for those who look after both."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel

from channels.case_parts import CaseParts
from channels.staff import Accounts
from preapproval.rule_figures import OfficerFigures, RuleFigures, demoted, officer_figures, rule_figures

SEEN_BY = ("auditor", "senior", "editor")
"""Roles that figures of rules and of officers are for."""


class RuleFiguresView(BaseModel):
    """Of one rule in one version of one item's rules; shares from 0 to 1, null where nothing was counted."""

    rule: str
    version: str
    item: str
    item_name: str | None
    checked: int
    firings: int
    """Findings that officers decided on."""
    precision: float | None
    recall: float | None
    """Too high outside of the blind sample: people look where the machine points."""
    blind_recall: float | None
    undetermined_rate: float | None
    demoted: bool
    """Overruled so often that it is shown as a hint, in every item of this version."""


class OfficerFiguresView(BaseModel):
    officer: str
    name: str
    decided: int
    overruled: int
    added: int
    override_rate: float | None


class DemotedView(BaseModel):
    rule: str
    version: str


class FiguresView(BaseModel):
    rules: list[RuleFiguresView]
    demoted: list[DemotedView]
    officers: list[OfficerFiguresView]


def figures(parts: CaseParts) -> FiguresView:
    """Of all cases, erased ones too: counts outlive what is personal."""
    ledger = parts.keeping.ledger
    found = rule_figures(ledger)
    hints = demoted(found)
    names = {member.id: member.name for member in Accounts(parts.product.knowledge.engine).everybody()}
    return FiguresView(
        rules=[_rule(one, parts, (one.rule, one.version) in hints) for one in found],
        demoted=[DemotedView(rule=rule, version=version) for rule, version in sorted(hints)],
        officers=[_officer(one, names) for one in officer_figures(ledger)],
    )


def _rule(one: RuleFigures, parts: CaseParts, hint: bool) -> RuleFiguresView:
    item = parts.item(one.item)
    return RuleFiguresView(
        rule=one.rule, version=one.version, item=one.item, item_name=item.name if item else None,
        checked=one.checked, firings=one.firings, precision=one.precision, recall=one.recall,
        blind_recall=one.blind_recall, undetermined_rate=one.undetermined_rate, demoted=hint,
    )  # fmt: skip


def _officer(one: OfficerFigures, names: Mapping[str, str]) -> OfficerFiguresView:
    return OfficerFiguresView(
        officer=one.officer, name=names.get(one.officer, one.officer), decided=one.decided, overruled=one.overruled,
        added=one.added, override_rate=one.override_rate,
    )  # fmt: skip
