"""Rule sets: what is refused when they are loaded and where it stands, which one is in force, what its hash covers."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml
from rule_parts import EVERY, ITEM, MATERIALS, RULES, checker, every, loaded, paths, ruleset, with_rule

from knowledge.handbook import bundled_handbook, load_handbook
from preapproval.check_rules import check_folder
from preapproval.rule_examples import WrongExample, example_problems, facts_of_example
from preapproval.ruleset import EveryRules, Ruleset
from preapproval.ruleset_files import Rulesets, UnreadableRuleset, bundled_rules, read_rules, ready, ref_of, save_rules


def problems(rules: Ruleset, of_all: EveryRules | None = None) -> dict[tuple, str]:
    found = loaded(rules, of_all or every())
    return {one.loc: one.message for one in (*found.problems, *example_problems(found, paths()))}


# what is refused -----------------------------------------------------------------------------------------------


def test_a_right_rule_set_has_no_problem_and_its_examples_come_out():
    assert problems(ruleset()) == {}


@pytest.mark.parametrize(
    ("changes", "at", "told"),
    [
        ({"check": "not_expird"}, ("check",), "没有“not_expird”这种检查，是不是“not_expired”。"),
        ({"with": {"field": "lease.edn"}}, ("with", "field"), "没有“lease.edn”这一项，是不是“lease.end”。"),
        ({"with": {"field": "lease.tenant"}}, ("with", "field"), "“lease.tenant”是文字，这里要日期。"),
        ({"with": {"field": "it.end"}}, ("with", "field"), "“it”只能用在按材料种类写的规则里。"),
        ({"with": {}}, ("with", "field"), "参数“field”必须填写。"),
        ({"with": {"field": "lease.end", "days": 3}}, ("with", "days"), "参数“days”没有这一栏。"),
        (
            {"when": "租赁合同.到期曰 > 今天"},
            ("when",),
            "适用条件第1个字符：没有“租赁合同.到期曰”，是不是“租赁合同.到期日”？",
        ),
        ({"basis": {"law": "样板条例"}}, ("basis", "law"), "依据《样板条例》不在法规目录里，是不是“样本条例”。"),
        ({"effective_to": "2025-12-31"}, ("effective_to",), "失效日期2025-12-31早于生效日期2026-01-01。"),
        (
            {"citizen_text": "还有{day}天"},
            ("citizen_text",),
            "文案里的{day}没有值可填，可以用：name、until、days、over、min_days。",
        ),
        ({"title": "到期{"}, ("title",), "文案里的花括号没有配对。"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_at_its_place(changes: dict, at: tuple, told: str):
    assert problems(with_rule(0, **changes))[("rules", 0, *at)] == told


def test_all_mistakes_are_told_at_once():
    found = problems(with_rule(0, when="1 +", **{"with": {"field": "lease.tenant"}}, title="{x}", basis={"law": "无"}))
    assert {loc[2] for loc in found if loc[:2] == ("rules", 0)} >= {"when", "with", "title", "basis"}


def test_an_id_stands_once_and_a_slot_must_be_one_of_the_item():
    data = yaml.safe_load(RULES)
    data["rules"].append(data["rules"][0])
    data["slots"]["leese"] = {"may_follow": True}
    found = problems(Ruleset.model_validate(data))
    assert found[("rules", 2, "id")] == "规则编号“lease-term”重复。"
    assert found[("slots", "leese")] == "清单里没有“leese”，是不是“lease”。"


def test_a_rule_needs_an_example_that_passes_and_one_that_fails():
    found = loaded(with_rule(0, examples={"passes": [{"lease.end": "2027-01-01", "choices.applicant": "self"}]}))
    assert [one.message for one in example_problems(found, paths())] == ["要有至少一个不通过例。"]


def test_an_example_that_comes_out_otherwise_is_told_with_the_reason():
    told = {"passes": [{"lease.end": "2026-05-31", "choices.applicant": "self"}], "fails": [{"lease.end": None}]}
    messages = [one.message for one in example_problems(loaded(with_rule(0, examples=told)), paths())]
    assert messages[0].startswith("第1个通过例得到的是“不通过”，应该是“通过”（")
    assert messages[1].startswith("第1个不通过例得到的是“无法判定”，应该是“不通过”（")


@pytest.mark.parametrize(
    ("example", "told"),
    [
        ({"lease.edn": "2026-01-01"}, "例子里的“lease.edn”不存在，是不是“lease.end”。"),
        ({"lease.end": "明年"}, "例子里“lease.end”的值“明年”不是日期。"),
        ({"leese": True}, "例子里的“leese”不存在，是不是“lease."),
    ],
)
def test_an_example_names_only_what_there_is(example: dict, told: str):
    with pytest.raises(WrongExample) as problem:
        facts_of_example(example, paths())
    assert str(problem.value).startswith(told)


def test_an_example_may_tell_of_pages_sides_and_marks():
    facts = facts_of_example(
        {"lease.seal": True, "lease.pages": 3, "lease.text": ["甲方样本"], "id-card.sides": ["front", "back"]}, paths()
    )
    (lease,), (card,) = facts.of("lease"), facts.of("id-card")
    assert (len(lease.pages), lease.kind) == (3, "lease")
    assert [mark.kind for mark in facts.pages[lease.pages[-1]].marks] == ["seal"]
    assert [line.text for line in facts.pages[lease.pages[0]].lines] == ["甲方样本"]
    assert (card.sides, card.kind) == (("front", "back"), "id-card")


# rules for every material of a kind ----------------------------------------------------------------------------


def test_a_rule_for_a_kind_becomes_one_for_each_line_that_it_can_fulfil():
    found = {(one.rule.id, one.slot): one for one in loaded(of_all=every()).rules}
    assert ("id-valid", "id-card") in found
    assert ("id-valid", "agent-id-card") in found
    assert found["id-valid", "agent-id-card"].rule.with_ == {"field": "agent_id_card.valid_until"}
    assert found["id-valid", "agent-id-card"].rule.examples.fails == ({"agent_id_card.valid_until": "2026-05-01"},)
    assert ("id-valid", "lease") not in found


def test_it_is_put_in_only_outside_quotes():
    of_all = EveryRules.model_validate(
        {
            "effective_from": date(2026, 1, 1),
            "rules": [yaml.safe_load(EVERY)["rules"][0] | {"when": "it.name != 'it.name'"}],
        }
    )
    assert loaded(of_all=of_all).rules[-1].rule.when == "agent_id_card.name != 'it.name'"


def test_an_item_replaces_a_rule_of_every_item_by_one_with_its_id():
    rules = [one for one in loaded(with_rule(0, id="id-valid"), every()).rules if one.rule.id == "id-valid"]
    assert [one.rule.title for one in rules] == ["{name}还没到期"]


# files, versions, hashes ---------------------------------------------------------------------------------------


def write(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_a_problem_of_a_file_names_its_line(tmp_path: Path):
    path = write(tmp_path, "mooring-permit.yaml", RULES.replace("severity: should", "severity: shuold"))
    file = read_rules(path)
    line = 1 + path.read_text("utf-8").splitlines().index("    severity: shuold")
    assert [file.shown(path, one).partition("：")[0] for one in file.problems] == [f"mooring-permit.yaml:{line}"]


@pytest.mark.parametrize("text", ["rules: [", "item: [1", "\x00", "- 1", "item: mooring-permit"])
def test_a_broken_file_is_refused_with_a_sentence(text: str, tmp_path: Path):
    write(tmp_path, "mooring-permit.yaml", text)
    with pytest.raises(UnreadableRuleset, match=r"mooring-permit\.yaml:\d+："):
        Rulesets(lambda: MATERIALS, (tmp_path,))(ITEM, date(2026, 6, 1))


def test_the_version_of_the_day_is_in_force(tmp_path: Path):
    write(tmp_path, "mooring-permit.yaml", RULES)
    later = RULES.replace("effective_from: 2026-01-01\ndecl", "effective_from: 2027-01-01\ndecl").replace("30}", "60}")
    write(tmp_path, "mooring-permit@2027-01-01.yaml", later)
    rulesets = Rulesets(lambda: MATERIALS, (tmp_path,))
    assert rulesets(ITEM, date(2026, 12, 31)).source.rules[0].with_["min_days"] == 30
    assert rulesets(ITEM, date(2027, 1, 1)).source.rules[0].with_["min_days"] == 60
    assert rulesets(ITEM, date(2025, 1, 1)).source.rules == ()


def test_what_was_published_comes_before_files(tmp_path: Path):
    write(tmp_path, "mooring-permit.yaml", RULES)
    other = with_rule(0, title="发布的规则")
    published = Rulesets(lambda: MATERIALS, (tmp_path,), lambda name, on: other if name == ITEM.id else None)
    assert published(ITEM, date(2026, 6, 1)).source.rules[0].title == "发布的规则"


def test_a_file_that_is_changed_is_read_again(tmp_path: Path):
    write(tmp_path, "mooring-permit.yaml", RULES)
    rulesets = Rulesets(lambda: MATERIALS, (tmp_path,))
    before = rulesets(ITEM, date(2026, 6, 1))
    assert rulesets(ITEM, date(2026, 6, 1)) is before
    write(tmp_path, "mooring-permit.yaml", RULES.replace("30}", "31}"))
    after = rulesets(ITEM, date(2026, 6, 1))
    assert after.source.rules[0].with_["min_days"] == 31
    assert after.ref != before.ref


def test_the_hash_covers_every_word_and_nothing_else():
    ref = ref_of(ruleset(), every())
    assert ref == ref_of(ruleset("# a comment\n" + RULES), every())
    assert ref.version == f"2026-01-01-{ref.sha256[:12]}"
    assert ref != ref_of(with_rule(0, citizen_text="别的话"), every())
    assert ref != ref_of(ruleset(), every(EVERY.replace("过期{over}天", "过期")))


def test_a_saved_rule_set_reads_back_the_same(tmp_path: Path):
    save_rules(tmp_path / "mooring-permit.yaml", ruleset())
    save_rules(tmp_path / "every.yaml", every())
    assert read_rules(tmp_path / "mooring-permit.yaml").content == ruleset()
    assert read_rules(tmp_path / "every.yaml").content == every()


def test_a_rule_that_cannot_be_bound_stays_in_the_list():
    rules = ready(with_rule(0, check="none-such"), every(), checker()).rules
    assert rules[0].template is None
    assert rules[0].rule.id == "lease-term"


# what comes with the product -----------------------------------------------------------------------------------


def test_the_bundled_rules_are_clean():
    assert check_folder(bundled_rules(), load_handbook(bundled_handbook())) == []
