"""The words of rule_words.yaml: how clerks write conditions and sheets, and how they are told what is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from rapidfuzz import fuzz, process

NEAR = 55
"""Likeness of 100 from which a name is offered instead of an unknown one."""


@cache
def words() -> dict[str, Any]:
    return yaml.safe_load((files("preapproval") / "rule_words.yaml").read_text("utf-8"))


def say(group: str, key: str, **values: Any) -> str:
    """The sentence `key` of `group`, filled in."""
    return words()[group][key].format(**values)


def nearest(name: str, known: Iterable[str]) -> str | None:
    """What was probably meant by `name`."""
    found = process.extractOne(name, list(known), scorer=fuzz.ratio, score_cutoff=NEAR)
    return found[0] if found else None


def near_words(name: str, known: Iterable[str]) -> str:
    """`，是不是“…”`, or nothing."""
    near = nearest(name, known)
    return say("rules", "near", near=near) if near else ""
