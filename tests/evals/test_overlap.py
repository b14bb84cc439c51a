"""The test part asks nothing that was tuned on."""

import json
from pathlib import Path

import pytest

from evals.overlap import near_duplicates
from evals.sample import DEVELOPMENT, TEST


def asked(folder: Path, *texts: str) -> Path:
    folder.mkdir()
    row = {"item": "x", "facets": ["fee"], "kind": "plain", "category": "life", "note": ""}
    rows = [{"id": f"{folder.name}-{number}", "question": text, **row} for number, text in enumerate(texts)]
    (folder / "answering.jsonl").write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    return folder


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("身份证丢了怎么补办啊？", "身份证丢了，怎么补办啊"),
        ("外地户口的孩子在新北区上小学要什么材料", "外地户口的孩子在新北区上小学要啥材料"),
        ("护照多少钱", "护照，多少钱？"),
        ("How do I renew my passport?", "how do i renew my passport"),
    ],
)
def test_a_question_that_differs_by_a_mark_or_particle_is_found(tmp_path: Path, text: str, other: str) -> None:
    (pair,) = near_duplicates(asked(tmp_path / "one", "别的问题", text), asked(tmp_path / "two", other))
    assert (pair.one, pair.other, pair.text, pair.other_text) == ("one-1", "two-0", text, other)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("护照多少钱", "护照要多少钱"),
        ("身份证丢了怎么补办", "户口本丢了怎么补办"),
        ("办居住证要几天能拿到", "办居住证要带什么材料"),
    ],
)
def test_different_questions_may_stand_in_both(tmp_path: Path, text: str, other: str) -> None:
    assert near_duplicates(asked(tmp_path / "one", text), asked(tmp_path / "two", other)) == ()


def test_test_and_development_part_share_no_near_duplicates() -> None:
    assert [(pair.one, pair.other, pair.text) for pair in near_duplicates(TEST, DEVELOPMENT)] == []
