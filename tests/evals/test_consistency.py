"""Five wordings of one question, on every channel, and as a recognizer may mishear them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pypinyin import lazy_pinyin

from channels.wiring import Product
from evals.case import Case
from evals.facts import write_record
from evals.run import Plan, run
from evals.voice_noise import misheard

ROW = {
    "id": "c-1",
    "item": "dog-registration",
    "facets": ["fee"],
    "questions": ["养犬登记多少钱", "养犬登记收费吗", "办养犬登记要花多少钱", "养犬登记费用", "养犬登记的收费标准"],
    "category": "life",
    "note": "样本",
}
QUESTIONS = ("申领居住证需要提交哪些材料？", "养犬登记多少钱", "办ETC要带什么 2026")


def judged(product: Product, tmp_path: Path, **row: Any) -> dict[str, Case]:
    (tmp_path / "consistency.jsonl").write_text(json.dumps(ROW | row, ensure_ascii=False), "utf-8")
    write_record(product.live.current().library.items, tmp_path / "facts.jsonl")
    plan = Plan(("consistency",), "own", tmp_path, at=date(2026, 11, 22), record=tmp_path / "facts.jsonl")
    (result,) = run(product, plan)
    return {case.id: case for case in result.cases}


@pytest.mark.parametrize("text", QUESTIONS)
def test_two_characters_are_misheard_for_others_of_the_same_sound(text: str) -> None:
    heard = misheard(text)
    apart = [(one, other) for one, other in zip(text, heard, strict=True) if one != other]
    assert len(apart) == 2
    assert all(one >= "\u3400" and other >= "\u3400" for one, other in apart)
    assert lazy_pinyin(misheard("登记")) == lazy_pinyin("登记")


@pytest.mark.parametrize("text", QUESTIONS)
def test_the_same_characters_are_misheard_every_time_and_others_by_another_seed(text: str) -> None:
    assert misheard(text) == misheard(text)
    assert len({misheard(text, seed=seed) for seed in range(8)}) > 1


@pytest.mark.parametrize("text", ["", "How do I register a dog?", "2026-11-22", "犬の登録", "𠀀"])
def test_what_has_no_same_sounding_character_is_heard_as_it_is_or_nearly(text: str) -> None:
    assert len(misheard(text)) == len(text)
    assert misheard(text, characters=0) == text


def test_tester_sees_wordings_channels_and_misheard_ones_apart(hall: Product, tmp_path: Path) -> None:
    cases = judged(hall, tmp_path)
    assert set(cases) == {
        "c-1", "c-1#channels", "c-1#misheard", *(f"c-1#misheard_wording-{number}" for number in range(1, 6)),
    }  # fmt: skip
    assert set(cases["c-1"].marks) == {"right_item", "same_item", "same_facts"}
    assert cases["c-1#channels"].marks == {"same_on_channels": True}
    assert cases["c-1#misheard"].question == " / ".join(misheard(text) for text in ROW["questions"])
    assert {case.kind for case in cases.values()} == {"wordings", "channels", "misheard", "misheard_wording"}


def test_a_group_is_misheard_the_same_only_where_every_wording_is(hall: Product, tmp_path: Path) -> None:
    cases = judged(hall, tmp_path)
    alone = [cases[f"c-1#misheard_wording-{number}"] for number in range(1, 6)]
    assert cases["c-1#misheard"].marks["same_when_misheard"] == all(case.right for case in alone)


def test_facts_that_a_wording_lacks_are_named(
    handbook: Path, tmp_path: Path, settings: Any, ingest: Any, open_product: Callable[..., Product]
) -> None:
    ingest(settings(), handbook)
    questions = [*ROW["questions"][:4], "养犬登记在哪里办"]
    case = judged(open_product(settings()), tmp_path, questions=questions)["c-1"]
    assert case.marks == {"right_item": True, "same_item": True, "same_facts": False}
    assert case.missed == ("± fee: 30 元",)
