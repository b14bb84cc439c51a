"""An editor's and a second person's work with rules in the page: list, rule files, tests, approval, what holds."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from case_pages import id_front, lease
from desk_door import account
from desk_page import Hall, Officer, officer_at, open_browser, running_hall
from openpyxl import load_workbook
from playwright.sync_api import Browser, expect
from rule_desk import ITEM, rules

from preapproval.rule_sheet import rule_workbook
from preapproval.ruleset import Ruleset

pytestmark = pytest.mark.browser
LATER = date.today() + timedelta(days=30)


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    with running_hall(tmp_path_factory.mktemp("rules"), staff=("zhao", "shen", "li")) as running:
        account(running.app, "bian", "editor")
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as started:
        yield started


@pytest.fixture
def editor(hall: Hall, browser: Browser) -> Iterator[Officer]:
    with at_rules(hall, browser, "bian") as one:
        yield one


def at_rules(hall: Hall, browser: Browser, login: str):
    """Somebody before the rules of the item."""
    return _Opened(hall, browser, login)


class _Opened:
    def __init__(self, hall: Hall, browser: Browser, login: str) -> None:
        self.desk, self.login = officer_at(hall, browser), login

    def __enter__(self) -> Officer:
        one = self.desk.__enter__()
        one.at_work(self.login)
        one.page.goto(f"{one.hall.address}/desk#rules/{ITEM}")
        expect(one.page.locator(".rule-head h2")).to_have_text("养犬登记")
        return one

    def __exit__(self, *error: object) -> None:
        self.desk.__exit__(*error)  # pyright: ignore[reportArgumentType]


def workbook(folder: Path, least: int, day: date | None = None, cells: dict[str, str] | None = None) -> Path:
    """One rule as a workbook, with other words in some of its cells."""
    path = folder / "养犬.xlsx"
    path.write_bytes(rule_workbook(Ruleset.model_validate(rules(least, day)), "养犬登记"))
    book = load_workbook(path)
    for cell, text in (cells or {}).items():
        book["规则"][cell] = text
    book.save(path)
    return path


def choose(desk: Officer, path: Path) -> None:
    if not desk.page.locator("#rule-upload").is_visible():
        desk.page.click(".rule-head [data-act=upload]")
    answer = desk.saved("/rulesets/check", lambda: desk.page.set_input_files("#rule-file", path))
    assert answer.ok


def kept(desk: Officer, path: Path) -> None:
    """The file as a draft that is looked at."""
    choose(desk, path)
    expect(desk.page.locator(".rule-upload-told .told.good")).to_be_visible()
    desk.page.click("[data-act=keep]")
    expect(desk.page.locator(".rule-steps")).to_be_visible()


def act(desk: Officer, name: str) -> None:
    """One step, with its dialog."""
    desk.page.click(f"[data-act={name}]")
    box = desk.page.locator("dialog .form > label.check input")
    if box.count():
        box.check()
    desk.page.click("dialog button[type=submit]")
    expect(desk.page.locator("dialog")).to_have_count(0)


# the list --------------------------------------------------------------------------------------------------------


def test_the_list_begins_with_the_rules_of_every_item_and_finds_others_by_name(editor: Officer):
    lines = editor.page.locator("#rule-items [data-item]")
    expect(lines.first).to_contain_text("所有事项")
    editor.press("/")
    editor.page.keyboard.type("养犬")
    expect(lines).to_have_count(1)
    editor.press("ArrowDown")
    expect(lines.first).to_be_focused()
    editor.press("Enter")
    expect(lines.first).to_have_attribute("aria-current", "true")
    expect(editor.page.locator(".rule-head h2")).to_be_focused()
    expect(editor.page.locator(".rule-body .warn")).to_contain_text("没有自己的规则")


def test_rules_of_every_item_read_as_sentences(editor: Officer):
    editor.page.click('[data-item="every"]')
    one = editor.page.locator('[data-rule="id-card-in-term"]')
    expect(one.locator("summary").first).to_contain_text("居民身份证在有效期内")
    one.locator("summary").first.click()
    expect(one).to_contain_text("截止日期")
    expect(one).to_contain_text("《居民身份证法》第11条")
    expect(one.locator(".rule-examples tbody tr")).to_have_count(5)
    expect(one.locator("tr.wrong")).to_have_count(0)


# files -----------------------------------------------------------------------------------------------------------


def test_a_broken_sheet_shows_every_cell_and_stays_while_one_looks_elsewhere(editor: Officer, tmp_path: Path):
    choose(editor, workbook(tmp_path, 1000, cells={"C2": "没有的检查", "F2": "很急", "O2": "没有冒号"}))
    cells = editor.page.locator(".rule-problems .cell")
    expect(cells).to_have_text(["规则!C2", "规则!F2", "规则!O2"])
    expect(editor.page.locator("[data-act=keep]")).to_have_count(0)
    editor.page.click('[data-item="every"]')
    expect(editor.page.locator(".rule-head h2")).to_have_text("所有事项")
    expect(cells).to_have_text(["规则!C2", "规则!F2", "规则!O2"])
    expect(editor.page.locator("#rule-file-hint")).to_have_text("已选：养犬.xlsx")


def test_a_file_that_was_changed_after_it_was_chosen_is_asked_for_again(editor: Officer, tmp_path: Path):
    path = workbook(tmp_path, 1010, cells={"F2": "很急"})
    choose(editor, path)
    path.write_bytes(path.read_bytes() + b"changed")
    editor.page.click("text=再检查一次")
    expect(editor.page.locator(".rule-upload-told .problem")).to_contain_text("请重新选择")


def test_a_rule_whose_example_comes_out_otherwise_can_be_kept_and_is_not_tested(editor: Officer, tmp_path: Path):
    choose(editor, workbook(tmp_path, 1020, cells={"O2": "lease.rent: 1"}))
    expect(editor.page.locator(".rule-problems .cell")).to_have_text(["规则!O2"])
    editor.page.click("[data-act=keep]")
    test = editor.page.locator("[data-act=test]")
    expect(test).to_have_attribute("aria-disabled", "true")
    expect(editor.page.locator(".rule-acts .why")).to_contain_text("规则还有1处问题")
    editor.page.click(".rule summary")
    wrong = editor.page.locator(".rule-examples tr.wrong")
    expect(wrong).to_have_count(1)
    expect(wrong).to_contain_text("不通过")
    act(editor, "retire")
    expect(editor.page.locator(".rule-steps")).to_contain_text("已经停用")


def test_a_draft_goes_out_as_a_workbook_and_as_yaml(editor: Officer, tmp_path: Path):
    kept(editor, workbook(tmp_path, 1030, LATER))
    for name, suffix in (("表格（xlsx）", "xlsx"), ("YAML", "yaml")):
        with editor.page.expect_download() as found:
            editor.page.get_by_role("link", name=name).click()
        assert found.value.suggested_filename.endswith(suffix)
        path = tmp_path / f"again.{suffix}"
        found.value.save_as(path)
        choose(editor, path)
        expect(editor.page.locator(".rule-upload-told .warn")).to_contain_text("已经有了")


# the way to what holds -------------------------------------------------------------------------------------------


def test_a_version_is_tested_on_stored_cases_and_approved_by_the_second_person(
    hall: Hall, browser: Browser, editor: Officer, tmp_path: Path
):
    case = hall.begun((id_front(), "id-card"), (lease(), "lease"))
    kept(editor, workbook(tmp_path, 2000))
    act(editor, "test")
    expect(editor.page.locator(".rule-steps .told")).to_contain_text("例子全部符合。重放了")
    difference = editor.page.locator(".rule-replay tbody tr", has_text="租金不低于下限")
    expect(difference).to_contain_text("没有这条规则")
    expect(difference).to_contain_text("不通过")
    expect(difference).to_contain_text(case[:8])
    approve = editor.page.locator("[data-act=approve]")
    approve.focus()
    editor.press("Enter")
    expect(editor.page.locator("#toast")).to_contain_text("须由另一名规则编辑或终审人员批准")
    expect(editor.page.locator("dialog")).to_have_count(0)
    with at_rules(hall, browser, "zhao") as senior:
        senior.page.goto(editor.page.url)
        senior.page.click("[data-act=approve]")
        senior.page.click("dialog button[type=submit]")
        expect(senior.page.locator("dialog .problem")).to_be_visible()
        senior.page.check("dialog input[type=checkbox]")
        senior.page.click("dialog button[type=submit]")
        expect(senior.page.locator(".rule-progress [aria-current]")).to_contain_text("样本 zhao")
        act(senior, "publish")
        expect(senior.page.locator(".rule-versions .current")).to_contain_text("现行")
    editor.page.click("#rules .queue-head button")
    expect(editor.page.locator(f'[data-item="{ITEM}"]')).to_contain_text("在工作台发布")


def test_another_day_is_another_version_and_the_old_one_is_put_away(editor: Officer, tmp_path: Path):
    kept(editor, workbook(tmp_path, 2100, LATER))
    before = editor.page.url
    editor.page.click("[data-act=redate]")
    editor.page.fill("dialog input[type=date]", str(LATER + timedelta(days=1)))
    editor.page.click("dialog button[type=submit]")
    expect(editor.page.locator(".rule-versions .current")).to_contain_text(str(LATER + timedelta(days=1)))
    assert editor.page.url != before
    old = editor.page.locator(".rule-versions tr", has_text=f"{LATER} 起")
    expect(old.first).to_contain_text("已停用")


def test_what_changed_in_a_rule_stands_beside_what_it_was(
    hall: Hall, browser: Browser, editor: Officer, tmp_path: Path
):
    kept(editor, workbook(tmp_path, 2200))
    act(editor, "test")
    with at_rules(hall, browser, "zhao") as senior:
        senior.page.goto(editor.page.url)
        act(senior, "approve")
        act(senior, "publish")
    kept(editor, workbook(tmp_path, 2300, LATER))
    one = editor.page.locator('[data-rule="rent-enough"]')
    expect(one.locator("summary").first).to_contain_text("已修改")
    one.locator("summary").first.click()
    expect(one.locator(".was")).to_have_text(["原：2200"])


# who -------------------------------------------------------------------------------------------------------------


def test_an_auditor_reads_and_changes_nothing_and_a_clerk_has_no_such_section(hall: Hall, browser: Browser):
    with at_rules(hall, browser, "shen") as auditor:
        auditor.page.click('[data-item="every"]')
        expect(auditor.page.locator(".rule").first).to_be_visible()
        expect(auditor.page.locator("[data-act]")).to_have_count(0)
        expect(auditor.page.locator(".queue-foot").last).to_contain_text("只能查看")
    with officer_at(hall, browser) as clerk:
        clerk.at_work("li")
        expect(clerk.page.locator("[data-view=rules]")).to_have_count(0)
