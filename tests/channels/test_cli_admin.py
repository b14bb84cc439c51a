"""What an operator does on the machine: accounts, the audit, keys, one person's data, and how long it is kept."""

import io
import json
import os
import stat
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from channels import cli_admin
from channels.cli import main
from channels.keeping import open_engine, open_files, open_keeping, open_vault
from channels.settings import Settings
from channels.staff import Accounts
from preapproval.case import Applicant, HandedIn, ReadFile
from preapproval.case_files import CaseFiles, StoredFile
from preapproval.case_rows import stored
from preapproval.case_store import CaseStore, Form, NewCase
from preapproval.case_tables import cases, readings
from preapproval.ledger import Ledger
from preapproval.sign_off_guards import Actor

PASSWORD = "样本 长城 07 号门"
HALL = "样本区政务服务中心"
NUMBER = "320499199808132188"
CITIZEN = Actor("applicant", frozenset({"applicant"}))
PICTURE = b"a picture of an invented card"

Admin = Callable[..., tuple[int, str, str]]


@pytest.fixture
def hall_settings(settings: Callable[..., Settings]) -> Settings:
    return settings()


@pytest.fixture
def admin(hall_settings: Settings, capsys: pytest.CaptureFixture[str]) -> Admin:
    """`xiaoxin admin …` with what is typed into it; its status, output and complaint."""

    def command(*arguments: str, typed: str = "") -> tuple[int, str, str]:
        before, sys.stdin = sys.stdin, io.StringIO(typed)
        try:
            status = main(["--data-dir", str(hall_settings.data_dir), "admin", *arguments], (cli_admin,))
        except SystemExit as ended:
            status = int(ended.code or 0)
        finally:
            sys.stdin = before
        told = capsys.readouterr()
        return status, told.out, told.err

    return command


def refused(ended: tuple[int, str, str]) -> str:
    status, out, err = ended
    assert (status, out, len(err.splitlines())) == (2, "", 1), ended
    return err


def a_case(settings: Settings, name: str = "王小样", number: str = NUMBER) -> str:
    """A draft with one file, as an applicant makes it."""
    with open_engine(settings) as engine:
        vault = open_vault(settings)
        keeping = open_keeping(settings, engine, vault)
        form = Form(Applicant(name=name, number=number))
        case = CaseStore(keeping).begin(CITIZEN, NewCase("residence-permit", HALL, form))
        ref = open_files(settings, vault).put(case.id, PICTURE)
        file = HandedIn(name="身份证.jpg", sha256="a" * 64, size=len(PICTURE))
        CaseFiles(keeping).add(CITIZEN, case.id, case.version, StoredFile(file, "image/jpeg", ref))
        return case.id


def age(settings: Settings, days: int) -> None:
    """Let days go by for all cases."""
    with open_engine(settings) as engine, engine.begin() as connection:
        for row in connection.execute(sa.select(cases.c.id, cases.c.changed_at)).all():
            later = row.changed_at - timedelta(days=days)
            connection.execute(sa.update(cases).where(cases.c.id == row.id).values(changed_at=later))


ADD = ("staff", "add", "wang", "--name", "样本 王", "--organisation", HALL, "--roles", "clerk,senior")


# accounts ------------------------------------------------------------------------------------------------------


def test_an_added_person_gets_a_link_and_is_listed_as_invited(admin: Admin):
    status, out, _ = admin(*ADD)
    assert status == 0
    assert out.startswith("http://127.0.0.1:8000/desk/setup#reset.")
    assert admin("staff", "list")[1] == f"wang\tinvited\tclerk,senior\t{HALL}\t样本 王\n"
    (one,) = json.loads(admin("staff", "list", "--json")[1])
    assert (one["login"], one["roles"], one["has_password"]) == ("wang", ["clerk", "senior"], False)


def test_a_password_comes_from_a_line_of_stdin(admin: Admin, hall_settings: Settings):
    assert admin(*ADD, "--ask-password", typed=PASSWORD + "\n")[:2] == (0, "wang may sign in\n")
    with open_engine(hall_settings) as engine:
        assert Accounts(engine).check("wang", PASSWORD)
        assert not Accounts(engine).check("wang", PASSWORD + "\n")


def test_no_command_takes_a_password_as_an_argument(admin: Admin):
    assert "unrecognized arguments" in refused(admin(*ADD, "--password", PASSWORD))


@pytest.mark.parametrize("typed", ["", "\n", "short\n", "password2026!\n"])
def test_a_weak_password_makes_no_account(admin: Admin, typed: str):
    assert "password is not accepted" in refused(admin(*ADD, "--ask-password", typed=typed))
    assert admin("staff", "list") == (0, "", "")


@pytest.mark.parametrize(
    ("option", "value", "why"),
    [
        ("--roles", "chief", "roles are"), ("--roles", "", "roles are"),
        ("--roles", "admin,clerk", "beside another role"),
        ("--name", " ", "printable"),
    ],
)  # fmt: skip
def test_an_account_that_cannot_be_is_refused_in_a_sentence(admin: Admin, option: str, value: str, why: str):
    arguments = [*ADD]
    arguments[arguments.index(option) + 1] = value
    assert why in refused(admin(*arguments))


def test_a_login_is_given_once(admin: Admin):
    admin(*ADD)
    assert "wang is taken" in refused(admin(*ADD))


def test_disabled_enabled_and_reset_are_told_and_done(admin: Admin, hall_settings: Settings):
    admin(*ADD, "--ask-password", typed=PASSWORD)
    assert admin("staff", "disable", "WANG")[1] == "wang is disabled\n"
    assert "\tdisabled\t" in admin("staff", "list")[1]
    assert admin("staff", "enable", "wang")[0] == 0
    assert admin("staff", "unlock", "wang")[1] == "wang is unlocked\n"
    assert "#reset." in admin("staff", "reset-link", "wang")[1]
    with open_engine(hall_settings) as engine:
        assert not Accounts(engine).check("wang", PASSWORD)


@pytest.mark.parametrize("action", ["disable", "enable", "unlock", "reset-link"])
def test_somebody_who_is_not_there_is_a_sentence(admin: Admin, action: str):
    assert "no such account" in refused(admin("staff", action, "nobody"))


def test_the_first_link_is_given_until_there_is_an_account(admin: Admin):
    status, out, _ = admin("staff", "first-link")
    assert status == 0
    assert "#first." in out
    admin(*ADD)
    assert admin("staff", "first-link")[0] == 1


# audit ---------------------------------------------------------------------------------------------------------


def test_a_whole_ledger_is_told_so_and_a_changed_entry_is_named(admin: Admin, hall_settings: Settings):
    admin(*ADD)
    admin("staff", "disable", "wang")
    assert admin("audit", "verify") == (0, "2 entries, each follows the one before it\n", "")
    with open_engine(hall_settings) as engine, engine.begin() as connection:
        for trigger in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").all():
            connection.exec_driver_sql(f"DROP TRIGGER {trigger[0]}")
        connection.exec_driver_sql("UPDATE audit_entry SET actor = 'somebody' WHERE seq = 2")
    status, out, _ = admin("audit", "verify")
    assert status == 1
    assert out.startswith("entry 2 is wrong")
    assert json.loads(admin("audit", "verify", "--json")[1])["first_bad"] == 2


def test_an_exported_anchor_shows_that_the_end_was_cut_off(admin: Admin, hall_settings: Settings, tmp_path: Path):
    admin(*ADD)
    anchors = tmp_path / "anchors.jsonl"
    assert admin("audit", "export-anchor", str(anchors))[0] == 0
    assert admin("audit", "verify", "--anchors", str(anchors))[0] == 0
    with open_engine(hall_settings) as engine, engine.begin() as connection:
        for trigger in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").all():
            connection.exec_driver_sql(f"DROP TRIGGER {trigger[0]}")
        connection.exec_driver_sql("DELETE FROM audit_entry")
        connection.exec_driver_sql("DELETE FROM audit_anchor")
    assert admin("audit", "verify")[0] == 0, "the database alone cannot know"
    assert admin("audit", "verify", "--anchors", str(anchors))[0] == 1


@pytest.mark.parametrize("content", ["no json", "[]", "{}", '{"day": 1}'])
def test_a_file_that_holds_no_anchors_is_a_sentence(admin: Admin, tmp_path: Path, content: str):
    path = tmp_path / "anchors.jsonl"
    path.write_text(content)
    assert "anchors.jsonl" in refused(admin("audit", "verify", "--anchors", str(path)))
    assert "missing.jsonl" in refused(admin("audit", "verify", "--anchors", str(tmp_path / "missing.jsonl")))


# keys ----------------------------------------------------------------------------------------------------------


def test_after_rotation_and_rewrapping_the_old_key_is_needed_no_more(admin: Admin, hall_settings: Settings):
    case_id = a_case(hall_settings)
    assert json.loads(admin("vault", "check", "--json")[1])["opened"] == 3, "form, name of the file, and the file"
    assert "0002-" in admin("vault", "rotate")[1]
    assert admin("vault", "rewrap")[1].startswith("3 moved under 0002-")
    assert admin("vault", "rewrap")[1].startswith("0 moved")
    (hall_settings.data_dir / "keys/0001.json").unlink()
    report = json.loads(admin("vault", "check", "--json")[1])
    assert (report["opened"], report["broken"], report["orphans"]) == (3, [], [])
    with open_engine(hall_settings) as engine:
        keeping = open_keeping(hall_settings, engine, open_vault(hall_settings))
        case = CaseStore(keeping).get(case_id)
        assert CaseStore(keeping).form(case).applicant.name == "王小样"
        (file,) = CaseFiles(keeping).of(case)
        assert file.file.name == "身份证.jpg"
        assert open_files(hall_settings, keeping.vault).get(case_id, file.ref) == PICTURE


def test_a_lost_key_and_a_changed_file_are_named_by_their_place(admin: Admin, hall_settings: Settings):
    case_id = a_case(hall_settings)
    (file,) = (hall_settings.data_dir / "cases" / case_id).iterdir()
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    status, out, _ = admin("vault", "check")
    assert status == 1
    assert f"{case_id}/{file.name}: " in out
    admin("vault", "rotate")
    (hall_settings.data_dir / "keys/0001.json").unlink()
    status, out, _ = admin("vault", "check")
    assert status == 1
    assert f"review_case.applicant:{case_id}: the key 0001-" in out
    assert "restore it from your backup" in refused(admin("vault", "rewrap"))


def test_a_key_that_others_may_read_is_told(admin: Admin, hall_settings: Settings):
    a_case(hall_settings)
    (hall_settings.data_dir / "keys/0001.json").chmod(0o644)
    status, out, _ = admin("vault", "check")
    assert status == 1
    assert "0001.json can be read by other accounts" in out


# persons and retention -----------------------------------------------------------------------------------------


def test_a_person_gets_all_that_is_kept_in_a_file_of_ones_own(admin: Admin, hall_settings: Settings, tmp_path: Path):
    a_case(hall_settings)
    a_case(hall_settings, "李小样", "320499199001011234")
    out = tmp_path / "person.json"
    assert admin("export-person", "--out", str(out), typed=f" {NUMBER}\n")[0] == 0
    (told,) = json.loads(out.read_text("utf-8"))
    assert told["applicant"] == {"name": "王小样", "number": NUMBER}
    assert [file["name"] for file in told["files"]] == ["身份证.jpg"]
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert "exist" in refused(admin("export-person", "--out", str(out), typed=NUMBER)).lower()
    assert admin("export-person", typed="320499199001019999")[:2] == (1, "[]\n")
    assert "identity number" in refused(admin("export-person", typed=""))


def test_erasing_a_person_tells_what_must_be_kept(admin: Admin, hall_settings: Settings):
    case_id = a_case(hall_settings)
    assert admin("erase-person", typed=NUMBER)[:2] == (1, f"{case_id}\ttoo_early\n")
    age(hall_settings, 31)
    admin("retention", "hold", case_id)
    assert admin("erase-person", typed=NUMBER)[:2] == (1, f"{case_id}\tlegal_hold\n")
    admin("retention", "release", case_id)
    age(hall_settings, 31)
    assert admin("erase-person", typed=NUMBER)[:2] == (0, f"{case_id}\terased\n")
    assert not (hall_settings.data_dir / "cases" / case_id).exists()
    assert admin("export-person", typed=NUMBER)[0] == 1


def test_retention_erases_what_is_due_and_what_crashes_left(admin: Admin, hall_settings: Settings):
    old = a_case(hall_settings)
    age(hall_settings, 31)
    young = a_case(hall_settings)
    vault = open_vault(hall_settings)
    orphan = open_files(hall_settings, vault).put(young, PICTURE)
    os.utime(hall_settings.data_dir / "cases" / young / orphan, (0, 0))
    assert admin("retention", "list")[1] == f"{old}\n"
    assert admin("retention", "run")[1].startswith("1 cases, 1 files that belong to none, 0 turns")
    assert admin("retention", "list")[1] == ""
    assert [case for case, _ in open_files(hall_settings, vault).files()] == [young]
    assert admin("vault", "check")[0] == 0


def test_retention_forgets_what_was_read_on_a_file_that_was_taken_back(admin: Admin, hall_settings: Settings):
    case_id = a_case(hall_settings)
    taken_back = HandedIn(name="样本.jpg", sha256="b" * 64, size=1)
    with open_engine(hall_settings) as engine:
        files = CaseFiles(open_keeping(hall_settings, engine, open_vault(hall_settings)))
        files.save_reading(case_id, ReadFile(file=taken_back, pages=()), "e" * 64, {})
        with engine.begin() as connection:
            connection.execute(sa.update(readings).values(at=stored(datetime(2026, 1, 1, tzinfo=UTC))))
    assert "1 files taken back" in admin("retention", "run")[1]
    with open_engine(hall_settings) as engine:
        files = CaseFiles(open_keeping(hall_settings, engine, open_vault(hall_settings)))
        assert files.reading(case_id, taken_back.sha256, "e" * 64) is None
    assert "0 files taken back" in admin("retention", "run")[1]


def test_a_case_that_is_not_there_cannot_be_held(admin: Admin):
    assert "no case" in refused(admin("retention", "hold", "nothing"))


def test_every_command_that_changes_something_is_in_the_ledger_without_names(admin: Admin, hall_settings: Settings):
    a_case(hall_settings)
    for command in (
        ADD, ("staff", "disable", "wang"), ("staff", "enable", "wang"), ("staff", "unlock", "wang"),
        ("staff", "reset-link", "wang"), ("vault", "rotate"), ("vault", "rewrap"), ("retention", "run"),
    ):  # fmt: skip
        assert admin(*command)[0] == 0
    admin("export-person", typed=NUMBER)
    with open_engine(hall_settings) as engine:
        told: Any = Ledger(engine).entries()[::-1]
    mine = [entry.action for entry in told if entry.actor.startswith("operator:")]
    assert mine == [
        "staff.added", "staff.changed", "staff.changed", "staff.unlocked", "staff.reset", "vault.rotate",
        "vault.rewrap", "vault.rewrap_files", "retention.run", "export_person",
    ]  # fmt: skip
    assert not any(word in str([dict(entry) for entry in told]) for word in ("wang", "样本", NUMBER))
