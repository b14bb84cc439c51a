"""Two runs side by side: which cases changed, and whether chance alone would do it."""

from pathlib import Path
from typing import Any

import pytest

from evals.case import Case
from evals.compare import Comparison, compare, lines
from evals.results import Stored, read_results
from evals.sample import BadRow
from evals.scorers import scores_of


def stored(right: dict[str, bool], **config: Any) -> Stored:
    cases = tuple(
        Case(name, "life", f"问题{name}", "dog", "dog" if met else "cat", {"item": met}) for name, met in right.items()
    )
    outputs = [case.as_dict() for case in cases]
    return Stored("answering", {"at": "2026-11-22", **config}, outputs, scores_of(cases), {})


def compared(before: Stored, after: Stored) -> Comparison:
    (comparison,) = compare({"answering": before}, {"answering": after})
    return comparison


def test_tester_sees_which_cases_became_better_and_worse() -> None:
    comparison = compared(stored({"a": True, "b": False, "c": True}), stored({"a": False, "b": True, "c": True}))
    assert [(change.after["id"], change.better) for change in comparison.changes] == [("a", False), ("b", True)]
    (metric,) = comparison.metrics
    assert (metric.better, metric.worse, metric.verdict) == (1, 1, "even")


@pytest.mark.parametrize(("lost", "verdict"), [(0, "same"), (5, "even"), (6, "worse")])
def test_a_change_is_called_worse_only_where_chance_would_not_do_it(lost: int, verdict: str) -> None:
    before = stored({str(number): True for number in range(20)})
    after = stored({str(number): number >= lost for number in range(20)})
    assert compared(before, after).metrics[0].verdict == verdict


def test_tester_is_told_in_what_the_runs_differ() -> None:
    one = stored({"a": True}, handbook={"sha256": "1"}, code_sha256="x")
    two = stored({"a": True, "b": True}, handbook={"sha256": "2"}, code_sha256="x")
    comparison = compared(one, two)
    assert (comparison.differs, comparison.only_before, comparison.only_after) == (("handbook",), 0, 1)


def test_cases_that_only_one_run_has_are_no_change() -> None:
    comparison = compared(stored({"a": True, "b": False}), stored({"a": True, "c": False}))
    assert (comparison.changes, comparison.metrics[0].better, comparison.metrics[0].worse) == ((), 0, 0)


def test_tester_reads_the_change_of_a_case_on_one_line() -> None:
    text = "\n".join(lines(compared(stored({"a": True}), stored({"a": False}))))
    assert "100.0% ->    0.0%   +0 -1   p=1.000 even" in text
    assert "- a 问题a: dog -> cat" in text


def test_tester_is_told_of_a_folder_without_results(tmp_path: Path) -> None:
    with pytest.raises(BadRow, match="holds no results of an eval"):
        read_results(tmp_path)
