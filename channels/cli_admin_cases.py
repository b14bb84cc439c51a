"""`xiaoxin admin vault | retention | export-person | erase-person`: keys, and how long and for whom things are kept."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from assistant.conversations import Conversations
from channels.audit import operator
from channels.cli_output import BadInput, print_json
from channels.keeping import open_engine, open_files, open_keeping, open_vault
from channels.settings import Settings
from preapproval.case_erasure import CaseErasure
from preapproval.case_rows import NoSuchCase
from preapproval.case_sealed import CaseSeals
from preapproval.file_vault import FileVault, StorageFull
from preapproval.ledger import Ledger
from preapproval.vault_keys import open_to_others


def add_commands(parts: Any) -> None:
    vault = parts.add_parser("vault", help="keys that seal cases").add_subparsers(required=True, metavar="ACTION")
    vault.add_parser("rotate", help="a new key, for what is sealed from now on").set_defaults(run=run_rotate)
    vault.add_parser("rewrap", help="bring what older keys sealed under the newest").set_defaults(run=run_rewrap)
    check = vault.add_parser("check", help="exit 1 where something does not open, or a key is open to others")
    check.add_argument("--json", action="store_true")
    check.set_defaults(run=run_check)
    retention = parts.add_parser("retention", help="how long things are kept").add_subparsers(required=True)
    retention.add_parser("list", help="cases that may be erased now").set_defaults(run=run_due)
    retention.add_parser("run", help="erase what may be kept no longer, as the server does").set_defaults(
        run=run_retention
    )
    for name, help_ in (("hold", "keep a case whatever its time says"), ("release", "keep it no longer than usual")):
        one = retention.add_parser(name, help=help_)
        one.add_argument("case", help="id of the case")
        one.set_defaults(run=run_hold, on=name == "hold")
    export = parts.add_parser("export-person", help="all that is kept of one person; asks for the identity number")
    export.add_argument("--out", type=Path, metavar="FILE", help="only its owner may read it; else the terminal")
    export.set_defaults(run=run_export)
    erase = parts.add_parser(
        "erase-person", help="erase what may be erased of one person; exit 1 where something stays"
    )
    erase.set_defaults(run=run_erase)


@dataclass(frozen=True)
class Kept:
    """All that keeps cases."""

    engine: sa.Engine
    files: FileVault
    erasure: CaseErasure

    @property
    def seals(self) -> CaseSeals:
        return CaseSeals(Ledger(self.engine), self.files)


@contextmanager
def kept(settings: Settings) -> Iterator[Kept]:
    with open_engine(settings) as engine:
        vault = open_vault(settings)
        files = open_files(settings, vault)
        yield Kept(engine, files, CaseErasure(open_keeping(settings, engine, vault), files, settings.draft_days))


def run_rotate(_arguments: argparse.Namespace, settings: Settings) -> int:
    with kept(settings) as all_, Ledger(all_.engine).entry(operator(), "vault.rotate") as write:
        key = all_.files.vault.rotate()
        write.note(key=key)
    print(f"{key} seals from now on; back up {all_.files.vault.folder} before anything else")
    return 0


def run_rewrap(_arguments: argparse.Namespace, settings: Settings) -> int:
    with kept(settings) as all_:
        try:
            moved = all_.seals.rewrap(operator())
        except StorageFull as full:
            raise BadInput(f"{full}; make room, and run this again") from full
        print(f"{moved} moved under {all_.files.vault.key_ids()[-1]}")
    return 0


def run_check(arguments: argparse.Namespace, settings: Settings) -> int:
    with kept(settings) as all_:
        report, readable = all_.seals.check(), [path.name for path in open_to_others(all_.files.vault.folder)]
    if arguments.json:
        print_json({**asdict(report), "keys_open_to_others": readable})
    else:
        print(f"{report.opened} open, {len(report.broken)} do not, {len(report.orphans)} files belong to no case")
        for one in report.broken:
            print(f"{one.where}: {one.why}")
        for name in readable:
            print(f"{name} can be read by other accounts of this machine")
    return 1 if report.broken or readable else 0


def run_due(_arguments: argparse.Namespace, settings: Settings) -> int:
    with kept(settings) as all_:
        for case_id in all_.erasure.due():
            print(case_id)
    return 0


def run_retention(_arguments: argparse.Namespace, settings: Settings) -> int:
    """Cases, what was read on files taken back, what crashes left of files, and conversations."""
    with kept(settings) as all_:
        erased, readings = all_.erasure.erase_due(), all_.erasure.forget_taken_back()
        orphans = all_.files.orphans(all_.seals.named_files())
        for case_id, ref in orphans:
            all_.files.delete(case_id, ref)
        drafts = all_.files.drop_drafts()
        turns = Conversations(all_.engine).wipe_older_than(settings.retention_days)
        Ledger(all_.engine).record(
            operator(), "retention.run", cases=len(erased), files=len(orphans) + drafts, turns=turns, readings=readings
        )  # fmt: skip
    print(f"{len(erased)} cases, {len(orphans) + drafts} files that belong to none, {turns} turns of conversations, "
          f"{readings} files taken back")  # fmt: skip
    return 0


def run_hold(arguments: argparse.Namespace, settings: Settings) -> int:
    with kept(settings) as all_:
        try:
            all_.erasure.hold(operator(), arguments.case, arguments.on)
        except NoSuchCase as error:
            raise BadInput(f"there is no case {arguments.case}") from error
    print(f"{arguments.case} is {'held' if arguments.on else 'released'}")
    return 0


def run_export(arguments: argparse.Namespace, settings: Settings) -> int:
    number = _asked_number()
    with kept(settings) as all_:
        found = all_.erasure.export_person(operator(), number)
    if arguments.out is None:
        print_json(found)
    else:
        handle = os.open(arguments.out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(found, file, ensure_ascii=False, indent=2)
        print(f"{len(found)} cases in {arguments.out}")
    return 0 if found else 1


def run_erase(_arguments: argparse.Namespace, settings: Settings) -> int:
    number = _asked_number()
    with kept(settings) as all_:
        results = all_.erasure.erase_person(operator(), number)
    for case_id, result in results.items():
        print(case_id, result, sep="\t")
    return 0 if set(results.values()) == {"erased"} else 1


def _asked_number() -> str:
    """Not from the command line, which shells keep and other accounts of the machine can read."""
    if sys.stdin.isatty():
        print("identity number: ", end="", file=sys.stderr, flush=True)
    number = sys.stdin.readline().strip()
    if not number:
        raise BadInput("give the identity number on a line of stdin")
    return number
