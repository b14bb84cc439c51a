"""Builds what reads files and what judges them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from channels.settings import Settings
from knowledge.catalogue import CatalogueMaterial
from preapproval.reading.reader import FileReader
from preapproval.reading.worker import ENGINES
from preapproval.reading.worker_reader import WorkerReader
from preapproval.review import Reviewer
from preapproval.ruleset_files import Published, Rulesets


def open_reader(settings: Settings, workers: int | None = None) -> FileReader:
    """Processes that read what is handed in; with no workers the calling process does. Raises ReaderUnavailable."""
    engine = engine_of(settings.ocr)
    count = settings.ocr_workers if workers is None else workers
    if count == 0:
        return ENGINES[engine["engine"]](engine)
    return WorkerReader(engine, count)


def engine_of(ocr: str) -> dict[str, str]:
    """`rapidocr:tiny` -> what a worker is told."""
    name, _, rest = ocr.partition(":")
    if name == "scripted":
        return {"engine": name, **({"script": rest} if rest else {})}
    return {"engine": name, "variant": rest or "small"}


def open_reviewer(
    settings: Settings,
    materials: Callable[[], Mapping[str, CatalogueMaterial]],
    published: Published | None = None,
    **more: Any,
) -> Reviewer:
    """Rules that were published come before those in the data folder, and these before the bundled ones."""
    known: dict[str, Any] = {} if published is None else {"published": published}
    return Reviewer(Rulesets(materials, (settings.data_dir / "checklists",), **known), **more)
