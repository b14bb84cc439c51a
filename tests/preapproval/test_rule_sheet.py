"""Rules as a workbook: lossless both ways, safe to open, and every mistake told with its cell."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rule_parts import every, paths, ruleset, with_rule

from preapproval.check_rules import Checked, check_content
from preapproval.rule_sheet import examples_text, pairs_text, read_examples, read_pairs, rule_workbook
from preapproval.rule_sheet_reading import RuleSheet, read_rule_workbook
from preapproval.rules import TEMPLATES
from preapproval.ruleset import EveryRules, Ruleset
from preapproval.ruleset_files import bundled_rules, canonical, read_rules

Change = Callable[[Any], None]


def through(content: Ruleset | EveryRules, folder: Path, change: Change | None = None) -> RuleSheet:
    """Written, opened and saved again as an office program does, and read back."""
    book = openpyxl.load_workbook(io.BytesIO(rule_workbook(content, "泊船证样本", paths().slots)))
    if change:
        change(book)
    book.save(folder / "泊船证.xlsx")
    return read_rule_workbook(folder / "泊船证.xlsx")


def told(sheet: RuleSheet) -> list[str]:
    return [sheet.shown(problem) for problem in sheet.problems]


# both ways -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [ruleset(), every()], ids=["item", "every"])
def test_nothing_is_lost_on_the_way_through_a_workbook(content: Ruleset | EveryRules, tmp_path: Path):
    sheet = through(content, tmp_path)
    assert told(sheet) == []
    assert sheet.content == content


def test_the_bundled_rules_pass_through_a_workbook_unchanged(tmp_path: Path):
    for path in sorted(bundled_rules().glob("*.yaml")):
        content = read_rules(path).content
        assert content is not None, path.name
        sheet = through(content, tmp_path)
        assert told(sheet) == [], path.name
        assert sheet.content is not None
        assert canonical(sheet.content) == canonical(content), path.name


SCALARS = st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.floats(allow_nan=False, allow_infinity=False)
TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20)
NAMES = st.from_regex(r"[a-z]{1,8}(\.[a-z_]{1,8})?", fullmatch=True)
VALUES = st.recursive(SCALARS | TEXTS, lambda one: st.lists(one, max_size=3), max_leaves=4)


@given(st.dictionaries(NAMES, VALUES, max_size=4))
def test_any_parameters_can_be_written_into_a_cell(pairs: dict[str, Any]):
    assert read_pairs(pairs_text(pairs)) == pairs


@given(st.lists(st.dictionaries(NAMES, VALUES, max_size=3), max_size=3))
def test_any_examples_can_be_written_into_a_cell(examples: list[dict[str, Any]]):
    assert read_examples(examples_text(examples) or "") == examples


def test_clerks_choose_checks_and_levels_by_their_chinese_names(tmp_path: Path):
    book = openpyxl.load_workbook(io.BytesIO(rule_workbook(ruleset())))
    head = [cell.value for cell in book["规则"][1]]
    assert book["规则"].cell(2, head.index("检查") + 1).value == TEMPLATES["not_expired"].label
    assert book["规则"].cell(3, head.index("级别") + 1).value == "应当"
    offered = {rule.formula1 for rule in book["规则"].data_validations.dataValidation}
    lists = [[cell.value for cell in column if cell.value] for column in book["选项"].columns]
    assert len(offered) == 3
    assert ["必须", "应当", "提示"] in lists
    assert [template.label for template in TEMPLATES.values()] in lists
    assert book["选项"].sheet_state == "hidden"


def test_an_edited_cell_is_an_edited_rule(tmp_path: Path):
    def change(book: Any) -> None:
        page = book["规则"]
        head = [cell.value for cell in page[1]]
        page.cell(2, head.index("级别") + 1).value = "提示"
        page.cell(2, head.index("参数") + 1).value = "field：lease.end\nmin_days: 60"
        page.cell(2, head.index("失效") + 1).value = "2027年3月1日"
        page.cell(
            3, head.index("通过例") + 1
        ).value = "agent_id_card.birth: 1990-03-07\n\nagent_id_card.birth: 1980-01-01"

    sheet = through(ruleset(), tmp_path, change)
    assert sheet.content is not None
    first, second = sheet.content.rules
    assert (first.severity, first.with_, str(first.effective_to)) == (
        "hint", {"field": "lease.end", "min_days": 60}, "2027-03-01",
    )  # fmt: skip
    assert second.examples.passes == ({"agent_id_card.birth": "1990-03-07"}, {"agent_id_card.birth": "1980-01-01"})


# formulas ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["=1+1", "+86", "-5", "@SUM(A1)", '=HYPERLINK("http://样本")', "=cmd|' /C calc'!A0"])
def test_text_that_looks_like_a_formula_stays_text(text: str, tmp_path: Path):
    content = with_rule(0, citizen_text=text)
    package = zipfile.ZipFile(io.BytesIO(rule_workbook(content)))
    assert not any(b"<f>" in package.read(name) for name in package.namelist() if name.startswith("xl/worksheets/"))
    assert b'quotePrefix="1"' in package.read("xl/styles.xml")
    (tmp_path / "a.xlsx").write_bytes(rule_workbook(content))
    read = read_rule_workbook(tmp_path / "a.xlsx").content
    assert read is not None
    assert read.rules[0].citizen_text == text


# mistakes, by cell ---------------------------------------------------------------------------------------------


def at(column: str, row: int, value: Any) -> Change:
    def change(book: Any) -> None:
        page = book["规则"]
        page.cell(row, [cell.value for cell in page[1]].index(column) + 1).value = value

    return change


@pytest.mark.parametrize(
    ("change", "place", "told_there"),
    [
        (at("级别", 2, "必需"), "规则!F2", "“必需”不在选项里，可以是：必须、应当、提示。"),
        (at("检查", 3, "随便"), "规则!C3", "“随便”不在选项里"),
        (at("生效", 2, "明年"), "规则!M2", "“明年”不是日期，请写成 2026-01-31。"),
        (at("参数", 2, "field lease.end"), "规则!D2", "“field lease.end”不是“名称: 值”。"),
        (at("告知文案", 2, "=A1"), "规则!J2", "不能是公式，请填写结果。"),
        (at("规则编号", 2, "租期"), "规则!A2", ""),
        (at("名称", 3, None), "规则!B3", "“名称”必须填写。"),
        (at("名称", 1, "名字"), "规则!B1", "不认识“名字”这一列"),
    ],
)
def test_a_mistake_is_told_with_its_cell(change: Change, place: str, told_there: str, tmp_path: Path):
    sheet = through(ruleset(), tmp_path, change)
    assert sheet.content is None
    assert any(one.startswith(f"泊船证.xlsx {place}：") and told_there in one for one in told(sheet)), told(sheet)


def test_what_a_rule_names_wrongly_is_told_with_its_cell(tmp_path: Path):
    """Past the cells: conditions, paths and examples, held against the item."""
    sheet = through(with_rule(0, when="租赁合同.到期曰 > 今天", **{"with": {"field": "lease.edn"}}), tmp_path)
    assert sheet.content is not None
    problems = checked(sheet.content).problems
    assert "泊船证.xlsx 规则!E2：适用条件第1个字符：没有“租赁合同.到期曰”，是不是“租赁合同.到期日”？" in [
        sheet.shown(one) for one in problems
    ]
    assert any(sheet.shown(one).startswith("泊船证.xlsx 规则!D2：没有“lease.edn”") for one in problems)


def checked(content: Ruleset | EveryRules) -> Checked:
    """Against the item of the tests."""
    from rule_parts import every as of_all
    from rule_parts import loaded

    assert isinstance(content, Ruleset)
    found = loaded(content, of_all())
    return Checked(found, found.problems)


def test_all_mistakes_are_told_at_once(tmp_path: Path):
    def change(book: Any) -> None:
        for one in (at("级别", 2, "x"), at("生效", 2, "y"), at("检查", 3, "z")):
            one(book)

    assert len(told(through(ruleset(), tmp_path, change))) >= 3


# files that are no workbooks -----------------------------------------------------------------------------------


def bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", b"\0" * 200_000_000)


def entities(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("xl/workbook.xml", '<!DOCTYPE a [<!ENTITY b "cccc">]><a>&b;</a>')


def no_sheets(path: Path) -> None:
    openpyxl.Workbook().save(path)


BAD: dict[str, Callable[[Path], Any]] = {
    "empty": lambda path: path.write_bytes(b""),
    "text": lambda path: path.write_text("规则编号,名称", "utf-8"),
    "half": lambda path: path.write_bytes(rule_workbook(ruleset())[:3000]),
    "large": lambda path: path.write_bytes(b"PK" + b"\0" * 6_000_000),
    "zip bomb": bomb,
    "entities": entities,
    "another workbook": no_sheets,
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_rule_workbook_is_refused_with_a_sentence(name: str, tmp_path: Path):
    path = tmp_path / "坏.xlsx"
    BAD[name](path)
    sheet = read_rule_workbook(path)
    assert sheet.content is None
    assert told(sheet)
    assert all(one.startswith("坏.xlsx：") for one in told(sheet))


def test_a_workbook_of_an_unknown_item_is_told_at_the_cell_of_the_item(tmp_path: Path):
    from knowledge.handbook import load_handbook

    sheet = through(ruleset(), tmp_path)
    assert sheet.content is not None
    handbook = load_handbook(Path(__file__).parent.parent / "handbook")
    (problem,) = check_content(sheet.content, handbook).problems
    assert sheet.shown(problem) == "泊船证.xlsx 说明!B1：手册里没有事项“mooring-permit”。"
