"""Settings of halls in tests: embedded, silent, with a reader that believes what pictures say of themselves."""

from pathlib import Path
from typing import Any

from channels.settings import Settings


def door_settings(folder: Path, **more: Any) -> Settings:
    values = {"embedder": "hashing", "vector_store": "memory", "speech": False, "ocr": "scripted", "ocr_workers": 0}
    values |= {"blind_sample": 0}  # else some case, drawn by its id, hides its findings
    return Settings(data_dir=folder, **{**values, **more}, _env_file=None)  # pyright: ignore[reportCallIssue]
