"""How long an ingest takes: many items at once that nothing remembers, and one changed item."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from itertools import cycle, islice, product
from pathlib import Path
from typing import Any

import yaml

from assistant.ask import new_conversation
from assistant.turn import Question
from channels.wiring import BUNDLED, Product, build, build_knowledge
from evals.bench_figures import Figure, Part, Run, copy_models, settings_in, words
from knowledge.handbook import bundled_handbook
from knowledge.ingest import gather

COLD_S, CHANGED_S = 30, 1
CHANGED = 3
"""Changes of which the median is quoted."""


def ingest(run: Run) -> Part:
    """The bundled items under other names into an empty folder; then changes of one item of the bundled handbook."""
    folder = run.folder.parent / "ingest"
    shutil.rmtree(folder, ignore_errors=True)
    cold_s, cold_cpu_s, embedded, items = _cold(run, folder)
    changed = list(_changed(run, folder / "one"))
    changed_s, changed_cpu_s = (sorted(took)[CHANGED // 2] for took in zip(*changed, strict=True))
    return Part(
        (
            Figure(f"cold ingest of {items} items", cold_s, "s", most=COLD_S),
            Figure("cold ingest, processor time", cold_cpu_s, "s"),
            Figure("cold ingest, texts embedded", embedded, ""),
            Figure("one changed item, until its answer is live", changed_s, "s", most=CHANGED_S),
            Figure("one changed item, processor time", changed_cpu_s, "s"),
        ),
        (
            "items: the bundled ones under other names, so that every text is embedded; the encoder is built before",
            f"changed item: median of {CHANGED}, from the changed file to the first answer with the new words",
        ),
    )


def _cold(run: Run, folder: Path) -> tuple[float, float, int, int]:
    write_handbook(folder / "handbook", run.items)
    copy_models(run.folder, folder / "data")
    knowledge = build_knowledge(settings_in(folder / "data"))
    try:
        begun, cpu = time.perf_counter(), time.process_time()
        report = knowledge.ingester.ingest(gather(folder / "handbook"))
        took, cpu = time.perf_counter() - begun, time.process_time() - cpu
        return took, cpu, report.embedded, len(knowledge.store.items())
    finally:
        knowledge.index.close()
        knowledge.engine.dispose()


def _changed(run: Run, folder: Path) -> Iterator[tuple[float, float]]:
    shutil.copytree(run.folder, folder / "data")
    handbook = folder / "handbook"
    shutil.copytree(bundled_handbook(), handbook)
    path = next(path for path in sorted(handbook.rglob("items/*/*.yaml")) if _read(path).get("steps"))
    product = build(settings_in(folder / "data"))
    try:
        product.assistant.warm_up()
        for number in range(CHANGED):
            yield _until_live(product, handbook, path, f"{words()['towns'][number]}{words()['branches'][number]}")
    finally:
        product.close()


def _until_live(product: Product, handbook: Path, path: Path, mark: str) -> tuple[float, float]:
    """Seconds, and seconds of the processor, from a changed file to an answer that holds `mark`."""
    item = _read(path)
    item["steps"][0]["text"] = f"{mark}{item['steps'][0]['text']}"
    item["aliases"] = [*item.get("aliases", ()), f"{mark}{item['name']}"]
    _write(path, item)
    begun, cpu = time.perf_counter(), time.process_time()
    product.knowledge.ingester.ingest(gather(handbook, BUNDLED))
    while time.perf_counter() - begun < 60:
        passage = product.live.current().library.facet_passage(item["id"], "steps")
        if passage and mark in passage.text:
            break
        time.sleep(0.005)
    product.assistant.ask(Question(item["name"], new_conversation()))
    return time.perf_counter() - begun, time.process_time() - cpu


def write_handbook(target: Path, items: int) -> None:
    """A handbook of `items` items: the bundled ones over and over, each time of another hall."""
    source = bundled_handbook()
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("items"))
    (target / "other_services.yaml").unlink(missing_ok=True)
    given = [_read(path) for path in sorted((source / "items").rglob("*.yaml"))]
    halls = [f"{town}{branch}" for branch, town in product(words()["branches"], words()["towns"])]
    for number, item in enumerate(islice(cycle(given), items)):
        round_ = number // len(given)
        _write(target / "items" / str(round_) / f"{item['id']}.yaml", of_hall(item, halls[round_ % len(halls)], round_))


def of_hall(item: dict[str, Any], hall: str, number: int) -> dict[str, Any]:
    """`item` as another hall offers it: the hall's name in every name, and none of its links to other items."""
    changed = {key: value for key, value in item.items() if key not in ("not_this", "bundle")}
    changed["id"] = f"{item['id']}-{number}"
    changed["name"] = f"{hall}{item['name']}"
    changed["aliases"] = [f"{hall}{alias}" for alias in item.get("aliases", ())]
    for names in ("translations", "foreign_aliases"):
        changed[names] = {code: _of_hall_abroad(given, number) for code, given in item.get(names, {}).items()}
    return changed


def _of_hall_abroad(names: str | list[str], number: int) -> str | list[str]:
    return f"{names} {number}" if isinstance(names, str) else [f"{name} {number}" for name in names]


def _read(path: Path) -> dict[str, Any]:
    return yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)


def _write(path: Path, item: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.dump(item, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False), encoding="utf-8")
