"""`xiaoxin handbook export` and `xiaoxin handbook import`: a handbook as office files, and an edited workbook back."""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from channels.cli_output import BadInput, print_json
from channels.settings import Settings
from knowledge.book.docx import to_docx
from knowledge.book.md import to_md
from knowledge.check import check_handbook
from knowledge.handbook import Handbook, Problem, bundled_handbook, is_handbook, load_handbook
from knowledge.handbook_diff import Diff, diff
from knowledge.handbook_write import Files, Unwritten, planned_files, write_files
from knowledge.sheets.entries import to_content
from knowledge.sheets.rows import Content, Unwritable, content_of, stamp, to_rows
from knowledge.sheets.xlsx import from_xlsx, to_xlsx
from knowledge.source_lines import UnreadableFile


def _xlsx(handbook: Handbook) -> bytes:
    content = content_of(handbook)
    return to_xlsx(to_rows(content), stamp(content))


def _docx(handbook: Handbook) -> bytes:
    return to_docx(handbook, date.today())


def _md(handbook: Handbook) -> bytes:
    return to_md(handbook, date.today()).encode("utf-8")


FORMATS: dict[str, Callable[[Handbook], bytes]] = {"xlsx": _xlsx, "docx": _docx, "md": _md}


def add_commands(handbook: Any) -> None:
    export = handbook.add_parser("export", help="write a handbook as a workbook to edit, or as a book to read")
    export.add_argument("path", nargs="?", type=Path, default=bundled_handbook())
    export.add_argument("--format", choices=FORMATS, help="xlsx unless --out ends otherwise")
    export.add_argument("--out", type=Path, metavar="FILE", help="handbook.FORMAT in this folder unless given")
    export.set_defaults(run=run_export)
    back = handbook.add_parser("import", help="compare an edited workbook with a handbook, and take its changes over")
    back.add_argument("file", type=Path, metavar="FILE.xlsx")
    back.add_argument("path", nargs="?", type=Path, default=bundled_handbook())
    back.add_argument("--apply", action="store_true", help="write the changes; without it they are only shown")
    back.add_argument("--json", action="store_true")
    back.set_defaults(run=run_import)


def run_export(arguments: argparse.Namespace, settings: Settings) -> int:
    del settings
    suffix = arguments.out.suffix.lower().removeprefix(".") if arguments.out else ""
    kind = arguments.format or (suffix if suffix in FORMATS else "xlsx")
    if arguments.out and suffix != kind:
        raise BadInput(f"{arguments.out}: expected a name that ends in .{kind}")
    out = arguments.out or Path(f"handbook.{kind}")
    if not out.parent.is_dir():
        raise BadInput(f"{out.parent}: no such folder")
    if not arguments.out and out.exists():
        raise BadInput(f"{out} is there already; name another file, or this one, with --out")
    handbook = _sound(arguments.path)
    try:
        content = FORMATS[kind](handbook)
    except Unwritable as error:
        raise BadInput(str(error)) from error
    write_files({out.name: content}, out.parent)
    print(f"{out}: {len(handbook.items)} items")
    return 0


def run_import(arguments: argparse.Namespace, settings: Settings) -> int:
    """Exit status 0: shown or written, 1: refused, as it would bring new problems, 2: a faulty workbook."""
    del settings
    handbook = _sound(arguments.path)
    try:
        workbook = from_xlsx(arguments.file)
    except UnreadableFile as error:
        raise BadInput(str(error)) from error
    new, faults = to_content(workbook.tables)
    if faults:
        _tell(faults)
        return 2
    old = content_of(handbook)
    found = diff(old, new)
    _tell(f"note: {note}" for note in workbook.notes)
    if found and workbook.stamp and workbook.stamp != stamp(old):
        _tell(["note: the handbook has changed since this workbook was exported, and what changed there is put back"])
    problems: list[Problem] = []
    if arguments.apply and found:
        problems = _apply(handbook, new)
    applied = bool(arguments.apply and found and not problems)
    if arguments.json:
        _print_json(found, problems, applied)
    else:
        _print(found, problems, applied, arguments.apply)
    return 1 if problems else 0


def _tell(sentences: Iterable[str]) -> None:
    for sentence in sentences:
        print(f"xiaoxin: {sentence}", file=sys.stderr)


def _apply(handbook: Handbook, new: Content) -> list[Problem]:
    """Write the changes, unless they bring problems that were not there before."""
    try:
        files = planned_files(handbook, new)
    except Unwritten as error:
        raise BadInput(str(error)) from error
    problems = _new_problems(handbook.root, files)
    if not problems:
        write_files(files, handbook.root)
    return problems


def _new_problems(root: Path, files: Files) -> list[Problem]:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(root, Path(folder) / "handbook"))
        write_files(files, copy)
        after = check_handbook(copy)
    before = Counter(map(_kind, check_handbook(root))) if after else Counter()
    found: list[Problem] = []
    for problem in after:
        if before[_kind(problem)]:
            before[_kind(problem)] -= 1
        else:
            found.append(problem)
    return found


def _kind(problem: Problem) -> tuple[str, str, str]:
    """A problem without its place among others, which a change above it moves."""
    return problem.file, re.sub(r"\[\d+\]", "[]", problem.field), problem.message


def _sound(path: Path) -> Handbook:
    """A handbook of which every file could be read; what is missing would be taken for removed."""
    if not is_handbook(path):
        raise BadInput(f"{path}: not a handbook folder (it has no items/*.yaml)")
    handbook = load_handbook(path)
    if handbook.problems:
        first, *others = handbook.problems
        more = f" (and {len(others)} more)" if others else ""
        raise BadInput(f"{first}{more}; xiaoxin handbook check tells them all")
    return handbook


def _print(found: Diff, problems: list[Problem], applied: bool, asked: bool) -> None:
    for line in found.lines():
        print(line)
    for problem in problems:
        print(f"problem: {problem}")
    if not found:
        print("no differences")
        return
    outcome = "written" if applied else "nothing was written; --apply writes it"
    if asked and not applied:
        outcome = f"refused, {len(problems)} new problems; nothing was written"
    print(f"{found.counts()}; {outcome}")


def _print_json(found: Diff, problems: list[Problem], applied: bool) -> None:
    print_json(
        {
            "added": found.added,
            "removed": found.removed,
            "changed": [asdict(change) for change in found.changed],
            "problems": [asdict(problem) for problem in problems],
            "applied": applied,
        }
    )
