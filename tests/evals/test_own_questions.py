"""The sheet of a hall's own questions: what is written is read back, and every wrong cell is named."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest
from question_sheets import HEADS, ITEMS, question_sheet

from evals.own_questions import MOST_OFFERED, OwnQuestion, write_questions
from evals.own_questions_facts import NoFact, lacking, ways
from evals.own_questions_reading import MOST_ROWS, BadCells, read_questions, sheets_of

ANSWER = (
    "收费：20元/证。材料：居民身份证（原件1份）、户口簿2份。5个工作日内办结。"
    "地点：样本路1号政务服务中心二楼。电话 0519-0000 0001，有效期一年。"
)


def read(path: Path) -> list[OwnQuestion]:
    return read_questions([path], ITEMS).rows


def problems(path: Path) -> tuple[str, ...]:
    with pytest.raises(BadCells) as caught:
        read(path)
    return caught.value.problems


# writing and reading ---------------------------------------------------------------------------------------------


def test_rows_are_read_back_as_they_were_written(tmp_path: Path) -> None:
    rows = [
        OwnQuestion(
            "养犬登记多少钱", "answer", ("dog-registration",), ("30元", "房产证|租房合同"), ("200元",), "养犬", "样本"
        ),
        OwnQuestion("=1+1 等于几", "no_answer"),
        OwnQuestion("摆摊要备案吗", items=("north-permit", "south-permit")),
    ]
    write_questions(rows, tmp_path / "own.xlsx", ITEMS)
    assert read(tmp_path / "own.xlsx") == rows


def test_clerk_chooses_expectation_and_item_from_lists(tmp_path: Path) -> None:
    write_questions([], tmp_path / "own.xlsx", ITEMS)
    book = openpyxl.load_workbook(tmp_path / "own.xlsx")
    assert book.sheetnames == ["题目", "填写说明", "事项清单"]
    offered = {str(one.sqref)[0]: one.formula1 for one in book["题目"].data_validations.dataValidation}
    assert offered == {"B": '"应回答,不应回答"', "C": "'事项清单'!$A$2:$A$5"}
    assert [[cell.value for cell in row] for row in book["事项清单"].iter_rows(min_row=2)] == [
        ["养犬登记", "dog-registration", "养犬登记"],
        ["导盲犬备案", "guide-dog", "导盲犬备案"],
        ["north-permit", "north-permit", "摆摊备案"],  # of two items of one name, the id says which
        ["south-permit", "south-permit", "摆摊备案"],
    ]


def test_clerk_finds_every_column_explained(tmp_path: Path) -> None:
    write_questions([], tmp_path / "own.xlsx")
    book = openpyxl.load_workbook(tmp_path / "own.xlsx")
    told = {row[0].value: [cell.value for cell in row[1:]] for row in book["填写说明"].iter_rows()}
    assert [cell.value for cell in book["题目"][1]] == list(HEADS)
    assert all(len(told[head]) == 3 and all(told[head]) for head in HEADS)


def test_too_many_items_for_a_list_are_still_listed_on_their_sheet(tmp_path: Path) -> None:
    items = {f"i-{number}": f"样本事项{number}" for number in range(MOST_OFFERED + 1)}
    write_questions([], tmp_path / "own.xlsx", items)
    book = openpyxl.load_workbook(tmp_path / "own.xlsx")
    assert [str(one.sqref)[0] for one in book["题目"].data_validations.dataValidation] == ["B"]
    assert book["事项清单"].max_row == MOST_OFFERED + 2


def test_a_file_that_cannot_be_written_leaves_the_old_one_whole(tmp_path: Path) -> None:
    path = question_sheet(tmp_path / "own.xlsx", ("旧题", "应回答"))
    with pytest.raises(ValueError, match="A2"):
        write_questions([OwnQuestion("长" * 40_000, "answer")], path)
    assert [row.question for row in read(path)] == ["旧题"]
    assert [one.name for one in tmp_path.iterdir()] == ["own.xlsx"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gbk"])
def test_csv_is_read_as_an_office_program_saves_it(tmp_path: Path, encoding: str) -> None:
    with (tmp_path / "own.csv").open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([HEADS, ("养犬登记多少钱", "应回答", "养犬登记", "30元\n居民身份证", "", "", "")])
    (row,) = read(tmp_path / "own.csv")
    assert row == OwnQuestion("养犬登记多少钱", "answer", ("dog-registration",), ("30元", "居民身份证"))
    assert row.where == "own.csv A2"


def test_columns_may_stand_in_any_order_below_a_title_with_some_of_the_halls_own(tmp_path: Path) -> None:
    path = question_sheet(
        tmp_path / "own.xlsx",
        (1, "养犬多少钱", 30.5, "应回答"),
        heads=("序号", "问题（必填）", "提问窗口", "期望"),
        above=("样本大厅题目表", ""),
    )
    found = read_questions([path], ITEMS)
    assert found.rows == [OwnQuestion("养犬多少钱", "answer")]
    assert found.notes == [
        "own.xlsx 题目!A3：“序号”不是题目表的列，没有读",
        "own.xlsx 题目!C3：“提问窗口”不是题目表的列，没有读",
    ]


def test_a_merged_cell_counts_for_all_of_its_rows(tmp_path: Path) -> None:
    path = question_sheet(tmp_path / "own.xlsx", ("一", "应回答", "", "", "", "养犬"), ("二", "不应回答"))
    book = openpyxl.load_workbook(path)
    book["题目"].merge_cells("F2:F3")
    book.save(path)
    assert [row.category for row in read(path)] == ["养犬", "养犬"]


def test_a_name_that_two_items_share_stands_for_both(tmp_path: Path) -> None:
    (row,) = read(question_sheet(tmp_path / "own.xlsx", ("摆摊要备案吗", None, "摆摊备案")))
    assert row.items == ("north-permit", "south-permit")


def test_format_far_below_the_last_row_is_no_row(tmp_path: Path) -> None:
    path = question_sheet(tmp_path / "own.xlsx", ("养犬多少钱", "应回答"))
    book = openpyxl.load_workbook(path)
    book["题目"].cell(MOST_ROWS + 500, 2).number_format = "@"
    book.save(path)
    assert len(read(path)) == 1


def test_half_written_and_lock_files_of_a_folder_are_no_sheets(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.csv", "~$a.xlsx", ".writing-1.xlsx", "notes.txt"):
        (tmp_path / name).write_bytes(b"")
    assert [path.name for path in sheets_of(tmp_path)] == ["a.xlsx", "b.csv"]


# wrong cells -----------------------------------------------------------------------------------------------------


def test_all_wrong_cells_are_named_at_once_with_what_is_allowed(tmp_path: Path) -> None:
    path = question_sheet(
        tmp_path / "own.xlsx",
        ("养犬多少钱", "回答", "养犬登计", "20", "。。"),
        ("", "应回答"),
        ("只有问题",),
        ("养猫多少钱", "不应回答", "养犬登记"),
        ("养鱼多少钱", "", "", "30元", "30元"),
        ("=1+1", "应回答"),
        ("养 鸟 多少钱？", "应回答"),
        ("养鸟多少钱", "应回答"),
    )
    assert problems(path) == (
        "own.xlsx 题目!B2：“回答”不能用；“期望”只能填 应回答、不应回答，或者留空",
        "own.xlsx 题目!C2：手册里没有“养犬登计”这个事项；相近的有 养犬登记",
        "own.xlsx 题目!D2：“20”没有单位；请写成 20元、5个工作日、2份 这样",
        "own.xlsx 题目!E2：“。。”里没有可以核对的内容；请写金额、天数、电话，或者材料、地点的名称",
        "own.xlsx 题目!A3：“问题”没有填",
        "own.xlsx 题目!A4：只有问题，没有可以核对的内容；期望、事项、应包含、不应出现至少填一格",
        "own.xlsx 题目!C5：“不应回答”的问题不能填事项；要么把“事项”清空，要么把“期望”改为“应回答”",
        "own.xlsx 题目!E6：“30元”同时写在“应包含”和“不应出现”里，请只留一处",
        "own.xlsx 题目!A7：是公式或者错误值，请改成文字",
        "own.xlsx 题目!A9：与 own.xlsx 题目!A8 的问题相同（标点、空格、大小写不算不同），请只留一行",
    )


def test_an_item_in_a_hall_that_has_none_is_told_of(tmp_path: Path) -> None:
    path = question_sheet(tmp_path / "own.xlsx", ("停车收费吗", "应回答", "停车"))
    with pytest.raises(BadCells, match="手册里只有文章，没有事项"):
        read_questions([path], {})


def test_a_heading_that_is_nearly_right_is_not_passed_over(tmp_path: Path) -> None:
    path = question_sheet(tmp_path / "own.xlsx", ("养犬多少钱", "30元"), heads=("问题", "应包括"))
    assert problems(path)[0] == (
        "own.xlsx 题目!B1：不认识“应包括”这一列，是不是“应包含”？请改成“应包含”，或者换一个不相近的列名"
    )


def test_a_sheet_without_headings_and_a_file_that_is_none_are_told_of(tmp_path: Path) -> None:
    question_sheet(tmp_path / "a.xlsx", ("养犬多少钱",), heads=("谁问的",))
    (tmp_path / "b.xlsx").write_bytes(b"no workbook")
    with pytest.raises(BadCells) as caught:
        read_questions(sheets_of(tmp_path), ITEMS)
    assert caught.value.problems[0].startswith("a.xlsx：没有找到标题行")
    assert caught.value.problems[1].startswith("b.xlsx：文件打不开")


def test_rows_beyond_the_last_that_is_read_are_told_of(tmp_path: Path) -> None:
    lines = [",".join(HEADS), *(f"第{number}问,应回答" for number in range(MOST_ROWS + 1))]
    (tmp_path / "own.csv").write_text("\n".join(lines), "utf-8")
    assert problems(tmp_path / "own.csv") == (f"own.csv：行数太多，一张表最多 {MOST_ROWS} 行",)


# what counts as said ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "lacks"),
    [
        ("二十块钱", ()),
        ("工本费20元", ()),
        ("120元", ("120元",)),
        ("5个工作日", ()),
        ("法定时限：5个工作日内办结", ()),
        ("5天", ("5天",)),
        ("12个月", ()),
        ("户口簿2份", ()),
        ("户口簿3份", ("3份",)),
        ("结婚证2份", ("结婚证",)),
        ("居民身份证（原件）", ()),
        ("051900000001", ()),
        ("0519-00000009", ("0519-00000009",)),
        ("样本路1号政务服务中心二楼", ()),
        ("别样路1号政务服务中心二楼", ("别样路",)),
        ("房产证|户口簿", ()),
        ("房产证｜结婚证", ("房产证｜结婚证",)),
        ("房产证|结婚证2份", ("结婚证",)),
        ("免费", ("免费",)),
    ],
)
def test_a_line_counts_by_value_and_name_and_not_by_wording(line: str, lacks: tuple[str, ...]) -> None:
    assert lacking(line, ANSWER) == lacks


def test_free_and_on_the_spot_have_many_wordings() -> None:
    assert lacking("免收费", "这件事不收取任何费用") == ()
    assert lacking("即办件", "当场就能办好") == ()


@pytest.mark.parametrize("line", ["20", "3.5", "！", "20|"])
def test_a_line_that_nothing_can_be_held_against_is_none(line: str) -> None:
    with pytest.raises(NoFact):
        ways(line)
