"""`xiaoxin eval` on a hall's own questions: against its own handbook, and kept as its own set."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from question_sheets import ITEMS, question_sheet

from evals.own_questions import OwnQuestion
from evals.own_questions_kept import keep
from evals.own_questions_reading import read_questions, sheets_of

Command = Callable[..., int]
ASKED = (
    ("养犬登记多少钱", "应回答", "养犬登记", "三十块钱", "200元", "养犬"),
    ("养犬登记要多久", None, "dog-registration", "3个工作日\n8个工作日", None, "养犬"),
    ("养犬登记在哪里办", "应回答", "导盲犬备案", None, None, "养犬"),
    ("养犬登记收费吗", None, None, None, "30元", "不说"),
    ("火星签证怎么办", "不应回答", None, None, None, "其他"),
    ("导盲犬备案多少钱", "不应回答", None, None, None, "其他"),
    ("火星签证多少钱", "应回答", None, None, None, None),
)


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    """Two rows that the test handbook meets and five that it does not."""
    return question_sheet(tmp_path / "my.xlsx", *ASKED)


@pytest.fixture
def stranger(command: Command, tmp_path: Path) -> Path:
    """A data folder that holds a hall's own files and nothing of the bundled handbook."""
    files, data = tmp_path / "files", tmp_path / "stranger"
    files.mkdir()
    guide = docx.Document()
    guide.add_heading("样本居住卡申领办事指南", 0)
    table = guide.add_table(rows=0, cols=2)
    for label, value in (("事项名称", "样本居住卡申领"), ("承诺办结时限", "7个工作日"), ("收费标准", "不收费")):
        cells = table.add_row().cells
        cells[0].text, cells[1].text = label, value
    guide.save(str(files / "居住卡.docx"))
    book = openpyxl.Workbook()
    for row in (("问题", "答案"), ("样本书房几点开门", "样本书房每天早上9:00开门。")):
        book.worksheets[0].append(row)
    book.save(files / "问答.xlsx")
    (files / "停车.txt").write_text("样本停车场规定\n第一条 样本停车场每小时收取3元，凭残疾人证不收费。\n", "utf-8")
    assert command("--data-dir", data, "ingest", files) == 0
    return data


def cases_of(out: Path) -> dict[str, dict[str, Any]]:
    return {case["question"]: case for case in json.loads((out / "answering" / "outputs.json").read_text("utf-8"))}


# judging ---------------------------------------------------------------------------------------------------------


def test_each_row_is_judged_by_what_is_in_its_cells(command: Command, data: Path, sheet: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert command("--data-dir", data, "eval", "answering", "--questions", sheet, "--out", out) == 0
    cases = cases_of(out)
    assert {question: case["verdict"] for question, case in cases.items()} == {
        "养犬登记多少钱": "right",
        "养犬登记要多久": "partly",
        "养犬登记在哪里办": "wrong_item",
        "养犬登记收费吗": "forbidden",
        "火星签证怎么办": "right",
        "导盲犬备案多少钱": "not_kept_out",
        "火星签证多少钱": "not_answered",
    }
    fee, time = cases["养犬登记多少钱"], cases["养犬登记要多久"]
    assert set(fee["marks"]) == {"whole", "answers", "item", "said", "not_said", "nothing_invented"}
    assert set(time["marks"]) == {"whole", "item", "said", "nothing_invented"}
    assert (time["missed"], time["where"], time["item"]) == (["- 8个工作日"], "my.xlsx 题目!A3", "dog-registration")
    assert fee["expected"] == "应回答；事项：养犬登记；应包含：三十块钱；不应出现：200元"
    assert fee["got"] == "回答：养犬登记"
    assert cases["火星签证多少钱"]["category"] == "未分类"


def test_no_limit_and_no_record_of_the_bundled_handbook_is_held(
    command: Command, data: Path, sheet: Path, tmp_path: Path
) -> None:
    command("--data-dir", data, "eval", "--questions", sheet, "--out", tmp_path / "out")
    scores = json.loads((tmp_path / "out" / "answering" / "scores.json").read_text("utf-8"))
    assert scores["limits"] == []
    assert "off_record" not in scores
    assert scores["metrics"]["whole"] == {"right": 2, "of": 7, "share": 0.285714, "low": 0.082219, "high": 0.641066}
    assert scores["by_category"]["养犬"]["right"]["of"] == 3


def test_report_and_workbook_tell_the_cell_of_each_row(
    command: Command, data: Path, sheet: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    command("--data-dir", data, "eval", "--questions", sheet, "--out", out)
    page = (out / "report.html").read_text("utf-8")
    assert "回答 · 全部符合<strong>28.6%</strong>" in page
    assert "<code>my.xlsx 题目!A5</code>" in page
    assert "xiaoxin eval answering --questions my.xlsx" in page
    rows = list(openpyxl.load_workbook(out / "cases.xlsx")["回答"].iter_rows(values_only=True))
    assert rows[0][-1] == "出处"
    assert {str(row[-1]) for row in rows[1:]} == {f"my.xlsx 题目!A{number}" for number in range(2, 9)}


def test_a_row_compares_with_itself_wherever_it_stands(
    command: Command, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    question_sheet(tmp_path / "a.xlsx", *ASKED)
    question_sheet(tmp_path / "b.xlsx", ("新的一题怎么办", "不应回答"), ("养犬登记多少钱？", "不应回答"), *ASKED[1:])
    for name in ("a", "b"):
        command("--data-dir", data, "eval", "--questions", tmp_path / f"{name}.xlsx", "--out", tmp_path / name)
    capsys.readouterr()
    assert command("eval", "compare", tmp_path / "a", tmp_path / "b") == 0
    told = capsys.readouterr().out
    assert "0 cases only in the first, 1 only in the second" in told
    assert "养犬登记多少钱？: 回答：养犬登记 -> 回答：养犬登记" in told


def test_sheets_may_stand_beside_jsonl_files(command: Command, data: Path, questions: Path, tmp_path: Path) -> None:
    question_sheet(questions / "own.xlsx", *ASKED[:2])
    command("--data-dir", data, "eval", "record", "--facts", data / "facts.jsonl")
    given = ("--questions", questions, "--facts", data / "facts.jsonl", "--out", tmp_path / "out")
    assert command("--data-dir", data, "eval", "answering", "outcome", *given) == 0
    config = json.loads((tmp_path / "out" / "answering" / "config.json").read_text("utf-8"))
    assert (config["rows"], set(config["files"])) == (7, {"answering.jsonl", "own.xlsx"})
    assert json.loads((tmp_path / "out" / "outcome" / "scores.json").read_text("utf-8"))["cases"] == 7


def test_a_handbook_of_office_files_alone_is_judged(command: Command, stranger: Path, tmp_path: Path) -> None:
    sheet = question_sheet(
        tmp_path / "my.xlsx",
        ("样本居住卡要多少天", "应回答", "样本居住卡申领", "7个工作日"),
        ("样本居住卡收费吗", None, "样本居住卡申领", "免费"),
        ("样本书房几点开门", "应回答", None, "9:00"),
        ("样本停车场怎么收费", "应回答", None, "3元", "30元"),
        ("样本停车场怎么收费，凭残疾人证呢", None, None, "2元"),
        ("护照丢了怎么补", "不应回答"),
    )
    given = ("--data-dir", stranger, "--questions", sheet, "--out", tmp_path / "out")
    assert command("eval", "answering", *given) == 0
    wrong = [(case["question"], case["missed"]) for case in cases_of(tmp_path / "out").values() if not case["right"]]
    assert wrong == [("样本停车场怎么收费，凭残疾人证呢", ["- 2元"])]


# wrong use -------------------------------------------------------------------------------------------------------


def test_clerk_is_told_of_every_wrong_cell_on_a_line_of_its_own(
    command: Command, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = question_sheet(tmp_path / "my.xlsx", ("养犬多少钱", "是"), ("养犬多久", "应回答", "养犬登计"))
    assert command("--data-dir", data, "eval", "--questions", sheet) == 2
    assert [line.split("：")[0] for line in capsys.readouterr().err.splitlines() if "题目!" in line] == [
        "my.xlsx 题目!B2",
        "my.xlsx 题目!C3",
    ]
    assert not (data / "eval").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--questions", "no.xlsx"), "no.xlsx：没有这个文件"),
        (("--questions", "old.xls"), "题目表只能是 .xlsx、.csv"),
        (("--questions", "own"), "题库里还没有题"),
        (("template",), "template takes the name of the file"),
        (("template", "out.csv"), "template takes the name of the file"),
        (("template", "nowhere/out.xlsx"), "没有这个文件夹"),
        (("keep",), "keep takes the file whose rows"),
        (("keep", "no.xlsx"), "no.xlsx：没有这个文件"),
    ],
)
def test_clerk_is_told_of_wrong_use_in_a_sentence(
    command: Command, data: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    assert command("--data-dir", data, "eval", *words) == 2
    assert said in capsys.readouterr().err


def test_a_sheet_is_no_set_for_another_task_and_an_empty_one_none_at_all(
    command: Command, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = question_sheet(tmp_path / "my.xlsx")
    assert command("--data-dir", data, "eval", "safety", "--questions", sheet) == 2
    assert "题目表由 answering 评判" in capsys.readouterr().err
    assert command("--data-dir", data, "eval", "--questions", sheet) == 2
    assert "标题行下面一个问题也没有" in capsys.readouterr().err


# template and own set --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("handbook", ["data", "stranger"])
def test_the_template_runs_as_it_is_written(
    command: Command, request: pytest.FixtureRequest, tmp_path: Path, handbook: str
) -> None:
    folder = request.getfixturevalue(handbook)
    assert command("--data-dir", folder, "eval", "template", tmp_path / "t.xlsx") == 0
    rows = list(openpyxl.load_workbook(tmp_path / "t.xlsx")["题目"].iter_rows(min_row=2, values_only=True))
    assert len(rows) == 3
    assert {str(row[5]) for row in rows} == {"样本"}
    assert command("--data-dir", folder, "eval", "--questions", tmp_path / "t.xlsx", "--out", tmp_path / "out") == 0
    assert [case["right"] for case in cases_of(tmp_path / "out").values()] == [True, True, True]


def test_a_template_never_takes_the_place_of_a_filled_sheet(command: Command, data: Path, sheet: Path) -> None:
    before = sheet.read_bytes()
    assert command("--data-dir", data, "eval", "template", sheet) == 2
    assert sheet.read_bytes() == before


def test_kept_rows_run_as_the_halls_own_set(
    command: Command, data: Path, sheet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("--data-dir", data, "eval", "keep", sheet) == 0
    more = question_sheet(
        tmp_path / "more.xlsx",
        ("养犬 登记多少钱？", "应回答", "养犬登记", "三十块钱", "200元", "养犬"),
        ("火星签证怎么办", "应回答"),
        ("养犬登记电话多少", "应回答"),
    )
    capsys.readouterr()
    assert command("--data-dir", data, "eval", "keep", more) == 0
    same, other, told = capsys.readouterr().out.splitlines()
    assert same.startswith("more.xlsx 题目!A2：“养犬 登记多少钱？”题库里已经有了")
    assert same.endswith("题目!A2），没有加入")
    assert "填的内容不同" in other
    assert told.startswith("加入 1 题，没有加入 2 题；题库现有 8 题")
    assert command("--data-dir", data, "eval", "--questions", "own", "--out", tmp_path / "out") == 0
    assert set(cases_of(tmp_path / "out")) == {*(row[0] for row in ASKED), "养犬登记电话多少"}
    assert "--questions own" in (tmp_path / "out" / "report.html").read_text("utf-8")
    assert command("--data-dir", data, "eval", "keep", more) == 1


def test_what_was_changed_in_the_own_set_by_hand_stays(command: Command, data: Path, tmp_path: Path) -> None:
    command("--data-dir", data, "eval", "keep", question_sheet(tmp_path / "a.xlsx", *ASKED[:2]))
    (path,) = sheets_of(data / "questions")
    book = openpyxl.load_workbook(path)
    book["题目"]["G2"], book["题目"]["H1"] = "由窗口核对", "核对人"
    book.save(path)
    before = path.read_bytes()
    assert command("--data-dir", data, "eval", "keep", question_sheet(tmp_path / "a.xlsx", *ASKED[2:3])) == 0
    assert path.read_bytes() == before
    assert len(sheets_of(data / "questions")) == 2


def test_nothing_is_kept_of_a_sheet_with_a_wrong_cell_or_into_a_set_with_one(
    command: Command, data: Path, sheet: Path, tmp_path: Path
) -> None:
    bad = question_sheet(tmp_path / "bad.xlsx", *ASKED[:1], ("养犬多久", "也许"))
    assert command("--data-dir", data, "eval", "keep", bad) == 2
    assert sheets_of(data / "questions") == ()
    question_sheet(data / "questions" / "by-hand.xlsx", ("养犬多久", "也许"))
    assert command("--data-dir", data, "eval", "keep", sheet) == 2
    assert [path.name for path in sheets_of(data / "questions")] == ["by-hand.xlsx"]


def test_samples_of_the_template_are_not_kept(
    command: Command, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command("--data-dir", data, "eval", "template", tmp_path / "t.xlsx")
    assert command("--data-dir", data, "eval", "keep", tmp_path / "t.xlsx") == 1
    assert capsys.readouterr().out.count("是模板里的样本，没有加入") == 3


def test_two_who_keep_the_same_rows_at_once_keep_each_row_once(tmp_path: Path) -> None:
    def rows() -> Iterator[OwnQuestion]:
        return (OwnQuestion(f"样本问题{number}", "answer", where=f"a.xlsx A{number}") for number in range(20))

    with ThreadPoolExecutor(4) as several:
        kept = list(several.map(lambda _: keep(rows(), tmp_path, ITEMS), range(4)))
    assert sorted(len(one.added) for one in kept) == [0, 0, 0, 20]
    assert len(read_questions(sheets_of(tmp_path / "questions"), ITEMS).rows) == 20
