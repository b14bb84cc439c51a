"""`xiaoxin eval template` and `xiaoxin eval keep`: the sheet that clerks fill, and the hall's own golden set."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from channels.cli_output import BadInput, print_json, product
from channels.settings import Settings
from channels.wiring import Product

OWN = "own"
"""The word that names the hall's own golden set."""
JUDGES_SHEETS = "answering"


def folder_of(given: Path, settings: Settings, tasks: Sequence[str] = ()) -> Path:
    """The question set that --questions names, if `tasks` can be run on it. Raises BadInput."""
    from evals.own_questions_kept import FOLDER
    from evals.own_questions_reading import KINDS, say, sheets_of

    if str(given) == OWN:
        folder = settings.data_dir / FOLDER
        if not sheets_of(folder):
            raise BadInput(say("nothing_kept", folder=folder))
        return folder
    if given.suffix and not given.is_dir():
        if given.suffix.lower() not in KINDS:
            raise BadInput(say("kind", file=given, kinds="、".join(KINDS)))
        if not given.is_file():
            raise BadInput(say("no_file", file=given))
        if other := [task for task in tasks if task != JUDGES_SHEETS]:
            raise BadInput(say("other_task", file=given, task=other[0]))
    return given


def new_sheet(command: str, words: Sequence[str]) -> Path:
    """The one word after a command that writes a sheet: a file that is not there yet. Raises BadInput."""
    from evals.own_questions_reading import say

    if len(words) != 1 or Path(words[0]).suffix.lower() != ".xlsx":
        raise BadInput(f"{command} takes the name of the file to write: xiaoxin eval {command} OUT.xlsx")
    path = Path(words[0])
    if path.exists():
        raise BadInput(say("exists", file=path))
    if not path.parent.is_dir():
        raise BadInput(say("no_folder", folder=path.parent))
    return path


def template(arguments: argparse.Namespace, settings: Settings, words: Sequence[str]) -> int:
    del arguments
    from evals.own_questions import write_questions
    from evals.own_questions_template import examples

    path = new_sheet("template", words)
    with product(settings) as built:
        write_questions(examples(built.live.current().library), path, names_of(built))
    print(path)
    return 0


def keep(arguments: argparse.Namespace, settings: Settings, words: Sequence[str]) -> int:
    """Exit 1 where no row was added."""
    from evals.own_questions_kept import keep
    from evals.own_questions_reading import read_questions, say

    if len(words) != 1:
        raise BadInput("keep takes the file whose rows are to be kept: xiaoxin eval keep FILE.xlsx")
    path = folder_of(Path(words[0]), settings)
    if not path.is_file():
        raise BadInput(say("no_file", file=path))
    with product(settings) as built:
        items = names_of(built)
    given = read_questions([path], items)
    show(given.notes)
    kept = keep(given.rows, settings.data_dir, items, path.stem)
    if arguments.json:
        added = [row.question for row in kept.added]
        print_json({"added": added, "refused": list(kept.refused), "total": kept.total, "file": str(kept.path or "")})
    else:
        print("\n".join(kept.refused) + "\n" if kept.refused else "", end="")
        print(say("kept", added=len(kept.added), refused=len(kept.refused), total=kept.total, file=kept.path or "-"))
    return 0 if kept.added else 1


def names_of(built: Product) -> dict[str, str]:
    """The items of the handbook, id -> name."""
    return {identifier: item.name for identifier, item in built.live.current().library.items.items()}


def show(sentences: Iterable[str]) -> None:
    for sentence in sentences:
        print(sentence, file=sys.stderr)
