"""Whether the audit is whole: every entry follows the one before it, and the end is where the daily anchors say."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, tzinfo
from pathlib import Path

import sqlalchemy as sa

from preapproval.case_tables import anchors, audit
from preapproval.ledger import BEGINNING, Entry, Ledger
from preapproval.sign_off_guards import SYSTEM

ANCHOR_ACTION = "anchor"


@dataclass(frozen=True)
class Anchor:
    """How the chain ended on one day."""

    day: date
    seq: int
    hash: str


@dataclass(frozen=True)
class ChainReport:
    ok: bool
    entries: int
    first_bad: int | None = None
    """Number of the first entry that is wrong or missing."""
    why: str = ""
    """`missing`, `changed`, `unlinked`, or of an anchor `cut` and `not_the_same`."""


def verify_chain(ledger: Ledger, exported: Iterable[Anchor] = ()) -> ChainReport:
    """Reads all entries once. `exported` are anchors from outside the database; those inside are compared as well."""
    query = sa.select(audit).order_by(audit.c.seq)
    with ledger.reading() as connection:
        known = [Anchor(row.day, row.seq, row.hash) for row in connection.execute(sa.select(anchors))]
        wanted: dict[int, set[str]] = {}
        for anchor in (*known, *exported):
            wanted.setdefault(anchor.seq, set()).add(anchor.hash)
        prev_hash, seq = BEGINNING, 0
        with connection.execute(query, execution_options={"yield_per": 1000}) as rows:
            for row in rows:
                if why := _wrong(row, seq + 1, prev_hash, wanted):
                    return ChainReport(False, seq, seq + 1, why)
                prev_hash, seq = row.hash, row.seq
    last = max(wanted, default=0)
    return ChainReport(False, seq, seq + 1, "cut") if last > seq else ChainReport(True, seq)


def _wrong(row: sa.Row, seq: int, prev_hash: str, wanted: dict[int, set[str]]) -> str | None:
    entry = Entry(row.seq, row.at, row.actor, row.role, row.action, row.case_id, row.details)
    if row.seq != seq:
        return "missing"
    if row.prev_hash != prev_hash:
        return "unlinked"
    if row.hash != entry.hash(prev_hash):
        return "changed"
    return "not_the_same" if wanted.get(row.seq, {row.hash}) != {row.hash} else None


def set_anchor(ledger: Ledger, zone: tzinfo | None = None) -> Anchor:
    """Today's anchor: where the chain ends now. The first of a day stays."""
    today = ledger.now().astimezone(zone).date()
    with ledger.reading() as connection:
        if row := connection.execute(sa.select(anchors).where(anchors.c.day == today)).first():
            return Anchor(row.day, row.seq, row.hash)
    with ledger.entry(SYSTEM, ANCHOR_ACTION, day=today.isoformat()) as write:
        if row := write.execute(sa.select(anchors).where(anchors.c.day == today)).first():
            return Anchor(row.day, row.seq, row.hash)
        last = write.execute(sa.select(audit.c.seq, audit.c.hash).order_by(audit.c.seq.desc()).limit(1)).first()
        anchor = Anchor(today, last.seq, last.hash) if last else Anchor(today, 0, BEGINNING)
        write.execute(sa.insert(anchors), asdict(anchor))
    return anchor


def export_anchors(ledger: Ledger, path: Path) -> int:
    """All anchors as JSON lines, to be kept elsewhere; returns how many. The file is replaced in one step."""
    with ledger.reading() as connection:
        rows = connection.execute(sa.select(anchors).order_by(anchors.c.day)).all()
    lines = [json.dumps({"day": row.day.isoformat(), "seq": row.seq, "hash": row.hash}) for row in rows]
    beside = path.with_name(path.name + ".new")
    beside.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    os.replace(beside, path)
    return len(lines)


def read_anchors(path: Path) -> tuple[Anchor, ...]:
    """Raises OSError, or ValueError for a file that holds something else."""
    try:
        found = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
        return tuple(Anchor(date.fromisoformat(one["day"]), int(one["seq"]), str(one["hash"])) for one in found)
    except (KeyError, TypeError) as error:
        raise ValueError(f"{path.name} holds no anchors") from error
