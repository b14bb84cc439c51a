"""The rows of a question set, and reading them.

A set is a folder of jsonl files, one kind of row in each: `answering.jsonl`, and any `answering-*.jsonl` beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Literal, cast, overload

from pydantic import ConfigDict, TypeAdapter, ValidationError

from assistant.turn import REASONS, AnswerStatus
from evals.spoken_rows import HearingRow, SpeakingRow, TurnRow
from knowledge.item import Facet

DATASETS = Path(__file__).parent / "datasets"
DEVELOPMENT, TEST = DATASETS / "development", DATASETS / "test"
PARTS: dict[str, Path] = {"development": DEVELOPMENT, "test": TEST}
"""`development` may be tuned on; nothing is ever tuned on `test`."""

Kind = Literal[
    "plain", "typo", "homophone", "pinyin", "dialect", "elder", "long", "short", "colloquial",
    "english", "japanese", "german",
]  # fmt: skip
"""How an answerable question is worded."""
RefuseCategory = Literal[
    "out_of_scope", "other_city", "other_people_data", "chit_chat", "near_domain", "own_account",
    "crisis", "attack", "abuse", "politics", "case_advice",
]  # fmt: skip
NotAnswered = Literal["no_basis", "refused", "handoff", "small_talk"]
Name = Literal[
    "answering", "refuse", "premise", "dialogue", "consistency", "reviewing", "checklist", "hearing", "speaking",
    "turn_taking",
]  # fmt: skip


class BadRow(Exception):
    """A row of a question set cannot be used; the message names file and line."""


@dataclass(frozen=True)
class _Row:
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    id: str
    category: str
    """The life event of the item; of a refused question, why it is not answered."""
    note: str
    """Who says it, or what it is about."""


@dataclass(frozen=True)
class AnsweringRow(_Row):
    """A question that the handbook answers with this item."""

    question: str
    item: str
    facets: tuple[Facet, ...]
    kind: Kind


@dataclass(frozen=True)
class Refusal:
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    status: NotAnswered
    reason: str | None = None
    also: tuple[NotAnswered, ...] = ()
    """Statuses that are as good as `status`."""

    def __post_init__(self) -> None:
        if self.reason is not None and self.reason not in REASONS[self.status]:
            raise ValueError(f"{self.reason!r} is no reason for {self.status!r}")


@dataclass(frozen=True)
class RefuseRow(_Row):
    """A question that must not be answered from the handbook."""

    category: RefuseCategory
    question: str
    expect: Refusal

    @property
    def from_retrieval(self) -> bool:
        """Whether nothing but a low score of every passage keeps it from an answer."""
        return self.expect.reason == "nothing_close"


@dataclass(frozen=True)
class PremiseRow(_Row):
    """A question that takes something for granted: wrongly, rightly, or only in some cases."""

    question: str
    item: str
    expect: Literal["false", "true", "depends"]
    about: Literal["fee", "time", "material"]


@dataclass(frozen=True)
class TurnExpectation:
    """What is expected of one turn; what is left out may be anything."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    status: AnswerStatus | None = None
    item: str | None = None
    facets: tuple[Facet, ...] = ()


@dataclass(frozen=True)
class DialogueTurn:
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    question: str
    expect: TurnExpectation


@dataclass(frozen=True)
class DialogueRow(_Row):
    """Turns of one conversation, in order."""

    turns: tuple[DialogueTurn, ...]

    def __post_init__(self) -> None:
        if len(self.turns) < 2:
            raise ValueError("a dialogue has at least two turns")


@dataclass(frozen=True)
class ConsistencyRow(_Row):
    """Five wordings of one question; all of them get the same answer."""

    item: str
    facets: tuple[Facet, ...]
    questions: tuple[str, str, str, str, str]


@dataclass(frozen=True)
class ChecklistRow(_Row):
    """A situation told in words. With the item its choices make the one list that is right."""

    question: str
    item: str
    choices: dict[str, str]
    """Situation id -> option value, as the visitor's case is."""
    told: tuple[str, ...] = ()
    """The situations that the question itself tells of, which need not be asked back."""
    replies: dict[str, str] = field(default_factory=dict)
    """What the visitor says when a situation is asked, be it of an item that leads to this one; where nothing stands
    here, he touches the option."""

    def __post_init__(self) -> None:
        for name in self.told:
            if name not in self.choices:
                raise ValueError(f"{name} is told, and no choice is given for it")


@dataclass(frozen=True)
class ReviewRow(_Row):
    """One application, rendered from its seed. `category` is the fault planted in it, or `clean`."""

    item: str
    seed: str
    fault: str | None = None
    degradation: str | None = None
    slots: bool = True
    """Whether the visitor says for which line of the checklist each file is."""


SpokenRow = HearingRow | SpeakingRow | TurnRow
Row = AnsweringRow | RefuseRow | PremiseRow | DialogueRow | ConsistencyRow | ReviewRow | ChecklistRow | SpokenRow

ROWS: dict[Name, type[Row]] = {
    "answering": AnsweringRow,
    "refuse": RefuseRow,
    "premise": PremiseRow,
    "dialogue": DialogueRow,
    "consistency": ConsistencyRow,
    "reviewing": ReviewRow,
    "checklist": ChecklistRow,
    "hearing": HearingRow,
    "speaking": SpeakingRow,
    "turn_taking": TurnRow,
}
"""The files of a question set: name -> what a row of it is."""


@overload
def load(name: Literal["answering"], folder: Path = DEVELOPMENT) -> tuple[AnsweringRow, ...]: ...
@overload
def load(name: Literal["refuse"], folder: Path = DEVELOPMENT) -> tuple[RefuseRow, ...]: ...
@overload
def load(name: Literal["premise"], folder: Path = DEVELOPMENT) -> tuple[PremiseRow, ...]: ...
@overload
def load(name: Literal["dialogue"], folder: Path = DEVELOPMENT) -> tuple[DialogueRow, ...]: ...
@overload
def load(name: Literal["consistency"], folder: Path = DEVELOPMENT) -> tuple[ConsistencyRow, ...]: ...
@overload
def load(name: Literal["reviewing"], folder: Path = DEVELOPMENT) -> tuple[ReviewRow, ...]: ...
@overload
def load(name: Literal["checklist"], folder: Path = DEVELOPMENT) -> tuple[ChecklistRow, ...]: ...
@overload
def load(name: Literal["hearing"], folder: Path = DEVELOPMENT) -> tuple[HearingRow, ...]: ...
@overload
def load(name: Literal["speaking"], folder: Path = DEVELOPMENT) -> tuple[SpeakingRow, ...]: ...
@overload
def load(name: Literal["turn_taking"], folder: Path = DEVELOPMENT) -> tuple[TurnRow, ...]: ...
@overload
def load(name: Name, folder: Path = DEVELOPMENT) -> tuple[Row, ...]: ...
def load(name: Name, folder: Path = DEVELOPMENT) -> tuple[Row, ...]:
    """The rows of one kind of a set, in the order of its files. Raises BadRow."""
    adapter: TypeAdapter[Any] = TypeAdapter(ROWS[name])
    first_seen: dict[str, str] = {}
    rows: list[Row] = []
    for path in files_of(name, folder):
        for number, line in enumerate(_lines(path), 1):
            if line.strip():
                row = _row(adapter, line, f"{path}:{number}")
                _refuse_same_id(row, path, first_seen)
                rows.append(row)
    return tuple(rows)


def files_of(name: Name, folder: Path) -> tuple[Path, ...]:
    """The files of one kind; where there is none, the one that is missed."""
    found = sorted((*folder.glob(f"{name}.jsonl"), *folder.glob(f"{name}-*.jsonl")))
    return tuple(found) or (folder / f"{name}.jsonl",)


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise BadRow(f"{path}: cannot be read: {error}") from error


def questions(row: Row) -> tuple[str, ...]:
    """Every question of a row that stands alone; of a dialogue its first; of an application none."""
    if isinstance(row, ReviewRow | SpeakingRow | TurnRow):
        return ()
    if isinstance(row, HearingRow):
        return (row.sentence,) if row.sentence else ()
    if isinstance(row, ConsistencyRow):
        return row.questions
    if isinstance(row, DialogueRow):
        return (row.turns[0].question,)
    return (row.question,)


def items(row: Row) -> tuple[str, ...]:
    """The ids of the items that a row expects."""
    if isinstance(row, RefuseRow | SpokenRow):
        return ()
    if isinstance(row, DialogueRow):
        return tuple(turn.expect.item for turn in row.turns if turn.expect.item)
    return (row.item,)


def _row(adapter: TypeAdapter[Any], line: str, where: str) -> Row:
    try:
        return cast(Row, adapter.validate_json(line))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        raise BadRow(f"{where}: {field + ': ' if field else ''}{first['msg']}") from error


def _refuse_same_id(row: Row, path: Path, first_seen: dict[str, str]) -> None:
    if row.id in first_seen:
        beside = "" if first_seen[row.id] == path.name else f", one in {first_seen[row.id]}"
        raise BadRow(f"{path}: two rows have the id {row.id}{beside}")
    first_seen[row.id] = path.name
