"""Rules of the tests: two invented items, their materials, and rule sets over the bundled templates."""

from __future__ import annotations

from functools import cache
from typing import Any

import yaml

from knowledge.catalogue import CatalogueMaterial
from knowledge.item import ItemMaterial, Option, ServiceItem, Situation
from preapproval.bind_rules import Checker
from preapproval.kinds import load_kinds
from preapproval.rule_paths import Paths, item_paths
from preapproval.ruleset import EveryRules, Ruleset
from preapproval.ruleset_files import NO_EVERY, LoadedRuleset, ready

LAWS = frozenset({"样本条例"})
MATERIALS = {
    entry.id: entry
    for entry in (
        CatalogueMaterial(id="id-card", name="居民身份证", aliases=("身份证",), kind="certificate"),
        CatalogueMaterial(id="agent-id-card", name="代办人居民身份证", aliases=("代办人身份证",), kind="certificate"),
        CatalogueMaterial(id="lease", name="房屋租赁合同", aliases=("租赁合同", "租房合同"), kind="contract"),
        CatalogueMaterial(id="property-certificate", name="不动产权证书", aliases=("房产证",), kind="certificate"),
        CatalogueMaterial(id="household-register", name="居民户口簿", aliases=("户口簿",), kind="certificate"),
    )
}
ITEM = ServiceItem(
    id="mooring-permit",
    name="泊船证样本",
    situations=(
        Situation(
            id="applicant",
            ask="谁来办？",
            options=(
                Option(value="self", label="本人办理", says=("本人",)),
                Option(value="agent", label="家人代办", says=("代办",)),
            ),
        ),
        Situation(
            id="has-kinship",
            ask="代办人是近亲属吗？",
            when={"applicant": ("agent",)},
            options=(Option(value="yes", label="是近亲属"), Option(value="no", label="不是")),
        ),
    ),
    materials=tuple(
        ItemMaterial(material=slug, name=entry.name, original=1, copies=0) for slug, entry in MATERIALS.items()
    ),
)

RULES = """
item: mooring-permit
effective_from: 2026-01-01
declared: {area: number}
declared_labels: {area: 经营面积（平方米）}
slots:
  lease: {may_follow: true, sample: 写明地址和租期，双方签字。}
  household-register: {promise_instead: true, copies_only: true}
rules:
  - id: lease-term
    title: "{name}还没到期"
    check: not_expired
    with: {field: lease.end, min_days: 30}
    when: 情形.办理人 == '本人'
    basis: {law: 样本条例, article: "9", quote: 合同应当在有效期内。}
    citizen_text: 合同还有{days}天到期，请换一份。
    action: 换一份{name}
    local: to_be_confirmed
    effective_from: 2026-01-01
    examples:
      passes: [{lease.end: 2027-01-01, choices.applicant: self}]
      fails:
        - {lease.end: 2026-06-10, choices.applicant: self}
        - {lease.end: 2026-05-31, choices.applicant: self, case.now: 2026-06-01}
  - id: agent-age
    title: 代办人已成年
    check: age_between
    with: {field: agent_id_card.birth, min: 18}
    severity: should
    citizen_text: 代办人要年满18周岁。
    action: 换一位代办人
    examples:
      passes: [{agent_id_card.birth: 1990-03-07}]
      fails: [{agent_id_card.birth: 2015-03-07}]
"""
EVERY = """
effective_from: 2026-01-01
rules:
  - id: id-valid
    kind: id-card
    title: "{name}在有效期内"
    check: not_expired
    with: {field: it.valid_until}
    citizen_text: 证件已过期{over}天。
    action: 换领{name}
    examples: {passes: [{it.valid_until: 9999-12-31}], fails: [{it.valid_until: 2026-05-01}]}
  - id: id-number
    kind: id-card
    title: "{name}号码正确"
    check: id_checksum
    with: {field: it.number}
    citizen_text: 号码不对，请核对。
    action: 核对{name}
    examples: {passes: [{it.number: "320411199003077510"}], fails: [{it.number: "320411199003077511"}]}
"""


@cache
def paths(area: bool = True) -> Paths:
    return item_paths(ITEM, load_kinds(), MATERIALS, {"area": "number"} if area else {})


def checker() -> Checker:
    return Checker(paths(), load_kinds(), LAWS)


def ruleset(text: str = RULES) -> Ruleset:
    return Ruleset.model_validate(yaml.safe_load(text))


def every(text: str = EVERY) -> EveryRules:
    return EveryRules.model_validate(yaml.safe_load(text))


def loaded(rules: Ruleset | None = None, of_all: EveryRules = NO_EVERY) -> LoadedRuleset:
    return ready(rules or ruleset(), of_all, checker())


def with_rule(index: int = 0, **changes: Any) -> Ruleset:
    """The rule set with one rule changed, as a file could hold it."""
    data = yaml.safe_load(RULES)
    data["rules"][index] |= changes
    return Ruleset.model_validate(data)
