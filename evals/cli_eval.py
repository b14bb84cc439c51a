"""`xiaoxin eval`: scores on the golden set, comparison of runs, the record of facts. Exit 1 where a limit is missed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tqdm import tqdm

from channels.cli_output import BadInput, print_json, product
from channels.settings import Settings
from evals import cli_judge, cli_own_questions, cli_sampled

if TYPE_CHECKING:
    from evals.run import Progress, Result

TASK_NAMES = (
    "retrieval",
    "answering",
    "outcome",
    "premise",
    "consistency",
    "dialogue",
    "checklist",
    "safety",
    "reviewing",
    "hearing",
    "speaking",
    "turn_taking",
)
OTHER = ("compare", "record", "report", "template", "keep", "sampled", "judge")
USAGE = """  xiaoxin eval [TASK …]                run tasks (by default all that take no minutes) and write results
  xiaoxin eval compare BEFORE AFTER    two results folders side by side
  xiaoxin eval report RESULTS          write the report of a results folder anew
  xiaoxin eval record                  put the facts of this handbook on record, from its fields, so that a run
                                       tells of every fee, limit or material that differs from it later
  xiaoxin eval template OUT.xlsx       a sheet for questions of your own, with drop-downs and an explanation
  xiaoxin eval keep FILE.xlsx          add its rows to the hall's own set, which --questions own runs
  xiaoxin eval sampled OUT.xlsx        visitors' questions that staff judged at the desk, as such a sheet
  xiaoxin eval judge RESULTS           let the chat model of the settings judge its answers; shown, never a gate

tasks: """ + ", ".join(TASK_NAMES)


def add_commands(commands: Any) -> None:
    evaluate = commands.add_parser(
        "eval",
        help="accuracy on the golden set",
        epilog=USAGE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    evaluate.add_argument("words", nargs="*", metavar="TASK", help="see below")
    evaluate.add_argument("--part", choices=("development", "test"), default="test", help="of the golden set")
    evaluate.add_argument(
        "--questions",
        type=Path,
        metavar="SET",
        help="questions of your own: an xlsx or csv sheet, a folder of sheets or jsonl files, or the word own",
    )
    evaluate.add_argument("--data-dir", type=Path, default=argparse.SUPPRESS, help="as before `eval`")
    evaluate.add_argument(
        "--out", type=Path, metavar="DIR", help="results folder; `eval` in the data folder by default"
    )
    evaluate.add_argument("--against", type=Path, metavar="DIR", help="earlier results that the report compares with")
    evaluate.add_argument("--limit", type=int, metavar="N", help="at most N rows of each kind, a fixed sample")
    evaluate.add_argument("--at", type=date.fromisoformat, default=date.today(), help="day of the questions")
    evaluate.add_argument("--facts", type=Path, metavar="FILE", help="facts on record; those of the bundled handbook")
    evaluate.add_argument("--json", action="store_true", help="print scores, or the comparison, as JSON")
    cli_judge.add_options(evaluate)
    evaluate.set_defaults(run=run_eval)


def run_eval(arguments: argparse.Namespace, settings: Settings) -> int:
    from evals.own_questions_reading import BadCells  # what judges is loaded where something is judged
    from evals.sample import BadRow

    first, *rest = arguments.words or [""]
    if first not in OTHER:
        rest, first = arguments.words, "tasks"
    commands = {
        "tasks": _tasks,
        "compare": _compare,
        "record": _record,
        "report": _report,
        "template": cli_own_questions.template,
        "keep": cli_own_questions.keep,
        "sampled": cli_sampled.sampled,
        "judge": cli_judge.judge,
    }
    try:
        return commands[first](arguments, settings, rest)
    except BadCells as bad:
        cli_own_questions.show(bad.problems)
        return 2
    except BadRow as problem:
        raise BadInput(str(problem)) from problem


def _tasks(arguments: argparse.Namespace, settings: Settings, words: Sequence[str]) -> int:
    from evals.facts import RECORD
    from evals.run import Plan, run, with_rows, write
    from evals.sample import PARTS

    unknown = [word for word in words if word not in TASK_NAMES]
    if unknown:
        raise BadInput(f"no task is called {unknown[0]}; there are {', '.join(TASK_NAMES)}")
    if arguments.limit is not None and arguments.limit < 1:
        raise BadInput("--limit must be 1 or more")
    given = arguments.questions
    folder = cli_own_questions.folder_of(given, settings, words) if given else PARTS[arguments.part]
    tasks = tuple(name for name in TASK_NAMES if name in words) or with_rows(folder)
    if not tasks:
        raise BadInput(f"{folder}: holds no file of questions such as answering.jsonl or questions.xlsx")
    plan = Plan(
        tasks=tasks,
        part="own" if arguments.questions else arguments.part,
        folder=folder,
        most=arguments.limit,
        at=arguments.at,
        record=arguments.facts or RECORD,
        named=given.name if given else "",
        notes=cli_own_questions.show,
    )
    with product(settings) as built, _progress() as progress:
        results = run(built, plan, progress)
    out = arguments.out or settings.data_dir / "eval"
    write(results, out)
    _write_report(out, arguments.against)
    if arguments.json:
        print_json({result.task: result.scores for result in results})
    else:
        print("\n".join(line for result in results for line in _lines(result)))
        print(f"report: {out / 'report.html'}   cases: {out / 'cases.xlsx'}")
    return 0 if all(result.within_limits for result in results) else 1


def _compare(arguments: argparse.Namespace, settings: Settings, words: Sequence[str]) -> int:
    del settings
    from dataclasses import asdict

    from evals.compare import compare, lines
    from evals.results import read_results

    if len(words) != 2:
        raise BadInput("compare takes two results folders: xiaoxin eval compare BEFORE AFTER")
    before, after = (read_results(Path(word)) for word in words)
    compared = compare(before, after)
    if not compared:
        raise BadInput("the two results have no task in common")
    if arguments.json:
        print_json([asdict(comparison) for comparison in compared])
    else:
        print("\n".join(line for comparison in compared for line in lines(comparison)))
    return 1 if any(metric.verdict == "worse" for one in compared for metric in one.metrics) else 0


def _record(arguments: argparse.Namespace, settings: Settings, words: Sequence[str]) -> int:
    from evals.facts import RECORD, write_record

    if words:
        raise BadInput("record takes no further words; --facts FILE names another file")
    path = arguments.facts or RECORD
    with product(settings) as built:
        items = built.live.current().library.items
        write_record(items, path)
    print(f"the facts of {len(items)} items in {path}")
    return 0


def _report(arguments: argparse.Namespace, settings: Settings, words: Sequence[str]) -> int:
    if len(words) > 1:
        raise BadInput("report takes one results folder")
    folder = Path(words[0]) if words else arguments.out or settings.data_dir / "eval"
    _write_report(folder, arguments.against)
    print(folder / "report.html")
    return 0


def _write_report(folder: Path, against: Path | None) -> None:
    from evals.report import write_report
    from evals.results import read_results
    from evals.workbook import write_workbook

    results = read_results(folder)
    write_report(folder / "report.html", results, read_results(against) if against else None)
    write_workbook(folder / "cases.xlsx", results)


@contextmanager
def _progress() -> Iterator[Progress]:
    bars: dict[str, tqdm] = {}

    def show(task: str, done: int, total: int) -> None:
        if task not in bars:
            bars[task] = tqdm(total=total, desc=f"{task:<12}", unit="row", file=sys.stderr)
        bars[task].update(done - bars[task].n)
        if done == total:
            bars[task].close()

    try:
        yield show
    finally:
        for bar in bars.values():
            bar.close()


def _lines(result: Result) -> Iterator[str]:
    seconds = result.config["seconds"]
    yield f"{result.task}: {result.scores['cases']} cases in {seconds:g} s"
    limits = {limit.metric: limit for limit in result.limits}
    for name, share in result.scores["metrics"].items():
        limit = limits.get(name)
        held = f"   >= {limit.least:.1%} {'met' if limit.met else 'MISSED'}" if limit else ""
        interval = f"[{share['low']:.1%}, {share['high']:.1%}]"
        yield f"  {name:<18} {share['share']:7.1%}  {interval:<18} {share['right']} of {share['of']}{held}"
    for item, facts in result.scores.get("off_record", {}).items():
        yield f"  OFF RECORD {item}: {', '.join(facts)}"
