"""The verdict as JSON: what `xiaoxin review --json` prints, described in docs/verdict.schema.json."""

from __future__ import annotations

from datetime import date
from typing import Any

from preapproval.case import (
    Checked,
    FieldValue,
    Finding,
    Method,
    Quad,
    Quality,
    ReadFileRef,
    RulesetRef,
    Sha256,
    Value,
    Verdict,
    VerdictKind,
)


class FieldBody(Value):
    """One field read; it names its page as evidence does."""

    material: str
    name: str
    value: str
    raw: str
    file: Sha256
    page: int
    part: int
    quad: Quad
    method: Method
    confidence: float
    validated: bool
    handwritten: bool


class MaterialBody(Value):
    """One thing handed in, recognised."""

    id: str
    kind: str
    sides: tuple[str, ...]
    slot: str | None
    margin: float
    likely: tuple[str, ...]
    files: tuple[Sha256, ...]


class VerdictBody(Value):
    """Findings come with the gravest first; `verdict` never says that anything is approved."""

    verdict: VerdictKind
    item: str
    item_name: str
    findings: tuple[Finding, ...]
    checks_passed: tuple[Checked, ...]
    checks_not_applicable: tuple[Checked, ...]
    materials: tuple[MaterialBody, ...]
    fields: tuple[FieldBody, ...]
    quality: tuple[Quality, ...]
    files: tuple[ReadFileRef, ...]
    ruleset: RulesetRef
    engine: dict[str, str]
    reviewed_on: date
    took_ms: float


def verdict_body(verdict: Verdict) -> VerdictBody:
    given: dict[str, Any] = {name: getattr(verdict, name) for name in VerdictBody.model_fields}
    materials = tuple(
        MaterialBody(
            id=one.id,
            kind=one.kind,
            sides=one.sides,
            slot=one.slot,
            margin=one.margin,
            likely=one.likely,
            files=tuple(dict.fromkeys(ref.file for ref in one.pages)),
        )
        for one in verdict.materials
    )
    return VerdictBody(**{**given, "materials": materials, "fields": tuple(map(_field, verdict.fields))})


def _field(read: FieldValue) -> FieldBody:
    values = {name: getattr(read, name) for name in FieldBody.model_fields if name not in ("file", "page", "part")}
    return FieldBody(**values, file=read.page.file, page=read.page.number, part=read.page.part)
