"""The values that pass through the answer pipeline. All frozen: a step takes a turn and returns a new one."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from assistant.premise import Premise
from knowledge.item import Facet, ServiceItem
from knowledge.passage import Citation, Hit

if TYPE_CHECKING:
    from assistant.choose_faq import ChosenFaq

AnswerStatus = Literal["answered", "clarify", "guide", "no_basis", "handoff", "refused", "small_talk", "error"]
Expression = Literal["neutral", "smile", "thinking", "sorry", "explain", "greet"]
NextStepKind = Literal["checklist", "window", "hotline", "callback", "link", "ask"]

REASONS: dict[AnswerStatus, tuple[str, ...]] = {
    "answered": ("facts", "faq", "passage", "model", "premise"),
    "clarify": ("two_items", "many_items", "no_item", "no_option"),
    "guide": ("situation",),
    "no_basis": ("nothing_close", "other_service", "other_region", "own_account", "not_in_force", "facet_unknown"),
    "handoff": ("crisis", "asked_for_person", "case_advice"),
    "refused": (
        "empty", "too_long", "unreadable", "personal_data", "attack", "abuse", "politics", "out_of_bounds",
    ),
    "small_talk": (
        "greeting", "thanks", "goodbye", "who_are_you", "slower", "louder", "repeat", "acknowledged", "compliment",
    ),
    "error": ("timeout", "unavailable", "internal"),
}  # fmt: skip
"""The closed list of reasons beside each status."""


@dataclass(frozen=True)
class Question:
    """What a visitor asked, as it arrived."""

    text: str
    conversation_id: str
    terminal: str = "cli"
    region: str | None = None
    profile: str = "standard"
    language: str | None = None
    """Asked for by the client; None means the language of the text."""
    at: date = field(default_factory=date.today)


@dataclass(frozen=True)
class Option:
    label: str
    value: str


@dataclass(frozen=True)
class NextStep:
    kind: NextStepKind
    label: str
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Draft:
    """Words that still have to be verified against their citations."""

    text: str
    speech: str
    citations: tuple[Citation, ...]
    by: str = "facts"
    """facts, faq, passage, or the name of a model."""


@dataclass(frozen=True)
class Answer:
    """What the visitor gets. An `answered` one is made by verify alone."""

    status: AnswerStatus
    reason: str
    text: str
    speech: str
    next_step: NextStep | None = None
    citations: tuple[Citation, ...] = ()
    options: tuple[Option, ...] = ()
    suggestions: tuple[str, ...] = ()
    expression: Expression = "neutral"
    model: str | None = None

    def __post_init__(self) -> None:
        if self.reason not in REASONS[self.status]:
            raise ValueError(f"{self.reason!r} is no reason for {self.status!r}")
        if self.next_step is None and self.status not in ("answered", "small_talk"):
            raise ValueError(f"an answer that is {self.status!r} needs a next step")


@dataclass(frozen=True)
class PastTurn:
    """What later turns of a conversation need of an earlier one. Its text is masked."""

    question: str
    text: str
    speech: str
    status: AnswerStatus
    item: str | None = None
    facets: tuple[Facet, ...] = ()
    options: tuple[Option, ...] = ()
    choices: dict[str, str] = field(default_factory=dict)
    """Situation answers given so far: situation id -> option value."""
    asking: str | None = None
    """The situation that this turn asked about."""


@dataclass(frozen=True)
class StepTime:
    name: str
    ms: float


@dataclass(frozen=True)
class Turn:
    """One question on its way through the steps; the saved turn is its own trace."""

    question: Question
    history: tuple[PastTurn, ...] = ()
    text: str = ""
    """The question as cleaned and masked; nothing later sees the original."""
    language: str = "zh"
    self_standing: str = ""
    """The question with follow-ups resolved and misheard words mended; what retrieval sees."""
    corrections: tuple[tuple[str, str], ...] = ()
    """Misheard or mistyped words and what they were taken for."""
    facets: tuple[Facet, ...] = ()
    region: str | None = None
    at_partner: bool = False
    """Whether the question names a place elsewhere that works together with this hall."""
    item: ServiceItem | None = None
    """The item in hand."""
    choices: dict[str, str] = field(default_factory=dict)
    asking: str | None = None
    picked: bool = False
    """Whether the question chose one of the options that were offered."""
    telling: str | None = None
    """Words that tell of the visitor's situation, where these are not the question: an option touched tells no more."""
    hits: tuple[Hit, ...] = ()
    faq: ChosenFaq | None = None
    """The FAQ of the item in hand that the question is nearly equal to."""
    premises: tuple[Premise, ...] = ()
    """What the question takes for granted, held against the item."""
    mistaken_for: str | None = None
    """Why the question means the item in hand and not the one that its words name."""
    draft: Draft | None = None
    answer: Answer | None = None
    times: tuple[StepTime, ...] = ()

    def ended(self, answer: Answer) -> Turn:
        return replace(self, answer=answer)


@dataclass(frozen=True)
class Sentence:
    """A verified sentence of an answer that is still being written."""

    text: str
    speech: str


Step = Callable[[Turn], Turn | Generator[Sentence, None, Turn]]
"""A step of the pipeline. One that writes sentence by sentence is a generator that returns the turn."""
