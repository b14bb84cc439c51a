"""Vectors by passage id. What is live is decided elsewhere; a lost index is rebuilt from the vectors kept elsewhere."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from knowledge.vectors import Matrix, Vector, unit_rows


class IndexDamaged(Exception):
    """What is stored cannot be read. Answer: close, `discard_index`, open again, upsert the vectors again."""


class IndexUnavailable(Exception):
    """The vector server does not answer."""


class WrongDimension(ValueError):
    """Vectors of another length than those in the index."""


@dataclass(frozen=True)
class Rows:
    """Vectors found, in the order asked for, and the ids that are not there."""

    ids: tuple[str, ...]
    matrix: Matrix
    missing: tuple[str, ...] = ()


class Index(Protocol):
    """A store of unit vectors. Any thread may use it; one process at a time owns a folder."""

    def upsert(self, ids: Sequence[str], vectors: Matrix) -> None: ...

    def remove(self, ids: Iterable[str]) -> None:
        """Ids that are not there are no error."""
        ...

    def ids(self) -> set[str]: ...

    def get(self, ids: Sequence[str]) -> Rows: ...

    def search(self, vector: Vector, k: int) -> list[tuple[str, float]]:
        """Up to `k` (id, cosine), nearest first."""
        ...

    def count(self) -> int: ...

    def close(self) -> None: ...


@dataclass(frozen=True)
class _Held:
    """One state of a MemoryIndex; a change makes a new one, so readers need no lock."""

    ids: tuple[str, ...]
    row_of: dict[str, int]
    matrix: Matrix

    @classmethod
    def of(cls, ids: Sequence[str], matrix: Matrix) -> _Held:
        return cls(tuple(ids), {identity: row for row, identity in enumerate(ids)}, matrix)


class MemoryIndex:
    """A matrix, searched whole. With `file` (.npz) every change is written there, atomically."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._held = _load(file) if file and file.exists() else _Held.of((), np.empty((0, 0), np.float32))

    def upsert(self, ids: Sequence[str], vectors: Matrix) -> None:
        given = checked_rows(ids, vectors)
        if not given.ids:
            return
        with self._lock:
            held, size = self._held, given.matrix.shape[1]
            if held.ids and held.matrix.shape[1] != size:
                raise WrongDimension(f"the index holds vectors of {held.matrix.shape[1]}, not {size}")
            new = set(given.ids)
            kept = [row for row, identity in enumerate(held.ids) if identity not in new]
            matrix = np.concatenate([held.matrix[kept].reshape(len(kept), size), given.matrix])
            self._become(_Held.of([*(held.ids[row] for row in kept), *given.ids], matrix))

    def remove(self, ids: Iterable[str]) -> None:
        gone = set(ids)
        with self._lock:
            held = self._held
            kept = [row for row, identity in enumerate(held.ids) if identity not in gone]
            if len(kept) < len(held.ids):
                self._become(_Held.of([held.ids[row] for row in kept], held.matrix[kept]))

    def ids(self) -> set[str]:
        return set(self._held.ids)

    def get(self, ids: Sequence[str]) -> Rows:
        held = self._held
        found = [identity for identity in ids if identity in held.row_of]
        missing = tuple(identity for identity in ids if identity not in held.row_of)
        return Rows(tuple(found), held.matrix[[held.row_of[identity] for identity in found]], missing)

    def search(self, vector: Vector, k: int) -> list[tuple[str, float]]:
        held = self._held
        k = min(k, len(held.ids))
        if k <= 0:
            return []
        cosines = held.matrix @ unit_rows(vector[None])[0]
        best = np.argpartition(-cosines, k - 1)[:k]
        best = best[np.argsort(-cosines[best], kind="stable")]
        return [(held.ids[row], float(cosines[row])) for row in best]

    def count(self) -> int:
        return len(self._held.ids)

    def close(self) -> None:
        """Nothing is left to write."""

    def _become(self, held: _Held) -> None:
        if self._file:
            _save(self._file, held)
        self._held = held


def checked_rows(ids: Sequence[str], vectors: Matrix) -> Rows:
    """Unit rows, one for each id; of an id given twice the last. Raises ValueError."""
    matrix = np.asarray(vectors, np.float32)
    if matrix.ndim != 2 or len(matrix) != len(ids):
        raise ValueError(f"{len(ids)} ids need as many rows, not shape {matrix.shape}")
    if not np.isfinite(matrix).all():
        raise ValueError("a vector holds a value that is no number")
    last = {identity: row for row, identity in enumerate(ids)}
    return Rows(tuple(last), unit_rows(matrix[list(last.values())]))


def _load(file: Path) -> _Held:
    try:
        with file.open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
            return _Held.of(stored["ids"].tolist(), stored["matrix"])
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise IndexDamaged(f"{file} cannot be read: {error}") from error


def _save(file: Path, held: _Held) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".writing-", dir=file.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            np.savez(stream, ids=np.array(held.ids, dtype=np.str_), matrix=held.matrix)
        os.replace(name, file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def open_index(folder: Path | None, chroma_url: str | None, fingerprint: str) -> Index:
    """Chroma at `chroma_url`, else Chroma in `folder`, else memory. One collection per embedder `fingerprint`.

    Raises IndexDamaged or IndexUnavailable.
    """
    if chroma_url is None and folder is None:
        return MemoryIndex()
    from knowledge.chroma_index import open_embedded, open_server  # importing chromadb takes most of a second

    return open_server(chroma_url, fingerprint) if chroma_url else open_embedded(folder or Path(), fingerprint)


def discard_index(folder: Path) -> None:
    """Delete a damaged embedded index, so that `open_index` starts an empty one there. Close it first."""
    shutil.rmtree(folder, ignore_errors=True)
