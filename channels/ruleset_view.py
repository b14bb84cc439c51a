"""A version of rules as the desk shows it: its state, what it changes, what a replay told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel

from channels.case_parts import CaseParts
from channels.staff import WRITERS, Accounts
from preapproval.case_replay import CaseReplay
from preapproval.check_rules import Services
from preapproval.publish import TRANSITIONS, Version
from preapproval.rule_words import words
from preapproval.ruleset_files import EVERY
from preapproval.ruleset_store import ruleset_of
from preapproval.try_rules import Changes, RuleTrials


class VersionView(BaseModel):
    id: str
    item: str
    """`every` for the rules of every item."""
    item_name: str | None
    version: str
    sha256: str
    state: str
    state_label: str
    author: str
    author_name: str
    approved_by: str | None
    approved_by_name: str | None
    created_at: datetime
    published_at: datetime | None
    effective_from: date
    differences: int | None
    """How many the replay found; None where none was made."""
    next: list[str]
    """Events that its state allows; who asks may still be the wrong person."""
    approvers: list[str]
    """Names of who may approve it; empty where it is approved already, or where the hall has no second person."""


class DifferenceView(BaseModel):
    """An outcome is absent where a rule set has no such rule."""

    case: str
    rule: str
    slot: str | None
    before: str | None
    after: str | None


class ChangesView(BaseModel):
    """Ids of rules, against those in force."""

    added: list[str]
    changed: list[str]
    removed: list[str]


class WholeVersionView(VersionView):
    content: dict[str, Any]
    changes: ChangesView
    replay: list[DifferenceView] | None


class DraftView(BaseModel):
    version: WholeVersionView
    problems: list[str]
    """What keeps it from being tested, each with its cell where it came as a workbook."""


class TestView(BaseModel):
    version: WholeVersionView
    problems: list[str]
    """Where there are any the version stays as it was, and no case is judged again."""
    cases: int
    skipped: int
    """Cases of which something is gone, or was never read."""


def trials_of(parts: CaseParts) -> RuleTrials:
    return RuleTrials(
        lambda: services_of(parts), parts.reviewer.rulesets, CaseReplay(parts.runs, parts.files), parts.reviewer.today
    )


def services_of(parts: CaseParts) -> Services:
    """The handbook that is live; which laws it may cite it does not keep."""
    library = parts.product.live.current().library
    return Services(library.items, {material.id: material for material in library.hall.materials})


def changes_view(changes: Changes) -> ChangesView:
    return ChangesView(added=list(changes.added), changed=list(changes.changed), removed=list(changes.removed))


class VersionViews:
    """Makes views; who is who is looked up once."""

    def __init__(self, parts: CaseParts) -> None:
        self.parts = parts
        everybody = Accounts(parts.product.knowledge.engine).everybody()
        self.names: Mapping[str, str] = {member.id: member.name for member in everybody}
        self.writers = [one for one in everybody if one.roles & WRITERS and not one.disabled]

    def short(self, version: Version) -> VersionView:
        return VersionView(**self._fields(version))

    def whole(self, version: Version) -> WholeVersionView:
        changes = trials_of(self.parts).changes(ruleset_of(version.item, version.content))
        return WholeVersionView(
            **self._fields(version),
            content=dict(version.content),
            changes=changes_view(changes),
            replay=None if version.replay is None else [DifferenceView(**one) for one in version.replay],
        )

    def item_name(self, item: str) -> str | None:
        """None for an item that the handbook no longer has."""
        known = self.parts.item(item)
        return words()["publish"]["every"] if item == EVERY else known.name if known else None

    def _fields(self, version: Version) -> dict[str, Any]:
        names, said = self.names, words()["publish"]
        return {
            "id": version.id, "item": version.item, "version": version.version, "sha256": version.sha256,
            "item_name": self.item_name(version.item),
            "state": version.state, "state_label": said["states"][version.state],
            "author": version.author, "author_name": names.get(version.author, version.author),
            "approved_by": version.approved_by,
            "approved_by_name": names.get(version.approved_by, version.approved_by) if version.approved_by else None,
            "created_at": version.created_at, "published_at": version.published_at,
            "effective_from": version.effective_from,
            "differences": None if version.replay is None else len(version.replay),
            "approvers": [one.name for one in self.writers if one.id != version.author]
            if version.state in ("draft", "tested") else [],
            "next": [event for state, event in TRANSITIONS if state == version.state],
        }  # fmt: skip
