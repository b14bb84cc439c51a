"""Figures of rules and officers as seniors, editors and auditors see them."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from desk_door import account
from fastapi import FastAPI
from rule_desk import open_rules

from channels.case_parts import CaseParts
from channels.rule_figures_view import figures
from preapproval.case_rows import stored
from preapproval.case_store import NewCase
from preapproval.case_tables import additions, decisions, outcomes, verdicts
from preapproval.sign_off_guards import SYSTEM

VERSION = "2026-01-01-0123456789ab"
BEGUN = stored(datetime(2026, 6, 1, 9, tzinfo=UTC))


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, ingest: Any) -> Iterator[FastAPI]:
    yield from open_rules(tmp_path_factory.mktemp("figures"), ingest)


def judged(write: Any, case: str, round_: int, **found: str) -> None:
    """A run of the pre-review of one round: rule -> outcome."""
    run = str(uuid.uuid4())
    keys = {"ruleset_sha256": "a" * 64, "engine_sha256": "b" * 64, "inputs_key": f"{round_:064}"}
    said = {"ruleset_version": VERSION, "kind": "correct_first", "late": False, "at": BEGUN + timedelta(days=round_)}
    write.execute(sa.insert(verdicts), {"id": run, "case_id": case, "round": round_, **keys, **said})
    rows = [
        {"verdict_id": run, "finding": f"{rule}:lease", "rule": rule, "outcome": what} for rule, what in found.items()
    ]
    write.execute(sa.insert(outcomes), rows)


def decided(write: Any, case: str, round_: int, officer: str, kind: str) -> None:
    row = {"case_id": case, "seq": round_, "round": round_, "finding": "tenant:lease", "kind": kind, "at": BEGUN}
    write.execute(
        sa.insert(decisions), row | {"officer": officer, "reason": "wrong_rule" if kind == "dismiss" else None}
    )


def added(write: Any, case: str, officer: str, rule: str, matched: str | None) -> None:
    row = {"id": str(uuid.uuid4()), "case_id": case, "round": 1, "rule": rule, "matched": matched, "blind": True}
    write.execute(sa.insert(additions), row | {"officer": officer, "at": BEGUN})


def test_figures_of_rules_and_officers_add_up(app: FastAPI):
    parts: CaseParts = app.state.cases
    assert figures(parts).model_dump() == {"rules": [], "demoted": [], "officers": []}
    officer = account(app, "chuangkou", "clerk")
    case = parts.store.begin(SYSTEM, NewCase("dog-registration", "样本大厅")).id
    with parts.keeping.ledger.entry(SYSTEM, "test.history", case) as write:
        for round_ in range(1, 31):
            judged(write, case, round_, tenant="fail", legible="undetermined" if round_ <= 3 else "pass")
            decided(write, case, round_, officer.id, "accept" if round_ <= 21 else "dismiss")
        added(write, case, officer.id, "tenant", "tenant:lease")
        added(write, case, officer.id, "tenant", None)

    shown = figures(parts)
    rules = {one.rule: one for one in shown.rules}
    tenant, legible = rules["tenant"], rules["legible"]
    assert (tenant.item, tenant.item_name, tenant.version) == ("dog-registration", "养犬登记", VERSION)
    assert (tenant.checked, tenant.firings, tenant.precision) == (30, 30, 0.7)
    assert (tenant.recall, tenant.blind_recall) == (pytest.approx(21 / 22), 0.5)
    assert (legible.undetermined_rate, legible.precision, legible.blind_recall) == (0.1, None, None)
    assert (tenant.demoted, legible.demoted) == (True, False)
    assert [(one.rule, one.version) for one in shown.demoted] == [("tenant", VERSION)]
    (one,) = shown.officers
    assert (one.officer, one.name, one.decided, one.overruled, one.added) == (
        officer.id, "样本 chuangkou", 30, 9, 2,
    )  # fmt: skip
    assert one.override_rate == 0.3
    assert parts.reviewer.demoted(VERSION) == {"tenant"}, "the next review shows it as a hint"
    assert parts.reviewer.demoted("2026-01-01-aaaaaaaaaaaa") == frozenset()
