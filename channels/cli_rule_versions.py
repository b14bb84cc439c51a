"""`xiaoxin rules draft|test|list|diff`: versions of rules. Approving one takes a second person, at the desk."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from channels.audit import operator
from channels.cli_output import BadInput, print_json
from channels.cli_rule_sources import (
    find_version,
    handbook_of,
    keep_draft,
    read_content,
    rulesets_of,
    tell,
)
from channels.keeping import open_engine, open_keeping, open_vault
from channels.settings import Settings
from channels.staff import Accounts
from knowledge.handbook import Handbook
from preapproval.case_files import CaseFiles
from preapproval.case_replay import MOST_CASES, CaseReplay
from preapproval.case_runs import CaseRuns
from preapproval.check_rules import Services, check_content, with_rule_id
from preapproval.publish import Difference, NotAllowed, Version
from preapproval.ruleset_store import RulesetVersions, ruleset_of
from preapproval.try_rules import RuleTrials


def add_commands(rules: Any) -> list[argparse.ArgumentParser]:
    """Those that take a handbook."""
    draft = rules.add_parser("draft", help="keep a rule file or workbook as a draft that a second person approves")
    draft.add_argument("file", type=Path, metavar="FILE.yaml|FILE.xlsx")
    draft.add_argument("--author", required=True, metavar="LOGIN", help="whose account wrote it")
    draft.set_defaults(run=run_draft)
    test = rules.add_parser("test", help="check a version, run its examples, and judge stored cases again by it")
    test.add_argument("version")
    test.add_argument("--cases", type=int, default=MOST_CASES, help=f"how many, the newest; {MOST_CASES} unless given")
    test.set_defaults(run=run_test)
    listed = rules.add_parser("list", help="versions of rules, the newest first")
    listed.add_argument("item", nargs="?", help="of one item alone")
    listed.set_defaults(run=run_list)
    diff = rules.add_parser("diff", help="what a version changes in the rules in force")
    diff.add_argument("version")
    diff.set_defaults(run=run_diff)
    return [draft, test, listed, diff]


def run_draft(arguments: argparse.Namespace, settings: Settings) -> int:
    """Exit status 0: kept, 1: its rules or examples have problems, 2: no rules."""
    content = read_content(arguments.file)
    if content is None:
        return 2
    problems = check_content(content, handbook_of(arguments.handbook)).problems
    tell(with_rule_id(content, one).message for one in problems)
    if problems:
        return 1
    kept = keep_draft(content, arguments.author, settings)
    if arguments.json:
        print_json({"id": kept.id, "version": kept.version, "sha256": kept.sha256})
    else:
        print(f"kept {kept.version} as draft {kept.id}")
    return 0


def run_test(arguments: argparse.Namespace, settings: Settings) -> int:
    """Exit status 0: tested, 1: its rules or examples have problems."""
    if not 0 < arguments.cases <= 10_000:
        raise BadInput("--cases: a number from 1 to 10000")
    with open_engine(settings) as engine:
        versions, trials = RulesetVersions(engine), _trials(arguments, settings, engine)
        version = find_version(versions, arguments.version)
        content = ruleset_of(version.item, version.content)
        problems = [one.message for one in trials.problems(content)]
        tell(problems)
        if problems:
            return 1
        seen = trials.replay(content, arguments.cases)
        try:
            moved = versions.move(version.id, "test", operator(), problems=problems, replay=seen.differences)
        except NotAllowed as refused:
            raise BadInput(str(refused)) from refused
    if arguments.json:
        differences = [one.as_dict() for one in seen.differences]
        print_json({"state": moved.state, "cases": seen.cases, "skipped": seen.skipped, "differences": differences})
        return 0
    print(*map(_difference, seen.differences), sep="\n", end="\n" if seen.differences else "")
    print(f"{seen.cases} cases judged again, {len(seen.differences)} differences, {seen.skipped} cases skipped")
    return 0


def run_list(arguments: argparse.Namespace, settings: Settings) -> int:
    with open_engine(settings) as engine:
        found = RulesetVersions(engine).every_version()
        logins = {member.id: member.login for member in Accounts(engine).everybody()}
    rows = [_row(one, logins) for one in found if arguments.item in (None, one.item)]
    if arguments.json:
        print_json(rows)
    else:
        print(*("  ".join(str(value or "-") for value in row.values()) for row in rows), sep="\n")
    return 0


def run_diff(arguments: argparse.Namespace, settings: Settings) -> int:
    with open_engine(settings) as engine:
        version = find_version(RulesetVersions(engine), arguments.version)
        changes = vars(_trials(arguments, settings, engine).changes(ruleset_of(version.item, version.content)))
    if arguments.json:
        print_json(changes)
    else:
        print(*(f"{kind}: {', '.join(ids)}" for kind, ids in changes.items() if ids), sep="\n")
    return 0


def show_version(version: Version, *, as_json: bool) -> int:
    """What `xiaoxin rules show` says of a version, whatever its state."""
    if as_json:
        shown = ("id", "item", "version", "sha256", "state", "content")
        print_json({name: getattr(version, name) for name in shown})
        return 0
    rules = ruleset_of(version.item, version.content).rules
    print(f"{version.item}  {version.version}  {version.state}  {len(rules)} rules")
    print(*(f"- {one.id} [{one.severity}] {one.title}" for one in rules), sep="\n")
    return 0


def _trials(arguments: argparse.Namespace, settings: Settings, engine: sa.Engine) -> RuleTrials:
    handbook: Handbook = handbook_of(arguments.handbook)
    items = {name: handbook.resolved(item) for name, item in handbook.items.items()}
    services = Services(items, handbook.materials, frozenset(handbook.laws))
    keeping = open_keeping(settings, engine, open_vault(settings))
    replays = CaseReplay(CaseRuns(keeping), CaseFiles(keeping))
    return RuleTrials(lambda: services, rulesets_of(handbook, settings, engine), replays)


def _row(version: Version, logins: dict[str, str]) -> dict[str, Any]:
    return {
        "id": version.id, "item": version.item, "version": version.version, "state": version.state,
        "author": logins.get(version.author, version.author),
        "approved_by": logins.get(version.approved_by or "", version.approved_by),
    }  # fmt: skip


def _difference(one: Difference) -> str:
    return (
        f"{one.case}  {one.rule} ({one.slot or '-'}): {one.before or 'no such rule'} -> {one.after or 'no such rule'}"
    )
