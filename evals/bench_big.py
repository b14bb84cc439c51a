"""Answers out of a library of a hundred thousand passages, most of them made out of the bundled handbook's words."""

from __future__ import annotations

import hashlib
import multiprocessing
import re
import shutil
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from random import Random

import numpy as np

from channels.wiring import build, build_knowledge
from evals.bench_answer import asked, steps
from evals.bench_figures import SEED, Figure, Part, Run, copy_models, questions, rss_mb, settings_in, spread, words
from knowledge.embedders import Embedder, build_embedder
from knowledge.index import open_index
from knowledge.item import ServiceItem
from knowledge.keys import keys_of
from knowledge.passage import Passage
from knowledge.split import split_item
from knowledge.store import Entry, HandbookStore
from knowledge.vectors import Matrix, unit_rows

P95_MS = 60
ITEMS_IN_1000 = 15
"""Of a thousand passages' worth, items; each has some twenty passages. The rest are sections of documents."""
SECTIONS = 40
"""Sections of one document."""
NOISE = 0.45
"""Length of what is added to a real vector of length one; the cosine to it is then about 0.91."""
FIELDS = (
    ("situations", "conditions", "materials", "fee"),
    ("steps", "special_steps"),
    ("places", "phones", "online"),
    ("time_limit", "result", "legal_basis"),
)
"""What is taken together from one item."""
ORIGIN = "bench"


@dataclass(frozen=True)
class Words:
    """What synthetic entries are made of."""

    items: tuple[ServiceItem, ...]
    sentences: tuple[str, ...]
    halls: tuple[str, ...]

    @classmethod
    def of(cls, items: Sequence[ServiceItem], passages: Sequence[Passage]) -> Words:
        sentences = {one for passage in passages for one in re.split(r"(?<=[。；\n])", passage.text) if len(one) > 8}
        halls = (f"{town}{branch}" for branch, town in product(words()["branches"], words()["towns"]))
        return cls(tuple(items), tuple(sorted(sentences)), tuple(halls))


def big(run: Run) -> Part:
    """Make the library, then load it and ask in a process of its own."""
    folder = run.folder.parent / "big"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    copy_models(run.folder, folder)
    shutil.copy(run.folder / "xiaoxin.db", folder)
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), max_tasks_per_child=1) as pool:
        pool.submit(fill, folder, run.passages).result()
        part = pool.submit(measure, folder, run.questions).result()
        if run.with_chroma:
            chroma = pool.submit(measure_chroma, folder, run.questions).result()
            part = Part((*part.figures, *chroma), part.notes)
    return part


def fill(folder: Path, count: int) -> None:
    """Bring the library of `folder` to about `count` passages."""
    knowledge = build_knowledge(settings_in(folder, vector_store="memory"))
    store, fingerprint = knowledge.store, knowledge.embedder.fingerprint
    real = knowledge.index.get(sorted(knowledge.index.ids())).matrix
    known = store.passages()
    choice = Random(SEED)  # noqa: S311 - a mixture, not a secret
    entries = list(synthetic(Words.of(tuple(store.items().values()), known), count - len(known), choice))
    store.apply(entries, [], {})
    keys = sorted(keys_of([p for entry in entries for p in entry.passages]).keys() - store.known_vectors(fingerprint))
    for start in range(0, len(keys), 10_000):
        batch = keys[start : start + 10_000]
        store.save_vectors(fingerprint, batch, near(real, len(batch), start))
    knowledge.engine.dispose()


def synthetic(source: Words, count: int, choice: Random) -> Iterator[Entry]:
    """Items recombined from the bundled ones, and documents out of their sentences."""
    made = 0
    for number in range(count * ITEMS_IN_1000 // 1000):
        item = recombined(source, number, choice)
        passages = split_item(item, f"items/{item.id}.yaml")
        made += len(passages)
        yield _entry(item.id, passages, item)
    for number in range(max(count - made, 0) // SECTIONS):
        name = f"documents/{number}.md"
        yield _entry(name, tuple(_sections(source, name, choice)), None)


def recombined(source: Words, number: int, choice: Random) -> ServiceItem:
    """The next bundled item under another hall's name, with fields of others."""
    base = source.items[number % len(source.items)]
    hall = source.halls[number // len(source.items) % len(source.halls)]
    fields = {
        name: getattr(donor, name) for group in FIELDS for donor in [choice.choice(source.items)] for name in group
    }
    names = {"name": f"{hall}{base.name}", "aliases": tuple(f"{hall}{alias}" for alias in base.aliases)}
    return base.model_copy(update={**fields, **names, "id": f"{base.id}-{number}", "not_this": (), "bundle": None})


def _sections(source: Words, name: str, choice: Random) -> Iterator[Passage]:
    title = f"{choice.choice(source.halls)}{choice.choice(source.items).name}"
    for number in range(SECTIONS):
        text = "".join(choice.choices(source.sentences, k=choice.randint(2, 5)))
        yield Passage(title=f"{title} > {number + 1}", text=text, source=name)


def _entry(name: str, passages: tuple[Passage, ...], item: ServiceItem | None) -> Entry:
    digest = hashlib.sha256("".join(passage.id for passage in passages).encode()).hexdigest()
    return Entry(ORIGIN, name, name, digest, passages, item)


def near(real: Matrix, count: int, seed: int) -> Matrix:
    """Unit vectors near randomly chosen real ones, shape (count, dimensions)."""
    generator = np.random.default_rng(seed)
    noise = unit_rows(generator.standard_normal((count, real.shape[1]), np.float32))
    return unit_rows(real[generator.integers(len(real), size=count)] + NOISE * noise)


def measure(folder: Path, count: int) -> Part:
    """Load the library and answer. Runs in a fresh process, so that its memory is the product's."""
    begun, cpu = time.perf_counter(), time.process_time()
    built = build(settings_in(folder, vector_store="memory"))
    loaded_s, loaded_cpu_s = time.perf_counter() - begun, time.process_time() - cpu
    library = built.live.current().library
    begun = time.perf_counter()
    built.live.reload()
    reloaded_s = time.perf_counter() - begun
    replies, cpu_ms = asked(built.assistant, questions(), count)
    figures = (
        *spread("answer", [reply.took_ms for reply in replies], {95: P95_MS}),
        *spread("answer, time of the processor", cpu_ms)[:2],
        *steps(replies),
        Figure("start, library loaded after", loaded_s, "s"),
        Figure("start, processor time", loaded_cpu_s, "s"),
        Figure("library loaded anew after a change", reloaded_s, "s"),
        Figure("memory", rss_mb(), "MiB"),
    )
    built.close()
    held = "in memory" if library.matrix is not None else "in the vector store"
    return Part(
        figures,
        (
            f"{len(library.passages)} passages of {len(library.items)} items and of documents,"
            f" {len(library.keys)} vectors, {len(library.names)} names; vectors searched {held}",
            "synthetic beside the bundled handbook: its fields and sentences recombined under other names;"
            f" its vectors real, theirs at a cosine of about {1 / (1 + NOISE**2) ** 0.5:.2f} to real ones",
        ),
    )


def measure_chroma(folder: Path, count: int) -> tuple[Figure, ...]:
    """Search alone, through Chroma, as it is above the limit of what is held in memory."""
    settings = settings_in(folder)
    embedder = build_embedder(settings.embedder, models_dir=folder / "models", threads=settings.threads)
    store = HandbookStore(build_knowledge(settings_in(folder, vector_store="memory")).engine)
    vectors = store.load_vectors(embedder.fingerprint, store.known_vectors(embedder.fingerprint))
    index = open_index(folder / "chroma", None, embedder.fingerprint)
    begun = time.perf_counter()
    index.upsert(list(vectors), np.stack(list(vectors.values())))
    built_s = time.perf_counter() - begun
    took = [_search_ms(embedder, text, index.search) for text in questions()[:count]]
    index.close()
    return (
        *spread("search through Chroma, without encoding", took)[:2],
        Figure("Chroma, index built in", built_s, "s"),
    )


def _search_ms(embedder: Embedder, text: str, search: object) -> float:
    vector = embedder.query_vector(text)
    begun = time.perf_counter()
    assert callable(search)
    search(vector, 500)
    return (time.perf_counter() - begun) * 1000
