"""Builds everything from the settings, by hand, in order. The one place where the parts meet."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Any

import sqlalchemy as sa
import yaml

from assistant.answer_sample import AnswerSample
from assistant.ask import Assistant
from assistant.chat_model import ChatCalls
from assistant.compose_facts import FactsComposer
from assistant.compose_model import ModelComposer
from assistant.conversations import Conversations
from assistant.pipeline import NamedStep, Steps, turn_steps
from assistant.replies import Replies, hall_values, load_replies
from assistant.rewrite_follow_up import RewriteFollowUp
from assistant.screening import load_screening
from assistant.steps.compose import Compose
from assistant.steps.draft import DraftByModel
from assistant.steps.ground import Ground, Thresholds
from assistant.steps.guide import Guide, Margins
from assistant.steps.persona import Persona
from assistant.steps.screen import Screen
from assistant.steps.understand import Understand
from assistant.steps.verify import Verify
from channels.database import open_database
from channels.settings import Settings
from knowledge.embedders import Embedder, build_embedder
from knowledge.handbook import bundled_handbook
from knowledge.index import Index, IndexDamaged, MemoryIndex, discard_index, open_index
from knowledge.ingest import Ingester, IngestReport, Progress, gather
from knowledge.live import Live, LiveLibrary
from knowledge.retrieve import Fusion, Retriever, cosine_scale
from knowledge.store import HandbookStore

logger = logging.getLogger(__name__)

BUNDLED = "bundled"
"""Origin of the handbook that comes with the product."""


@dataclass(frozen=True)
class Knowledge:
    """The handbook side, enough for ingest and search."""

    engine: sa.Engine
    store: HandbookStore
    index: Index
    embedder: Embedder
    ingester: Ingester
    fusion: Fusion


@dataclass(frozen=True)
class Product:
    """Everything that the edge talks to."""

    settings: Settings
    knowledge: Knowledge
    live: LiveLibrary
    conversations: Conversations
    replies: Replies
    assistant: Assistant
    thresholds: Thresholds
    calls: ChatCalls | None = None
    """Calls of the chat model, where one is set."""

    def retriever(self, live: Live | None = None) -> Retriever:
        return make_retriever(self.knowledge)(live or self.live.current())

    def close(self) -> None:
        self.knowledge.index.close()
        self.knowledge.engine.dispose()


def ever_ingested(settings: Settings) -> bool:
    """Whether anything was ever brought in; asks the database alone."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = open_database(settings.database_url, settings.data_dir)
    try:
        return HandbookStore(engine).version() > 0
    finally:
        engine.dispose()


def build_knowledge(settings: Settings) -> Knowledge:
    """Open database, vector store and embedder; mend a vector store that is damaged or behind."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = open_database(settings.database_url, settings.data_dir)
    embedder = build_embedder(
        settings.embedder,
        models_dir=settings.data_dir / "models",
        threads=settings.threads,
        base_url=settings.embedder_base_url,
        api_key=settings.embedder_api_key.get_secret_value() if settings.embedder_api_key else None,
    )
    store = HandbookStore(engine)
    index = _open_vectors(settings, embedder.fingerprint)
    ingester = Ingester(store, index, embedder)
    if ingester.behind():
        logger.warning("the vector index is incomplete; rebuilding it")
        ingester.rebuild_index()
    return Knowledge(engine, store, index, embedder, ingester, fusion_of(settings))


def build(settings: Settings) -> Product:
    """The whole product. The handbook must have been ingested; an empty one answers no_basis."""
    knowledge = build_knowledge(settings)
    live = LiveLibrary(knowledge.store, knowledge.index, knowledge.embedder.fingerprint)
    sample = AnswerSample(settings.answer_sample, lambda: live.current().library.hall.name)
    conversations = Conversations(knowledge.engine, sample=sample)
    replies = replace(load_replies(), hall=lambda: _hall_values(live))
    thresholds = Thresholds()
    if settings.answer_threshold is not None:
        thresholds = Thresholds(answer=settings.answer_threshold)
    calls = None
    if settings.model:
        from channels.chat_models import chat_calls  # LangChain is loaded only where a model is set

        calls = chat_calls(settings)
    steps = _steps(live.current, replies, make_retriever(knowledge), thresholds, calls)
    assistant = Assistant(steps, conversations, replies, live.current)
    return Product(settings, knowledge, live, conversations, replies, assistant, thresholds, calls)


def _hall_values(live: LiveLibrary) -> dict[str, str]:
    """What replies say of the hall; an ingest may change it while the product runs."""
    hall = live.current().library.hall
    return hall_values(hall.hotline, hall.name)


def _steps(
    live: Callable[[], Live],
    replies: Replies,
    retriever: Callable[[Live], Retriever],
    thresholds: Thresholds,
    calls: ChatCalls | None,
) -> tuple[NamedStep, ...]:
    composer = FactsComposer(live)
    draft = DraftByModel(live, retriever, thresholds, composer, ModelComposer(calls), elsewhere()) if calls else None
    steps = Steps(
        screen=Screen(load_screening(), replies),
        understand=Understand(live, replies, elsewhere()),
        ground=Ground(live, retriever, replies, thresholds, RewriteFollowUp(calls) if calls else None),
        guide=Guide(live, replies, composer, Margins()),
        compose=Compose(replies, composer),
        verify=Verify(live, replies),
        persona=Persona(live, _words("suggestions.yaml"), _words("spoken_end.yaml")),
        draft=draft,
    )
    return turn_steps(steps)


def _words(name: str) -> Any:
    return yaml.safe_load((files("assistant") / name).read_text("utf-8"))


def make_retriever(knowledge: Knowledge) -> Callable[[Live], Retriever]:
    return lambda live: Retriever(
        live.library, knowledge.index, knowledge.embedder.query_vector, knowledge.fusion, live.hidden
    )


def ingest_bundled(knowledge: Knowledge, progress: Progress | None = None) -> IngestReport:
    """Bring the bundled handbook in, or up to date."""
    return knowledge.ingester.ingest(gather(bundled_handbook(), BUNDLED), progress=progress)


def elsewhere() -> tuple[str, ...]:
    """Names of places that are not this hall's."""
    return tuple((files("knowledge") / "elsewhere.txt").read_text("utf-8").split())


def fusion_of(settings: Settings) -> Fusion:
    weights = {name: getattr(settings, f"weight_{name}") for name in ("meaning", "words", "sound", "name")}
    given = {name: value for name, value in weights.items() if value is not None}
    return Fusion(**cosine_scale(settings.embedder), **given)


def _open_vectors(settings: Settings, fingerprint: str) -> Index:
    folder = settings.data_dir / "vectors"
    if settings.vector_store == "memory":
        return MemoryIndex()
    try:
        return open_index(folder, settings.chroma_url, fingerprint)
    except IndexDamaged as damage:
        logger.warning("%s; starting an empty index", damage)
        discard_index(folder)
        return open_index(folder, settings.chroma_url, fingerprint)
