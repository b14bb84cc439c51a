"""Other cities in questions that are not in Chinese."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

import yaml


def foreign_elsewhere(text: str) -> str | None:
    """The other place that `text` asks about; None where the person only comes from there, or goes there for care."""
    names, kept = _places()
    found = names.search(text)
    if found is None or kept.search(text):
        return None
    return found[0]


@cache
def _places() -> tuple[re.Pattern[str], re.Pattern[str]]:
    data = yaml.load((files("knowledge") / "elsewhere_foreign.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    names = [re.escape(name) for name in data["names"].split()]
    latin = "|".join(name for name in names if name[0] < "\u3000")
    other = "|".join(name for name in names if name[0] >= "\u3000")
    kept = re.sub(r"\s+(?=\|)", "", data["kept"].strip())
    return re.compile(rf"\b(?:{latin})\b|{other}", re.IGNORECASE), re.compile(kept, re.IGNORECASE)
