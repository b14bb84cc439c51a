"""An index in Chroma: embedded in this process, or a server that many processes share.

Vectors only: no documents, no metadata, no where-filters (those take 50 ms and more at 100,000 rows).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import chromadb
import httpx
import numpy as np
from chromadb.api import ClientAPI
from chromadb.api.client import AdminClient, Client
from chromadb.api.fastapi import FastAPI
from chromadb.config import Settings
from chromadb.errors import ChromaError, InvalidArgumentError, InvalidDimensionException

from knowledge.chroma_files import damage
from knowledge.index import IndexDamaged, IndexUnavailable, Rows, WrongDimension, checked_rows
from knowledge.vectors import Matrix, Vector

BATCH = 5000
"""Chroma takes 5461 rows at most in one call."""


class ChromaIndex:
    """One collection, named for the embedder's fingerprint; cosine space."""

    def __init__(self, client: ClientAPI, fingerprint: str) -> None:
        self._client = client
        self._collection = client.get_or_create_collection(
            collection_name(fingerprint),
            metadata={"fingerprint": fingerprint},
            embedding_function=None,
            configuration={"hnsw": {"space": "cosine"}},
        )

    def upsert(self, ids: Sequence[str], vectors: Matrix) -> None:
        given = checked_rows(ids, vectors)
        for start in range(0, len(given.ids), BATCH):
            part = slice(start, start + BATCH)
            with _clear_errors():
                self._collection.upsert(list(given.ids[part]), embeddings=given.matrix[part])

    def remove(self, ids: Iterable[str]) -> None:
        for part in _batches(sorted(set(ids))):
            with _clear_errors():
                self._collection.delete(part)

    def ids(self) -> set[str]:
        with _clear_errors():
            return set(self._collection.get(include=[])["ids"])

    def get(self, ids: Sequence[str]) -> Rows:
        found: dict[str, np.ndarray] = {}
        for part in _batches(list(dict.fromkeys(ids))):
            with _clear_errors():
                answer = self._collection.get(part, include=["embeddings"])
            embeddings = answer["embeddings"]
            if embeddings is not None and len(embeddings):
                found.update(zip(answer["ids"], np.asarray(embeddings, np.float32), strict=True))
        present = tuple(identity for identity in ids if identity in found)
        matrix = np.stack([found[identity] for identity in present]) if present else np.empty((0, 0), np.float32)
        return Rows(present, matrix, tuple(identity for identity in ids if identity not in found))

    def search(self, vector: Vector, k: int) -> list[tuple[str, float]]:
        k = min(k, self.count())
        if k <= 0:
            return []
        with _clear_errors():
            answer = self._collection.query(
                query_embeddings=np.asarray(vector, np.float32)[None], n_results=k, include=["distances"]
            )
        distances = answer["distances"] or [[]]
        return [
            (identity, 1.0 - float(distance)) for identity, distance in zip(answer["ids"][0], distances[0], strict=True)
        ]

    def count(self) -> int:
        with _clear_errors():
            return self._collection.count()

    def close(self) -> None:
        """An embedded Chroma lets go of its files with the last index on its folder."""
        _close(self._client)


def open_embedded(folder: Path, fingerprint: str) -> ChromaIndex:
    """Raises IndexDamaged if the folder's files are damaged, before Chroma's engine can fall over them."""
    problem = damage(folder)
    if problem:
        raise IndexDamaged(problem)
    folder.mkdir(parents=True, exist_ok=True)
    with _clear_errors():
        client = chromadb.PersistentClient(folder.resolve(), _settings())
        try:
            index = ChromaIndex(client, fingerprint)
            _try_out(index)
        except BaseException:
            _close(client)
            raise
    return index


def open_server(url: str, fingerprint: str) -> ChromaIndex:
    """Raises IndexUnavailable if no Chroma answers at `url`."""
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    try:
        client = chromadb.HttpClient(
            parts.hostname or "", parts.port or (443 if secure else 8000), ssl=secure, settings=_settings()
        )
    except ValueError as error:
        raise IndexUnavailable(f"no Chroma answers at {url}") from error
    with _clear_errors():
        return ChromaIndex(client, fingerprint)


def collection_name(fingerprint: str) -> str:
    """A fingerprint may hold characters that Chroma refuses in names."""
    return f"vectors-{hashlib.sha256(fingerprint.encode()).hexdigest()[:16]}"


def _close(client: ClientAPI) -> None:
    """chromadb 1.5 leaves both its connections to a server open: that of the client and that of its admin half."""
    assert isinstance(client, Client)
    admin = client._admin_client
    assert isinstance(admin, AdminClient)
    client.close()
    for server in (client._server, admin._server):
        if isinstance(server, FastAPI):
            server._session.close()


def _settings() -> Settings:
    return Settings(anonymized_telemetry=False)


def _try_out(index: ChromaIndex) -> None:
    """Read one row and search for it, so that damage shows now and not under a visitor's question."""
    some = index._collection.peek(1)["ids"]
    if some:
        rows = index.get(some)
        if rows.missing or not index.search(rows.matrix[0], 1):
            raise IndexDamaged("Chroma lists vectors that it does not hold")


def _batches(ids: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(ids), BATCH):
        yield list(ids[start : start + BATCH])


@contextmanager
def _clear_errors() -> Iterator[None]:
    """Chroma's errors as ours."""
    try:
        yield
    except (InvalidArgumentError, InvalidDimensionException) as error:
        raise WrongDimension(str(error)) from error
    except httpx.TransportError as error:
        raise IndexUnavailable(f"Chroma does not answer: {error}") from error
    except ChromaError as error:
        raise IndexDamaged(f"{type(error).__name__}: {error}") from error
