"""Speed and size, in figures: `python -m evals.bench [--only PART…] [--json FILE]`. Nothing passes or fails by them."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from channels.cli_output import fill_if_empty
from evals.bench_answer import answer, baseline
from evals.bench_big import big
from evals.bench_figures import Part, Run, settings_in
from evals.bench_hearing import hearing
from evals.bench_ingest import ingest
from evals.bench_review import reviewing
from evals.bench_server import http, memory
from evals.bench_voice import voice

PARTS: dict[str, Callable[[Run], Part]] = {
    "answer": answer,
    "baseline": baseline,
    "big": big,
    "hearing": hearing,
    "http": http,
    "ingest": ingest,
    "memory": memory,
    "reviewing": reviewing,
    "voice": voice,
}


def main(argv: Sequence[str] | None = None) -> int:
    arguments = _parser().parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="xiaoxin-bench-", ignore_cleanup_errors=True) as temporary:
        run = Run(
            folder=Path(arguments.data_dir or temporary) / "bundled",
            questions=arguments.questions,
            passages=arguments.passages,
            items=arguments.items,
            seconds=arguments.seconds,
            with_chroma=arguments.with_chroma,
            sentences=arguments.sentences,
            turns=arguments.turns,
        )
        measured = {name: _measure(name, run) for name in arguments.only or PARTS}
    if arguments.json:
        arguments.json.write_text(json.dumps(_report(measured), ensure_ascii=False, indent=2), encoding="utf-8")
    return 0


def _measure(name: str, run: Run) -> Part:
    fill_if_empty(settings_in(run.folder))
    part = PARTS[name](run)
    sys.stdout.write("\n".join(part.lines(name)) + "\n\n")
    sys.stdout.flush()
    return part


def _report(measured: dict[str, Part]) -> dict[str, object]:
    machine = {"system": platform.platform(), "python": platform.python_version(), "cores": os.cpu_count()}
    parts = {
        name: {"figures": [figure.as_dict() for figure in part.figures], "notes": list(part.notes)}
        for name, part in measured.items()
    }
    return {"machine": machine, "parts": parts}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evals.bench", description="Measure speed and size.")
    parser.add_argument("--only", choices=PARTS, nargs="+", metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there as well")
    parser.add_argument("--data-dir", type=Path, help="keep what is built there for the next run")
    parser.add_argument("--questions", type=int, default=Run.questions, help="questions of answer and big")
    parser.add_argument("--passages", type=int, default=Run.passages, help="size of the big library")
    parser.add_argument("--items", type=int, default=Run.items, help="items of the cold ingest")
    parser.add_argument("--seconds", type=int, default=Run.seconds, help="length of the HTTP load")
    parser.add_argument("--sentences", type=int, default=Run.sentences, help="sentences of hearing, 200 at most")
    parser.add_argument("--turns", type=int, default=Run.turns, help="questions asked aloud")
    parser.add_argument("--with-chroma", action="store_true", help="search the big library through Chroma as well")
    return parser


if __name__ == "__main__":
    sys.exit(main())
