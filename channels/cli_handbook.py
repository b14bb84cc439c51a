"""`xiaoxin ingest` and `xiaoxin handbook …`."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from channels import cli_handbook_files
from channels.cli_output import BadInput, print_json, progress_bar
from channels.settings import Settings
from channels.wiring import BUNDLED, Knowledge, build_knowledge
from knowledge.check import check_handbook
from knowledge.handbook import bundled_handbook, is_handbook, load_handbook
from knowledge.handbook_stats import handbook_stats
from knowledge.ingest import Gathered, IngestReport, gather


def add_commands(commands: Any) -> None:
    ingest = commands.add_parser("ingest", help="read handbooks and office files into the index")
    ingest.add_argument("paths", nargs="*", type=Path, metavar="PATH")
    ingest.add_argument("--bundled", action="store_true", help="also the handbook that comes with the product")
    ingest.add_argument("--forget", action="store_true", help="remove what came from these paths instead")
    ingest.add_argument("--dry-run", action="store_true", help="tell what would change, change nothing")
    ingest.add_argument("--json", action="store_true")
    ingest.set_defaults(run=run_ingest)
    handbook = commands.add_parser("handbook", help="look after a handbook folder").add_subparsers(required=True)
    check = handbook.add_parser("check", help="validate a handbook folder")
    check.add_argument("path", nargs="?", type=Path, default=bundled_handbook())
    check.add_argument("--json", action="store_true")
    check.set_defaults(run=run_check)
    stats = handbook.add_parser("stats", help="count what a handbook holds")
    stats.add_argument("path", nargs="?", type=Path, default=bundled_handbook())
    stats.add_argument("--json", action="store_true")
    stats.set_defaults(run=run_stats)
    cli_handbook_files.add_commands(handbook)


def run_ingest(arguments: argparse.Namespace, settings: Settings) -> int:
    """Done when anything could be read; what could not is told on stderr, one sentence a file."""
    if not arguments.paths and not arguments.bundled:
        raise BadInput("give a folder or file to ingest, or --bundled")
    if not arguments.forget:
        for path in arguments.paths:
            if not path.exists():
                raise BadInput(f"{path}: no such file or folder")
    knowledge = build_knowledge(settings)
    try:
        if arguments.forget:
            return _forget(knowledge, arguments.paths)
        sources = [(bundled_handbook(), BUNDLED)] if arguments.bundled else []
        gathered = [gather(path, origin) for path, origin in [*sources, *((path, None) for path in arguments.paths)]]
        for one in gathered:
            _check_something(one)
        reports = [_ingest_one(knowledge, one, arguments.dry_run) for one in gathered]
    finally:
        knowledge.index.close()
        knowledge.engine.dispose()
    if arguments.json:
        print_json([asdict(report) for report in reports] if len(reports) > 1 else asdict(reports[0]))
    else:
        for report in reports:
            _print(report)
    return 0


def _check_something(gathered: Gathered) -> None:
    """An empty folder may be a share that is not there; what came from it earlier is not thrown away for that."""
    if gathered.entries:
        return
    reasons = list(gathered.unreadable.values())
    if not reasons:
        raise BadInput(f"{gathered.origin}: there is nothing to read; --forget removes what came from it earlier")
    more = f" (and {len(reasons) - 1} more files like it)" if len(reasons) > 1 else ""
    raise BadInput(f"nothing could be read: {reasons[0]}{more}")


def _ingest_one(knowledge: Knowledge, gathered: Gathered, dry_run: bool) -> IngestReport:
    with progress_bar("handbook") as progress:
        return knowledge.ingester.ingest(gathered, dry_run=dry_run, progress=progress)


def _forget(knowledge: Knowledge, paths: list[Path]) -> int:
    removed = [entry for path in paths for entry in knowledge.ingester.forget(path.resolve().as_posix())]
    print(f"{len(removed)} entries removed")
    return 0 if removed else 1


def _print(report: IngestReport) -> None:
    print(
        f"{len(report.added)} added, {len(report.changed)} changed, {len(report.removed)} removed, "
        f"{report.unchanged} unchanged; {report.embedded} texts embedded"
    )
    for note in report.notes:
        print(f"note: {note}")
    for sentence in report.unreadable:
        print(f"not read: {sentence}", file=sys.stderr)


def run_check(arguments: argparse.Namespace, settings: Settings) -> int:
    del settings
    problems = check_handbook(_folder(arguments.path))
    if arguments.json:
        print_json([asdict(problem) for problem in problems])
    else:
        print(*problems, sep="\n", end="\n" if problems else "")
        print(f"{len(problems)} problems" if problems else "the handbook is clean")
    return 1 if problems else 0


def run_stats(arguments: argparse.Namespace, settings: Settings) -> int:
    del settings
    stats = handbook_stats(load_handbook(_folder(arguments.path)))
    if arguments.json:
        print_json(stats)
        return 0
    for name, value in stats.items():
        if isinstance(value, dict):
            print(f"{name}:")
            for key, count in value.items():
                print(f"  {key}: {_shown(count)}")
        else:
            print(f"{name}: {', '.join(value) if isinstance(value, (list, tuple)) else value}")
    return 0


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {count}" for name, count in value.items())
    return f"{value:.0%}" if isinstance(value, float) else str(value)


def _folder(path: Path) -> Path:
    if not is_handbook(path):
        raise BadInput(f"{path}: not a handbook folder (it has no items/*.yaml)")
    return path
