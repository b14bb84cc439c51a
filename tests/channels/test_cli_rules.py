"""`xiaoxin rules …`: rules are checked, shown, written as a workbook, and taken back as a draft."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa

from channels import cli_rules
from channels.cli import main
from channels.database import open_database
from channels.staff_writing import insert_row, new_row
from preapproval.ledger import Ledger
from preapproval.ruleset_files import read_rules
from preapproval.ruleset_store import RulesetVersions
from preapproval.sign_off_guards import SYSTEM

HANDBOOK = Path(__file__).parent.parent / "handbook"
RULES = """
item: dog-registration
effective_from: 2026-01-01
rules:
  - id: dog-card
    title: "{name}在有效期内"
    check: not_expired
    with: {field: id_card.valid_until}
    citizen_text: 证件已过期{over}天。
    action: 换领证件
    examples: {passes: [{id_card.valid_until: 9999-12-31}], fails: [{id_card.valid_until: 2026-05-01}]}
"""
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    (folder / "checklists").mkdir(parents=True)
    (folder / "checklists" / "dog-registration.yaml").write_text(RULES, "utf-8")
    return folder


@pytest.fixture
def rules(data: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def command(*arguments: object) -> tuple[int, str, str]:
        given = ["--data-dir", str(data), "rules", *map(str, arguments), "--handbook", str(HANDBOOK)]
        try:
            status = main(given, (cli_rules,))
        except SystemExit as ended:
            status = int(ended.code or 0)
        told = capsys.readouterr()
        return status, told.out, told.err

    return command


def account(data: Path, login: str, *roles: str) -> str:
    """The id of a new account."""
    engine = open_database(None, data)
    row = new_row(login, "样本", "样本大厅", roles, None, datetime(2026, 6, 1, tzinfo=UTC))
    with Ledger(engine).entry(SYSTEM, "test.account") as write:
        insert_row(write.connection, row)
    engine.dispose()
    return row["id"]


def edited(path: Path, **cells: Any) -> Path:
    """Cells of the first rule, by column."""
    book = openpyxl.load_workbook(path)
    page = book["规则"]
    head = [cell.value for cell in page[1]]
    for column, value in cells.items():
        page.cell(2, head.index(column) + 1).value = value
    book.save(path)
    return path


def test_clean_rules_are_said_to_be_clean(rules: Run, data: Path):
    assert rules("check", data / "checklists")[:2] == (0, "the rules are clean\n")


def test_every_problem_is_told_with_file_and_line(rules: Run, data: Path):
    path = data / "checklists" / "dog-registration.yaml"
    path.write_text(RULES.replace("valid_until}\n", "valid_untill}\n").replace("{over}", "{ower}"), "utf-8")
    status, out, _ = rules("check", path)
    assert status == 1
    assert (
        "dog-registration.yaml:8：规则“dog-card”：没有“id_card.valid_untill”这一项，是不是“id_card.valid_until”。"
        in out
    )
    assert "dog-registration.yaml:9：规则“dog-card”：文案里的{ower}没有值可填" in out


def test_the_rules_in_force_are_shown(rules: Run):
    status, out, _ = rules("show", "dog-registration")
    assert status == 0
    assert "dog-card [must]" in out
    assert rules("show", "no-such-item")[0] == 2


def test_a_workbook_goes_out_and_comes_back_without_a_change(rules: Run, tmp_path: Path):
    book = tmp_path / "养犬.xlsx"
    assert rules("export", "dog-registration", "--out", book)[0] == 0
    status, out, err = rules("import", book)
    assert (status, err) == (0, "")
    assert out.strip().endswith("nothing was changed; --apply keeps it as a draft")
    assert "changed:" not in out


def test_an_edited_workbook_becomes_a_draft_for_a_second_person(rules: Run, data: Path, tmp_path: Path):
    book = tmp_path / "养犬.xlsx"
    rules("export", "dog-registration", "--out", book)
    edited(book, 告知文案="证件过期了{over}天，请换领。")
    author = account(data, "bianji", "editor")
    status, out, _ = rules("import", book, "--apply", "--author", "bianji", "--out", tmp_path / "dog-registration.yaml")
    assert status == 0
    assert "changed: dog-card" in out
    engine: sa.Engine = open_database(None, data)
    (draft,) = RulesetVersions(engine).of_item("dog-registration")
    engine.dispose()
    assert (draft.state, draft.author) == ("draft", author)
    assert draft.content["rules"][0]["citizen_text"] == "证件过期了{over}天，请换领。"
    written = read_rules(tmp_path / "dog-registration.yaml").content
    assert written is not None
    assert written.rules[0].citizen_text == "证件过期了{over}天，请换领。"
    assert "dog-card [must]" in rules("show", "dog-registration")[1], "a draft is not in force"


def test_a_mistake_in_a_workbook_is_told_with_its_cell(rules: Run, tmp_path: Path):
    book = tmp_path / "养犬.xlsx"
    rules("export", "dog-registration", "--out", book)
    edited(book, 适用条件="身份证.有效期止 > 今天")
    status, _, err = rules("import", book)
    assert status == 1
    assert "养犬.xlsx 规则!E2：适用条件第1个字符：没有“身份证.有效期止”，是不是“身份证.有效期" in err


def draft(rules: Run, data: Path, tmp_path: Path, **changes: str) -> str:
    """The rules with other words, kept as a draft by an editor; the id of the version."""
    path = tmp_path / "new.yaml"
    text = RULES
    for old, new in changes.items():
        text = text.replace(old, new)
    path.write_text(text, "utf-8")
    account(data, "bianji", "editor")
    status, out, err = rules("draft", path, "--author", "bianji", "--json")
    assert (status, err) == (0, "")
    return json.loads(out)["id"]


def test_a_version_is_drafted_tested_and_listed_here_and_approved_nowhere(rules: Run, data: Path, tmp_path: Path):
    version = draft(rules, data, tmp_path, 换领证件="去派出所换领证件")
    assert rules("diff", version)[:2] == (0, "changed: dog-card\n")
    status, out, _ = rules("test", version)
    assert (status, out) == (0, "0 cases judged again, 0 differences, 0 cases skipped\n")
    status, out, _ = rules("list", "dog-registration", "--json")
    (row,) = json.loads(out)
    assert (row["id"], row["state"], row["author"], row["approved_by"]) == (version, "tested", "bianji", None)
    assert rules("list", "cat-registration")[:2] == (0, "\n")
    assert rules("show", version)[1].startswith(f"dog-registration  {row['version']}  tested")
    for event in ("approve", "publish"):
        assert rules(event, version)[0] == 2, "that takes a second person, at the desk"
    engine = open_database(None, data)
    actions = [one["action"] for one in Ledger(engine).entries()]
    engine.dispose()
    assert actions[:2] == ["rules.test", "rules.draft"]


def test_rules_with_problems_become_no_draft(rules: Run, data: Path, tmp_path: Path):
    account(data, "bianji", "editor")
    path = tmp_path / "new.yaml"
    path.write_text(RULES.replace("9999-12-31", "2020-01-01"), "utf-8")
    status, _, err = rules("draft", path, "--author", "bianji")
    assert status == 1
    assert "规则“dog-card”：" in err
    path.write_text(RULES.replace("title:", "titel:"), "utf-8")
    status, _, err = rules("draft", path, "--author", "bianji")
    assert status == 2
    assert "new.yaml:" in err
    assert rules("list")[1].strip() == ""


@pytest.mark.parametrize(("login", "sentence"), [("nobody", "no such account"), ("chuangkou", "editors and seniors")])
def test_rules_are_drafted_by_somebody_who_may_write_them(
    rules: Run, data: Path, tmp_path: Path, login: str, sentence: str
):
    account(data, "chuangkou", "clerk")
    path = tmp_path / "new.yaml"
    path.write_text(RULES, "utf-8")
    status, out, err = rules("draft", path, "--author", login)
    assert (status, out) == (2, "")
    assert sentence in err


def test_a_rule_file_of_the_hall_that_cannot_be_read_is_told_in_one_sentence(rules: Run, data: Path):
    (data / "checklists" / "dog-registration.yaml").write_text("rules: [", "utf-8")
    status, out, err = rules("show", "dog-registration")
    assert (status, out, len(err.strip().splitlines())) == (2, "", 1)
    assert "dog-registration.yaml" in err


@pytest.mark.parametrize(
    "arguments",
    [
        ("test", "no-such-version"),
        ("diff", "no-such-version"),
        ("draft", "no-such-file.yaml", "--author", "bianji"),
        ("check", "no-such-folder"),
        ("import", "no-such-file.xlsx"),
        ("import", "x.xlsx", "--apply"),
        ("export", "no-such-item"),
        ("export", "dog-registration", "--out", "rules.csv"),
        ("export", "dog-registration", "--out", "no-such-folder/a.xlsx"),
        ("fly",),
    ],
)
def test_wrong_use_is_one_sentence(rules: Run, arguments: tuple[str, ...]):
    status, out, err = rules(*arguments)
    assert (status, out, len(err.strip().splitlines())) == (2, "", 1)


def test_a_file_that_is_no_workbook_is_refused(rules: Run, tmp_path: Path):
    path = tmp_path / "坏.xlsx"
    path.write_bytes(b"PK")
    status, _, err = rules("import", path)
    assert status == 2
    assert "坏.xlsx：" in err
