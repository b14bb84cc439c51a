"""A draft of rules tried: held against the handbook, its examples run, stored cases judged again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from knowledge.item import ServiceItem
from preapproval.bind_rules import RuleProblem
from preapproval.case_replay import MOST_CASES, CaseReplay
from preapproval.check_rules import Services, check_against, with_rule_id
from preapproval.publish import Difference, replay
from preapproval.ruleset import EveryRules, Ruleset
from preapproval.ruleset_files import NO_EVERY, LoadedRuleset, canonical, checker_for, ready

Rules = Ruleset | EveryRules


@dataclass(frozen=True)
class Replayed:
    """`cases` were judged again; `skipped` could not be, since something of them is gone."""

    differences: tuple[Difference, ...]
    cases: int
    skipped: int


@dataclass(frozen=True)
class Changes:
    """Ids of rules that are new, other or gone."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True)
class RuleTrials:
    """Tries drafts beside the rules in force on `today`."""

    services: Callable[[], Services]
    in_force: Callable[[ServiceItem, date], LoadedRuleset]
    cases: CaseReplay
    today: Callable[[], date] = date.today

    def problems(self, content: Rules) -> tuple[RuleProblem, ...]:
        """Each with the id of its rule."""
        services = self.services()
        item = services.items.get(content.item) if isinstance(content, Ruleset) else None
        every = self.in_force(item, self.today()).every if item else NO_EVERY
        found = check_against(services, content, every).problems
        return tuple(with_rule_id(content, one) for one in found)

    def replay(self, content: Rules, most: int = MOST_CASES) -> Replayed:
        """What the newest stored cases would be told otherwise."""
        services, item_id = self.services(), content.item if isinstance(content, Ruleset) else None
        beside: dict[str, tuple[LoadedRuleset, LoadedRuleset]] = {}
        found: list[Difference] = []
        judged = skipped = 0
        for case_id, of_item in self.cases.newest(item_id, most):
            item = services.items.get(of_item)
            if item is not None and of_item not in beside:
                beside[of_item] = self._beside(content, services, item)
            case = self.cases.stored(case_id, item, beside[of_item][1].source) if item else None
            if case is None:
                skipped += 1
                continue
            judged += 1
            found += replay([case], *beside[of_item])
        return Replayed(tuple(found), judged, skipped)

    def changes(self, content: Rules) -> Changes:
        """Against the rules in force."""
        return changes_between(self._now(content), content)

    def _now(self, content: Rules) -> Rules | None:
        """The rules in force that `content` would replace."""
        items = self.services().items
        item = items.get(content.item) if isinstance(content, Ruleset) else next(iter(items.values()), None)
        if item is None:
            return None
        loaded = self.in_force(item, self.today())
        return loaded.source if isinstance(content, Ruleset) else loaded.every

    def _beside(self, content: Rules, services: Services, item: ServiceItem) -> tuple[LoadedRuleset, LoadedRuleset]:
        """The rules of an item as they are, and as they would be."""
        now = self.in_force(item, self.today())
        own = content if isinstance(content, Ruleset) else now.source
        every = content if isinstance(content, EveryRules) else now.every
        return now, ready(own, every, checker_for(item, own, services.materials, services.laws))


def changes_between(before: Rules | None, after: Rules) -> Changes:
    old, new = _by_id(before), _by_id(after)
    return Changes(
        tuple(one for one in new if one not in old),
        tuple(one for one in new if one in old and new[one] != old[one]),
        tuple(one for one in old if one not in new),
    )


def _by_id(content: Rules | None) -> Mapping[str, object]:
    return {rule.id: canonical(rule) for rule in content.rules} if content else {}
