"""Accounts of staff: who manages them, what an account may be, and that nobody learns a password of another."""

import json
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from desk_door import HALL, OTHER, PASSWORD, Browser, account, code_of, empty_of_staff, open_desk
from fastapi import FastAPI

from channels.access_failures import Attempts
from channels.sessions import Sessions, begin_session
from channels.settings import Settings
from channels.staff import AccountRefused, Accounts, StaffMember
from channels.staff_links import link_of
from channels.staff_passwords import hashed, matches
from channels.staff_writing import change_account
from preapproval.audit_chain import verify_chain
from preapproval.ledger import Ledger
from preapproval.sign_off_guards import SYSTEM

WANG = {"login": "wang", "name": "样本 王", "organisation": HALL, "roles": ["clerk"]}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    yield from open_desk(tmp_path_factory.mktemp("staff"))


@pytest.fixture
def engine(app: FastAPI) -> Iterator[sa.Engine]:
    yield from empty_of_staff(app)


@pytest.fixture
def admin(app: FastAPI, engine: sa.Engine) -> Browser:
    account(app, "guanli", "admin")
    browser = Browser(app, "10.2.0.1")
    browser.sign_in("guanli")
    return browser


def token_of(link: str) -> str:
    assert "/desk/setup#" in link
    return link.partition("#")[2]


def test_an_invited_person_sets_a_password_by_the_link_and_signs_in(app: FastAPI, admin: Browser):
    answer = admin.send("POST", "/v1/desk/staff", json=WANG)
    assert answer.status_code == 201
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json()["staff"]["has_password"] is False
    token, wang = token_of(answer.json()["link"]), Browser(app, "10.2.0.2")
    assert code_of(wang.sign_in("wang"), 401) == "wrong_sign_in"
    assert code_of(wang.http.post("/v1/desk/setup", json={"token": token, "password": "wang123456"}), 422)
    answer = wang.http.post("/v1/desk/setup", json={"token": token, "password": PASSWORD})
    assert (answer.status_code, answer.json()) == (201, {"login": "wang"})
    assert code_of(wang.http.post("/v1/desk/setup", json={"token": token, "password": OTHER}), 410) == "link_spent"
    assert wang.sign_in("wang").json()["roles"] == ["clerk"]


def test_the_list_names_everybody_and_no_secret(app: FastAPI, admin: Browser):
    account(app, "wang")
    answer = admin.http.get("/v1/desk/staff")
    assert [one["login"] for one in answer.json()] == ["guanli", "wang"]
    assert "argon2" not in answer.text
    assert set(answer.json()[0]) == {"id", "login", "name", "organisation", "roles", "disabled", "has_password"}


@pytest.mark.parametrize("role", ["clerk", "senior", "editor", "auditor"])
def test_only_who_manages_accounts_reaches_them(app: FastAPI, engine: sa.Engine, role: str):
    member = account(app, "wang", role)
    browser = Browser(app, "10.2.0.3")
    browser.sign_in("wang")
    asked = [
        browser.http.get("/v1/desk/staff"), browser.send("POST", "/v1/desk/staff", json={**WANG, "login": "li"}),
        browser.send("PATCH", f"/v1/desk/staff/{member.id}", json={"roles": ["admin"]}),
        browser.send("POST", f"/v1/desk/staff/{member.id}/reset"),
    ]  # fmt: skip
    assert {code_of(answer, 403) for answer in asked} == {"not_allowed"}


def test_a_disabled_person_is_out_at_once_and_may_come_back(app: FastAPI, admin: Browser):
    member, wang = account(app, "wang"), Browser(app, "10.2.0.4")
    wang.sign_in("wang")
    assert admin.send("PATCH", f"/v1/desk/staff/{member.id}", json={"disabled": True}).json()["disabled"]
    assert code_of(wang.http.get("/test/clerk"), 401) == "not_signed_in"
    assert code_of(wang.sign_in("wang"), 401) == "wrong_sign_in"
    admin.send("PATCH", f"/v1/desk/staff/{member.id}", json={"disabled": False})
    assert wang.sign_in("wang").status_code == 200


def test_a_right_that_is_taken_away_is_gone_with_the_next_request(app: FastAPI, admin: Browser):
    member, wang = account(app, "wang", "clerk", "senior"), Browser(app, "10.2.0.5")
    wang.sign_in("wang")
    assert wang.send("POST", "/test/senior").status_code == 200
    admin.send("PATCH", f"/v1/desk/staff/{member.id}", json={"roles": ["clerk"]})
    assert code_of(wang.send("POST", "/test/senior"), 403) == "not_allowed"
    assert wang.send("POST", "/test/clerk").status_code == 200


def test_a_reset_ends_the_old_password_its_sessions_and_earlier_links(app: FastAPI, admin: Browser):
    member, wang = account(app, "wang"), Browser(app, "10.2.0.6")
    wang.sign_in("wang")
    older, newer = (admin.send("POST", f"/v1/desk/staff/{member.id}/reset").json() for _ in range(2))
    assert code_of(wang.http.get("/test/clerk"), 401) == "not_signed_in"
    assert code_of(wang.sign_in("wang"), 401) == "wrong_sign_in"
    spent = wang.http.post("/v1/desk/setup", json={"token": token_of(older["link"]), "password": OTHER})
    assert code_of(spent, 410) == "link_spent"
    done = wang.http.post("/v1/desk/setup", json={"token": token_of(newer["link"]), "password": OTHER})
    assert done.status_code == 201
    assert wang.sign_in("wang", OTHER).status_code == 200


def test_a_link_of_somebody_who_was_disabled_meanwhile_sets_nothing(app: FastAPI, admin: Browser):
    invited = admin.send("POST", "/v1/desk/staff", json=WANG).json()
    admin.send("PATCH", f"/v1/desk/staff/{invited['staff']['id']}", json={"disabled": True})
    answer = admin.http.post("/v1/desk/setup", json={"token": token_of(invited["link"]), "password": PASSWORD})
    assert code_of(answer, 410) == "link_spent"


@pytest.mark.parametrize("change", [{"disabled": True}, {"roles": ["clerk"]}])
def test_the_last_who_manages_accounts_stays(app: FastAPI, admin: Browser, change: dict):
    me = admin.http.get("/v1/desk/session").json()["id"]
    assert code_of(admin.send("PATCH", f"/v1/desk/staff/{me}", json=change), 409) == "last_admin"
    account(app, "second", "admin")
    assert admin.send("PATCH", f"/v1/desk/staff/{me}", json=change).status_code == 200


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"login": "guanli"}, 409, "login_taken"), ({"login": "GUANLI"}, 409, "login_taken"),
        ({"login": "a b"}, 422, "bad_login"), ({"login": "a"}, 422, "bad_login"),
        ({"login": "王"}, 422, "bad_login"),
        ({"login": "../a"}, 422, "bad_login"), ({"name": " "}, 422, "bad_name"),
        ({"name": "a\u202eb"}, 422, "bad_name"),
        ({"organisation": ""}, 422, "bad_name"), ({"name": "好" * 65}, 422, "bad_name"),
        ({"roles": []}, 422, "bad_request"),
        ({"roles": ["chief"]}, 422, "bad_request"), ({"roles": ["admin", "clerk"]}, 422, "roles_apart"),
        ({"roles": ["auditor", "senior"]}, 422, "roles_apart"), ({"password": "x"}, 422, "bad_request"),
    ],
)  # fmt: skip
def test_an_account_that_cannot_be_is_refused_with_its_reason(
    app: FastAPI, admin: Browser, change: dict, status: int, code: str
):
    assert code_of(admin.send("POST", "/v1/desk/staff", json={**WANG, **change}), status) == code
    assert len(admin.http.get("/v1/desk/staff").json()) == 1


@pytest.mark.parametrize("who", ["0" * 32, "x", "%00", "' OR 1=1 --"])
def test_an_account_that_is_not_there_is_told(admin: Browser, who: str):
    assert code_of(admin.send("PATCH", f"/v1/desk/staff/{who}", json={"name": "a"}), 404) == "no_staff"
    assert code_of(admin.send("POST", f"/v1/desk/staff/{who}/reset"), 404) == "no_staff"


def test_two_admins_who_disable_each_other_at_once_leave_one(app: FastAPI, engine: sa.Engine):
    members = [account(app, login, "admin") for login in ("one", "two")]
    refused: list[str] = []

    def disable(member: StaffMember) -> None:
        try:
            with Ledger(engine).entry(SYSTEM, "staff.changed") as write:
                change_account(write.connection, member, {"disabled": True})
        except AccountRefused as problem:
            refused.append(problem.code)

    threads = [threading.Thread(target=disable, args=(member,)) for member in members]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == ["last_admin"]
    assert sorted(member.disabled for member in Accounts(engine).everybody()) == [False, True]


@pytest.mark.parametrize(
    ("roles", "own", "other"),
    [
        ({"clerk"}, True, False), ({"senior"}, True, False), ({"clerk", "editor"}, True, False),
        ({"editor"}, False, False), ({"auditor"}, True, True), ({"admin"}, False, False),
    ],
)  # fmt: skip
def test_cases_are_seen_by_their_organisation_and_by_auditors(roles: set[str], own: bool, other: bool):
    member = StaffMember("1", "wang", "样本 王", HALL, frozenset(roles))
    assert (member.sees(HALL), member.sees("别的单位")) == (own, other)


def test_one_password_has_many_hashes_and_nothing_matches_none():
    assert hashed(PASSWORD) != hashed(PASSWORD)
    assert not matches(None, PASSWORD)
    assert not matches("", PASSWORD)
    assert not matches("$argon2id$broken", PASSWORD)


def test_sessions_and_failures_hold_over_several_processes(app: FastAPI, engine: sa.Engine):
    """Two of everything on one database, as two serving processes have it."""
    member = account(app, "wang")
    with Ledger(engine).entry(SYSTEM, "staff.signed_in") as write:
        token = begin_session(write.connection, member, write.at).token
    elsewhere = sa.create_engine(engine.url)
    try:
        found = Sessions(elsewhere).find(token)
        assert found
        assert found.member == member
        for number in range(3):
            assert Attempts(engine if number % 2 else elsewhere, "test", 3).begin("x")
        assert not Attempts(engine, "test", 3).begin("x")
    finally:
        elsewhere.dispose()


def test_refused_attempts_do_not_lengthen_the_wait(engine: sa.Engine):
    start, minutes = datetime.fromisoformat("2026-06-01"), [0]
    attempts = Attempts(engine, "test", 2, lambda: start + timedelta(minutes=minutes[0]))
    assert [attempts.begin("x") for _ in range(3)] == [True, True, False]
    minutes[0] = 14
    assert not attempts.begin("x")
    minutes[0] = 16
    assert attempts.begin("x")


def test_what_is_no_failure_is_counted_within_one_window_however_steadily_it_comes(engine: sa.Engine):
    start, minutes = datetime.fromisoformat("2026-06-01"), [0]
    attempts = Attempts(engine, "test", 2, lambda: start + timedelta(minutes=minutes[0]), since_first=True)
    for at in range(0, 100, 10):
        minutes[0] = at
        assert attempts.begin("x"), "never more than two within a quarter of an hour"
    minutes[0] = 91
    assert not attempts.begin("x")


@pytest.mark.parametrize(
    ("given", "begins"),
    [
        ({"public_url": "https://hall.example/"}, "https://hall.example/desk/setup#t"),
        ({"host": "0.0.0.0", "port": 81}, "http://127.0.0.1:81/desk/setup#t"),
        ({"host": "10.0.0.5"}, "http://10.0.0.5:8000/desk/setup#t"),
    ],
)
def test_a_link_leads_to_the_address_that_staff_reach(given: dict, begins: str):
    assert link_of(Settings(**given, _env_file=None), "t") == begins  # pyright: ignore[reportCallIssue]


def test_every_act_at_the_door_is_an_entry_of_the_ledger_and_names_nobody_in_words(
    app: FastAPI, admin: Browser, engine: sa.Engine
):
    ledger = Ledger(engine)
    before = ledger.entries(limit=1)[0].seq
    wang = Browser(app, "10.2.0.7")
    invited = admin.send("POST", "/v1/desk/staff", json=WANG).json()
    who = invited["staff"]["id"]
    wang.sign_in("wang", "my own password by mistake")
    wang.sign_in("my own password by mistake", "wang")
    wang.http.post("/v1/desk/setup", json={"token": token_of(invited["link"]), "password": PASSWORD})
    wang.sign_in("wang")
    wang.send("POST", "/v1/desk/password", json={"old": "guess number 1", "new": OTHER})
    wang.csrf = wang.send("POST", "/v1/desk/password", json={"old": PASSWORD, "new": OTHER}).json()["csrf"]
    admin.send("PATCH", f"/v1/desk/staff/{who}", json={"name": "样本 王二", "roles": ["clerk", "senior"]})
    wang.send("DELETE", "/v1/desk/session")
    told = ledger.entries(since=before)[::-1]
    assert [entry.action for entry in told] == [
        "staff.added", "staff.reset", "staff.sign_in_failed", "staff.sign_in_failed", "staff.password_by_link",
        "staff.signed_in", "staff.password_refused", "staff.password_changed", "staff.changed", "staff.signed_out",
    ]  # fmt: skip
    assert [entry.actor == who for entry in told] == [False] * 4 + [True] * 4 + [False, True]
    assert json.loads(told[-2].details) == {"staff": who, "changed": ["name", "roles"], "roles": "clerk,senior"}
    assert not any(word in str(told) for word in ("样本", "wang", "mistake", "guess", PASSWORD, OTHER))
    assert verify_chain(ledger).ok


def test_what_is_refused_leaves_neither_change_nor_entry(app: FastAPI, admin: Browser, engine: sa.Engine):
    ledger = Ledger(engine)
    me = admin.http.get("/v1/desk/session").json()["id"]
    before = ledger.entries(limit=1)[0].seq
    admin.send("PATCH", f"/v1/desk/staff/{me}", json={"disabled": True})
    admin.send("POST", "/v1/desk/staff", json={**WANG, "login": "guanli"})
    assert ledger.entries(since=before) == ()
    assert admin.http.get("/v1/desk/session").status_code == 200
