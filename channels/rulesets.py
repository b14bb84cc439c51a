"""/v1/desk/rulesets: versions of rules, from draft to published. Two editors or seniors for each; auditors read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from channels.access import require
from channels.audit import actor_of
from channels.case_parts import CaseParts
from channels.cases import parts_of
from channels.errors import Problem, described
from channels.ruleset_list import ItemsView, items_in_force
from channels.ruleset_told import RulesView, told_rules
from channels.ruleset_upload import HandedBack, PlacedProblem, read_rules_upload, rules_from_json
from channels.ruleset_view import (
    ChangesView,
    DraftView,
    TestView,
    VersionView,
    VersionViews,
    WholeVersionView,
    changes_view,
    services_of,
    trials_of,
)
from channels.staff import WRITERS, StaffMember
from channels.upload import read_upload
from preapproval.bind_rules import RuleProblem, told
from preapproval.case_replay import MOST_CASES
from preapproval.kinds import load_kinds
from preapproval.publish import Version
from preapproval.rule_paths import item_paths
from preapproval.rule_sheet import rule_workbook
from preapproval.ruleset import EveryRules, Ruleset
from preapproval.ruleset_files import EVERY, rules_yaml
from preapproval.ruleset_store import content_sha256, ruleset_of

MOST_BYTES = 2 * 1024 * 1024
"""Of a workbook; as JSON a rule set is smaller."""
SHOWN = 20
"""Problems in one error."""
MOST_PROBLEMS = 500
"""In one check of a file."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORM: dict[str, Any] = {
    "multipart/form-data": {
        "schema": {
            "type": "object", "required": ["file"], "properties": {"file": {"type": "string", "format": "binary"}},
        }
    }
}  # fmt: skip
FILE: dict[str, Any] = {"requestBody": {"required": True, "content": FORM}}
DRAFT: dict[str, Any] = {
    "requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}, **FORM}}
}
"""For OpenAPI: a rule set as its file has it (`item` may be `every`), or a workbook or YAML."""

router = APIRouter(prefix="/v1/desk/rulesets", tags=["desk"], responses=described(401, 403, 409))
Writer = Annotated[StaffMember, Depends(require(*WRITERS))]
READERS = [Depends(require(*WRITERS, "auditor"))]
EffectiveFrom = Annotated[date | None, Query(description="in place of the day that the file tells")]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Trial(Body):
    cases: Annotated[int, Field(ge=1, le=2000)] = MOST_CASES
    """How many stored cases to judge again, the newest."""


class Seen(Body):
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    """Of the content that whoever approves has read."""


class Workbook(Response):
    media_type = XLSX


class RuleFile(Response):
    media_type = "application/yaml"


class CheckView(BaseModel):
    """What a file holds. Without `item` it holds no rules of an item that the handbook has."""

    file: str
    item: str | None = None
    item_name: str | None = None
    effective_from: date | None = None
    rules: int = 0
    problems: list[PlacedProblem]
    changes: ChangesView | None = None
    """Against the rules in force; null where the file could not be read as rules."""
    kept: VersionView | None = None
    """The version that has this very content already."""


@router.get("", dependencies=READERS)
def versions(request: Request, item: Annotated[str | None, Field(max_length=128)] = None) -> list[VersionView]:
    """The newest first; of one item (`every`: the rules of every item) or of all."""
    parts = parts_of(request)
    views = VersionViews(parts)
    return [views.short(one) for one in (parts.versions.of_item(item) if item else parts.versions.every_version())]


@router.get("/items", dependencies=READERS)
def items(request: Request) -> ItemsView:
    """Every item with the rules that hold for it today; `every`, the rules of every item, first."""
    return items_in_force(parts_of(request))


@router.get("/in-force/{item}.xlsx", response_class=Workbook, dependencies=READERS)
def in_force(item: str, request: Request) -> Workbook:
    """The rules that hold today, to be edited and handed back as a draft."""
    parts = parts_of(request)
    return _workbook(parts, _in_force(parts, item), item)


@router.get("/in-force/{item}.yaml", response_class=RuleFile, dependencies=READERS)
def in_force_yaml(item: str, request: Request) -> RuleFile:
    """The rules that hold today as a rule file."""
    return _rule_file(_in_force(parts_of(request), item), item)


@router.get("/in-force/{item}/rules", dependencies=READERS)
def in_force_rules(item: str, request: Request) -> RulesView:
    """The rules that hold today in plain Chinese, their examples run now."""
    parts = parts_of(request)
    return told_rules(parts, _in_force(parts, item))


@router.get("/{version_id}.xlsx", response_class=Workbook, dependencies=READERS)
def workbook(version_id: str, request: Request) -> Workbook:
    """One version as a workbook, to be edited and handed back as a draft."""
    parts = parts_of(request)
    version = parts.versions.get(version_id)
    return _workbook(parts, ruleset_of(version.item, version.content), f"{version.item}@{version.version}")


@router.get("/{version_id}.yaml", response_class=RuleFile, dependencies=READERS)
def rule_file(version_id: str, request: Request) -> RuleFile:
    """One version as a rule file."""
    version = parts_of(request).versions.get(version_id)
    return _rule_file(ruleset_of(version.item, version.content), f"{version.item}@{version.effective_from}")


@router.get("/{version_id}/rules", dependencies=READERS)
def rules_of(version_id: str, request: Request) -> RulesView:
    """The rules of one version in plain Chinese, their examples run now."""
    parts = parts_of(request)
    version = parts.versions.get(version_id)
    return told_rules(parts, ruleset_of(version.item, version.content))


@router.get("/{version_id}", dependencies=READERS)
def version(version_id: str, request: Request) -> WholeVersionView:
    """One version with all of its rules."""
    parts = parts_of(request)
    return VersionViews(parts).whole(parts.versions.get(version_id))


@router.post("", status_code=201, openapi_extra=DRAFT)
async def draft(request: Request, writer: Writer, effective_from: EffectiveFrom = None) -> DraftView:
    """Keep a draft, from JSON, an edited workbook or YAML. One with problems is kept too: a later one mends it."""
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        file = await _file(request, effective_from)
        return await run_in_threadpool(_from_file, parts_of(request), writer, file)
    try:
        data = await request.json()
    except ValueError as error:
        raise Problem(400, "bad_request") from error
    return await run_in_threadpool(_from_json, parts_of(request), writer, data)


@router.post("/check", openapi_extra=FILE)
async def check(request: Request, writer: Writer, effective_from: EffectiveFrom = None) -> CheckView:
    """What is wrong with a workbook or YAML, each problem with its cell or line, and what it would change.

    Nothing is kept.
    """
    del writer
    return await run_in_threadpool(_checked, parts_of(request), await _file(request, effective_from))


@router.post("/{version_id}/test")
def test(version_id: str, body: Trial, request: Request, writer: Writer) -> TestView:
    """Check the rules, run their examples, and judge stored cases again: what they would be told otherwise."""
    parts = parts_of(request)
    found, trials = parts.versions.get(version_id), trials_of(parts)
    content = ruleset_of(found.item, found.content)
    problems = [one.message for one in trials.problems(content)]
    if problems:
        return TestView(version=VersionViews(parts).whole(found), problems=problems, cases=0, skipped=0)
    seen = trials.replay(content, body.cases)
    found = parts.versions.move(
        version_id, "test", actor_of(writer), problems=problems, replay=seen.differences
    )  # fmt: skip
    return TestView(version=VersionViews(parts).whole(found), problems=[], cases=seen.cases, skipped=seen.skipped)


@router.post("/{version_id}/approve")
def approve(version_id: str, body: Seen, request: Request, writer: Writer) -> WholeVersionView:
    """By another person than its author, who tells which content was read."""
    parts = parts_of(request)
    return _shown(parts, parts.versions.move(version_id, "approve", actor_of(writer), seen=body.sha256))


@router.post("/{version_id}/publish")
def publish(version_id: str, request: Request, writer: Writer) -> WholeVersionView:
    """It holds from its effective day on; cases keep the version that they were judged by."""
    parts = parts_of(request)
    found = parts.versions.get(version_id)
    problems = [one.message for one in trials_of(parts).problems(ruleset_of(found.item, found.content))]
    return _shown(parts, parts.versions.move(version_id, "publish", actor_of(writer), problems=problems))


@router.post("/{version_id}/retire")
def retire(version_id: str, request: Request, writer: Writer) -> WholeVersionView:
    """What it held for before stays as it was; from today on the version before it holds again."""
    parts = parts_of(request)
    return _shown(parts, parts.versions.move(version_id, "retire", actor_of(writer)))


async def _file(request: Request, effective_from: date | None) -> HandedBack:
    upload = await read_upload(request, MOST_BYTES)
    return await run_in_threadpool(read_rules_upload, upload, effective_from)


def _in_force(parts: CaseParts, item: str) -> Ruleset | EveryRules:
    known = parts.item(item) or (next(iter(services_of(parts).items.values()), None) if item == EVERY else None)
    if known is None:
        raise Problem(404, "no_item", item=item)
    loaded = parts.reviewer.rulesets(known, parts.reviewer.today())
    return loaded.every if item == EVERY else loaded.source


def _shown(parts: CaseParts, version: Version) -> WholeVersionView:
    return VersionViews(parts).whole(version)


def _from_json(parts: CaseParts, writer: StaffMember, data: Any) -> DraftView:
    if not isinstance(data, dict):
        raise Problem(400, "bad_request")
    try:
        content = rules_from_json(data)
    except ValidationError as error:
        raise _bad_rules([one.message for one in told(error, ())]) from error
    return _keep(parts, writer, content, [one.message for one in trials_of(parts).problems(content)])


def _from_file(parts: CaseParts, writer: StaffMember, file: HandedBack) -> DraftView:
    if file.content is None:
        raise _bad_rules([file.shown(one) for one in file.problems])
    found: Sequence[RuleProblem] = trials_of(parts).problems(file.content)
    return _keep(parts, writer, file.content, [file.shown(one) for one in found])


def _checked(parts: CaseParts, file: HandedBack) -> CheckView:
    content = file.content
    if content is None:
        return CheckView(file=file.file, problems=file.placed(file.problems[:MOST_PROBLEMS]))
    trials, name = trials_of(parts), content.item if isinstance(content, Ruleset) else EVERY
    problems = trials.problems(content)
    known = isinstance(content, EveryRules) or parts.item(name) is not None
    sha256 = content_sha256(content)
    views = VersionViews(parts)
    kept = next((one for one in parts.versions.of_item(name) if one.sha256 == sha256), None)
    return CheckView(
        file=file.file,
        item=name if known else None,
        item_name=views.item_name(name),
        effective_from=content.effective_from,
        rules=len(content.rules),
        problems=file.placed(problems[:MOST_PROBLEMS]),
        changes=changes_view(trials.changes(content)),
        kept=views.short(kept) if kept else None,
    )


def _keep(
    parts: CaseParts, writer: StaffMember, content: Ruleset | EveryRules, problems: list[str]
) -> DraftView:  # fmt: skip
    return DraftView(version=_shown(parts, parts.versions.draft(content, actor_of(writer))), problems=problems)


def _bad_rules(problems: Sequence[str]) -> Problem:
    return Problem(422, "bad_rules", problems="\n".join(problems[:SHOWN]))


def _workbook(parts: CaseParts, content: Ruleset | EveryRules, name: str) -> Workbook:
    item = parts.item(content.item) if isinstance(content, Ruleset) else None
    slots = item_paths(item, load_kinds(), services_of(parts).materials).slots if item else {}
    data = rule_workbook(content, item.name if item else "", slots)
    return Workbook(data, headers=_as_file(f"{name}.xlsx"))


def _rule_file(content: Ruleset | EveryRules, name: str) -> RuleFile:
    return RuleFile(rules_yaml(content), headers=_as_file(f"{name}.yaml"))


def _as_file(name: str) -> dict[str, str]:
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
