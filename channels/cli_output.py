"""What commands share in speaking to a terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tqdm import tqdm

from channels.settings import Settings
from channels.wiring import Product, build, build_knowledge, ever_ingested, ingest_bundled
from knowledge.ingest import Progress


class BadInput(Exception):
    """Wrong use or bad input; the message is the one sentence that the person sees."""


def print_json(value: Any) -> None:
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


@contextmanager
def progress_bar(label: str) -> Iterator[Progress]:
    """A bar on stderr that appears with the first progress, and not at all when there is none."""
    bar: list[tqdm] = []

    def show(done: int, total: int) -> None:
        if not bar:
            bar.append(tqdm(total=total, desc=label, unit="text", file=sys.stderr, leave=True))
        bar[0].update(done - bar[0].n)

    try:
        yield show
    finally:
        if bar:
            bar[0].close()


@contextmanager
def product(settings: Settings) -> Iterator[Product]:
    """The built product; an empty data folder gets the bundled handbook first."""
    fill_if_empty(settings)
    built = build(settings)
    try:
        yield built
    finally:
        built.close()


def fill_if_empty(settings: Settings) -> None:
    """Ingest the bundled handbook where nothing was ever ingested."""
    if ever_ingested(settings):
        return
    knowledge = build_knowledge(settings)
    try:
        with progress_bar("handbook") as progress:
            ingest_bundled(knowledge, progress)
    finally:
        knowledge.index.close()
        knowledge.engine.dispose()
