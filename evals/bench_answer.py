"""Time of one answer in process, step by step; and retrieval beside a plain LangChain retriever over Chroma."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

import chromadb
from chromadb.api.models.Collection import Collection
from chromadb.config import Settings as ChromaSettings
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from assistant.ask import Assistant, Reply, new_conversation
from assistant.cleaning import clean
from assistant.turn import Question
from channels.wiring import Product, build, make_retriever
from evals.bench_figures import Figure, Part, Run, questions, settings_in, share, spread
from evals.sample import AnsweringRow, load
from knowledge.embedders import Embedder, build_embedder
from knowledge.passage import Passage

WARM_UP = 50
TOP = 5
P50_MS, P95_MS = 12, 25


def answer(run: Run) -> Part:
    """Answers to distinct questions, each in a conversation of its own."""
    product = build(settings_in(run.folder))
    try:
        product.assistant.warm_up()
        replies, cpu_ms = asked(product.assistant, questions(), run.questions)
    finally:
        product.close()
    return Part(
        (
            *spread("answer", [reply.took_ms for reply in replies], {50: P50_MS, 95: P95_MS}),
            *spread("answer, time of the processor", cpu_ms),
            *steps(replies),
        ),
        (f"{len(replies)} distinct questions after {WARM_UP} others; nothing is remembered from one to the next",),
    )


def asked(assistant: Assistant, texts: Sequence[str], count: int) -> tuple[list[Reply], list[float]]:
    """The replies after the warm-up, and the processor time of each in milliseconds."""
    for text in texts[:WARM_UP]:
        assistant.ask(Question(text, new_conversation()))
    replies: list[Reply] = []
    cpu_ms: list[float] = []
    for text in texts[WARM_UP : WARM_UP + count]:
        begun = time.thread_time()
        replies.append(assistant.ask(Question(text, new_conversation())))
        cpu_ms.append((time.thread_time() - begun) * 1000)
    return replies, cpu_ms


def steps(replies: Sequence[Reply]) -> tuple[Figure, ...]:
    times: dict[str, list[float]] = {}
    for reply in replies:
        for step in reply.turn.times:
            times.setdefault(step.name, []).append(step.ms)
    return tuple(figure for name, ms in times.items() for figure in spread(f"step {name}", ms)[:2])


class PlainRetriever(BaseRetriever):
    """What a first tutorial builds: every passage embedded whole, the nearest five in Chroma."""

    model_config = ConfigDict(arbitrary_types_allowed=True)
    collection: Collection
    embedder: Embedder

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        del run_manager
        found = self.collection.query(query_embeddings=[self.embedder.embed_query(query)], n_results=TOP)
        texts, metadatas = found["documents"], found["metadatas"]
        assert texts
        assert metadatas
        return [
            Document(page_content=text, metadata=dict(metadata))
            for text, metadata in zip(texts[0], metadatas[0], strict=True)
        ]


CHROMA_BATCH = 5000
"""Below the most that Chroma takes at once."""


def plain_retriever(passages: Sequence[Passage], embedder: Embedder) -> PlainRetriever:
    client = chromadb.EphemeralClient(ChromaSettings(anonymized_telemetry=False))
    collection = client.get_or_create_collection(
        "plain", embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
    )
    texts = [f"{passage.title}\n{passage.text}" for passage in passages]
    vectors = embedder.passage_vectors(texts)
    for first in range(0, len(texts), CHROMA_BATCH):
        rows = range(first, min(first + CHROMA_BATCH, len(texts)))
        collection.upsert(
            [str(row) for row in rows],
            embeddings=vectors[rows.start : rows.stop],
            documents=[texts[row] for row in rows],
            metadatas=[{"item": passages[row].item or ""} for row in rows],
        )
    return PlainRetriever(collection=collection, embedder=embedder)


def baseline(run: Run) -> Part:
    """The same Chinese questions to both, turn about; each with an encoder of its own, so neither warms the other's."""
    product = build(settings_in(run.folder))
    try:
        return _compared(product, run)
    finally:
        product.close()


def _compared(product: Product, run: Run) -> Part:
    rows = [row for row in load("answering") if row.kind not in ("english", "japanese", "german")]
    live = product.live.current()
    plain = plain_retriever(live.library.passages, _embedder(product))
    ours = make_retriever(replace(product.knowledge, embedder=_embedder(product)))(live)
    plain_ms: list[float] = []
    ours_ms: list[float] = []
    plain_found: list[list[str]] = []
    ours_found: list[list[str]] = []
    for row in rows:
        begun = time.perf_counter()
        documents = plain.invoke(row.question)
        between = time.perf_counter()
        hits = ours.find(clean(row.question), top=TOP)
        ended = time.perf_counter()
        plain_ms.append((between - begun) * 1000)
        ours_ms.append((ended - between) * 1000)
        plain_found.append([document.metadata["item"] for document in documents])
        ours_found.append([hit.passage.item or "" for hit in hits])
    kept = slice(min(WARM_UP, len(rows) // 2), min(WARM_UP, len(rows) // 2) + run.questions)
    return Part(
        (
            *spread("LangChain + Chroma, search", plain_ms[kept])[:2],
            *spread("this product, search", ours_ms[kept])[:2],
            *_accuracy("LangChain + Chroma", rows, plain_found),
            *_accuracy("this product", rows, ours_found),
        ),
        (
            f"{len(rows)} Chinese development questions; right means the expected item among the first passages",
            "LangChain + Chroma: title and text of each passage as one document, same encoder, cosine, no fusion",
        ),
    )


def _accuracy(whose: str, rows: Sequence[AnsweringRow], found: Sequence[Sequence[str]]) -> tuple[Figure, ...]:
    pairs = list(zip(rows, found, strict=True))
    return (
        share(f"{whose}, right item first", (items[:1] == [row.item] for row, items in pairs)),
        share(f"{whose}, right item among the first {TOP}", (row.item in items for row, items in pairs)),
    )


def _embedder(product: Product) -> Embedder:
    settings = product.settings
    return build_embedder(settings.embedder, models_dir=settings.data_dir / "models", threads=settings.threads)
