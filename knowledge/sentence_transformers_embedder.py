"""Any sentence-transformers model, by name or folder. Importing this takes seconds and needs the extra."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch  # pyright: ignore[reportMissingImports]
from sentence_transformers import SentenceTransformer  # pyright: ignore[reportMissingImports]

from knowledge.embedders import Embedder, UnknownEmbedder
from knowledge.models import sha256_of
from knowledge.vectors import Matrix, Vector, unit_rows

E5_PROMPTS = {"query": "query: ", "document": "passage: "}
"""What e5 models were trained with; their folders often do not say so."""
WEIGHTS = ("*.safetensors", "*.bin", "*.json", "*.txt")


class SentenceTransformersEmbedder(Embedder):
    """Queries and passages get the model's own prompts where it names some."""

    def __init__(self, model: str, threads: int = 2) -> None:
        torch.set_num_threads(threads)
        try:
            self._model = SentenceTransformer(model, model_kwargs={"dtype": torch.float32})
        except OSError as error:
            raise UnknownEmbedder(f"{model} is no sentence-transformers folder, and cannot be downloaded") from error
        own = self._model.prompts or {}
        if "e5" in Path(model).name.lower() and not any(own.values()):
            self._model.prompts = dict(E5_PROMPTS)
        super().__init__(f"sentence-transformers-{Path(model).name}-{_digest(model, self._model)}")

    def _encode_query(self, text: str) -> Vector:
        return unit_rows(np.asarray(self._model.encode_query([text], show_progress_bar=False)))[0]

    def _encode_passages(self, texts: Sequence[str]) -> Matrix:
        if not texts:
            return np.empty((0, 0), np.float32)
        return unit_rows(np.asarray(self._model.encode_document(list(texts), show_progress_bar=False)))


def _digest(model: str, loaded: SentenceTransformer) -> str:
    """Of a folder the files that decide its vectors, of a name the name and its revision; and the prompts."""
    digest = hashlib.sha256(repr(sorted(loaded.prompts.items())).encode())
    folder = Path(model)
    if folder.is_dir():
        for file in sorted({file for pattern in WEIGHTS for file in folder.rglob(pattern)}):
            digest.update(f"{file.relative_to(folder)} {sha256_of(file)}\n".encode())
    else:
        digest.update(f"{model} {loaded.model_card_data.base_model_revision}".encode())
    return digest.hexdigest()[:12]
