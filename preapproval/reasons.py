"""Chinese words for codes of the sign-off. reasons.yaml holds them."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Literal

import yaml

Words = Literal[
    "states", "events", "roles", "decisions", "dismiss", "repeat", "procedures", "deadlines", "refusals"
]  # fmt: skip


@cache
def load_reasons() -> dict[str, dict[str, str]]:
    """Kind of code -> code -> words."""
    return yaml.safe_load((files("preapproval") / "reasons.yaml").read_text("utf-8"))


def words(kind: Words, code: str) -> str:
    """Raises KeyError for a code that does not exist."""
    return load_reasons()[kind][code]
