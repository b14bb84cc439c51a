"""The desk over HTTP, beside test_desk.py: conflicts, items that are gone, and what a row of the queue tells."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from case_pages import NUMBER, id_front
from desk_door import HALL, code_of
from fastapi import FastAPI
from fastapi.testclient import TestClient
from test_cases import ITEM, Visitor
from test_desk import Officer, reviewed, running

from channels.app import create_app
from channels.case_view import APPLICANT
from preapproval.case_store import NewCase


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, ingest: Any) -> Iterator[FastAPI]:
    yield from running(tmp_path_factory.mktemp("desk-more"), ingest)


def test_a_field_of_an_item_that_left_the_handbook_is_refused_in_words(app: FastAPI):
    clerk = Officer(app, "clerk", reviewed(app).id)
    field = next(one for one in clerk.see()["fields"] if one["name"] == "number")
    library = app.state.product.live.current().library
    gone = library.items.pop(ITEM["item"])
    try:
        answer = clerk.do("/fields", field=field["id"], value=NUMBER[:-1] + "9")
        assert code_of(answer, 409) == "item_gone"
        assert not any(one["corrected"] for one in clerk.see()["fields"]), "nothing was entered"
    finally:
        library.items[ITEM["item"]] = gone


def test_a_row_of_the_queue_counts_findings_and_what_is_decided(app: FastAPI):
    case = reviewed(app, whole=False)
    clerk = Officer(app, "clerk", case.id)
    before, seen = row_of(clerk), clerk.see()["findings"]
    asked = [(one["status"], one["severity"]) for one in seen if one["status"] != "hint"]
    assert before["must"] == asked.count(("fail", "must")) > 0
    assert before["undetermined"] == sum(status == "undetermined" for status, _ in asked)
    assert before["decided"] == 0
    clerk.decide_all()
    assert row_of(clerk) == before | {"decided": len(asked)}


def test_a_case_that_waits_for_its_review_has_no_counts(app: FastAPI):
    app.state.cases.jobs.close()
    waiting = Visitor(TestClient(app))
    waiting.hand_in(id_front(), slot="id-card")
    waiting.ask("POST", "/submit", json={"version": waiting.see()["version"]})
    assert row_of(Officer(app, "clerk", waiting.id)) is None


def test_a_case_is_found_however_many_came_before_it(app: FastAPI):
    store = app.state.cases.store
    for _ in range(200):
        store.begin(APPLICANT, NewCase("guide-dog", HALL))
    late = store.begin(APPLICANT, NewCase(ITEM["item"], HALL)).id
    browser = Officer(app, "clerk", late).browser
    asked = {"state": "draft", "q": "养犬登记"}
    found = browser.send("GET", "/v1/desk/cases", params=asked).json()["cases"]
    assert [one["id"] for one in found] == [late]


def test_every_address_of_the_desk_asks_who_is_there(app: FastAPI):
    stranger = TestClient(app, client=("10.2.0.3", 1), raise_server_exceptions=False)
    asked = [
        (method, path)
        for path, methods in create_app(app.state.settings).openapi()["paths"].items() if path.startswith("/v1/desk")
        for method in methods
    ]  # fmt: skip
    assert len(asked) > 40
    for method, path in asked:
        answer = stranger.request(method, re.sub(r"\{[^}]+\}", "0" * 36, path))
        if (method, path) in {("post", "/v1/desk/setup"), ("post", "/v1/desk/session")}:
            assert code_of(answer, 422) == "bad_request"
        else:
            assert code_of(answer, 401) == "not_signed_in", (method, path)


def row_of(officer: Officer) -> Any:
    rows = officer.browser.send("GET", "/v1/desk/cases").json()["cases"]
    return next(one["findings"] for one in rows if one["id"] == officer.case_id)
