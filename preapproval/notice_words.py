"""Chinese words that all papers share, and how days and numbers of papers are written. notice_words.yaml holds them."""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import yaml

Decision = Literal["granted", "not_granted", "ended"]


@cache
def notice_words() -> dict[str, Any]:
    return yaml.safe_load((files("preapproval") / "notice_words.yaml").read_text("utf-8"))


def title_of(kind: str, decision: Decision | None = None, *, permit: bool = True) -> str:
    """What a paper is called; a decision notice by what was decided. Raises KeyError for a kind that does not exist."""
    words = notice_words()
    if kind == "decision_notice" and decision:
        return words["decisions"][decision][0 if permit else 1]
    return words["titles"][kind]


def long_day(day: date | None) -> str:
    """2026年3月2日; empty for none."""
    return notice_words()["day"].format(year=day.year, month=day.month, day=day.day) if day else ""


def paper_number(kind: str, year: int, running: int | None, authority_code: str | None = None) -> str:
    """机关代字〔年〕号; `running` None: of a draft, which has no number yet."""
    words = notice_words()
    form = words["number"] if running is not None else words["no_number"]
    authority = authority_code or words["authority_code"]
    return form.format(authority=authority, letter=words["letters"][kind], year=year, running=running)
