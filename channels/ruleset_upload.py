"""A rule file that an editor hands back: a workbook or YAML becomes rules, or every problem with its place."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePath
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from channels.upload import Upload
from knowledge.source_lines import SourceLines, UnreadableFile, read_yaml
from preapproval.bind_rules import RuleProblem, told
from preapproval.rule_sheet_reading import read_rule_workbook
from preapproval.rule_words import say
from preapproval.ruleset import EveryRules, Ruleset
from preapproval.ruleset_files import EVERY

YAML = (".yaml", ".yml")


class PlacedProblem(BaseModel):
    place: str | None
    """`规则!D7` of a workbook, `第12行` of YAML; null for what concerns the whole file."""
    message: str


@dataclass(frozen=True)
class HandedBack:
    """`content` is None where the file holds no rules; `problems` then tell why."""

    file: str
    content: Ruleset | EveryRules | None
    problems: tuple[RuleProblem, ...]
    place: Callable[[RuleProblem], str | None]

    def placed(self, problems: Iterable[RuleProblem]) -> list[PlacedProblem]:
        return [PlacedProblem(place=self.place(one), message=one.message) for one in problems]

    def shown(self, problem: RuleProblem) -> str:
        """`居住证.xlsx 规则!D7：…`."""
        place = " ".join(part for part in (self.file, self.place(problem)) if part)
        return say("rules", "where", place=place, message=problem.message)


def read_rules_upload(upload: Upload, effective_from: date | None = None) -> HandedBack:
    """YAML by its suffix, else a workbook. `effective_from` takes the place of the day that the file tells."""
    is_yaml = PurePath(upload.name).suffix.lower() in YAML
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ("rules.yaml" if is_yaml else "rules.xlsx")
        path.write_bytes(upload.data)
        found = _from_yaml(path, upload.name) if is_yaml else _from_workbook(path, upload.name)
    if found.content is None or effective_from is None:
        return found
    content = found.content.model_copy(update={"effective_from": effective_from})
    return HandedBack(found.file, content, found.problems, found.place)


def rules_from_json(data: Any) -> Ruleset | EveryRules:
    """As a rule file has it; `item` may be `every`. Raises ValidationError."""
    if data.get("item") == EVERY:
        return EveryRules.model_validate({name: value for name, value in data.items() if name != "item"})
    return Ruleset.model_validate(data)


def _from_workbook(path: Path, name: str) -> HandedBack:
    sheet = read_rule_workbook(path)
    return HandedBack(name, sheet.content, tuple(sheet.problems), sheet.cell)


def _from_yaml(path: Path, name: str) -> HandedBack:
    lines, problem = _lines(path)
    if lines is None or not isinstance(lines.data, dict):
        message = problem or say("rules", "no_mapping")
        return HandedBack(name, None, (RuleProblem((), message),), lambda _problem: None)
    data = dict(lines.data)
    if "item" not in data and PurePath(name).stem.partition("@")[0] == EVERY:
        data["item"] = EVERY

    def place(one: RuleProblem) -> str:
        loc = tuple(part for part in one.loc if part != EVERY)
        return say("rules", "line", line=lines.line(loc))

    try:
        return HandedBack(name, rules_from_json(data), (), place)
    except ValidationError as error:
        return HandedBack(name, None, tuple(told(error, ())), place)


def _lines(path: Path) -> tuple[SourceLines | None, str | None]:
    """Of a YAML file; else what is wrong with it. References could grow without end when they are read."""
    try:
        text = path.read_text("utf-8")
        if any(isinstance(one, yaml.AliasToken) for one in yaml.scan(text, Loader=yaml.CSafeLoader)):
            return None, say("rules", "yaml_reference")
        return read_yaml(path), None
    except UnicodeDecodeError:
        return None, say("rules", "not_text")
    except (UnreadableFile, yaml.YAMLError, RecursionError) as error:
        broken = error.__cause__ or error
        mark = getattr(broken, "problem_mark", None)
        where = say("rules", "line", line=mark.line + 1) if mark else ""
        return None, say("rules", "yaml", message=where or say("rules", "yaml_unclear"))
