"""`xiaoxin eval judge`: a chat model judges stored answers by a written rubric. It is shown, and never a gate."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tqdm import tqdm

from channels.cli_output import BadInput, print_json
from channels.settings import Settings

if TYPE_CHECKING:
    from assistant.chat_model import ChatCalls

DEADLINE_S = 60.0
"""A judge may think longer than an answer may take."""
MOST_RUNS = 9
NEVER_RESTS = 1_000_000
"""Failures in a row: judging has its own end for a model that is away."""


def add_options(evaluate: argparse.ArgumentParser) -> None:
    evaluate.add_argument("--runs", type=int, default=3, metavar="N", help="of judge: judgements of each answer, 3")
    evaluate.add_argument(
        "--labels", type=Path, metavar="FILE", help="of judge: an xlsx sheet with people's labels, to compare with"
    )


def judge(arguments: argparse.Namespace, settings: Settings, words: Sequence[str]) -> int:
    """Exit 0 however the answers are judged."""
    from evals.facts import RECORD, read_record
    from evals.judge import FILE, ModelAway, cases_of, write
    from evals.judge import judge as judge_all
    from evals.judge_scores import agreement, read_labels, summary
    from evals.report import write_report
    from evals.results import read_results

    if len(words) != 1:
        raise BadInput("judge takes one results folder: xiaoxin eval judge RESULTS")
    if not 1 <= arguments.runs <= MOST_RUNS:
        raise BadInput(f"--runs must be 1 to {MOST_RUNS}")
    folder = Path(words[0])
    people = read_labels(arguments.labels) if arguments.labels else {}
    results = read_results(folder)
    cases = _few(cases_of(results, read_record(arguments.facts or RECORD)), arguments.limit, people)
    calls = _calls(settings)
    with tqdm(total=len(cases), desc="judge       ", unit="answer", file=sys.stderr) as bar:
        try:
            judged = judge_all(cases, calls, arguments.runs, folder / FILE, lambda: bar.update())
        except ModelAway as away:
            raise BadInput(f"{away}; run the same command again to go on") from away
    more: dict[str, Any] = {"summary": summary(judged, arguments.runs)}
    if people:
        more["people"] = agreement(judged, people)
    write(folder / FILE, calls.name, arguments.runs, judged, **more)
    write_report(folder / "report.html", results)
    if arguments.json:
        print_json({"model": calls.name, "runs": arguments.runs, **more})
    else:
        print("\n".join(_lines(calls.name, arguments.runs, more)))
        print(f"report: {folder / 'report.html'}   judgements: {folder / FILE}")
    return 0


def _few(cases: Sequence[Any], most: int | None, people: dict[str, Any]) -> Sequence[Any]:
    """A fixed sample; the answers that people labelled are in it first."""
    from random import Random

    from evals.run import SEED

    if most is None or most >= len(cases):
        return cases
    if most < 1:
        raise BadInput("--limit must be 1 or more")
    mixed = Random(SEED).sample(cases, len(cases))  # noqa: S311 - a sample, not a secret
    taken = set(map(id, sorted(mixed, key=lambda case: case.id not in people)[:most]))
    return [case for case in cases if id(case) in taken]


def _calls(settings: Settings) -> ChatCalls:
    if not settings.model:
        raise BadInput("judging takes a chat model: set XIAOXIN_MODEL, for instance openai:NAME, and its endpoint")
    from channels.chat_models import chat_calls  # LangChain is loaded only where a model is set

    patient = {"model_deadline_s": max(DEADLINE_S, settings.model_deadline_s), "model_failures": NEVER_RESTS}
    return chat_calls(settings.model_copy(update=patient))


def _lines(model: str, runs: int, more: dict[str, Any]) -> list[str]:
    found = more["summary"]
    lines = [f"judge {model}, {runs} runs each: {found['cases']} answers (no gate)"]
    for label, share in found["labels"].items():
        lines.append(f"  {label:<20} {share['share']:7.1%}  [{share['low']:.1%}, {share['high']:.1%}]")
    unanimous = found["unanimous"]
    lines.append(f"  all runs the same    {unanimous['share']:7.1%}  {unanimous['right']} of {unanimous['of']}")
    lines.append(
        f"  undecided {found['undecided']}, without a label {found['without_a_label']}, "
        f"runs without a label {found['failed_runs']}"
    )
    if "people" in more:
        people = more["people"]
        same, known = people["accuracy"], people["kappa"]
        lines.append(
            f"  as people say        {same['share']:7.1%}  {same['right']} of {same['of']}"
            f"   kappa {'-' if known is None else known}"
        )
    return lines
