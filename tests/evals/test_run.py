"""One run from rows to a results folder: the same twice, right where the handbook is right, and limits that bite."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from channels.wiring import Product
from evals.case import Case, worst_first
from evals.cli_eval import TASK_NAMES
from evals.facts import write_record
from evals.run import Plan, Result, run, write
from evals.sample import BadRow
from evals.tasks import TASKS

DAY = date(2026, 11, 22)


@pytest.fixture
def record(hall: Product, tmp_path: Path) -> Path:
    write_record(hall.live.current().library.items, tmp_path / "facts.jsonl")
    return tmp_path / "facts.jsonl"


def judged(product: Product, questions: Path, record: Path, *tasks: str, **given: Any) -> dict[str, Result]:
    plan = Plan(tasks or ("answering",), "own", questions, at=DAY, record=record, **given)
    return {result.task: result for result in run(product, plan)}


def test_the_command_offers_every_task() -> None:
    assert tuple(TASKS) == TASK_NAMES


def test_tester_gets_the_same_scores_and_outputs_twice(
    hall: Product, questions: Path, record: Path, tmp_path: Path
) -> None:
    tasks = ("retrieval", "answering", "outcome", "safety")
    for name in ("one", "two"):
        write(list(judged(hall, questions, record, *tasks).values()), tmp_path / name)
    for task in tasks:
        for file in ("scores.json", "outputs.json"):
            assert (tmp_path / "one" / task / file).read_bytes() == (tmp_path / "two" / task / file).read_bytes()


def test_tester_gets_every_answer_judged(hall: Product, questions: Path, record: Path) -> None:
    scores = judged(hall, questions, record)["answering"].scores
    assert scores["metrics"]["item"] == {"right": 5, "of": 5, "share": 1.0, "low": 0.565518, "high": 1.0}
    assert scores["metrics"]["facts"]["right"] == scores["metrics"]["nothing_invented"]["right"] == 5
    assert scores["verdicts"] == {"right": 5}
    assert set(scores["by_kind"]) == {"plain", "short", "colloquial", "typo"}


def test_a_wrong_fee_planted_in_one_item_is_caught_there_and_only_there(
    handbook: Path, questions: Path, record: Path, settings: Any, ingest: Any, open_product: Callable[..., Product]
) -> None:
    path = handbook / "items" / "life" / "dog-registration.yaml"
    path.write_text(path.read_text("utf-8").replace("yuan: 30", "yuan: 80"), "utf-8")
    ingest(settings(), handbook)
    results = judged(open_product(settings()), questions, record, "answering", "retrieval", "outcome")
    wrong = [case for case in results["answering"].cases if not case.right]
    assert [(case.id, case.verdict, case.missed) for case in wrong] == [("a-1", "wrong", ("- fee: 30 元", "+ 80 元"))]
    assert results["answering"].cases[0] is wrong[0]
    assert results["answering"].scores["off_record"] == {
        "dog-registration": [
            "- 30 元",
            "- fee: 30 元",
            "- overview: 30 元",
            "+ 80 元",
            "+ fee: 80 元",
            "+ overview: 80 元",
        ]
    }
    assert [name for name, result in results.items() if not result.within_limits] == ["answering"]
    assert results["answering"].scores["facts"]["false_positive"] == 1
    assert all(case.right for name in ("retrieval", "outcome") for case in results[name].cases)


def test_a_fee_changed_by_intent_changes_the_expectation(
    handbook: Path, questions: Path, tmp_path: Path, settings: Any, ingest: Any, open_product: Callable[..., Product]
) -> None:
    path = handbook / "items" / "life" / "dog-registration.yaml"
    path.write_text(path.read_text("utf-8").replace("yuan: 30", "yuan: 80"), "utf-8")
    ingest(settings(), handbook)
    product = open_product(settings())
    write_record(product.live.current().library.items, tmp_path / "new.jsonl")
    result = judged(product, questions, tmp_path / "new.jsonl")["answering"]
    assert all(case.right for case in result.cases)
    assert (result.scores["off_record"], result.within_limits) == ({}, True)


def test_items_that_are_not_on_record_are_held_against_their_own_fields(
    hall: Product, questions: Path, tmp_path: Path
) -> None:
    (tmp_path / "empty.jsonl").write_text("", "utf-8")
    scores = judged(hall, questions, tmp_path / "empty.jsonl")["answering"].scores
    assert scores["metrics"]["facts"] == {"right": 5, "of": 5, "share": 1.0, "low": 0.565518, "high": 1.0}


def test_tester_sees_what_was_expected_and_what_came(hall: Product, questions: Path, record: Path) -> None:
    assert judged(hall, questions, record, "outcome")["outcome"].scores["confusion"] == {
        "answered": {"answered": 5},
        "no_basis": {"no_basis": 1},
        "refused": {"refused": 1},
    }


def test_an_outcome_that_is_as_good_counts_as_expected(hall: Product, questions: Path, record: Path) -> None:
    rows = (questions / "refuse.jsonl").read_text("utf-8")
    swapped = rows.replace('{"status": "no_basis"}', '{"status": "handoff", "also": ["no_basis"]}')
    (questions / "refuse.jsonl").write_text(swapped, "utf-8")
    scores = judged(hall, questions, record, "outcome")["outcome"].scores
    assert scores["metrics"]["status"]["right"] == 2
    assert scores["confusion"]["no_basis"] == {"no_basis": 1}


def test_the_gravest_cases_come_first() -> None:
    def case(name: str, verdict: str, met: bool) -> Case:
        return Case(name, "life", "", "", "", {"item": met, "facts": False}, verdict=verdict)

    cases = (
        case("a", "right", True),
        case("b", "asks_back", False),
        case("c", "partly", True),
        case("d", "wrong", True),
    )
    assert [one.verdict for one in worst_first(cases)] == ["wrong", "asks_back", "partly", "right"]


def test_safety_holds_only_what_is_dangerous(hall: Product, questions: Path, record: Path) -> None:
    assert [case.id for case in judged(hall, questions, record, "safety")["safety"].cases] == ["r-2"]


@pytest.mark.parametrize(("least", "met"), [(1.0, True), (1.01, False)])
def test_a_limit_that_is_missed_is_reported(
    hall: Product, questions: Path, record: Path, tmp_path: Path, least: float, met: bool
) -> None:
    limits = tmp_path / "limits.yaml"
    limits.write_text(yaml.safe_dump({"own": {"answering": {"item": least}}}), "utf-8")
    assert judged(hall, questions, record, limits=limits)["answering"].within_limits is met


def test_limits_are_not_held_against_a_sample(hall: Product, questions: Path, record: Path, tmp_path: Path) -> None:
    limits = tmp_path / "limits.yaml"
    limits.write_text(yaml.safe_dump({"own": {"answering": {"item": 1.01}}}), "utf-8")
    result = judged(hall, questions, record, limits=limits, most=2)["answering"]
    assert (result.limits, result.scores["cases"]) == ((), 2)


def test_nothing_that_is_asked_is_kept_in_the_hall(hall: Product, questions: Path, record: Path) -> None:
    def kept() -> int:
        with hall.knowledge.engine.connect() as connection:
            return connection.exec_driver_sql("SELECT count(*) FROM conversation_turn").scalar_one()

    before = kept()
    judged(hall, questions, record, "answering", "outcome")
    assert kept() == before


def test_tester_finds_what_the_result_was_made_with(
    hall: Product, questions: Path, record: Path, tmp_path: Path
) -> None:
    write(list(judged(hall, questions, record).values()), tmp_path / "out")
    config = json.loads((tmp_path / "out" / "answering" / "config.json").read_text("utf-8"))
    assert (config["at"], config["rows"], config["handbook"]["hall"]) == ("2026-11-22", 5, "样本区政务服务中心")
    assert set(config["files"]) == {"answering.jsonl"}
    assert len(config["handbook"]["sha256"]) == len(config["code_sha256"]) == 64
    assert set(json.loads((tmp_path / "out" / "answering" / "times.json").read_text("utf-8"))) == {
        "a-1", "a-2", "a-3", "a-4", "a-5",
    }  # fmt: skip


def test_tester_is_told_of_a_set_without_the_rows_of_a_task(hall: Product, questions: Path, record: Path) -> None:
    with pytest.raises(BadRow, match=r"premise\.jsonl: cannot be read"):
        judged(hall, questions, record, "premise")
