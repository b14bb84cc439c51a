"""`xiaoxin admin audit …`: whether nothing in the ledger was changed, and a copy of its end to keep elsewhere."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

from channels.cli_output import BadInput, print_json
from channels.keeping import open_engine
from channels.settings import Settings
from preapproval.audit_chain import export_anchors, read_anchors, set_anchor, verify_chain
from preapproval.ledger import Ledger


def add_commands(parts: Any) -> None:
    audit = parts.add_parser("audit", help="the ledger of everything that was written").add_subparsers(required=True)
    verify = audit.add_parser("verify", help="exit 1 where an entry was changed, taken out or cut off")
    verify.add_argument("--anchors", type=Path, metavar="FILE", help="anchors exported earlier and kept elsewhere")
    verify.add_argument("--json", action="store_true")
    verify.set_defaults(run=run_verify)
    export = audit.add_parser("export-anchor", help="write the daily ends of the chain to a file, today's included")
    export.add_argument("path", type=Path, metavar="FILE")
    export.set_defaults(run=run_export)


def run_verify(arguments: argparse.Namespace, settings: Settings) -> int:
    anchors = ()
    if arguments.anchors:
        try:
            anchors = read_anchors(arguments.anchors)
        except ValueError as error:
            raise BadInput(f"{arguments.anchors}: {error}") from error
    with open_engine(settings) as engine:
        report = verify_chain(Ledger(engine), anchors)
    if arguments.json:
        print_json(asdict(report))
    elif report.ok:
        print(f"{report.entries} entries, each follows the one before it")
    else:
        print(f"entry {report.first_bad} is wrong ({report.why}); the {report.entries} before it are whole")
    return 0 if report.ok else 1


def run_export(arguments: argparse.Namespace, settings: Settings) -> int:
    with open_engine(settings) as engine:
        anchor = set_anchor(Ledger(engine))
        days = export_anchors(Ledger(engine), arguments.path)
    print(f"{days} days; the last is {anchor.day} with entry {anchor.seq}")
    return 0
