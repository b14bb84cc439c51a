"""Every question set can be read, and says where it cannot."""

from __future__ import annotations

import json
from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest

from evals.sample import (
    ROWS,
    AnsweringRow,
    BadRow,
    ConsistencyRow,
    DialogueRow,
    Name,
    Refusal,
    RefuseRow,
    items,
    load,
    questions,
)

ANSWERING = {
    "id": "x-1",
    "question": "身份证丢了怎么办",
    "item": "id-card-replacement",
    "facets": ["overview"],
    "kind": "plain",
    "category": "life",
    "note": "市民",
}
AT_LEAST: dict[Name, int] = {
    "answering": 400, "refuse": 200, "premise": 60, "dialogue": 40, "consistency": 40, "reviewing": 60, "checklist": 60,
    "hearing": 60, "speaking": 30, "turn_taking": 60,
}  # fmt: skip


def handbook_ids() -> set[str]:
    root = Path(str(files("knowledge"))) / "handbook" / "items"
    return {path.stem for path in root.rglob("*.yaml")}


def write(folder: Path, name: str, *rows: object) -> Path:
    lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    (folder / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", ROWS)
def test_tester_gets_a_full_development_file(name: Name) -> None:
    assert len(load(name)) >= AT_LEAST[name]


def test_tester_finds_every_id_once_over_all_files() -> None:
    ids = Counter(row.id for name in ROWS for row in load(name))
    assert [identifier for identifier, times in ids.items() if times > 1] == []


def test_tester_finds_no_question_in_two_rows() -> None:
    asked = Counter(question for name in ROWS for row in load(name) for question in questions(row))
    assert [question for question, times in asked.items() if times > 1] == []


@pytest.mark.parametrize("name", ROWS)
def test_tester_is_asked_for_items_of_the_handbook_only(name: Name) -> None:
    assert {item for row in load(name) for item in items(row)} <= handbook_ids()


def test_tester_sees_every_single_item_asked_for_in_two_ways() -> None:
    asked = Counter(row.item for row in load("answering"))
    single = {name for name in handbook_ids() if not name.endswith("-bundle")}
    assert [item for item in sorted(single) if asked[item] < 2] == []


def test_tester_finds_sixty_services_that_the_handbook_does_not_hold() -> None:
    near = [row for row in load("refuse") if row.category == "near_domain"]
    assert len(near) >= 60
    assert all(row.from_retrieval for row in near)


def test_tester_gets_a_row_as_it_was_written(tmp_path: Path) -> None:
    (row,) = load("answering", write(tmp_path, "answering", ANSWERING))
    assert row == AnsweringRow(
        id="x-1",
        category="life",
        note="市民",
        question="身份证丢了怎么办",
        item="id-card-replacement",
        facets=("overview",),
        kind="plain",
    )


def test_tester_may_accept_several_ways_of_not_answering(tmp_path: Path) -> None:
    expect = {"status": "refused", "reason": "out_of_bounds", "also": ["no_basis"]}
    row = {"id": "r-1", "question": "天气怎样", "category": "out_of_scope", "note": "路人", "expect": expect}
    assert load("refuse", write(tmp_path, "refuse", row)) == (
        RefuseRow(
            id="r-1",
            category="out_of_scope",
            note="路人",
            question="天气怎样",
            expect=Refusal("refused", "out_of_bounds", ("no_basis",)),
        ),
    )


def test_tester_gets_turns_in_order_and_items_of_a_dialogue(tmp_path: Path) -> None:
    turns = [
        {"question": "护照第一次怎么办", "expect": {"item": "passport-first"}},
        {"question": "谢谢", "expect": {"status": "small_talk"}},
    ]
    (row,) = load(
        "dialogue", write(tmp_path, "dialogue", {"id": "d", "category": "travel", "note": "", "turns": turns})
    )
    assert isinstance(row, DialogueRow)
    assert [turn.question for turn in row.turns] == ["护照第一次怎么办", "谢谢"]
    assert items(row) == ("passport-first",)
    assert questions(row) == ("护照第一次怎么办",)


def test_tester_gets_every_wording_of_a_group() -> None:
    row = ConsistencyRow(id="c", category="x", note="", item="i", facets=("fee",), questions=("1", "2", "3", "4", "5"))
    assert questions(row) == ("1", "2", "3", "4", "5")


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("{not json", "Invalid JSON"),
        ({**ANSWERING, "facets": ["price"]}, "facets.0"),
        ({**ANSWERING, "kind": "shouted"}, "kind"),
        ({key: value for key, value in ANSWERING.items() if key != "item"}, "item"),
        ({**ANSWERING, "answer": "no such field"}, "answer"),
        ({**ANSWERING, "question": 5}, "question"),
    ],
)
def test_tester_is_told_file_and_line_of_a_malformed_row(tmp_path: Path, bad: object, said: str) -> None:
    write(tmp_path, "answering", ANSWERING, bad)
    with pytest.raises(BadRow) as caught:
        load("answering", tmp_path)
    assert f"answering.jsonl:2: {said}" in str(caught.value)


def test_tester_is_told_of_a_reason_that_does_not_exist(tmp_path: Path) -> None:
    row = {
        "id": "r",
        "question": "x",
        "category": "attack",
        "note": "",
        "expect": {"status": "refused", "reason": "no"},
    }
    with pytest.raises(BadRow, match=r"refuse\.jsonl:1: .*'no' is no reason for 'refused'"):
        load("refuse", write(tmp_path, "refuse", row))


HEARING = {"id": "h", "category": "life", "note": "样本", "sentence": "居住证在哪里办"}


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ({**HEARING, "voice": "nobody"}, "voice: Input should be 'xiaoyi'"),
        ({**HEARING, "noise": "thunder", "snr": 10}, "noise: Input should be 'quiet', 'white'"),
        ({**HEARING, "noise": "white"}, "white is added to a sentence with its snr"),
        ({**HEARING, "sentence": "", "noise": "room"}, "without a sentence there is a noise to hear"),
    ],
)
def test_tester_is_told_of_a_sound_that_cannot_be_made(tmp_path: Path, bad: object, said: str) -> None:
    with pytest.raises(BadRow) as caught:
        load("hearing", write(tmp_path, "hearing", bad))
    assert "hearing.jsonl:1: " in str(caught.value)
    assert said in str(caught.value)


def test_tester_is_told_of_two_rows_with_one_id(tmp_path: Path) -> None:
    with pytest.raises(BadRow, match="two rows have the id x-1"):
        load("answering", write(tmp_path, "answering", ANSWERING, ANSWERING))


def test_tester_is_told_of_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(BadRow, match=r"premise\.jsonl: cannot be read"):
        load("premise", tmp_path)
