"""Applicants at the door: the key of a case opens that case, and tells nothing of any other."""

from collections.abc import Iterator

import pytest
from desk_door import CASE_KEY, Browser, code_of, empty_of_staff, open_desk
from fastapi import FastAPI


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    yield from open_desk(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def browser(app: FastAPI) -> Iterator[Browser]:
    for _ in empty_of_staff(app):
        yield Browser(app, "10.3.0.1")


def bearer(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}


def test_the_key_of_a_case_opens_it_and_a_wrong_one_is_as_if_there_were_none(browser: Browser):
    assert browser.http.get("/test/cases/known", headers=bearer(CASE_KEY)).json() == "known"
    wrong = [
        browser.http.get("/test/cases/known"), browser.http.get("/test/cases/known", headers=bearer("x")),
        browser.http.get("/test/cases/other", headers=bearer(CASE_KEY)),
        browser.http.get("/test/cases/known", headers=bearer("")),
        browser.http.get("/test/cases/known", headers={"authorization": f"Basic {CASE_KEY}"}),
    ]  # fmt: skip
    assert {code_of(answer, 404) for answer in wrong} == {"no_case"}
    assert len({answer.json()["message"] for answer in wrong}) == 1


def test_the_cookie_of_a_case_is_good_for_looking_only(browser: Browser):
    flags = browser.http.get("/test/cookie").headers["set-cookie"].lower()
    assert "path=/v1/cases/known;" in flags
    assert "httponly" in flags
    assert "samesite=strict" in flags
    held = {"cookie": f"xiaoxin_case={CASE_KEY}"}
    assert browser.http.get("/test/cases/known", headers=held).status_code == 200
    assert code_of(browser.http.post("/test/cases/known", headers=held), 404) == "no_case"


def test_who_goes_on_trying_keys_is_told_to_stop_and_the_right_key_still_opens(browser: Browser):
    told = [browser.http.get("/test/cases/known", headers=bearer(f"x{number}")).status_code for number in range(33)]
    assert told == [404] * 30 + [429] * 3
    assert browser.http.get("/test/cases/known", headers=bearer(CASE_KEY)).status_code == 200
