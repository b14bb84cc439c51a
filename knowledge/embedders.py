"""Embedders by name. Each is a LangChain `Embeddings`, so any other may stand in its place.

A setting names one: "e5", "e5:q4", "hashing", "sentence-transformers:/path/or/name", "openai:model".
"""

from __future__ import annotations

import threading
from abc import abstractmethod
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import get_args
from zlib import crc32

import numpy as np
from langchain_core.embeddings import Embeddings

from knowledge.models import ModelUnavailable
from knowledge.vectors import Matrix, Vector, unit_rows

CACHED_QUERIES = 1024


class UnknownEmbedder(ValueError):
    """The setting names no embedder, or one whose package is not installed."""


class Embedder(Embeddings):
    """A LangChain `Embeddings` that also names its vector space and hands out arrays of unit rows."""

    fingerprint: str
    """Equal fingerprints mean comparable vectors: source of the weights, variant, builder version."""

    def __init__(self, fingerprint: str) -> None:
        self.fingerprint = fingerprint
        self._queries: OrderedDict[str, Vector] = OrderedDict()
        self._lock = threading.Lock()

    @abstractmethod
    def _encode_query(self, text: str) -> Vector: ...

    @abstractmethod
    def _encode_passages(self, texts: Sequence[str]) -> Matrix: ...

    def passage_vectors(self, texts: Sequence[str]) -> Matrix:
        """One unit row a text, in order."""
        return self._encode_passages([encodable(text) for text in texts])

    def query_vector(self, text: str) -> Vector:
        """A unit vector, read-only. The last queries are remembered; any thread may ask."""
        with self._lock:
            known = self._queries.get(text)
            if known is not None:
                self._queries.move_to_end(text)
                return known
        vector = self._encode_query(encodable(text))
        vector.setflags(write=False)
        with self._lock:
            self._queries[text] = vector
            if len(self._queries) > CACHED_QUERIES:
                self._queries.popitem(last=False)
        return vector

    def embed_query(self, text: str) -> list[float]:
        return self.query_vector(text).tolist()

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self.passage_vectors(texts).tolist()


def encodable(text: str) -> str:
    """`text` as every tokenizer and server takes it: no NUL, no half of a surrogate pair, not empty."""
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return whole.replace("\0", " ") or " "


class E5Embedder(Embedder):
    """multilingual-e5-small on onnxruntime."""

    def __init__(self, models_dir: Path, variant: str = "int8", threads: int = 2) -> None:
        from knowledge.e5 import E5Encoder
        from knowledge.e5_onnx import Variant, build_e5, fingerprint

        known = {name: name for name in get_args(Variant)}
        if variant not in known:
            raise UnknownEmbedder(f"e5 comes as {' or '.join(known)}, not as {variant!r}")
        super().__init__(fingerprint(variant))
        self._encoder = E5Encoder(build_e5(models_dir, known[variant]), threads)

    def _encode_query(self, text: str) -> Vector:
        from knowledge.e5 import QUERY

        return self._encoder.encode([text], QUERY)[0]

    def _encode_passages(self, texts: Sequence[str]) -> Matrix:
        from knowledge.e5 import PASSAGE

        return self._encoder.encode(texts, PASSAGE)


class HashingEmbedder(Embedder):
    """Characters and their pairs hashed into a vector: shared wording is near, and no model is needed."""

    def __init__(self, dimension: int = 512) -> None:
        super().__init__(f"hashing-{dimension}-v1")
        self._dimension = dimension

    def _encode_query(self, text: str) -> Vector:
        return self._encode_passages([text])[0]

    def _encode_passages(self, texts: Sequence[str]) -> Matrix:
        matrix = np.zeros((len(texts), self._dimension), np.float32)
        for row, text in zip(matrix, texts, strict=True):
            for gram in _grams(text):
                row[hash_of(gram) % self._dimension] += 1
        return unit_rows(np.sqrt(matrix))


def _grams(text: str) -> list[str]:
    letters = [letter for letter in text.lower() if letter.isalnum()]
    return letters + [a + b for a, b in pairwise(letters)]


def hash_of(gram: str) -> int:
    """The same on every machine and in every process, unlike `hash`."""
    return crc32(gram.encode())


class LangChainEmbedder(Embedder):
    """Any other `Embeddings`, its vectors scaled to length one."""

    def __init__(self, inner: Embeddings, fingerprint: str) -> None:
        super().__init__(fingerprint)
        self._inner = inner

    def _encode_query(self, text: str) -> Vector:
        with self._told():
            return unit_rows(np.array([self._inner.embed_query(text)]))[0]

    def _encode_passages(self, texts: Sequence[str]) -> Matrix:
        if not texts:
            return np.empty((0, 0), np.float32)
        with self._told():
            return unit_rows(np.array(self._inner.embed_documents(list(texts))))

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Every provider fails in its own way; whoever asked gets one kind of error."""
        try:
            yield
        except Exception as error:
            raise ModelUnavailable(f"the embedder {self.fingerprint} does not answer: {error}") from error


@dataclass(frozen=True)
class Choice:
    """What a builder may use. `model` is what stands after the colon of the setting."""

    model: str
    models_dir: Path
    threads: int = 2
    base_url: str | None = None
    api_key: str | None = None


def build_e5_embedder(choice: Choice) -> Embedder:
    return E5Embedder(choice.models_dir, choice.model or "int8", choice.threads)


def build_hashing(choice: Choice) -> Embedder:
    if choice.model and not (choice.model.isdecimal() and int(choice.model) > 0):
        raise UnknownEmbedder(f"hashing takes a number of dimensions, not {choice.model!r}")
    return HashingEmbedder(int(choice.model or 512))


def build_sentence_transformers(choice: Choice) -> Embedder:
    try:
        from knowledge.sentence_transformers_embedder import SentenceTransformersEmbedder
    except ImportError as error:
        raise UnknownEmbedder("install the extra xiaoxin[sentence-transformers] for this embedder") from error
    return SentenceTransformersEmbedder(_named(choice, "sentence-transformers"), choice.threads)


def build_openai(choice: Choice) -> Embedder:
    from langchain_openai import OpenAIEmbeddings
    from pydantic import SecretStr

    model = _named(choice, "openai")
    inner = OpenAIEmbeddings(
        model=model,
        base_url=choice.base_url,
        api_key=SecretStr(choice.api_key or "none"),
        check_embedding_ctx_length=False,  # sends text; only OpenAI itself takes token ids
        timeout=30,
        max_retries=2,
    )
    return LangChainEmbedder(inner, f"openai-{model}-{hash_of(choice.base_url or ''):08x}")


def _named(choice: Choice, kind: str) -> str:
    if not choice.model:
        raise UnknownEmbedder(f"{kind} needs a model: {kind}:NAME")
    return choice.model


EMBEDDERS: dict[str, Callable[[Choice], Embedder]] = {
    "e5": build_e5_embedder,
    "hashing": build_hashing,
    "sentence-transformers": build_sentence_transformers,
    "openai": build_openai,
}


def build_embedder(
    spec: str, *, models_dir: Path, threads: int = 2, base_url: str | None = None, api_key: str | None = None
) -> Embedder:
    """The embedder that `spec` names. `models_dir` keeps what is built from packages.

    Raises UnknownEmbedder, or ModelUnavailable if the weights are not installed.
    """
    name, _, model = spec.partition(":")
    if name not in EMBEDDERS:
        raise UnknownEmbedder(f"no embedder is called {name!r}; there are {', '.join(EMBEDDERS)}")
    return EMBEDDERS[name](Choice(model, models_dir, threads, base_url, api_key))
