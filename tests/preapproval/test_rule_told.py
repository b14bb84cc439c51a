"""Rules as clerks read them: no name of a variable where there is a word for it."""

from datetime import date
from functools import cache
from pathlib import Path

import pytest

from knowledge.handbook import Handbook, bundled_handbook, load_handbook
from preapproval.check_rules import Services, take_in
from preapproval.rule_told import parameter_label, told_condition, told_examples, told_parameters
from preapproval.rules import TEMPLATES
from preapproval.ruleset import Rule, Ruleset
from preapproval.ruleset_files import bundled_rules, read_rules

ITEM = "residence-permit"


@cache
def handbook() -> Handbook:
    return load_handbook(bundled_handbook())


def services(*items: str) -> Services:
    book = handbook()
    return Services({one: book.resolved(book.items[one]) for one in items}, book.materials)


def taken(rule: dict[str, object]):
    given = {"id": "one", "title": "样本", "citizen_text": "样本。", "action": "核对"} | rule
    content = Ruleset(item=ITEM, effective_from=date(2026, 1, 1), rules=(Rule.model_validate(given),))
    found = take_in(services(ITEM), content)
    assert found
    return found[0].rules[0], found[1]


@pytest.mark.parametrize("check", TEMPLATES)
def test_every_parameter_of_a_check_has_a_chinese_name(check: str):
    for name in TEMPLATES[check].parameters.model_fields:
        assert parameter_label(check, name) != name


@pytest.mark.parametrize(
    ("check", "given", "told"),
    [
        ("not_expired", {"field": "lease.end", "min_days": 30}, ["房屋租赁合同的到期日", "30"]),
        ("side_complete", {"slot": "id-card", "sides": ["front", "back"]}, ["居民身份证", "人像面、国徽面"]),
        ("compare", {"left": "lease.end", "op": ">=", "right": "case.now"},
         ["房屋租赁合同的到期日", "不小于", "提交这一天"]),
        ("date_in", {"field": "lease.start", "latest": "-6m"}, ["房屋租赁合同的起租日", "提交日之前6个月"]),
        ("seal_present", {"slot": "lease", "region": [0.5, 0.6, 1, 1]}, ["房屋租赁合同", "左50% 上60% 右100% 下100%"]),
        ("doc_type_is", {"slot": "lease", "kinds": ["lease"]}, ["房屋租赁合同", "房屋租赁合同"]),
    ],
)  # fmt: skip
def test_what_parameters_name_is_told_in_words(check: str, given: dict[str, object], told: list[str]):
    bound, paths = taken({"check": check, "with": given})
    assert [one.value for one in told_parameters(bound.rule, paths)] == told


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("read(lease.end) && lease.end >= case.now",
         "读到了房屋租赁合同的到期日 并且 房屋租赁合同的到期日 不早于 提交这一天"),
        ("!id_card.address.contains('常州市')", "并非 居民身份证的住址 包含（“常州市”）"),
        ("age(id_card.birth) < 16", "年龄（居民身份证的出生） 小于 16"),
        ("property_certificate.owner.exists(one, one == applicant.name)",
         "不动产权证书的房屋所有权人 中有一个（one： one 是 申请人的姓名）"),
        ("没有的.字段 == 1", "没有的.字段 == 1"),
    ],
)  # fmt: skip
def test_a_condition_reads_as_a_sentence_and_stays_as_written_where_it_cannot(source: str, told: str):
    _, paths = taken({"check": "manual_check", "with": {"text": "样本"}})
    assert told_condition(source, paths) == told


def test_examples_tell_what_they_say_and_what_comes_out():
    rule = {
        "check": "not_expired", "with": {"field": "lease.end"},
        "examples": {"passes": [{"lease.end": "2026-06-01"}, {"lease.end": "2020-01-01"}], "fails": [{"lease.no": 1}]},
    }  # fmt: skip
    right, wrong, unknown = told_examples(*taken(rule))
    assert [(one.label, one.value) for one in right.facts] == [("房屋租赁合同的到期日", "2026-06-01")]
    assert (right.tried.problem, right.tried.result and right.tried.result.outcome) == (None, "pass")
    assert wrong.tried.result
    assert wrong.tried.result.outcome == "fail"
    assert wrong.tried.problem
    assert wrong.tried.problem.startswith("第2个通过例得到的是“不通过”")
    assert unknown.tried.result is None
    assert "lease.no" in (unknown.tried.problem or "")


@pytest.mark.parametrize("path", sorted(bundled_rules().glob("*.yaml")), ids=lambda path: path.stem)
def test_no_bundled_rule_shows_the_name_of_a_material_as_a_variable(path: Path):
    if path.stem == "every":
        pytest.skip("its paths belong to materials of a kind")
    content = read_rules(path).content
    assert isinstance(content, Ruleset)
    found = take_in(services(content.item), content)
    assert found
    loaded, paths = found
    slots = {slot.replace("-", "_") for slot in paths.slots}
    for bound in loaded.rules:
        told = [one.value for one in told_parameters(bound.rule, paths)]
        told += [told_condition(bound.rule.when, paths)] if bound.rule.when else []
        assert not [text for text in told if any(f"{slot}." in text for slot in slots)]
