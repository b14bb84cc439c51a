"""Fixed replies in the hall's languages, read from `replies.yaml`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.language import LANGUAGES, Language, asked_for
from assistant.turn import Answer, AnswerStatus, Expression, NextStep, NextStepKind, Option

Words = dict[Language, str]
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


class UnusableReplies(Exception):
    """The reply file cannot be used; the message says what is wrong in it."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class StepData(_Strict):
    kind: NextStepKind
    label: Words
    data: dict[str, str] = {}


class Reply(_Strict):
    """What is said for one status and reason, or for a variant of it."""

    text: Words
    speech: str | None = None
    """The Chinese text as spoken, where it is shorter; other languages speak their text."""
    expression: Expression = "neutral"
    next_step: StepData | None = None


@dataclass(frozen=True)
class Replies:
    """Replies by "status.reason" or "status.reason/variant", and the values of their placeholders."""

    entries: dict[str, Reply]
    defaults: dict[Language, dict[str, str]]
    hall: Callable[[], dict[str, str]]
    """Values that hold for the whole hall now: hotline, phone, hall."""

    def answer(
        self,
        status: AnswerStatus,
        reason: str,
        language: str = "zh",
        *,
        variant: str | None = None,
        options: tuple[Option, ...] = (),
        suggestions: tuple[str, ...] = (),
        **values: str,
    ) -> Answer:
        """The reply with its placeholders filled in. Raises KeyError for a status and reason without a reply."""
        entry = self.entries.get(f"{status}.{reason}/{variant}") or self.entries[f"{status}.{reason}"]
        spoken = asked_for(language) or "zh"
        known = {**self.defaults.get(spoken, {}), **self.hall(), **values}
        text = _filled(entry.text[spoken], known)
        speech = _filled(entry.speech, known) if entry.speech and spoken == "zh" else text
        return Answer(
            status=status,
            reason=reason,
            text=text,
            speech=speech,
            next_step=entry.next_step and _step(entry.next_step, spoken, known),
            options=options,
            suggestions=suggestions,
            expression=entry.expression,
        )

    def spoken(self) -> list[str]:
        """What is said in Chinese by the replies whose words are always the same in this hall."""
        known = {**self.defaults["zh"], **self.hall()}
        said = [entry.speech or entry.text["zh"] for entry in self.entries.values()]
        changing = {"said", "item", "region", "limit", "code", "department"}
        return [_filled(text, known) for text in said if not changing & set(_PLACEHOLDER.findall(text))]


def load_replies(path: Path | None = None, *, hotline: str = "12345", hall: str | None = None) -> Replies:
    """The bundled replies, or those of `path`, for a hall. Raises UnusableReplies."""
    source = path or Path(str(files("assistant"))) / "replies.yaml"
    data = yaml.load(source.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    entries: dict[str, Reply] = {}
    for name, entry in data["replies"].items():
        try:
            entries[name] = Reply.model_validate(entry)
        except ValidationError as error:
            raise UnusableReplies(f"{source.name}: {name}: {error.errors()[0]['msg']}") from error
        missing = [language for language in LANGUAGES if language not in entries[name].text]
        if missing:
            raise UnusableReplies(f"{source.name}: {name}: no text in {', '.join(missing)}")
    values = hall_values(hotline, hall)
    return Replies(entries, data["defaults"], lambda: values)


def hall_values(hotline: str, hall: str | None) -> dict[str, str]:
    return {"hotline": hotline, "phone": hotline} | ({"hall": hall} if hall else {})


def _step(step: StepData, language: Language, values: dict[str, str]) -> NextStep:
    label = step.label.get(language) or step.label["zh"]
    return NextStep(
        step.kind, _filled(label, values), {name: _filled(value, values) for name, value in step.data.items()}
    )


def _filled(text: str, values: dict[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda found: values[found[1]], text)
