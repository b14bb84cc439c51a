"""A handbook as a workbook on the command line: export, edit as in an office program, compare, write."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from knowledge.handbook import load_handbook

Run = Callable[..., Any]


class Workbook:
    """The exported workbook as a clerk has it open."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.book: Any = openpyxl.load_workbook(path)

    def page(self, title: str) -> Any:
        return self.book[title]

    def place(self, title: str, column: str, **first: str) -> Any:
        """The cell of `column` in the first row whose columns hold what is given."""
        page = self.book[title]
        heads = {cell.value: cell.column for cell in page[1]}
        for row in range(2, page.max_row + 1):
            if all(page.cell(row, heads[name]).value == value for name, value in first.items()):
                return page.cell(row, heads[column])
        raise LookupError(first)

    def set(self, value: Any, title: str, column: str, **first: str) -> None:
        self.place(title, column, **first).value = value

    def add(self, title: str, **cells: Any) -> None:
        page = self.book[title]
        page.append([cells.get(cell.value) for cell in page[1]])

    def drop(self, title: str, **first: str) -> None:
        heads = [cell.value for cell in self.book[title][1]]
        self.book[title].delete_rows(self.place(title, heads[0], **first).row)

    def save(self) -> Path:
        self.book.save(self.path)
        return self.path


@pytest.fixture
def workbook(run: Run, handbook: Path, tmp_path: Path) -> Workbook:
    out = tmp_path / "book.xlsx"
    assert run("handbook", "export", handbook, "--out", out).status == 0
    return Workbook(out)


def texts(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in sorted(folder.rglob("*.yaml"))}


def changed_lines(before: dict[str, str], after: dict[str, str]) -> dict[str, tuple[list[str], list[str]]]:
    """For each file that differs: the lines that went and those that came."""
    found = {}
    for name in before.keys() | after.keys():
        old, new = (side.get(name, "").splitlines() for side in (before, after))
        if old != new:
            found[name] = ([line for line in old if line not in new], [line for line in new if line not in old])
    return found


def test_a_workbook_that_nobody_changed_shows_no_difference(run: Run, handbook: Path, workbook: Workbook):
    before = texts(handbook)
    assert run("handbook", "import", workbook.path, handbook).out == "no differences\n"
    again = run("handbook", "import", workbook.save(), handbook, "--apply", "--json")
    assert again.json == {"added": [], "removed": [], "changed": [], "problems": [], "applied": False}
    assert texts(handbook) == before


def test_a_changed_fee_is_shown_and_not_written(run: Run, handbook: Path, workbook: Workbook):
    before = texts(handbook)
    workbook.set(35, "收费", "金额（元）", 事项编号="dog-registration")
    ended = run("handbook", "import", workbook.save(), handbook)
    assert ended.status == 0
    assert ended.out.splitlines() == [
        "~ dog-registration fee.charges[0].yuan: 30 → 35",
        "0 added, 0 removed, 1 fields of 1 entries changed; nothing was written; --apply writes it",
    ]
    assert texts(handbook) == before


EDITED = {
    "items/life/dog-registration.yaml": (
        ["    - {name: 登记费, yuan: 30, unit: 只}"],
        ["    - {name: 登记费, yuan: 35, unit: 只}"],
    ),
    "items/life/pigeon-permit.yaml": (["summary: 饲养信鸽须经许可。"], ['summary: "改了: 新的简介"']),
    "items/market/stall-goods.yaml": (
        [],
        [
            "faq:",
            "  - questions: [几天能办好, 要等多久]",
            "    answer: 7个工作日。",
            "    facets: [time]",
            "    local: confirmed",
        ],
    ),
    "materials.yaml": (
        ["  - {id: lease, name: 房屋租赁合同, aliases: [租房合同], kind: contract}"],
        ["  - {id: lease, name: 房屋租赁合同, aliases: [租房合同], kind: contract, issuer: =房东}"],
    ),
    "regions.yaml": ([], ['  - {code: 900100-south, name: 南街, level: town, parent: "900100"}']),
}
"""File -> the lines that the edits of the next test take away and bring."""


def test_applying_writes_only_the_lines_that_changed(run: Run, handbook: Path, workbook: Workbook):
    before = texts(handbook)
    workbook.set("３５", "收费", "金额（元）", 事项编号="dog-registration")
    workbook.set("改了: 新的简介", "事项", "简介", 编号="pigeon-permit")
    workbook.set("=房东", "材料目录", "出具单位", 编号="lease")
    workbook.place("材料目录", "出具单位", 编号="lease").data_type = "s"
    workbook.add(
        "常见问题",
        事项编号="stall-goods",
        问法="几天能办好\n要等多久",
        回答="7个工作日。",
        问的方面="时限",
        本地确认="已确认",
    )
    workbook.add("地区", 代码="900100-south", 名称="南街", 层级="镇（街道）", 上级地区代码="900100")
    ended = run("handbook", "import", workbook.save(), handbook, "--apply")
    assert ended.status == 0
    assert ended.out.splitlines()[-1] == "1 added, 0 removed, 4 fields of 4 entries changed; written"
    assert changed_lines(before, texts(handbook)) == EDITED
    assert run("handbook", "import", workbook.path, handbook).out == "no differences\n"
    assert run("handbook", "check", handbook).status == 0


def test_items_come_and_go_with_their_files(run: Run, handbook: Path, workbook: Workbook):
    before = texts(handbook)
    workbook.add(
        "事项", 编号="balloon", 名称="气球登记", 生命周期="经营发展", **{"收费·免费": "是", "收费·本地确认": "已确认"}
    )
    workbook.add("材料", 事项编号="balloon", 材料编号="id-card", 原件份数=2)
    workbook.drop("事项", 编号="garden-claim")
    workbook.save()
    shown = run("handbook", "import", workbook.path, handbook, "--json").json
    assert (shown["added"], shown["removed"], shown["changed"]) == (["balloon"], ["garden-claim"], [])
    assert run("handbook", "import", workbook.path, handbook, "--apply", "--json").json["applied"]
    after = texts(handbook)
    assert before.keys() - after.keys() == {"items/life/garden-claim.yaml"}
    assert after.keys() - before.keys() == {"items/market/balloon.yaml"}
    assert after["items/market/balloon.yaml"] == (
        "id: balloon\nname: 气球登记\nlife_event: 经营发展\nmaterials:\n"
        "  - {material: id-card, original: 2}\nfee: {free: true, local: confirmed}\n"
    )


def test_a_change_that_brings_problems_is_refused(run: Run, handbook: Path, workbook: Workbook):
    before = texts(handbook)
    workbook.set("moon-card", "材料", "材料编号", 事项编号="guide-dog")
    workbook.save()
    ended = run("handbook", "import", workbook.path, handbook, "--apply")
    assert ended.status == 1
    assert (
        "problem: items/life/guide-dog.yaml:9: materials[0].material: moon-card is not in materials.yaml" in ended.out
    )
    assert ended.out.splitlines()[-1].endswith("refused, 1 new problems; nothing was written")
    told = run("handbook", "import", workbook.path, handbook, "--apply", "--json")
    assert (told.status, told.json["applied"], told.json["problems"][0]["line"]) == (1, False, 9)
    assert texts(handbook) == before


def test_problems_that_were_there_before_do_not_stop_a_change(run: Run, handbook: Path, workbook: Workbook):
    file = handbook / "items/market/stall-food.yaml"
    file.write_text(file.read_text("utf-8").replace("stall-plan", "moon-plan"), "utf-8")
    run("handbook", "export", handbook, "--out", workbook.path)
    edited = Workbook(workbook.path)
    edited.drop("材料", 事项编号="stall-food", 材料编号="id-card")
    assert run("handbook", "import", edited.save(), handbook, "--apply").out.splitlines()[-1].endswith("; written")


def test_rows_columns_and_sheets_may_be_reordered(run: Run, handbook: Path, workbook: Workbook):
    book = workbook.book
    book.move_sheet("常见问题", offset=-5)
    for title in ("材料", "事项", "情形选项"):
        page = workbook.page(title)
        rows = [[cell.value for cell in row] for row in page.iter_rows()]
        head, *body = [list(reversed(row)) for row in rows]
        for y, row in enumerate([head, *[[None] * len(head)], *reversed(body)], 1):
            for x, value in enumerate(row, 1):
                page.cell(y, x).value = value
    book.create_sheet("我的备忘")["A1"] = "别忘了"
    workbook.page("步骤").cell(1, 20).value = "备忘"
    ended = run("handbook", "import", workbook.save(), handbook)
    assert ended.out == "no differences\n"
    assert ended.err.splitlines() == [
        "xiaoxin: note: sheet 我的备忘 is no part of a handbook and was not read",
        "xiaoxin: note: sheet 步骤: column 备忘 is no part of a handbook and was not read",
    ]


def test_a_row_without_a_number_comes_after_the_row_above_it(run: Run, handbook: Path, workbook: Workbook):
    page = workbook.page("步骤")
    row = workbook.place("步骤", "序号", 事项编号="dog-registration").row
    page.insert_rows(row + 1)
    for x, cell in enumerate(page[1], 1):
        page.cell(row + 1, x).value = {"事项编号": "dog-registration", "步骤名称": "受理", "说明": "收下材料"}.get(
            cell.value
        )
    assert run("handbook", "import", workbook.save(), handbook, "--apply").status == 0
    steps = load_handbook(handbook).items["dog-registration"].steps
    assert [step.name for step in steps] == ["申请", "受理", "领证"]


FAULTS: list[tuple[Callable[[Workbook], Any], str]] = [
    (
        lambda book: book.set("两份", "材料", "原件份数", 事项编号="dog-registration"),
        "材料!G2: expected a whole number, found “两份”",
    ),
    (
        lambda book: book.set("-1", "材料", "原件份数", 事项编号="dog-registration"),
        "材料!G2: expected greater than or equal to 0",
    ),
    (lambda book: book.set("民生", "事项", "生命周期", 编号="guide-dog"), "expected one of 出生, 教育"),
    (
        lambda book: book.set("下月", "事项", "施行日期", 编号="guide-dog"),
        "expected a date such as 2026-01-31, found “下月”",
    ),
    (lambda book: book.set(None, "事项", "名称", 编号="guide-dog"), "this cell must not be blank"),
    (
        lambda book: book.set("Guide Dog", "事项", "编号", 编号="stall-food"),
        "expected lower-case letters, digits and hyphens",
    ),
    (
        lambda book: book.set("guide-dog", "事项", "编号", 编号="stall-food"),
        "expected a name of its own, found “guide-dog”, which is in 事项!A",
    ),
    (lambda book: book.set("=1+1", "事项", "简介", 编号="guide-dog"), "expected a value, found a formula"),
    (
        lambda book: book.add("材料", 事项编号="moon", 材料名称="月亮"),
        "expected one that stands in sheet 事项, found “moon”",
    ),
    (lambda book: book.add("材料", 材料名称="月亮"), "this cell must not be blank"),
    (lambda book: book.drop("事项", 编号="stall-food"), "expected one that stands in sheet 事项, found “stall-food”"),
    (
        lambda book: book.drop("情形", 事项编号="dog-registration"),
        "expected one that stands in sheet 情形, found “home”",
    ),
    (
        lambda book: book.add("情形", 事项编号="guide-dog", 编号="x", 问题="问"),
        "expected rows for it in sheet 情形选项",
    ),
    (
        lambda book: book.add("地区", 代码="900100", 名称="又一个"),
        "expected a name of its own, found “900100”, which is in 地区!A2",
    ),
    (lambda book: book.set("fr: Nom", "事项", "译名", 编号="guide-dog"), "expected 'en', 'ja' or 'de'"),
    (
        lambda book: book.set("home", "材料", "需要的情形", 事项编号="dog-registration"),
        "expected lines of the form name: value",
    ),
    (lambda book: book.book.remove(book.page("收费")), "the workbook has no sheet 收费"),
    (lambda book: book.page("材料").delete_cols(7), "sheet 材料: there is no column 原件份数 in its first row"),
    (
        lambda book: book.page("材料").cell(1, 30, "原件份数"),
        "sheet 材料: expected column 原件份数 once, found it 2 times",
    ),
]


@pytest.mark.parametrize(("spoil", "message"), FAULTS)
def test_each_fault_of_a_workbook_is_told_with_its_cell(
    run: Run, handbook: Path, workbook: Workbook, spoil: Callable[[Workbook], Any], message: str
):
    before = texts(handbook)
    spoil(workbook)
    ended = run("handbook", "import", workbook.save(), handbook, "--apply")
    assert (ended.status, ended.out) == (2, "")
    assert all(line.startswith("xiaoxin: ") for line in ended.err.splitlines())
    assert message in ended.err.splitlines()[0]
    assert texts(handbook) == before


def test_a_handbook_that_changed_after_the_export_is_told(run: Run, handbook: Path, workbook: Workbook):
    """What changed there would be put back by the older workbook."""
    file = handbook / "items/life/guide-dog.yaml"
    file.write_text(file.read_text("utf-8").replace("不收费。", "免费。"), "utf-8")
    ended = run("handbook", "import", workbook.save(), handbook)
    assert ended.err.startswith("xiaoxin: note: the handbook has changed since this workbook was exported")
    assert "~ guide-dog summary" in ended.out
    run("handbook", "import", workbook.path, handbook, "--apply")
    assert run("handbook", "import", workbook.path, handbook).err == ""


def test_names_for_reading_stand_beside_ids_and_are_not_read(run: Run, handbook: Path, workbook: Workbook):
    named = workbook.place("材料", "目录中的材料名称", 事项编号="guide-dog", 材料编号="disability-certificate")
    assert named.value == "残疾人证"
    named.value = "别的名字"
    workbook.set("别的名字", "材料", "事项名称", 事项编号="guide-dog")
    workbook.page("易混淆").delete_cols(2)
    assert run("handbook", "import", workbook.save(), handbook).out == "no differences\n"


def test_all_faults_are_told_at_once(run: Run, handbook: Path, workbook: Workbook):
    workbook.set("甲", "材料", "原件份数", 事项编号="dog-registration")
    workbook.set("乙", "收费", "金额（元）", 事项编号="dog-registration")
    assert len(run("handbook", "import", workbook.save(), handbook).err.splitlines()) == 2


@pytest.mark.parametrize("content", [b"", b"no workbook", b"PK\x03\x04 and nothing more", b"\xd0\xcf\x11\xe0" * 100])
def test_what_is_no_workbook_is_refused_by_name(run: Run, handbook: Path, tmp_path: Path, content: bytes):
    (tmp_path / "bad.xlsx").write_bytes(content)
    assert "bad.xlsx" in run("handbook", "import", tmp_path / "bad.xlsx", handbook).refused()


def test_what_is_not_there_or_no_handbook_is_refused(run: Run, handbook: Path, workbook: Workbook, tmp_path: Path):
    assert "nowhere.xlsx" in run("handbook", "import", tmp_path / "nowhere.xlsx", handbook).refused()
    assert "not a handbook" in run("handbook", "import", workbook.path, tmp_path / "nowhere").refused()
    assert "not a handbook" in run("handbook", "export", tmp_path / "nowhere", "--out", tmp_path / "a.xlsx").refused()
    assert "ends in .xlsx" in run("handbook", "export", handbook, "--out", tmp_path / "a.xls").refused()
    assert "nowhere" in run("handbook", "export", handbook, "--out", tmp_path / "nowhere/a.xlsx").refused()


def test_a_handbook_that_cannot_be_read_whole_is_not_exported(run: Run, handbook: Path, tmp_path: Path):
    """What could not be read would be missing in the workbook, and be taken for removed."""
    (handbook / "items/life/guide-dog.yaml").write_text("id: guide-dog\nnmae: x\n", "utf-8")
    assert (
        "items/life/guide-dog.yaml:1: name: Field required"
        in run("handbook", "export", handbook, "--out", tmp_path / "a.xlsx").refused()
    )


def test_comments_and_line_ends_of_a_file_are_kept(run: Run, handbook: Path, workbook: Workbook):
    file = handbook / "items/life/pigeon-permit.yaml"
    text = file.read_text("utf-8").replace("kind:", "# What it is\nkind:").replace("summary: 饲", "summary:   饲")
    file.write_bytes(("\ufeff" + text).replace("\n", "\r\n").encode())
    workbook.set("养鸽许可", "事项", "名称", 编号="pigeon-permit")
    assert run("handbook", "import", workbook.save(), handbook, "--apply").status == 0
    after = file.read_bytes().decode()
    assert after == ("\ufeff" + text.replace("name: 信鸽饲养许可", "name: 养鸽许可")).replace("\n", "\r\n")


def test_changes_come_as_json_with_old_and_new(run: Run, handbook: Path, workbook: Workbook):
    workbook.set("A证\nB证", "材料目录", "别名", 编号="id-card")
    workbook.drop("易混淆", 事项编号="dog-registration")
    changed = run("handbook", "import", workbook.save(), handbook, "--json").json["changed"]
    assert changed[1] == {"item": "materials/id-card", "field": "aliases", "old": ["身份证"], "new": ["A证", "B证"]}
    assert (changed[0]["item"], changed[0]["field"], changed[0]["new"]) == ("dog-registration", "not_this", None)
    assert json.dumps(changed[0]["old"], ensure_ascii=False).startswith('[{"asks": ["导盲犬登记怎么办"')


def test_nothing_is_half_written_when_a_file_cannot_be_written(run: Run, handbook: Path, workbook: Workbook):
    before = texts(handbook)
    workbook.set("改了", "事项", "简介", 编号="dog-registration")
    workbook.set("改了", "材料目录", "出具单位", 编号="lease")
    (handbook / "materials.yaml.new").mkdir()
    ended = run("handbook", "import", workbook.save(), handbook, "--apply")
    assert ended.status == 2
    shutil.rmtree(handbook / "materials.yaml.new")
    assert texts(handbook) == before
    assert not list(handbook.rglob("*.new"))
