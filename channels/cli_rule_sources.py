"""Where commands find rules: in files and workbooks, in the handbook, in the data folder."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import sqlalchemy as sa

from channels.audit import operator
from channels.cli_output import BadInput
from channels.keeping import open_engine
from channels.settings import Settings
from channels.staff import WRITERS, AccountRefused, Accounts
from knowledge.handbook import Handbook, is_handbook, load_handbook
from preapproval.publish import NotAllowed, Version
from preapproval.rule_sheet_reading import read_rule_workbook
from preapproval.ruleset import EveryRules, Ruleset
from preapproval.ruleset_files import EVERY, LoadedRuleset, Rulesets, read_rules
from preapproval.ruleset_store import RulesetVersions


def handbook_of(path: Path) -> Handbook:
    if not is_handbook(path):
        raise BadInput(f"{path}: not a handbook folder (it has no items/*.yaml)")
    return load_handbook(path)


def read_content(path: Path) -> Ruleset | EveryRules | None:
    """From a rule file or a workbook; None after its problems were told."""
    if not path.is_file():
        raise BadInput(f"{path}: no such file")
    if path.suffix.lower() == ".xlsx":
        sheet = read_rule_workbook(path)
        tell(sheet.shown(problem) for problem in sheet.problems)
        return sheet.content
    file = read_rules(path)
    if file.content is None:
        tell(file.shown(path, problem) for problem in file.problems)
    return file.content


def rulesets_of(handbook: Handbook, settings: Settings, engine: sa.Engine | None) -> Rulesets:
    """Published, in the data folder, or bundled."""
    published = RulesetVersions(engine).in_force if engine is not None else lambda _name, _on: None
    return Rulesets(lambda: handbook.materials, (settings.data_dir / "checklists",), published)


def loaded_rules(item_id: str, handbook: Handbook, settings: Settings) -> LoadedRuleset:
    """The rule set in force today. Raises UnreadableRuleset."""
    item = handbook.items.get(item_id)
    if item is None:
        raise BadInput(f"{item_id}: the handbook has no such item")
    with _kept_database(settings) as engine:
        return rulesets_of(handbook, settings, engine)(handbook.resolved(item), date.today())


def content_in_force(item_id: str, handbook: Handbook, settings: Settings) -> Ruleset | EveryRules:
    """`item_id` may be `every`."""
    if item_id == EVERY:
        return loaded_rules(next(iter(handbook.items)), handbook, settings).every
    return loaded_rules(item_id, handbook, settings).source


def keep_draft(content: Ruleset | EveryRules, login: str, settings: Settings) -> Version:
    """A draft by whoever has `login`; somebody else must approve it, at the desk."""
    with open_engine(settings) as engine:
        try:
            author = Accounts(engine).by_login(login)
            if not author.roles & WRITERS:
                raise BadInput(f"{login}: rules are written by editors and seniors")
            return RulesetVersions(engine).draft(content, operator(), author.id)
        except (AccountRefused, NotAllowed) as refused:
            raise BadInput(f"{login}: {refused}" if isinstance(refused, AccountRefused) else str(refused)) from refused


def find_version(versions: RulesetVersions, name: str) -> Version:
    """By its id, or as it is called: 2026-07-01-0123456789ab."""
    found = [one for one in versions.every_version() if name in (one.id, one.version)]
    if len(found) != 1:
        raise BadInput(f"{name}: {'no such version of rules' if not found else 'several versions; give an id'}")
    return found[0]


def kept_version(name: str, settings: Settings) -> Version | None:
    """The version that is called so, if there is one."""
    with _kept_database(settings) as engine:
        found = () if engine is None else RulesetVersions(engine).every_version()
    return next((one for one in found if name in (one.id, one.version)), None)


def tell(sentences: Iterable[str]) -> None:
    for sentence in sentences:
        print(f"xiaoxin: {sentence}", file=sys.stderr)


@contextmanager
def _kept_database(settings: Settings) -> Iterator[sa.Engine | None]:
    """The database where there is one; none is made for looking."""
    if not settings.database_url and not (settings.data_dir / "xiaoxin.db").is_file():
        yield None
        return
    with open_engine(settings) as engine:
        yield engine
