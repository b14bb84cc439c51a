"""Staff at the front door: who gets in, for how long, and what the door tells who does not."""

import statistics
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from desk_door import HALL, OTHER, PASSWORD, Browser, account, code_of, empty_of_staff, open_desk
from fastapi import FastAPI

from channels.staff import ROLES
from channels.staff_links import first_start_link
from channels.staff_tables import failures, links, sessions, staff

Open = Callable[..., Browser]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    yield from open_desk(tmp_path_factory.mktemp("desk"))


@pytest.fixture
def engine(app: FastAPI) -> Iterator[sa.Engine]:
    yield from empty_of_staff(app)


@pytest.fixture
def browse(app: FastAPI, engine: sa.Engine) -> Open:
    numbers = iter(range(1, 250))

    def one(address: str | None = None, origin: str = "http://testserver") -> Browser:
        return Browser(app, address or f"10.0.0.{next(numbers)}", origin)

    return one


def shift(engine: sa.Engine, table: sa.Table, **columns: timedelta) -> None:
    """Let time go by for what is stored."""
    with engine.begin() as connection:
        for row in connection.execute(sa.select(table)).all():
            key = next(iter(table.primary_key))
            values = {name: getattr(row, name) - by for name, by in columns.items()}
            connection.execute(sa.update(table).where(key == getattr(row, key.name)).values(values))


# signing in ----------------------------------------------------------------------------------------------------


def test_a_clerk_signs_in_and_is_known_until_the_end(app: FastAPI, browse: Open):
    account(app, "wang")
    browser = browse()
    assert code_of(browser.http.get("/v1/desk/session"), 401) == "not_signed_in"
    answer = browser.sign_in("wang")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    body = answer.json()
    assert (body["login"], body["organisation"], body["roles"]) == ("wang", HALL, ["clerk"])
    assert browser.http.get("/v1/desk/session").json() == body
    assert browser.send("DELETE", "/v1/desk/session").status_code == 204
    assert code_of(browser.http.get("/v1/desk/session"), 401) == "not_signed_in"


@pytest.mark.parametrize("typed", ["WANG", " wang ", "ｗａｎｇ"])
def test_a_login_may_be_typed_in_capitals_or_full_width(app: FastAPI, browse: Open, typed: str):
    account(app, "wang")
    assert browse().sign_in(typed).status_code == 200


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(app: FastAPI, browse: Open):
    account(app, "wang")
    cookie = browse().sign_in("wang").headers["set-cookie"]
    flags = {flag.strip().lower() for flag in cookie.split(";")[1:]}
    assert {"httponly", "samesite=strict", "path=/", "max-age=43200"} <= flags
    assert "secure" not in flags
    assert "secure" in browse(origin="https://testserver").sign_in("wang").headers["set-cookie"].lower()


def test_the_database_holds_neither_password_nor_token(app: FastAPI, engine: sa.Engine, browse: Open):
    account(app, "wang")
    browser = browse()
    browser.sign_in("wang")
    with engine.connect() as connection:
        kept = str([connection.execute(sa.select(table)).all() for table in (staff, sessions, failures)])
    assert "$argon2id$" in kept
    assert PASSWORD not in kept
    assert browser.token
    assert browser.token not in kept
    assert browser.csrf not in kept


def test_unknown_disabled_and_mistaken_get_one_answer(app: FastAPI, browse: Open):
    account(app, "wang")
    admin_disables(app, "gone")
    answers = [
        browse().sign_in("wang", "wrong password 1"), browse().sign_in("nobody"), browse().sign_in("gone"),
        browse().sign_in("' OR 1=1 --"), browse().sign_in("\x00"), browse().sign_in(""),
    ]  # fmt: skip
    assert {code_of(answer, 401) for answer in answers} == {"wrong_sign_in"}
    assert len({answer.json()["message"] for answer in answers}) == 1
    assert all("set-cookie" not in answer.headers for answer in answers)


def admin_disables(app: FastAPI, login: str) -> None:
    with app.state.product.knowledge.engine.begin() as connection:
        member = account(app, login)
        connection.execute(sa.update(staff).where(staff.c.id == member.id).values(disabled=True))


def test_an_unknown_login_takes_as_long_as_a_known_one(app: FastAPI, browse: Open):
    account(app, "wang")

    def seconds(login: str) -> float:
        browser, begun = browse(), time.process_time()
        browser.sign_in(login, "wrong password 1")
        return time.process_time() - begun

    known = statistics.median(seconds("wang") for _ in range(4))
    unknown = statistics.median(seconds(f"nobody{number}") for number in range(4))
    assert 0.5 < unknown / known < 2
    assert unknown > 0.04, "a password was really checked"


@pytest.mark.parametrize("login", ["wang", "nobody"])
def test_five_failures_lock_a_login_whether_or_not_anybody_has_it(
    app: FastAPI, engine: sa.Engine, browse: Open, login: str
):
    account(app, "wang")
    told = [code_of(browse().sign_in(login, f"wrong password {number}"), 401) for number in range(5)]
    assert set(told) == {"wrong_sign_in"}
    assert code_of(browse().sign_in(login), 429) == "sign_in_locked"
    shift(engine, failures, last_at=timedelta(minutes=14))
    assert code_of(browse().sign_in(login), 429) == "sign_in_locked", "also after asking again meanwhile"
    shift(engine, failures, last_at=timedelta(minutes=2))
    assert browse().sign_in(login).status_code == (200 if login == "wang" else 401)


def test_a_success_forgives_the_failures_before_it(app: FastAPI, browse: Open):
    account(app, "wang")
    for _ in range(3):
        for number in range(4):
            code_of(browse().sign_in("wang", f"wrong password {number}"), 401)
        assert browse().sign_in("wang").status_code == 200


def test_guesses_that_come_all_at_once_are_counted_all(app: FastAPI, browse: Open):
    account(app, "wang")
    told: list[int] = []

    def guess(number: int) -> None:
        told.append(browse().sign_in("wang", f"wrong password {number}").status_code)

    threads = [threading.Thread(target=guess, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told.count(401) <= 5
    assert told.count(401) + told.count(429) == 12


def test_one_address_that_tries_many_logins_is_stopped(app: FastAPI, browse: Open, engine: sa.Engine):
    account(app, "wang")
    spraying = browse("10.9.9.9")
    code_of(spraying.sign_in("nobody"), 401)
    with engine.begin() as connection:
        connection.execute(sa.update(failures).where(failures.c.key.like("address:%")).values(count=60))
    assert code_of(spraying.sign_in("wang"), 429) == "too_many_tries"
    assert browse("10.9.9.8").sign_in("wang").status_code == 200


# sessions ------------------------------------------------------------------------------------------------------


def test_a_token_that_somebody_planted_is_worth_nothing(app: FastAPI, browse: Open):
    account(app, "wang")
    account(app, "evil")
    evil, victim = browse(), browse()
    evil.sign_in("evil")
    planted = evil.token
    assert planted
    victim.http.cookies.set("xiaoxin_desk", planted)
    answer = victim.http.post("/v1/desk/session", json={"login": "wang", "password": PASSWORD})
    assert answer.headers["set-cookie"].split("=")[1].split(";")[0] != planted
    assert code_of(evil.http.get("/v1/desk/session"), 401) == "not_signed_in", "the planted session has ended"


@pytest.mark.parametrize("token", ["", "a", "first.abc", "a" * 4000, "%00", "../..", "' OR 1=1 --"])
def test_an_invented_token_opens_nothing(app: FastAPI, browse: Open, token: str):
    browser = browse()
    answer = browser.http.get("/v1/desk/session", headers={"cookie": f"xiaoxin_desk={token}"})
    assert code_of(answer, 401) == "not_signed_in"


def test_who_does_nothing_for_half_an_hour_is_signed_out(app: FastAPI, browse: Open, engine: sa.Engine):
    account(app, "wang")
    browser = browse()
    browser.sign_in("wang")
    for _ in range(3):
        shift(engine, sessions, last_seen_at=timedelta(minutes=29))
        assert browser.http.get("/test/clerk").status_code == 200, "each use begins the half hour anew"
    shift(engine, sessions, last_seen_at=timedelta(minutes=30, seconds=1))
    assert code_of(browser.http.get("/test/clerk"), 401) == "not_signed_in"


def test_after_twelve_hours_even_the_busy_sign_in_again(app: FastAPI, browse: Open, engine: sa.Engine):
    account(app, "wang")
    browser = browse()
    browser.sign_in("wang")
    shift(engine, sessions, expires_at=timedelta(hours=11, minutes=59))
    assert browser.http.get("/test/clerk").status_code == 200
    shift(engine, sessions, expires_at=timedelta(minutes=1))
    assert code_of(browser.http.get("/test/clerk"), 401) == "not_signed_in"


def test_signing_out_everywhere_ends_every_session_of_the_person_alone(app: FastAPI, browse: Open):
    account(app, "wang")
    account(app, "li")
    here, there, other = browse(), browse(), browse()
    here.sign_in("wang")
    there.sign_in("wang")
    other.sign_in("li")
    assert here.send("DELETE", "/v1/desk/session?everywhere=true").status_code == 204
    assert [one.http.get("/test/clerk").status_code for one in (here, there, other)] == [401, 401, 200]


def test_a_new_password_ends_the_other_sessions(app: FastAPI, browse: Open):
    account(app, "wang")
    here, there = browse(), browse()
    here.sign_in("wang")
    there.sign_in("wang")
    before = here.token
    assert here.send("POST", "/v1/desk/password", json={"old": PASSWORD, "new": OTHER}).status_code == 200
    assert here.token != before
    assert [one.http.get("/test/clerk").status_code for one in (here, there)] == [200, 401]
    assert code_of(browse().sign_in("wang"), 401) == "wrong_sign_in"
    assert browse().sign_in("wang", OTHER).status_code == 200


def test_the_old_password_is_asked_for_and_cannot_be_guessed_from_an_open_desk(app: FastAPI, browse: Open):
    account(app, "wang")
    browser = browse()
    browser.sign_in("wang")
    told = [
        code_of(browser.send("POST", "/v1/desk/password", json={"old": f"guess {number}", "new": OTHER}), status)
        for number, status in enumerate([422] * 5 + [429])
    ]
    assert told == ["wrong_password"] * 5 + ["sign_in_locked"]


@pytest.mark.parametrize(
    ("weak", "code"),
    [
        ("short", "password_short"), ("a" * 9, "password_short"), ("a" * 12, "password_common"),
        ("password2026!", "password_common"),
        ("PassWord1234", "password_common"), ("19900307199003", "password_common"), ("1qaz2wsx3edc", "password_common"),
        ("wang123456", "password_is_login"), ("ｐａｓｓｗｏｒｄ12", "password_common"), ("好" * 201, "password_long"),
    ],
)  # fmt: skip
def test_a_weak_password_is_refused_with_its_reason(app: FastAPI, browse: Open, weak: str, code: str):
    account(app, "wang")
    browser = browse()
    browser.sign_in("wang")
    assert code_of(browser.send("POST", "/v1/desk/password", json={"old": PASSWORD, "new": weak}), 422) == code


# roles and CSRF ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", sorted(ROLES))
def test_each_role_opens_its_own_addresses_and_no_other(app: FastAPI, browse: Open, role: str):
    account(app, "wang", role)
    browser = browse()
    browser.sign_in("wang")
    for wanted in sorted(ROLES):
        for method in ("GET", "POST"):
            answer = browser.send(method, f"/test/{wanted}")
            if wanted == role:
                assert answer.json() == "wang"
            else:
                assert code_of(answer, 403) == "not_allowed"
    both = browser.http.get("/test/clerk+senior").status_code
    assert both == (200 if role in ("clerk", "senior") else 403)


@pytest.mark.parametrize("path", ["/test/clerk", "/v1/desk/password", "/v1/desk/staff", "/v1/desk/staff/x/reset"])
def test_nothing_opens_to_who_is_not_signed_in(browse: Open, path: str):
    assert code_of(browse().http.post(path, json={}), 401) == "not_signed_in"


@pytest.mark.parametrize("header", [None, "", "0" * 64, "other"])
def test_what_another_site_sends_in_ones_name_changes_nothing(app: FastAPI, browse: Open, header: str | None):
    account(app, "wang")
    account(app, "evil")
    browser, evil = browse(), browse()
    browser.sign_in("wang")
    evil.sign_in("evil")
    headers = {} if header is None else {"x-csrf-token": evil.csrf if header == "other" else header}
    for method, path in (("POST", "/test/clerk"), ("DELETE", "/v1/desk/session"), ("POST", "/v1/desk/password")):
        body = {"old": PASSWORD, "new": OTHER} if path.endswith("password") else None
        assert code_of(browser.http.request(method, path, headers=headers, json=body), 403) == "bad_csrf"
    assert browser.http.get("/test/clerk").status_code == 200


def test_a_form_of_another_site_cannot_sign_somebody_in(app: FastAPI, browse: Open):
    account(app, "wang")
    form = b'{"login": "wang", "password": "' + PASSWORD.encode() + b'"}'
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        answer = browse().http.post("/v1/desk/session", content=form, headers={"content-type": kind})
        assert code_of(answer, 422) == "bad_request"


# the first start -----------------------------------------------------------------------------------------------


def first_link(app: FastAPI, engine: sa.Engine) -> str:
    link = first_start_link(app.state.settings, engine)
    assert link
    assert link.startswith("http://127.0.0.1:8000/desk/setup#first.")
    return link.partition("#")[2]


FIRST = {"login": "guanli", "name": "样本 管理", "organisation": HALL, "password": PASSWORD}


def test_the_first_start_gives_a_link_that_makes_one_account_once(app: FastAPI, engine: sa.Engine, browse: Open):
    tokens = [first_link(app, engine) for _ in range(2)]
    assert browse().http.post("/v1/desk/setup", json={"token": tokens[0], **FIRST}).status_code == 201
    for token in tokens:
        again = {"token": token, **FIRST, "login": "second"}
        assert code_of(browse().http.post("/v1/desk/setup", json=again), 410) == "link_spent"
    assert first_start_link(app.state.settings, engine) is None
    answer = browse().sign_in("guanli")
    assert answer.json()["roles"] == ["admin"]


def test_two_who_use_first_links_at_once_make_one_account(app: FastAPI, engine: sa.Engine, browse: Open):
    tokens, told = [first_link(app, engine) for _ in range(4)], []

    def use(number: int) -> None:
        body = {"token": tokens[number], **FIRST, "login": f"guanli{number}"}
        told.append(browse().http.post("/v1/desk/setup", json=body).status_code)

    threads = [threading.Thread(target=use, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == [201, 410, 410, 410]


def test_a_weak_password_does_not_spend_the_link(app: FastAPI, engine: sa.Engine, browse: Open):
    token = first_link(app, engine)
    weak = {"token": token, **FIRST, "password": "guanli1234"}
    assert code_of(browse().http.post("/v1/desk/setup", json=weak), 422) == "password_is_login"
    nameless = {"token": token, **FIRST, "name": " "}
    assert code_of(browse().http.post("/v1/desk/setup", json=nameless), 422) == "bad_name"
    assert browse().http.post("/v1/desk/setup", json={"token": token, **FIRST}).status_code == 201


def test_a_link_ends_after_a_day(app: FastAPI, engine: sa.Engine, browse: Open):
    token = first_link(app, engine)
    shift(engine, links, expires_at=timedelta(hours=24))
    assert code_of(browse().http.post("/v1/desk/setup", json={"token": token, **FIRST}), 410) == "link_spent"


@pytest.mark.parametrize("token", ["", "first.", "first.abc", "reset.abc", "abc", "first." + "a" * 100])
def test_an_invented_link_makes_no_account(engine: sa.Engine, browse: Open, token: str):
    assert code_of(browse().http.post("/v1/desk/setup", json={"token": token, **FIRST}), 410) == "link_spent"
