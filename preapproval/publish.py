"""From draft to published: rules hold only after checks, examples and a replay were seen, and two persons agreed.

TRANSITIONS is the lifecycle. Every guard stands here; ruleset_store.py keeps what was decided.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Literal

from preapproval.facts import Facts
from preapproval.rule_words import say, words
from preapproval.ruleset_files import LoadedRuleset
from preapproval.run_rules import RuleResult, run
from preapproval.slots import Slot

State = Literal["draft", "tested", "approved", "published", "retired"]
TRANSITIONS: Mapping[tuple[State, str], State] = {
    ("draft", "test"): "tested",
    ("tested", "test"): "tested",
    ("tested", "approve"): "approved",
    ("approved", "publish"): "published",
    ("published", "retire"): "retired",
    ("draft", "retire"): "retired",
    ("tested", "retire"): "retired",
    ("approved", "retire"): "retired",
}
"""State and event -> next state; what is not here cannot happen."""


class NotAllowed(Exception):
    """A step that may not be taken; `code` is a key of rule_words.yaml, the message its sentence."""

    def __init__(self, code: str, **values: Any) -> None:
        said = words()["publish"]
        shown = {name: said.get(f"{name}s", {}).get(value, value) for name, value in values.items()}
        super().__init__(say("publish", code, **shown))
        self.code = code


@dataclass(frozen=True)
class Difference:
    """A stored case that the new rules judge otherwise; an outcome is absent where a rule set has no such rule."""

    case: str
    rule: str
    slot: str | None
    before: str | None
    after: str | None

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Version:
    """One version of the rules of an item, or of every item."""

    id: str
    item: str
    version: str
    sha256: str
    content: Mapping[str, Any]
    state: State
    author: str
    approved_by: str | None
    created_at: datetime
    published_at: datetime | None
    effective_from: date
    replay: tuple[Mapping[str, Any], ...] | None = None
    """Differences that were seen; None where no replay was made."""

    @property
    def unchanged(self) -> bool:
        """Whether the content is the one that its hash tells of."""
        return self.sha256_of(self.content) == self.sha256

    @staticmethod
    def sha256_of(content: Mapping[str, Any]) -> str:
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def next_state(
    version: Version,
    event: str,
    by: str,
    *,
    today: date,
    problems: Sequence[str] | None = None,
    replay: Sequence[Difference] | None = None,
    seen: str | None = None,
) -> State:
    """The state after `event`. Raises NotAllowed.

    To be tested a version needs no problem of checks and examples, and a replay, even one that finds no difference;
    whoever approves tells by its SHA-256 which content was `seen`; to be published it must still have no problem.
    """
    after = TRANSITIONS.get((version.state, event))
    if after is None:
        raise NotAllowed("wrong_state", state=version.state, event=event)
    if event == "test" and problems is None:
        raise NotAllowed("no_check")
    if event == "test" and problems:
        raise NotAllowed("not_loadable", count=len(problems), first=problems[0])
    if event == "test" and replay is None:
        raise NotAllowed("no_replay")
    if event == "approve" and by == version.author:
        raise NotAllowed("same_person")
    if event in ("approve", "publish") and not version.unchanged:
        raise NotAllowed("changed")
    if event == "approve" and seen != version.sha256:
        raise NotAllowed("not_seen")
    if event == "publish" and version.replay is None:
        raise NotAllowed("no_replay")
    if event == "publish" and problems:
        raise NotAllowed("not_loadable", count=len(problems), first=problems[0])
    if event == "publish" and version.effective_from < today:
        raise NotAllowed("from_past")
    return after


@dataclass(frozen=True)
class StoredCase:
    """A closed case with what was read then, so that nothing is read again."""

    id: str
    facts: Facts
    slots: tuple[Slot, ...]


def replay(cases: Iterable[StoredCase], before: LoadedRuleset, after: LoadedRuleset) -> Iterator[Difference]:
    """Every rule and requirement of every case on which the two rule sets disagree, in the order of the cases."""
    for case in cases:
        old = _outcomes(run(before, case.facts, case.slots))
        new = _outcomes(run(after, case.facts, case.slots))
        for rule, slot in dict.fromkeys((*old, *new)):
            was, becomes = old.get((rule, slot)), new.get((rule, slot))
            if was != becomes:
                yield Difference(case.id, rule, slot, was, becomes)


def _outcomes(results: Iterable[RuleResult]) -> dict[tuple[str, str | None], str]:
    return {(one.rule.id, one.slot): one.result.outcome for one in results}
