"""`xiaoxin review`: the pre-review of a folder or of files, without a case, a server, or a network."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from channels.cli_output import BadInput, print_json, progress_bar
from channels.database import open_database
from channels.reading_parts import open_reader, open_reviewer
from channels.settings import Settings
from channels.verdict_body import verdict_body
from channels.verdict_words import as_text
from channels.wiring import ever_ingested
from knowledge.catalogue import CatalogueMaterial
from knowledge.handbook import bundled_handbook, load_handbook
from knowledge.item import ServiceItem
from knowledge.situations import unknown_choices
from knowledge.store import HandbookStore
from preapproval.case import Applicant, Case, HandedIn, ReadFile, Verdict
from preapproval.reading.reader import FileReader
from preapproval.reading.worker_reader import WorkerReader

MOST_FILES = 300
NOT_MATERIALS = {".json", ".yaml", ".md"}
"""Files that lie beside materials in a folder: what they are about, not what is handed in."""


def add_commands(commands: Any) -> None:
    review = commands.add_parser("review", help="pre-review of photos, scans and PDFs for an item")
    review.add_argument("item", help="id of the item, e.g. residence-permit")
    review.add_argument("paths", nargs="+", type=Path, metavar="FILE")
    review.add_argument("--choice", action="append", default=[], metavar="SITUATION=VALUE", help="e.g. reason=housing")
    review.add_argument("--applicant", action="append", default=[], metavar="FIELD=VALUE", help="name, number, phone …")
    review.add_argument(
        "--declared", action="append", default=[], metavar="NAME=VALUE", help="other values applied with"
    )
    review.add_argument("--on", metavar="DATE", help="day of the review; today by default")
    review.add_argument("--json", action="store_true")
    review.set_defaults(run=run_review)


def run_review(arguments: argparse.Namespace, settings: Settings) -> int:
    """Exit 0 where nothing must be corrected and nobody need look, 1 otherwise."""
    items, materials = _handbook(settings)
    item = items.get(arguments.item)
    if item is None:
        raise BadInput(f"the handbook has no item {arguments.item}; see xiaoxin handbook stats")
    case = _case(arguments, item)
    paths = list(_files(arguments.paths))
    reviewer = open_reviewer(settings, lambda: materials)
    begun = time.perf_counter()
    reads = read_files(open_reader(settings, min(settings.ocr_workers, len(paths))), paths)
    verdict = reviewer.review(item, case, reads)
    verdict = verdict.model_copy(update={"took_ms": round((time.perf_counter() - begun) * 1000, 1)})
    _show(verdict, arguments.json)
    return 0 if verdict.verdict == "ready" else 1


def read_files(reader: FileReader, paths: Sequence[Path]) -> list[ReadFile]:
    """Every file read, in the order of `paths`; the reader is closed."""
    handed_in = [(_handed_in(path, data := path.read_bytes()), data) for path in paths]
    try:
        with progress_bar("reading") as progress:
            progress(0, len(paths))
            if isinstance(reader, WorkerReader):
                done = iter(range(1, len(paths) + 1))
                readings = reader.read_all(handed_in, lambda _reading: progress(next(done), len(paths)))
            else:
                readings = []
                for number, (file, data) in enumerate(handed_in, 1):
                    readings.append(reader.read(file, data))
                    progress(number, len(paths))
    finally:
        reader.close()
    return [reading.read for reading in readings]


def _handed_in(path: Path, data: bytes) -> HandedIn:
    return HandedIn(name=path.name, sha256=hashlib.sha256(data).hexdigest(), size=len(data))


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    """Files as given, and those of folders in the order of their names."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = (one for one in path.rglob("*") if one.is_file() and one.suffix.lower() not in NOT_MATERIALS)
            found += sorted(one for one in inside if not one.name.startswith("."))
        elif path.is_file():
            found.append(path)
        else:
            raise BadInput(f"{path}: no such file or folder")
    if not found:
        raise BadInput(f"{os.fspath(paths[0])}: there is nothing to review in it")
    if len(found) > MOST_FILES:
        raise BadInput(f"{len(found)} files are too many for one case; the most is {MOST_FILES}")
    yield from found


def _handbook(settings: Settings) -> tuple[dict[str, ServiceItem], dict[str, CatalogueMaterial]]:
    """Items and materials of the live handbook; of the bundled one where nothing was ever ingested."""
    if not ever_ingested(settings):
        handbook = load_handbook(bundled_handbook())
        hall, items = handbook.hall, {item.id: handbook.resolved(item) for item in handbook.items.values()}
    else:
        engine = open_database(settings.database_url, settings.data_dir)
        try:
            store = HandbookStore(engine)
            hall, items = store.hall(), store.items()
        finally:
            engine.dispose()
    return items, {material.id: material for material in hall.materials}


def _case(arguments: argparse.Namespace, item: ServiceItem) -> Case:
    choices = dict(_pairs(arguments.choice, "--choice"))
    for name in unknown_choices(item, choices):
        raise BadInput(f"{item.name} has no situation {name} with the answer {choices[name]}")
    try:
        day = datetime.fromisoformat(arguments.on) if arguments.on else datetime.now().astimezone()
        received = day.astimezone()
        applicant = Applicant.model_validate(dict(_pairs(arguments.applicant, "--applicant")))
        declared = {name: _value(text) for name, text in _pairs(arguments.declared, "--declared")}
        return Case(item=item.id, choices=choices, applicant=applicant, declared=declared, received_at=received)
    except ValidationError as error:
        first = error.errors()[0]
        raise BadInput(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    except ValueError as error:
        raise BadInput(f"--on {arguments.on}: {error}") from error


def _pairs(given: Sequence[str], option: str) -> Iterator[tuple[str, str]]:
    for one in given:
        name, equals, value = one.partition("=")
        if not equals or not name:
            raise BadInput(f"{option} {one}: write it as name=value")
        yield name, value


def _value(text: str) -> Any:
    """A number or yes and no where it is one, else the text."""
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


def _show(verdict: Verdict, as_json: bool) -> None:
    if as_json:
        print_json(verdict_body(verdict).model_dump(mode="json"))
    else:
        print(as_text(verdict))
