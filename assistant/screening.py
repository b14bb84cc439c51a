"""What the hall does not answer, as word lists: `screening.yaml` read into one compiled pattern per group."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict

from assistant.turn import REASONS, AnswerStatus

Over = Literal["end", "question"]
_SET = re.compile(r"<<(\w+)>>")
_BLANK = "□"


class ScreeningError(Exception):
    """The word data cannot be used; the message says where it is wrong."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Suggestion(_Strict):
    """A question worth offering with the ending, when its words stand in the text."""

    says: str
    ask: str


class GroupData(_Strict):
    """One group of screening.yaml. `<<name>>` in a pattern stands for a set of that file."""

    name: str
    status: AnswerStatus
    reason: str
    variant: str | None = None
    beside_question: bool = False
    """The question that stands beside these words is answered, without them."""
    patterns: tuple[str, ...]
    unless: tuple[str, ...] = ()
    """What these match is not looked at."""
    suggest: tuple[Suggestion, ...] = ()


@dataclass(frozen=True)
class Group:
    """A group ready to search lower-case text."""

    data: GroupData
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None

    def found_in(self, text: str) -> bool:
        """Whether the words stand in `text` (lower case) outside of what `unless` matches."""
        if not self.pattern.search(text):
            return False
        return self.unless is None or bool(self.pattern.search(self.unless.sub(_BLANK, text)))

    def suggestions(self, text: str) -> tuple[str, ...]:
        asked = (one.ask for one in self.data.suggest if re.search(one.says, text))
        return tuple(dict.fromkeys(asked))[:3]


@dataclass(frozen=True)
class Screening:
    """The groups in the order in which they are asked, and what tells a question from noise."""

    groups: tuple[Group, ...]
    payload: re.Pattern[str]
    """Code and control words that are taken out of a question."""
    gibberish: re.Pattern[str]
    question_word: re.Pattern[str]
    matter: re.Pattern[str]

    def first(self, text: str) -> Group | None:
        """The first group whose words stand in `text` (lower case)."""
        return next((group for group in self.groups if group.found_in(text)), None)

    def asks_something(self, text: str) -> bool:
        """Whether `text` (lower case) asks about a matter of the hall."""
        return bool(self.matter.search(text) and self.question_word.search(text))

    @cached_property
    def reasons(self) -> frozenset[tuple[AnswerStatus, str]]:
        return frozenset((group.data.status, group.data.reason) for group in self.groups)


def load_screening(path: Path | None = None) -> Screening:
    """The bundled words, or those of `path`. Raises ScreeningError."""
    source = path or Path(str(files("assistant"))) / "screening.yaml"
    data = yaml.load(source.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    sets: dict[str, str] = {}
    for name, words in data["sets"].items():
        sets[name] = _filled(name, "|".join(words), sets)
    return Screening(
        groups=tuple(_group(GroupData.model_validate(one), sets) for one in data["groups"]),
        **{name: _compile(name, data[name], sets) for name in ("payload", "gibberish", "question_word", "matter")},
    )


def _group(data: GroupData, sets: dict[str, str]) -> Group:
    if data.reason not in REASONS[data.status]:
        raise ScreeningError(f"{data.name}: {data.reason} is no reason for {data.status}")
    unless = _compile(f"{data.name}.unless", data.unless, sets) if data.unless else None
    return Group(data, _compile(data.name, data.patterns, sets), unless)


def _compile(name: str, patterns: Any, sets: dict[str, str]) -> re.Pattern[str]:
    try:
        return re.compile("|".join(_filled(name, pattern, sets) for pattern in patterns), re.ASCII)
    except re.error as error:
        raise ScreeningError(f"{name}: {error}") from error


def _filled(name: str, pattern: str, sets: dict[str, str]) -> str:
    """The pattern with the sets that it names; a set may name those above it."""
    try:
        return _SET.sub(lambda found: f"(?:{sets[found[1]]})", pattern)
    except KeyError as error:
        raise ScreeningError(f"{name}: {error}") from error
