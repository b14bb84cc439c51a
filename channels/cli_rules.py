"""`xiaoxin rules …`: check the rules of the pre-review, show them, and take them to a workbook and back."""

from __future__ import annotations

import argparse
from contextlib import suppress
from pathlib import Path
from typing import Any

from channels import cli_rule_versions
from channels.cli_output import BadInput, print_json
from channels.cli_rule_sources import content_in_force, handbook_of, keep_draft, kept_version, loaded_rules, tell
from channels.settings import Settings
from knowledge.handbook import Handbook, bundled_handbook
from preapproval.check_rules import check_content, check_file, check_folder
from preapproval.rule_paths import item_paths
from preapproval.rule_sheet import rule_workbook
from preapproval.rule_sheet_reading import read_rule_workbook
from preapproval.rules import TEMPLATES
from preapproval.ruleset import EveryRules, Ruleset
from preapproval.ruleset_files import EVERY, bundled_rules, canonical, save_rules
from preapproval.try_rules import changes_between


def add_commands(commands: Any) -> None:
    rules = commands.add_parser("rules", help="look after the rules of the pre-review").add_subparsers(required=True)
    check = rules.add_parser("check", help="hold rule files against the handbook, and try their examples")
    check.add_argument("path", nargs="?", type=Path, help="a folder or file; the bundled rules unless given")
    check.set_defaults(run=run_check)
    show = rules.add_parser("show", help="the rules in force for an item, or those of a version")
    show.add_argument("item", metavar="ITEM|VERSION")
    show.set_defaults(run=run_show)
    export = rules.add_parser("export", help="write the rules of an item as a workbook to edit")
    export.add_argument("item", help=f"an item's id, or {EVERY} for the rules of every item")
    export.add_argument("--out", type=Path, metavar="FILE.xlsx")
    export.set_defaults(run=run_export)
    back = rules.add_parser("import", help="check an edited workbook, tell what changes, and take it over as a draft")
    back.add_argument("file", type=Path, metavar="FILE.xlsx")
    back.add_argument("--apply", action="store_true", help="keep it as a draft that a second person approves")
    back.add_argument("--author", metavar="LOGIN", help="whose account wrote it; needed with --apply")
    back.add_argument("--out", type=Path, metavar="FILE.yaml", help="write it as a rule file too")
    back.set_defaults(run=run_import)
    for command in (check, show, export, back, *cli_rule_versions.add_commands(rules)):
        command.add_argument("--handbook", type=Path, default=bundled_handbook(), help="the bundled one unless given")
        command.add_argument("--json", action="store_true")


def run_check(arguments: argparse.Namespace, settings: Settings) -> int:
    del settings
    path = arguments.path or bundled_rules()
    if not path.exists():
        raise BadInput(f"{path}: no such file or folder")
    handbook = handbook_of(arguments.handbook)
    problems = check_folder(path, handbook) if path.is_dir() else check_file(path, handbook)
    if arguments.json:
        print_json(problems)
    else:
        print(*problems, sep="\n", end="\n" if problems else "")
        print(f"{len(problems)} problems" if problems else "the rules are clean")
    return 1 if problems else 0


def run_show(arguments: argparse.Namespace, settings: Settings) -> int:
    handbook = handbook_of(arguments.handbook)
    version = None if arguments.item in handbook.items else kept_version(arguments.item, settings)
    if version is not None:
        return cli_rule_versions.show_version(version, as_json=arguments.json)
    loaded = loaded_rules(arguments.item, handbook, settings)
    if arguments.json:
        shown = {"item": loaded.item, "ruleset": loaded.ref.model_dump(), "rules": canonical(loaded.source)["rules"]}
        print_json(shown | {"every": canonical(loaded.every)["rules"]})
        return 0
    print(f"{loaded.item}  {loaded.ref.version}  {len(loaded.rules)} rules")
    for one in loaded.rules:
        template = TEMPLATES.get(one.rule.check)
        label = template.label if template else one.rule.check
        print(f"- {one.rule.id} [{one.rule.severity}] {one.rule.title}  {label}  {one.slot or ''}".rstrip())
        if one.rule.when:
            print(f"    when {one.rule.when}")
    return 0


def run_export(arguments: argparse.Namespace, settings: Settings) -> int:
    handbook = handbook_of(arguments.handbook)
    content = content_in_force(arguments.item, handbook, settings)
    out = arguments.out or Path(f"{arguments.item}.xlsx")
    if out.suffix.lower() != ".xlsx":
        raise BadInput(f"{out}: expected a name that ends in .xlsx")
    if not out.parent.is_dir():
        raise BadInput(f"{out.parent}: no such folder")
    if not arguments.out and out.exists():
        raise BadInput(f"{out} is there already; name another file, or this one, with --out")
    item = handbook.items.get(arguments.item)
    names = item_paths(handbook.resolved(item), {}, handbook.materials).slots if item else {}
    out.write_bytes(rule_workbook(content, item.name if item else "", names))
    print(f"{out}: {len(content.rules)} rules")
    return 0


def run_import(arguments: argparse.Namespace, settings: Settings) -> int:
    """Exit status 0: shown or kept, 1: its rules or examples have problems, 2: no rule workbook."""
    if arguments.apply and not arguments.author:
        raise BadInput("--apply needs --author, since somebody else must approve the draft")
    if not arguments.file.is_file():
        raise BadInput(f"{arguments.file}: no such file")
    sheet = read_rule_workbook(arguments.file)
    if sheet.content is None:
        tell(sheet.shown(problem) for problem in sheet.problems)
        return 2
    handbook = handbook_of(arguments.handbook)
    checked = check_content(sheet.content, handbook)
    tell(sheet.shown(problem) for problem in checked.problems)
    if checked.problems:
        return 1
    changes = _changes(sheet.content, handbook, settings)
    if arguments.out:
        save_rules(arguments.out, sheet.content)
    kept = keep_draft(sheet.content, arguments.author, settings).id if arguments.apply else None
    if arguments.json:
        print_json({"changes": changes, "draft": kept})
    else:
        print(*(f"{kind}: {', '.join(ids)}" for kind, ids in changes.items() if ids), sep="\n")
        print(f"kept as draft {kept}" if kept else "nothing was changed; --apply keeps it as a draft")
    return 0


def _changes(content: Ruleset | EveryRules, handbook: Handbook, settings: Settings) -> dict[str, tuple[str, ...]]:
    """Ids of rules that are new, gone or other than those in force."""
    old = None
    with suppress(BadInput):
        old = content_in_force(content.item if isinstance(content, Ruleset) else EVERY, handbook, settings)
    return vars(changes_between(old, content))
