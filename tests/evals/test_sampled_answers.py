"""Answers that staff judged become questions of the hall's own golden set, and the rest is told."""

import stat
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from assistant.answer_labels import Judgement, Label, Sampled, judge
from assistant.answer_sample import Shown, samples
from assistant.ask import new_conversation
from assistant.turn import Question
from channels.access_failures import utc_now
from channels.wiring import Product
from evals.own_questions import OwnQuestion
from evals.own_questions_reading import read_questions
from evals.sampled_answers import own_question, own_questions

Command = Callable[..., int]
DOG, GUIDE = "dog-registration", "guide-dog"


def judged(
    label: Any, status: str = "answered", item: str | None = DOG, right_item: str | None = None, **more: Any
) -> Sampled:
    said = Judgement(label, "li", utc_now(), right_item, more.pop("should_say", ""), more.pop("note", ""))
    asked = more.pop("question", "养犬登记多少钱")
    shown = Shown(asked, more.pop("meant", asked), "", "样本回答", **more)
    day = date(2026, 3, 2)
    return Sampled("1", "样本大厅", day, "web", "zh", status, "facts", item, False, shown, (said,))


@pytest.mark.parametrize(
    ("row", "expect", "items"),
    [
        (judged("right"), "answer", (DOG,)),
        (judged("partly"), "answer", (DOG,)),
        (judged("wrong", right_item=GUIDE), "answer", (GUIDE,)),
        (judged("wrong", "no_basis", None, right_item=GUIDE), "answer", (GUIDE,)),
        (judged("wrong", "no_basis", None, should_say="样本"), "answer", ()),
        (judged("right", "no_basis", None), "no_answer", ()),
        (judged("right", "handoff", None), "no_answer", ()),
        (judged("should_have_refused"), "no_answer", ()),
        (judged("right", "guide"), None, (DOG,)),
    ],
)
def test_a_label_says_what_is_to_be_expected(hall: Product, row: Sampled, expect: Any, items: tuple[str, ...]):
    made = own_question(row, hall.live.current().library.items)
    assert isinstance(made, OwnQuestion)
    assert (made.expect, made.items) == (expect, items)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (judged("right", "clarify", None), "asked_back"),
        (judged("right", picked=True), "picked"),
        (judged("wrong"), "no_item"),
        (judged("partly", "no_basis", None), "no_item"),
        (judged("right", item="no-longer-there"), "item_gone"),
    ],
)
def test_what_tells_nothing_to_hold_an_answer_against_is_left_out(hall: Product, row: Sampled, why: str):
    assert own_question(row, hall.live.current().library.items) == why


def test_a_follow_up_is_kept_as_it_was_meant_with_what_staff_wrote(hall: Product):
    row = judged(
        "partly", question="那费用呢", meant="养犬登记，那费用呢", should_say="还要说老人免费。", note="样本备注"
    )
    made = own_question(row, hall.live.current().library.items)
    assert isinstance(made, OwnQuestion)
    assert made.question == "养犬登记，那费用呢"
    assert made.category == "生活"
    assert made.note == "抽查标为“部分对”。应当这样回答：还要说老人免费。备注：样本备注。"


def test_of_one_question_the_last_label_holds(hall: Product):
    rows = [judged("right"), judged("should_have_refused", question="养犬登记，多少钱？")]
    found = own_questions(rows, hall.live.current().library.items)
    assert [(row.question, row.expect) for row in found.rows] == [("养犬登记，多少钱？", "no_answer")]
    assert found.left_out == {"repeated": 1}


def test_tester_gets_a_sheet_that_can_be_kept_and_that_nobody_else_reads(
    hall: Product, settings: Any, open_product: Any, command: Command, data: Path, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    product = open_product(settings(data_dir=data, answer_sample=1.0))
    out = tmp_path / "sampled.xlsx"
    assert command("--data-dir", data, "eval", "sampled", out) == 1
    assert "还没有可以导出的标注" in capsys.readouterr().out
    said: dict[str, Label] = {
        "我叫王样例，养犬登记多少钱": "right",
        "月球上能办护照吗": "right",
        "导盲犬怎么备案": "wrong",
    }
    for text, label in said.items():
        turn = product.assistant.ask(Question(text, new_conversation(), "web")).turn_id
        with product.knowledge.engine.begin() as connection:
            row = connection.execute(sa.select(samples.c.id).where(samples.c.turn_id == turn)).scalar_one()
            judge(connection, row, None, Judgement(label, "li", utc_now()))
    product.close()

    assert command("--data-dir", data, "eval", "sampled", out) == 0
    told = capsys.readouterr()
    assert told.out.startswith(f"2 个问题写入 {out}")
    assert told.err.strip() == "没有导出 1 条：标为错，但没有写明是哪个事项、应当怎样回答"
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    names = {identifier: item.name for identifier, item in hall.live.current().library.items.items()}
    kept = {row.question: (row.expect, row.items) for row in read_questions([out], names).rows}
    assert kept == {"我叫[姓名]，养犬登记多少钱": ("answer", (DOG,)), "月球上能办护照吗": ("no_answer", ())}
    assert command("--data-dir", data, "eval", "keep", out) == 0
    assert command("--data-dir", data, "eval", "sampled", out) == 2, "a file that is there is not replaced"


@pytest.mark.parametrize("words", [(), ("a.txt",), ("a.xlsx", "b.xlsx")])
def test_wrong_use_is_told_in_a_sentence(
    command: Command, data: Path, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("--data-dir", data, "eval", "sampled", *words) == 2
    assert "xiaoxin eval sampled OUT.xlsx" in capsys.readouterr().err
