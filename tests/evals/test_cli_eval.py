"""`xiaoxin eval` at the terminal: exit statuses, sentences for wrong use, files that are written."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

Command = Callable[..., int]


def evaluated(command: Command, data: Path, questions: Path, out: Path, *words: object) -> int:
    command("--data-dir", data, "eval", "record", "--facts", data / "facts.jsonl")
    given = ("--questions", questions, "--out", out, "--facts", data / "facts.jsonl")
    return command("--data-dir", data, "eval", *words, *given)


def test_tester_runs_a_set_of_their_own_and_finds_report_and_cases(
    command: Command, data: Path, questions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluated(command, data, questions, tmp_path / "out") == 0
    written = {path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*.*")}
    tasks = ("answering", "outcome", "retrieval", "safety")
    assert written == {"report.html", "cases.xlsx"} | {
        f"{task}/{name}.json" for task in tasks for name in ("config", "outputs", "scores", "times")
    }
    out = capsys.readouterr().out
    assert "answering: 5 cases" in out
    assert "item                100.0%  [56.6%, 100.0%]    5 of 5" in out


def test_tester_runs_the_tasks_that_are_named(command: Command, data: Path, questions: Path, tmp_path: Path) -> None:
    assert evaluated(command, data, questions, tmp_path / "out", "safety") == 0
    assert [path.name for path in (tmp_path / "out").iterdir() if path.is_dir()] == ["safety"]


def test_tester_gets_scores_as_json(
    command: Command, data: Path, questions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    evaluated(command, data, questions, tmp_path / "warm", "safety")
    capsys.readouterr()
    assert command("--data-dir", data, "eval", "answering", "--json", "--questions", questions, "--limit", 2,
                   "--out", tmp_path / "out", "--facts", data / "facts.jsonl") == 0  # fmt: skip
    assert json.loads(capsys.readouterr().out)["answering"]["cases"] == 2


def test_compare_ends_with_one_only_where_something_is_surely_worse(
    command: Command, data: Path, questions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    evaluated(command, data, questions, tmp_path / "out", "answering", "outcome")
    assert command("eval", "compare", tmp_path / "out", tmp_path / "out") == 0
    assert "p=1.000 same" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("singing",), "no task is called singing"),
        (("--limit", 0), "--limit must be 1 or more"),
        (("--part", "secret"), "invalid choice: 'secret'"),
        (("--at", "yesterday"), "invalid fromisoformat value: 'yesterday'"),
        (("--questions", "nowhere"), "nowhere: holds no file of questions"),
        (("compare", "nowhere"), "compare takes two results folders"),
        (("compare", "nowhere", "there"), "nowhere: holds no results of an eval"),
        (("report", "nowhere"), "nowhere: holds no results of an eval"),
    ],
)
def test_tester_is_told_of_wrong_use_in_one_sentence(
    command: Command, data: Path, capsys: pytest.CaptureFixture[str], words: tuple[object, ...], said: str
) -> None:
    assert command("--data-dir", data, "eval", *words) == 2
    err = capsys.readouterr().err.strip()
    assert said in err
    assert len(err.splitlines()) == 1


def test_tester_is_told_of_a_damaged_row_with_its_line(
    command: Command, data: Path, questions: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (questions / "answering.jsonl").open("a", encoding="utf-8") as file:
        file.write("{broken\n")
    assert command("--data-dir", data, "eval", "answering", "--questions", questions) == 2
    assert "answering.jsonl:6: " in capsys.readouterr().err
