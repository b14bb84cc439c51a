"""The values of a pre-review, all frozen: what is handed in, what is read on it, what is found, and the verdict.

Pixels are those of the upright page, after EXIF rotation, orientation and straightening; `to_source` leads back.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Point = tuple[float, float]
Quad = tuple[Point, Point, Point, Point]
"""Four corners in pixels, clockwise from the top left of what is written."""
Transform = tuple[float, float, float, float, float, float, float, float, float]
"""A 3×3 homography, row by row."""
UNTURNED: Transform = (1, 0, 0, 0, 1, 0, 0, 0, 1)


class Value(BaseModel):
    """Base of every value here: frozen, and a misspelt field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


# what is read --------------------------------------------------------------------------------------------------


class Line(Value):
    """One line of text on a page."""

    text: str
    quad: Quad
    confidence: float = Field(ge=0, le=1)
    """As the engine says; never a proof that the text is right."""
    under_seal: bool = False
    """Read in a second pass in which the seal's colour is taken away."""
    handwritten: bool = False
    twice: bool = False
    """It holds a number whose check character is wrong, and a second, larger look read the same number."""


MarkKind = Literal["seal", "face", "signature"]


class Mark(Value):
    """Something seen on a page that is not text. Its presence proves nothing about its being genuine."""

    kind: MarkKind
    quad: Quad
    score: float = Field(ge=0, le=1)
    text: str | None = None
    """Words of a seal, where they could be read."""


QualityProblem = Literal[
    "motion_blur", "defocus", "shadow", "glare", "cut_edge", "low_resolution", "dark", "blank", "not_a_document",
]  # fmt: skip


class QualityFinding(Value):
    """What is wrong with the picture itself."""

    problem: QualityProblem
    retake: bool
    """Whether text is likely to be lost; else it is a warning only."""
    measure: float
    quad: Quad | None = None


class PageRef(Value):
    """Which page: of which file, its number there from 1, and which card of several on it (0: the page is one)."""

    file: Sha256
    number: int = Field(default=1, ge=1)
    part: int = Field(default=0, ge=0)


class Page(Value):
    """One upright page, or one card cut from it, with everything read on it."""

    ref: PageRef
    width: int = Field(gt=0)
    height: int = Field(gt=0)
    turned: Literal[0, 90, 180, 270] = 0
    """Degrees clockwise by which the source was turned to stand upright."""
    to_source: Transform = UNTURNED
    source: Literal["text_layer", "ocr"] = "ocr"
    lines: tuple[Line, ...] = ()
    marks: tuple[Mark, ...] = ()
    quality: tuple[QualityFinding, ...] = ()


FileProblem = Literal[
    "empty", "unreadable", "unsupported", "encrypted", "too_large", "too_many_pages", "too_wide", "mixed_formats",
    "animated", "reader_failed", "timed_out", "out_of_memory", "duplicate",
]  # fmt: skip
"""Why a file, or the rest of it, could not be read."""


class HandedIn(Value):
    """One file as it was handed in. Its bytes travel beside it."""

    name: str
    """As the visitor's device named it; shown, never used as a path."""
    sha256: Sha256
    size: int = Field(ge=0)
    slot: str | None = None
    """The requirement for which it was handed in, where the visitor said so: a key of the checklist."""


class ReadFile(Value):
    """What reading one file gave. A file with a problem may still have pages."""

    file: HandedIn
    media_type: str | None = None
    pages: tuple[Page, ...] = ()
    problem: FileProblem | None = None
    detail: str = ""
    engine: str = ""
    took_ms: float = 0


# what is recognised --------------------------------------------------------------------------------------------

Method = Literal["anchor", "regex", "cell", "text_layer", "user"]


class FieldValue(Value):
    """One field read on a material. `value` is normalised (ISO dates, half-width digits); `raw` is as it stood."""

    material: str
    """Kind of the material: an id of kinds.yaml."""
    name: str
    value: str
    raw: str
    page: PageRef
    quad: Quad
    method: Method
    confidence: float = Field(ge=0, le=1)
    validated: bool = False
    """Whether the value proves itself: a checksum, a closed list, a date that exists."""
    handwritten: bool = False
    twice: bool = False
    """A number that does not prove itself, read the same in two looks."""


class Material(Value):
    """One thing handed in, recognised: some pages of one kind, e.g. both sides of an identity card."""

    id: str
    """Unique in the case: `m1`, `m2` …"""
    kind: str
    """An id of kinds.yaml, or `unknown`."""
    pages: tuple[PageRef, ...]
    sides: tuple[str, ...] = ()
    """Which sides are there, e.g. `front`, `back`; empty where the kind has no sides."""
    margin: float = Field(ge=0, le=1)
    """How far the kind stands before the next likely one."""
    likely: tuple[str, ...] = ()
    """Kinds to ask about when the margin is too small; `kind` is then `unknown`."""
    fields: tuple[FieldValue, ...] = ()
    slot: str | None = None
    """The requirement that it fulfils: a key of the checklist."""


# what is found -------------------------------------------------------------------------------------------------

Outcome = Literal["pass", "fail", "undetermined", "not_applicable"]
"""通过 不通过 无法判定 不适用."""
Severity = Literal["must", "should", "hint"]
"""必须: must be corrected; 应当: an officer looks; 提示: shown only."""
VerdictKind = Literal["ready", "correct_first", "ask_a_person"]
"""There is no "approved": a verdict is not a decision."""


class Evidence(Value):
    """Where it stands. `quote` is what was read there, personal numbers masked."""

    file: Sha256
    page: int = Field(default=1, ge=1)
    part: int = Field(default=0, ge=0)
    quad: Quad | None = None
    quote: str | None = None
    field: str | None = None


class Finding(Value):
    """One thing that fails, cannot be judged, or is worth knowing."""

    rule: str
    version: str
    """Version of the rule set, and so of the rule."""
    status: Literal["fail", "undetermined", "hint"]
    severity: Severity
    title: str
    detail: str
    """For the clerk: the values that were compared."""
    citizen_text: str
    """For the applicant: what is wrong and what to do, in one or two plain sentences."""
    basis: str
    evidence: tuple[Evidence, ...] = ()
    action: str
    slot: str | None = None
    """The requirement that it concerns, where it concerns one."""

    @property
    def key(self) -> str:
        """The same finding in two rounds has the same key."""
        return f"{self.rule}:{self.slot or ''}"


class Checked(Value):
    """A check that passed, or did not apply."""

    rule: str
    title: str
    slot: str | None = None
    detail: str = ""


class RulesetRef(Value):
    version: str
    sha256: Sha256


class Quality(Value):
    """A quality finding with its page, in the verdict."""

    file: Sha256
    page: int
    part: int = 0
    problem: QualityProblem
    retake: bool
    quad: Quad | None = None


class Verdict(Value):
    """The pre-review's result, and the JSON of `xiaoxin review`."""

    verdict: VerdictKind
    item: str
    item_name: str
    findings: tuple[Finding, ...]
    checks_passed: tuple[Checked, ...]
    checks_not_applicable: tuple[Checked, ...]
    materials: tuple[Material, ...]
    fields: tuple[FieldValue, ...]
    quality: tuple[Quality, ...]
    files: tuple[ReadFileRef, ...]
    ruleset: RulesetRef
    engine: dict[str, str]
    """Name of each engine or model -> its version or SHA-256."""
    reviewed_on: date
    took_ms: float


class ReadFileRef(Value):
    """A file of the case as the verdict names it."""

    file: Sha256
    name: str
    pages: int
    problem: FileProblem | None = None


Verdict.model_rebuild()


# the case ------------------------------------------------------------------------------------------------------


class Applicant(Value):
    """What the applicant typed in; the source of truth beside what is read."""

    name: str | None = None
    number: str | None = None
    """Identity number."""
    phone: str | None = None
    address: str | None = None
    company: str | None = None


class Case(Value):
    """What is reviewed: an item, the answers to its situation questions, who applies, when."""

    item: Slug
    choices: dict[str, str] = {}
    """Situation -> option value."""
    applicant: Applicant = Applicant()
    declared: dict[str, Any] = {}
    """Other values of the application that rules may name as `declared.…`: numbers, text, booleans, ISO dates."""
    received_at: datetime
    """When it was handed in, with time zone: what `case.now` means to the rules."""
    round: int = Field(default=1, ge=1)
    """Submission round; a correction is the next one."""
