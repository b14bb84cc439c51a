"""The report page and the spreadsheet, as a tester opens them."""

import json
import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from chromium import CHROMIUM, installed
from openpyxl import load_workbook

from channels.wiring import Product
from evals.case import Case
from evals.facts import write_record
from evals.report import histogram, words, write_report
from evals.results import read_results
from evals.run import Plan, Result, run, write
from evals.scorers import LIMITS, scores_of
from evals.tasks import TASKS
from evals.workbook import write_workbook


@pytest.fixture
def results(hall: Product, questions: Path, tmp_path: Path) -> Path:
    """A results folder in which one question is judged wrong: its expected item is another one."""
    rows = (questions / "answering.jsonl").read_text("utf-8").replace("导盲犬备案多少钱", "=1+1 养犬登记<b>多少钱</b>")
    (questions / "answering.jsonl").write_text(rows, "utf-8")
    write_record(hall.live.current().library.items, tmp_path / "facts.jsonl")
    tasks = ("retrieval", "answering", "outcome", "safety")
    plan = Plan(tasks, "own", questions, at=date(2026, 11, 22), record=tmp_path / "facts.jsonl")
    write(run(hall, plan), tmp_path / "results")
    return tmp_path / "results"


def page(results: Path, before: Path | None = None) -> str:
    write_report(results / "report.html", read_results(results), read_results(before) if before else None)
    return (results / "report.html").read_text("utf-8")


def test_the_page_needs_neither_network_nor_script(results: Path) -> None:
    text = page(results)
    assert text.startswith("<!doctype html>")
    assert re.findall(r"<(?:script|link|img|iframe)\b|\bsrc=|url\(|@import|https?://", text) == []


def test_a_question_is_shown_and_never_taken_for_markup(results: Path) -> None:
    text = page(results)
    assert "<b>多少钱" not in text
    assert "养犬登记&lt;b&gt;多少钱&lt;/b&gt;" in text


def test_every_task_has_its_section_figure_and_interval(results: Path) -> None:
    text = page(results)
    for title in ("检索", "回答", "结局", "安全"):
        assert f"<h2>{title}</h2>" in text
    assert "80.0%" in text
    assert "37.6%–96.4%" in text  # Wilson of 4 of 5


def test_tester_sees_the_difference_to_an_earlier_run(results: Path, tmp_path: Path) -> None:
    earlier = Path(shutil.copytree(results, tmp_path / "earlier"))
    outputs = json.loads((earlier / "answering" / "outputs.json").read_text("utf-8"))
    for case in outputs:
        case["marks"] = dict.fromkeys(case["marks"], True) if case["id"] == "a-4" else case["marks"]
    (earlier / "answering" / "outputs.json").write_text(json.dumps(outputs), "utf-8")
    text = page(results, earlier)
    assert "与上次相比" in text
    assert "1 题的评判变了" in text
    assert "与上次相比" not in page(results)


def test_the_spreadsheet_holds_every_case_and_computes_none(results: Path) -> None:
    write_workbook(results / "cases.xlsx", read_results(results))
    book = load_workbook(results / "cases.xlsx")
    assert book.sheetnames == ["检索", "回答", "结局", "安全"]
    sheet = book["回答"]
    names = [cell.value for cell in sheet[1]]
    assert names[:4] == ["编号", "类别", "说法", "问题"]
    assert names[8] == "事项正确"
    assert {str(row[0].value) for row in sheet.iter_rows(min_row=2)} == {"a-1", "a-2", "a-3", "a-4", "a-5"}
    assert [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"] == []


def test_times_are_counted_into_bars_and_none_is_lost() -> None:
    times = histogram([10.0] * 98 + [20.0, 500.0])
    assert times
    assert (sum(times.counts), times.p50, times.longest) == (100, 10.0, 500.0)
    assert histogram([]) is None


def test_every_metric_has_its_words_and_every_limit_its_metric() -> None:
    named = {tuple(name.split(".")) for name in words()["metrics"]}
    for limits in yaml.safe_load(LIMITS.read_text("utf-8")).values():
        assert {(task, metric) for task, held in limits.items() for metric in held} <= named
    assert {task for task, _ in named} == set(TASKS) == set(words()["tasks"])
    assert all((task, said["main"]) in named for task, said in words()["tasks"].items())


def test_every_metric_of_a_run_has_its_words(results: Path) -> None:
    found = {(task, metric) for task, stored in read_results(results).items() for metric in stored.scores["metrics"]}
    assert found <= {tuple(name.split(".")) for name in words()["metrics"]}


def test_a_run_in_which_nothing_was_judged_still_has_a_page(tmp_path: Path, results: Path) -> None:
    case = Case("a", "life", "问", "x", "x", {"item": True})
    config = json.loads((results / "answering" / "config.json").read_text("utf-8"))
    write([Result("answering", (case,), {**scores_of([case]), "limits": []}, (), config)], tmp_path / "few")
    assert "全部正确" in page(tmp_path / "few")


@pytest.fixture
def browser() -> Iterator[Any]:
    pytest.importorskip("playwright.sync_api")
    if not installed():
        pytest.skip("no Chromium here")
    shared = CHROMIUM.browser()
    yield shared
    for context in shared.contexts:
        context.close()


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
def test_tester_reads_the_page_in_a_browser_of_any_width(results: Path, browser: Any, width: int) -> None:
    page(results)
    opened, said = browser.new_page(viewport={"width": width, "height": 900}), []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("request", lambda request: said.append(request.url) if request.url.startswith("http") else None)
    opened.goto((results / "report.html").as_uri())
    assert said == []
    assert opened.evaluate("document.documentElement.scrollWidth") <= width
    assert opened.locator(".histogram").first.is_visible()
    wrong = opened.locator("#answering details.case").first
    wrong.locator("summary").click()
    assert wrong.locator("dd").first.is_visible()
    opened.locator("nav a[href='#outcome']").click()
    assert opened.locator("#outcome .confusion").is_visible()
