"""Run the built e5 encoder: one text at a time, so that a vector never depends on what is encoded beside it."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from knowledge.e5_onnx import MODEL_FILE, TOKENIZER_FILE
from knowledge.vectors import Matrix, Vector, unit_rows

QUERY, PASSAGE = "query: ", "passage: "
"""What e5 was trained with; without them cosines drop."""


class E5Encoder:
    """Safe to share between threads. `threads` is how many texts are encoded at the same time."""

    dimension = 384

    def __init__(self, folder: Path, threads: int = 2) -> None:
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(folder / MODEL_FILE), options, providers=["CPUExecutionProvider"]
        )
        self._threads = threads

    def encode(self, texts: Sequence[str], prompt: str) -> Matrix:
        """Rows of length one, float32 (texts, 384); a text is cut after 512 tokens."""
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        prompted = [prompt + text for text in texts]
        if len(prompted) == 1 or self._threads == 1:
            rows = [self._encode_one(text) for text in prompted]
        else:
            with ThreadPoolExecutor(self._threads) as pool:
                rows = list(pool.map(self._encode_one, prompted))
        return unit_rows(np.stack(rows))

    def _encode_one(self, text: str) -> Vector:
        ids = np.array([self._tokenizer.encode(text).ids], np.int64)
        (vectors,) = self._session.run(["vectors"], {"ids": ids})
        return np.asarray(vectors)[0]
