"""A situation told in words: the list that a visitor gets is held line by line against the item's fields."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from channels.wiring import Product
from evals.case import Case
from evals.facts import write_record
from evals.run import Plan, run
from evals.sample import DEVELOPMENT, TEST, BadRow, load
from evals.tasks.checklist import expected_list
from evals.told_list import Entry, Paper, compared, tells, told_lines
from knowledge.handbook import Handbook, bundled_handbook, load_handbook

ROW = {
    "id": "k-1",
    "question": "养犬登记要带什么材料",
    "item": "dog-registration",
    "choices": {"home": "own", "breed": "big"},
    "replies": {"breed": "狼狗"},
    "category": "life",
    "note": "样本",
}
CARD = Entry("bring", "身份证", (Paper("身份证", 1, 1),))
PHOTO = Entry("bring", "犬只照片", (Paper("犬只照片", 2, 0),))
HOME = Entry("any_of", "住房证明", (Paper("房产证", 0, 1), Paper("房产证、合同", 1, 0)))
BOOK = Entry("shared", "户口簿", ())


@cache
def bundled() -> Handbook:
    return load_handbook(bundled_handbook())


def judged(product: Product, tmp_path: Path, **row: Any) -> Case:
    (tmp_path / "checklist.jsonl").write_text(json.dumps(ROW | row, ensure_ascii=False), "utf-8")
    write_record(product.live.current().library.items, tmp_path / "facts.jsonl")
    plan = Plan(("checklist",), "own", tmp_path, at=date(2026, 11, 22), record=tmp_path / "facts.jsonl")
    (result,) = run(product, plan)
    (case,) = result.cases
    return case


@pytest.mark.parametrize("part", [DEVELOPMENT, TEST], ids=["development", "test"])
def test_every_row_comes_to_one_whole_list_of_the_bundled_handbook(part: Path) -> None:
    handbook = bundled()
    for row in load("checklist", part):
        item = handbook.items.get(row.item)
        lists = expected_list(handbook.resolved(item) if item else None, row)
        assert {choice.situation for choice in lists.choices} == row.choices.keys(), row.id


def test_the_test_part_holds_many_items_and_many_situations() -> None:
    rows = load("checklist", TEST)
    assert len(rows) >= 120
    assert len({row.item for row in rows}) >= 100
    assert sum(len(row.choices) > 1 for row in rows) >= 60


@pytest.mark.parametrize(
    ("line", "entry"),
    [
        ("身份证（原件1份、复印件1份）", CARD),
        ("身份证（原件1份、复印件1份），本人的（以窗口公布为准）", CARD),
        ("犬只照片（原件2份），近期的", PHOTO),
        ("住房证明，下面任选一种：房产证、合同、房产证（复印件1份）", HOME),
        ("户口簿：免提交，由工作人员共享核验", BOOK),
    ],
)
def test_a_line_tells_a_paper_with_its_numbers(line: str, entry: Entry) -> None:
    assert tells(line, entry)


@pytest.mark.parametrize(
    ("line", "entry"),
    [
        ("身份证", CARD),
        ("身份证（复印件1份）", CARD),
        ("身份证明（原件1份、复印件1份）", CARD),
        ("身份证（原件1份、复印件1份），本人的（视情形：代办）", CARD),
        ("犬只照片（原件3份）", PHOTO),
        ("住房证明，下面任选一种：房产证（复印件1份）", HOME),
        ("住房证明，下面任选一种：房产证、合同、房产证（复印件1份）、租赁合同", HOME),
        ("住房证明（视情形），下面任选一种：房产证、合同、房产证（复印件1份）", HOME),
        ("户口簿", BOOK),
    ],
)
def test_a_line_with_another_name_number_or_condition_tells_something_else(line: str, entry: Entry) -> None:
    assert not tells(line, entry)


def test_what_is_lacking_and_what_is_too_much_is_named() -> None:
    found = compared(("犬只照片（原件2份）", "租赁合同"), (CARD, PHOTO))
    assert (found.missing, found.extra) == (("身份证 (1 + 1 copies)",), ("租赁合同",))


def test_the_list_ends_where_its_lines_end() -> None:
    text = "【养犬登记】\n要带的材料（租的）：\n• 身份证\n• 照片\n大型犬出门须戴嘴套\n• 时限：3个工作日"
    assert told_lines(text) == ("身份证", "照片")
    assert told_lines("都要带的材料：\n• 身份证") is None


def test_a_visitor_who_answers_in_words_and_by_touch_gets_exactly_his_list(hall: Product, tmp_path: Path) -> None:
    case = judged(hall, tmp_path)
    assert case.question == "养犬登记要带什么材料 / 自有住房 / 狼狗"
    assert set(case.marks) == {
        "item", "exact", "reached", "nothing_missing", "nothing_extra", "asks_nothing_told", "takes_home",
    }  # fmt: skip
    assert (case.right, case.missed, case.kind) == (True, (), "several_situations")
    assert "邻居" in case.answer


def test_what_the_question_tells_is_not_asked_again(hall: Product, tmp_path: Path) -> None:
    row = {"question": "我租房子住，养了条泰迪，养犬登记要带什么材料", "choices": {"home": "rent", "breed": "small"}}
    case = judged(hall, tmp_path, **row, told=["home", "breed"], replies={})
    assert (case.right, " / " in case.question) == (True, False)


def test_a_question_back_on_what_was_told_is_held_against_it(hall: Product, tmp_path: Path) -> None:
    case = judged(hall, tmp_path, told=["home"])
    assert {name for name, met in case.marks.items() if not met} == {"asks_nothing_told"}


def test_the_list_of_another_situation_is_not_exact(hall: Product, tmp_path: Path) -> None:
    case = judged(hall, tmp_path, replies={"home": "租的", "breed": "狼狗"})
    assert not any(case.marks[name] for name in ("exact", "nothing_missing", "nothing_extra", "takes_home"))
    assert [line[:2] for line in case.missed] == ["- ", "+ "]


def test_a_visitor_who_gets_no_list_lacks_all_of_it(hall: Product, tmp_path: Path) -> None:
    case = judged(hall, tmp_path, question="火星签证怎么办")
    assert [name for name, met in case.marks.items() if met] == ["asks_nothing_told"]
    assert len(case.missed) == 6


def test_a_visitor_asks_for_the_list_where_the_answer_was_about_something_else(hall: Product, tmp_path: Path) -> None:
    case = judged(hall, tmp_path, question="养犬登记多少钱")
    assert case.question.split(" / ")[:2] == ["养犬登记多少钱", "那要带哪些材料"]
    assert case.marks["exact"]


def test_a_material_changed_in_the_handbook_changes_the_expectation(
    handbook: Path, tmp_path: Path, settings: Any, ingest: Any, open_product: Callable[..., Product]
) -> None:
    path = handbook / "items" / "life" / "dog-registration.yaml"
    path.write_text(path.read_text("utf-8").replace("dog-photo, original: 2", "dog-photo, original: 3"), "utf-8")
    ingest(settings(), handbook)
    case = judged(open_product(settings()), tmp_path)
    assert case.marks["exact"]
    assert "（原件3份）" in case.answer


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"item": "no-such-item"}, "the handbook has no item no-such-item"),
        ({"choices": {"home": "tent"}}, "has no situation home with the option tent"),
        ({"choices": {"home": "own"}}, "leave breed of dog-registration open"),
        ({"choices": {"home": "own", "breed": "banned"}}, "lead to dog-surrender instead"),
        ({"told": ["colour"]}, "colour is told, and no choice is given for it"),
    ],
)
def test_tester_is_told_of_a_row_that_makes_no_list(
    hall: Product, tmp_path: Path, row: dict[str, Any], said: str
) -> None:
    with pytest.raises(BadRow, match=said):
        judged(hall, tmp_path, **row)
