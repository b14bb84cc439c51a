"""The audit: no write without an entry, a chain that shows every change, and nothing lost when the server is killed."""

import ast
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from kept_cases import APPLICANT, CLERK, FORM, NAME, NUMBER, PHONE, Hall, another, found, verdict
from sqlalchemy.exc import DBAPIError

import preapproval
from channels.database import open_database
from preapproval.audit_chain import (
    Anchor,
    ChainReport,
    export_anchors,
    read_anchors,
    set_anchor,
    verify_chain,
)  # fmt: skip
from preapproval.case_store import NewCase
from preapproval.case_tables import anchors, audit, cases
from preapproval.ledger import BEGINNING, Entry, Ledger, PersonalDetail, Write
from preapproval.sign_off_guards import SYSTEM, Actor

WRITER = Path(__file__).parent / "case_writer.py"


def tables(hall: Hall) -> dict[str, list]:
    with hall.engine.connect() as connection:
        names = sa.inspect(connection).get_table_names()
        return {
            name: list(connection.exec_driver_sql(f"SELECT * FROM {name}").all())
            for name in names
            if name.startswith("review_")
        }


def change_and(hall: Hall, then: Callable[[Write], object]) -> None:
    with hall.ledger.entry(CLERK, "broken") as write:
        write.execute(sa.update(cases).values(state="archived"))
        then(write)


# no write without an entry -------------------------------------------------------------------------------------


def test_what_fails_leaves_neither_write_nor_entry(hall: Hall):
    hall.begin()
    before, entries = tables(hall), verify_chain(hall.ledger).entries
    with pytest.raises(ZeroDivisionError):
        change_and(hall, lambda _write: 1 // 0)
    with pytest.raises(PersonalDetail):
        change_and(hall, lambda write: write.note(who=NAME))
    assert tables(hall) == before
    assert verify_chain(hall.ledger) == ChainReport(True, entries)


def test_what_reads_cannot_write(hall: Hall):
    case = hall.begin()
    with pytest.raises(DBAPIError), hall.ledger.reading() as connection:
        connection.execute(sa.update(cases).values(state="archived"))
    assert hall.store.get(case.id) == case
    with hall.ledger.entry(CLERK, "after") as write:  # the connection can write again
        write.execute(sa.update(cases).values(region="330100"))
    assert hall.store.get(case.id).region == "330100"


def test_the_ledger_alone_opens_the_database():
    """Of all modules that keep cases, so that every write is within an entry; leases say nothing of a case."""
    folder = Path(preapproval.__file__).parent
    opening, reach = {"begin", "begin_nested", "connect", "commit", "create_engine"}, {}
    leases = folder / "case_turns.py"
    for path in [*set(folder.glob("case_*.py")) - {leases}, folder / "rule_figures.py", folder / "audit_chain.py"]:
        tree = ast.parse(path.read_text("utf-8"))
        used = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        reach[path.name] = {one for one in used if one.rpartition(".")[2] in opening or one.endswith("ledger.engine")}
    assert {name: names for name, names in reach.items() if names} == {}
    assert set(re.findall(r"sa\.(?:insert|update|delete)\((\w+)\)", leases.read_text("utf-8"))) == {"turns"}


def test_every_change_of_a_case_has_its_entry(hall: Hall):
    case = hall.on_the_desk(verdict(found("tenant", "lease")))
    case = hall.decide(case, "tenant:lease", "dismiss", reason="material_is_right")
    hall.granted(case)
    actions = [entry.action for entry in reversed(hall.ledger.entries(case.id))]
    assert actions == [
        "begin", "add_file", "add_file", "submit", "start_review", "save_verdict", "decide", "draft_acceptance",
        "sign_acceptance", "start_examination", "propose_grant", "grant",
    ]  # fmt: skip


def test_entries_name_nobody(hall: Hall):
    case = hall.on_the_desk(verdict(found("tenant", "lease")))
    hall.decide(case, "tenant:lease", "amend", text=f"请{NAME}重新提交")
    hall.erasure.export_person(CLERK, NUMBER)
    whole = " ".join(str(dict(entry)) for entry in hall.ledger.entries())
    assert not any(word in whole for word in (NAME, NUMBER, PHONE, "请", "lease.jpg"))


@pytest.mark.parametrize("detail", [NAME, NUMBER, PHONE, 13900001111, "two words", b"x", 1.5, [NAME], {"a": "b"}])
def test_what_is_personal_is_no_detail(hall: Hall, detail: object):
    with pytest.raises(PersonalDetail):
        hall.ledger.record(CLERK, "unmask", who=detail)  # type: ignore[arg-type]
    assert hall.ledger.entries() == ()


def test_hashes_ids_and_codes_are_details(hall: Hall):
    said = {"file": "1" * 64, "id": "1" * 32, "rule": "tenant:lease", "version": "2026-03-01-123456789012", "n": 7}
    hall.ledger.record(CLERK, "look", **said, list=["a", "b"], none=None, yes=True)
    assert verify_chain(hall.ledger) == ChainReport(True, 1)


def test_a_delegate_is_named_with_whose_place_was_taken(hall: Hall):
    hall.ledger.record(Actor("clerk-9", frozenset({"clerk"}), acting_for="clerk-1"), "look")
    (entry,) = hall.ledger.entries()
    assert '"acting_for":"clerk-1"' in entry.details


# the chain -----------------------------------------------------------------------------------------------------


def written(hall: Hall, number: int = 5) -> None:
    for place in range(number):
        hall.ledger.record(CLERK, "look", place=place)


def unguarded(hall: Hall, statement: str) -> None:
    """What somebody with the rights of an administrator of the database could do."""
    with hall.engine.begin() as connection:
        if hall.engine.dialect.name == "sqlite":
            for name in ("update", "delete"):
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS audit_entry_no_{name}")
        else:
            connection.exec_driver_sql("ALTER TABLE audit_entry DISABLE TRIGGER ALL")
        connection.exec_driver_sql(statement)


def test_the_database_itself_refuses_to_change_or_delete_an_entry(hall: Hall):
    written(hall)
    for statement in ("UPDATE audit_entry SET actor = 'x'", "DELETE FROM audit_entry"):
        with pytest.raises(DBAPIError, match="only appended"), hall.engine.begin() as connection:
            connection.exec_driver_sql(statement)
    assert verify_chain(hall.ledger) == ChainReport(True, 5)


@pytest.mark.parametrize(
    ("statement", "bad", "why"),
    [
        ("UPDATE audit_entry SET actor = 'somebody' WHERE seq = 3", 3, "changed"),
        ("UPDATE audit_entry SET details = '{}' WHERE seq = 3", 3, "changed"),
        ("UPDATE audit_entry SET case_id = 'x' WHERE seq = 3", 3, "changed"),
        ("DELETE FROM audit_entry WHERE seq = 3", 3, "missing"),
        ("UPDATE audit_entry SET seq = 9 WHERE seq = 3", 3, "missing"),
        ("UPDATE audit_entry SET hash = prev_hash WHERE seq = 5", 5, "changed"),
        ("DELETE FROM audit_entry WHERE seq = 1", 1, "missing"),
    ],
)
def test_a_changed_chain_is_seen_where_it_was_changed(hall: Hall, statement: str, bad: int, why: str):
    written(hall)
    unguarded(hall, statement)
    report = verify_chain(hall.ledger)
    assert (report.ok, report.first_bad, report.why) == (False, bad, why)


def test_an_entry_forged_with_its_own_hash_breaks_the_link_after_it(hall: Hall):
    written(hall)
    with hall.engine.connect() as connection:
        row = connection.execute(sa.select(audit).where(audit.c.seq == 3)).one()
    forged = Entry(3, row.at, "somebody", row.role, row.action, row.case_id, row.details).hash(row.prev_hash)
    unguarded(hall, f"UPDATE audit_entry SET actor = 'somebody', hash = '{forged}' WHERE seq = 3")
    assert verify_chain(hall.ledger) == ChainReport(False, 3, 4, "unlinked")


def test_a_tail_that_was_cut_is_seen_by_the_anchor_outside(hall: Hall, tmp_path: Path):
    written(hall)
    anchor = set_anchor(hall.ledger)
    assert anchor == set_anchor(hall.ledger)
    assert (anchor.day, anchor.seq) == (date(2026, 3, 2), 5)
    assert export_anchors(hall.ledger, tmp_path / "anchors.jsonl") == 1
    outside = read_anchors(tmp_path / "anchors.jsonl")
    assert outside == (anchor,)
    assert verify_chain(hall.ledger, outside).ok
    unguarded(hall, "DELETE FROM audit_entry WHERE seq > 3")
    assert verify_chain(hall.ledger) == ChainReport(False, 3, 4, "cut")
    with hall.engine.begin() as connection:
        connection.execute(sa.delete(anchors))
    assert verify_chain(hall.ledger).ok  # whoever cuts both is seen from outside only
    assert verify_chain(hall.ledger, outside) == ChainReport(False, 3, 4, "cut")


def test_a_chain_written_anew_differs_from_the_anchor_outside(hall: Hall):
    written(hall)
    other = Anchor(date(2026, 3, 1), 2, "f" * 64)
    assert verify_chain(hall.ledger, [other]) == ChainReport(False, 1, 2, "not_the_same")


def test_a_file_that_holds_no_anchors_is_refused(tmp_path: Path):
    for text in ("[1]", "nonsense", '{"day": "2026-03-02"}'):
        (tmp_path / "a.jsonl").write_text(text, "utf-8")
        with pytest.raises(ValueError):  # noqa: PT011
            read_anchors(tmp_path / "a.jsonl")


def test_an_empty_audit_is_whole_and_can_be_anchored(hall: Hall):
    assert verify_chain(hall.ledger) == ChainReport(True, 0)
    assert set_anchor(hall.ledger).hash == BEGINNING
    assert verify_chain(hall.ledger).ok


# many at once, and killed --------------------------------------------------------------------------------------


def test_many_servers_append_to_one_chain(hall: Hall):
    def work(mine: Hall) -> None:
        for _ in range(10):
            mine.store.begin(APPLICANT, NewCase("residence-permit", "样本区政务服务中心", FORM))

    threads = [threading.Thread(target=work, args=(another(hall),)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert verify_chain(hall.ledger) == ChainReport(True, 60)
    assert len(hall.store.queue({"draft"})) == 60


def acknowledged(folder: Path, kills: int) -> list[str]:
    """Ids of the cases that servers had acknowledged when they were killed, one after the other."""
    path = {"PYTHONPATH": os.pathsep.join((str(WRITER.parents[2]), str(WRITER.parent)))}
    command = [sys.executable, str(WRITER), str(folder), str(kills)]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **path}, check=True)
    return done.stdout.split()


def test_a_killed_server_loses_nothing_that_it_acknowledged(tmp_path: Path):
    open_database(None, tmp_path).dispose()
    safe = acknowledged(tmp_path, kills=25)
    engine = open_database(None, tmp_path)
    hall = Hall(engine, tmp_path)
    report = verify_chain(hall.ledger)
    assert report.ok, report
    assert len(safe) > 25
    for case_id in safe:
        case = hall.store.get(case_id)
        assert (case.state, hall.store.form(case), len(hall.files.of(case))) == ("submitted", FORM, 1)
        assert [entry.action for entry in hall.ledger.entries(case_id)] == ["submit", "add_file", "begin"]
    numbers = [case.number for case in hall.store.queue({"submitted"}, limit=100_000)]
    assert len(numbers) == len(set(numbers)) <= len(safe) + 25  # a kill may fall between commit and acknowledgement
    assert len(hall.store.queue({"draft"}, limit=100_000)) <= 25
    engine.dispose()


def test_the_machine_is_an_actor_like_any_other(hall: Hall):
    Ledger(hall.engine).record(SYSTEM, "timer")
    (entry,) = hall.ledger.entries()
    assert (entry.actor, entry.role) == ("system", "system")
