"""Every rule of a rule set against the facts of a case. Nothing stops at the first failure, and nothing missing passes.

Here stands, once, what a missing value means: nothing handed in for a requirement: not applicable (the presence check
tells of it); handed in but not read, handwritten or of poor quality: cannot be judged, a person looks.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from preapproval.aliases import NOW, plain_path
from preapproval.bind_rules import BoundRule
from preapproval.cel import reliable
from preapproval.facts import Absent, Facts, Known
from preapproval.kinds import load_kinds
from preapproval.rule_words import say, words
from preapproval.rules.parameters import slot_of
from preapproval.rules.result import CheckResult, not_applicable, undetermined
from preapproval.rules.wording import name_slot
from preapproval.ruleset import Rule
from preapproval.ruleset_files import LoadedRuleset
from preapproval.slots import Slot

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class RuleResult:
    """What one rule says. `slot` is the requirement that it concerns."""

    rule: Rule
    slot: str | None
    result: CheckResult


def run(ruleset: LoadedRuleset, facts: Facts, slots: Sequence[Slot]) -> tuple[RuleResult, ...]:
    """The result of every rule, in the order of the rule set; no result depends on another."""
    names = {slot.key: slot.name for slot in slots}
    return tuple(RuleResult(one.rule, one.slot, judge(one, facts, names)) for one in ruleset.rules)


def judge(bound: BoundRule, facts: Facts, names: dict[str, str]) -> CheckResult:
    """One rule. A check that fails to run is told to the log and to a person, never taken for a pass."""
    if not in_force(bound.rule, facts.today):
        return not_applicable(say("run", "not_in_force"))
    if bound.template is None or bound.parameters is None:
        return undetermined(say("run", "failed"))
    result = _without_materials(bound, facts, names) or _by_condition(bound, facts, names)
    if result is not None:
        return result
    try:
        result = bound.template.run(facts, bound.parameters)
    except Exception:
        logger.exception("rule %s (%s) failed", bound.rule.id, bound.rule.check)
        return undetermined(say("run", "failed"))
    return _without_silent_pass(bound, facts, names, result)


def in_force(rule: Rule, today: date) -> bool:
    return (rule.effective_from or today) <= today <= (rule.effective_to or today)


def _without_materials(bound: BoundRule, facts: Facts, names: dict[str, str]) -> CheckResult | None:
    """A rule about what nobody handed in, or about another kind of material, does not apply."""
    if bound.template is not None and bound.template.about_absence:
        return None
    if bound.slots and not any(facts.of(slot) for slot in bound.slots):
        return not_applicable(say("run", "nothing_there", names=_called(bound.slots, names)))
    if bound.kind and bound.slot and all(one.kind != bound.kind for one in facts.of(bound.slot)):
        kind = load_kinds().get(bound.kind)
        return not_applicable(say("run", "other_kind", kind=kind.name if kind else bound.kind))
    return None


def _by_condition(bound: BoundRule, facts: Facts, names: dict[str, str]) -> CheckResult | None:
    """Why the check need not or cannot be made; None where its condition holds."""
    if bound.condition is None:
        return None
    holds = bound.condition.holds(facts)
    if holds is not None:
        return None if holds else not_applicable(say("run", "condition_false"))
    missing = bound.condition.missing(facts)
    owners = [slot_of(path) for path in missing]
    if missing and all(slot is not None and not facts.of(slot) for slot in owners):
        return not_applicable(say("run", "nothing_there", names=_called([slot for slot in owners if slot], names)))
    if not missing:
        return undetermined(say("run", "condition_error"))
    return undetermined(say("run", "condition_unknown", names=_paths_called(missing, facts, names)))


def _without_silent_pass(
    bound: BoundRule, facts: Facts, names: dict[str, str], result: CheckResult
) -> CheckResult:  # fmt: skip
    """A pass that rests on a value which is missing is none; nor on a handwritten one, unless the check judges it."""
    assert bound.template is not None
    if result.outcome != "pass" or bound.template.about_absence:
        return result
    for path in bound.paths:
        why = _unreliable(path, facts, bound.template.judges_handwriting)
        if why:
            detail = say("run", "no_value", names=_paths_called([path], facts, names), why=words()["run"]["why"][why])
            return replace(result, outcome="undetermined", detail=detail)
    return result


def _unreliable(path: str, facts: Facts, handwriting: bool) -> str | None:
    """Why nothing may rest on the value at `path`; a slot of several for which nothing came is no reason."""
    slot, found = slot_of(path), facts.values.get(path)
    if path == NOW or (slot is not None and not facts.of(slot)):
        return None
    if isinstance(found, Known):
        return None if handwriting or reliable(found) else "handwritten"
    return found.why if isinstance(found, Absent) else "not_handed_in"


def _called(slots: Iterable[str], names: dict[str, str]) -> str:
    return "、".join(dict.fromkeys(names.get(slot, slot) for slot in slots))


def _paths_called(paths: Iterable[str], facts: Facts, names: dict[str, str]) -> str:
    """居民身份证.公民身份号码, 情形.理由."""
    return "、".join(dict.fromkeys(_path_called(plain_path(path), facts, names) for path in paths))


def _path_called(path: str, facts: Facts, names: dict[str, str]) -> str:
    slot, field = slot_of(path), path.partition(".")[2]
    if slot is None:
        return _typed_called(path, facts)
    fields = (one for kind in load_kinds().values() if slot in kind.materials for one in kind.fields)
    label = next((one.label for one in fields if one.name == field), "")
    return f"{names.get(slot) or name_slot(facts, slot)}.{label}".removesuffix(".")


def _typed_called(path: str, facts: Facts) -> str:
    """What was typed in or chosen; 申报 alone where the form gives it no name."""
    prefix, said = path.partition(".")[0], words()
    if path == NOW:
        return said["case_now"][0]
    label = facts.called.names.get(path) or said.get(prefix, {}).get(path.partition(".")[2])
    return f"{said['prefixes'][prefix][0]}.{label}" if label else said["prefixes"][prefix][0]
