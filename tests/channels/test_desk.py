"""The desk over HTTP: who may do what, what is shown, and that a decision takes two persons and every finding."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from case_pages import NAME, NUMBER, id_back, id_front, lease, photo
from desk_door import HALL, Browser, account, code_of, desk_app
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hall_settings import door_settings
from test_cases import HALL as HANDBOOK
from test_cases import Visitor

from channels.staff import ROLES

OFFICERS, READERS = frozenset({"clerk", "senior"}), frozenset({"clerk", "senior", "auditor"})
OWN = {"title": "样本问题", "citizen_text": "请补一份样本。", "action": "补交样本"}
ROUTES: tuple[tuple[str, str, dict[str, Any] | None, frozenset[str]], ...] = (
    ("GET", "", None, READERS),
    ("POST", "/claim", None, OFFICERS),
    ("POST", "/release", None, OFFICERS),
    ("POST", "/findings/none/open", None, OFFICERS),
    ("POST", "/decisions", {"version": 0, "finding": "none", "kind": "accept"}, OFFICERS),
    ("POST", "/added", {"version": 0, **OWN}, OFFICERS),
    ("POST", "/blind", {"version": 0, "findings": []}, OFFICERS),
    ("POST", "/match", {"version": 0, "added": "none"}, OFFICERS),
    ("POST", "/fields", {"version": 0, "field": "none", "value": "样本"}, OFFICERS),
    ("POST", "/unmask", {"what": "none", "reason": "contact"}, OFFICERS),
    ("POST", "/events", {"version": 0, "event": "extend", "reason": "样本"}, OFFICERS),
    ("GET", "/notices/draft?kind=none", None, OFFICERS),
    ("GET", "/notices/none.html", None, READERS),
    ("GET", "/pages/none/1/0.jpg", None, READERS),
)
"""Every address of a case, a body that it takes, and who may ask."""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, ingest: Any) -> Iterator[FastAPI]:
    yield from running(tmp_path_factory.mktemp("desk"), ingest)


@pytest.fixture(scope="module")
def blind_app(tmp_path_factory: pytest.TempPathFactory, ingest: Any) -> Iterator[FastAPI]:
    yield from running(tmp_path_factory.mktemp("blind"), ingest, blind_sample=1)


def running(folder: Path, ingest: Any, **more: Any) -> Iterator[FastAPI]:
    given = door_settings(folder, **more)
    ingest(given, HANDBOOK)
    opened = desk_app(given)
    with TestClient(opened):
        for login, *roles in (("clerk", "clerk"), ("senior", "senior"), ("both", "clerk", "senior"), ("other", "clerk"),
                              ("auditor", "auditor"), ("editor", "editor"), ("admin", "admin")):  # fmt: skip
            account(opened, login, *roles)
        account(opened, "stranger", "clerk", "senior", organisation="邻区政务服务中心")
        yield opened


class Officer:
    """Somebody at the desk with one case before them."""

    def __init__(self, app: FastAPI, login: str, case_id: str) -> None:
        self.browser = Browser(app, f"10.1.{abs(hash(login)) % 250}.{abs(hash(case_id)) % 250}")
        assert self.browser.sign_in(login).status_code == 200
        self.case_id = case_id

    def ask(self, method: str, path: str = "", **given: Any) -> Any:
        return self.browser.send(method, f"/v1/desk/cases/{self.case_id}{path}", **given)

    def see(self) -> dict[str, Any]:
        answer = self.ask("GET")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def do(self, path: str, **body: Any) -> Any:
        return self.ask("POST", path, json={"version": self.see()["version"], **body})

    def event(self, event: str, **given: Any) -> Any:
        return self.do("/events", event=event, **given)

    def open(self, key: str) -> Any:
        return self.ask("POST", f"/findings/{quote(key, safe='')}/open")

    def decide_all(self, kind: str = "dismiss") -> None:
        """One after the other, each opened first."""
        reason = {"reason": "material_is_right"} if kind == "dismiss" else {}
        for one in self.see()["findings"]:
            if one["status"] != "hint":
                assert self.open(one["key"]).status_code == 200
                answer = self.do("/decisions", finding=one["key"], kind=kind, **reason)
                assert answer.status_code == 200, answer.text


def reviewed(app: FastAPI, *, whole: bool = True) -> Visitor:
    """A case that waits for a clerk."""
    door = TestClient(app, client=("10.9.9.9", 1), raise_server_exceptions=False)
    visitor = Visitor(door)
    visitor.hand_in(id_front(), slot="id-card")
    if whole:
        for data, slot in ((id_back(), "id-card"), (lease(), "lease"), (photo(), "dog-photo")):
            assert visitor.hand_in(data, slot=slot).status_code == 201
        assert visitor.hand_in(photo() + b" ", "免疫证明.png", "vaccination-proof").status_code == 201
    assert visitor.submit()["state"] == "awaiting_clerk"
    return visitor


# who may ask ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("login", sorted(ROLES))
def test_each_role_reaches_exactly_what_is_its_own(app: FastAPI, login: str):
    officer = Officer(app, login, reviewed(app).id)
    for method, path, body, allowed in ROUTES:
        answer = officer.ask(method, path, json=body) if body else officer.ask(method, path)
        if login in allowed:
            assert answer.status_code not in (401, 403, 500), (path, answer.text)
        else:
            assert code_of(answer, 403) == "not_allowed", path
    assert officer.browser.send("GET", "/v1/desk/cases").status_code == (200 if login in READERS else 403)


def test_a_case_of_another_hall_is_as_if_there_were_none(app: FastAPI):
    case = reviewed(app)
    stranger, nowhere = Officer(app, "stranger", case.id), Officer(app, "stranger", "no-such-case")
    for method, path, body, _ in ROUTES:
        for officer in (stranger, nowhere):
            answer = officer.ask(method, path, json=body) if body else officer.ask(method, path)
            assert code_of(answer, 404) == "no_case", path
    assert case.id not in stranger.browser.send("GET", "/v1/desk/cases").text
    assert Officer(app, "clerk", case.id).see()["claimed_by"] is None


def test_nobody_without_a_session_or_its_token_changes_anything(app: FastAPI):
    case = reviewed(app)
    bare = Browser(app, "10.2.0.1")
    officer = Officer(app, "clerk", case.id)
    before = officer.see()["version"]
    for method, path, body, _ in ROUTES:
        address = f"/v1/desk/cases/{case.id}{path}"
        assert code_of(bare.http.request(method, address, json=body), 401) == "not_signed_in"
        if method == "POST":
            for headers in ({}, {"x-csrf-token": "wrong"}):
                answer = officer.browser.http.request(method, address, json=body, headers=headers)
                assert code_of(answer, 403) == "bad_csrf", path
    assert officer.see()["version"] == before


def test_the_key_of_a_case_opens_no_desk_and_a_session_opens_no_private_link(app: FastAPI):
    case = reviewed(app)
    door = TestClient(app, client=("10.2.0.2", 1))
    assert code_of(door.get(f"/v1/desk/cases/{case.id}", headers=case.headers), 401) == "not_signed_in"
    officer = Officer(app, "clerk", case.id)
    assert code_of(officer.browser.send("GET", f"/v1/cases/{case.id}"), 404) == "no_case"


# versions and claims -------------------------------------------------------------------------------------------


def test_an_old_version_is_refused_and_the_present_one_is_there_to_be_read(app: FastAPI):
    officer = Officer(app, "clerk", reviewed(app).id)
    old = officer.see()["version"]
    assert officer.do("/added", **OWN).status_code == 200
    late = officer.ask("POST", "/added", json={"version": old, **OWN})
    assert code_of(late, 409) == "stale_version"
    seen = officer.see()
    assert late.json()["case"] == seen
    assert (seen["version"] > old, len(seen["added"])) == (True, 1)


def test_of_two_officers_who_sign_at_once_exactly_one_signs(app: FastAPI):
    for _ in range(3):
        case = reviewed(app)
        clerk = Officer(app, "clerk", case.id)
        clerk.decide_all()
        assert clerk.event("draft_acceptance").status_code == 200
        two = [Officer(app, login, case.id) for login in ("senior", "other")]
        version, answers, start = clerk.see()["version"], [], threading.Barrier(2)

        def sign(officer: Officer, version: int = version, answers: list[Any] = answers, start: Any = start) -> None:
            start.wait(10)
            answers.append(
                officer.ask("POST", "/events", json={"version": version, "event": "sign_acceptance"})
            )  # fmt: skip

        threads = [threading.Thread(target=sign, args=(officer,)) for officer in two]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        lost = next(answer for answer in answers if answer.status_code == 409)
        assert lost.json()["code"] in ("stale_version", "wrong_state")
        seen = clerk.see()
        assert seen["state"] == "accepted"
        assert [one["event"] for one in seen["events"]].count("sign_acceptance") == 1


def test_a_claim_warns_others_off_until_it_is_let_go_or_taken_over(app: FastAPI):
    case = reviewed(app)
    first, second = Officer(app, "clerk", case.id), Officer(app, "other", case.id)
    assert first.ask("POST", "/claim").json()["mine"] is True
    assert code_of(second.ask("POST", "/claim"), 409) == "claimed_by_another"
    assert second.see()["claimed_by"]["name"] == "样本 clerk"
    assert second.ask("POST", "/release").json()["claimed_by"] is not None
    assert second.ask("POST", "/claim", json={"take_over": True}).json()["mine"] is True
    assert second.ask("POST", "/release").json()["claimed_by"] is None


# findings ------------------------------------------------------------------------------------------------------


def test_what_could_not_be_judged_must_be_opened_by_whoever_decides_it(app: FastAPI):
    case = reviewed(app)
    clerk, other = Officer(app, "clerk", case.id), Officer(app, "other", case.id)
    unsure = next(one for one in clerk.see()["findings"] if one["status"] == "undetermined")
    said = {"finding": unsure["key"], "kind": "accept"}
    assert code_of(clerk.do("/decisions", **said), 422) == "not_opened"
    assert other.open(unsure["key"]).status_code == 200
    assert code_of(clerk.do("/decisions", **said), 422) == "not_opened", "that somebody else looked is not enough"
    clerk.open(unsure["key"])
    assert clerk.do("/decisions", **said).status_code == 200


def test_findings_are_decided_one_by_one_and_never_all_at_once(app: FastAPI):
    clerk = Officer(app, "clerk", reviewed(app, whole=False).id)
    keys = [one["key"] for one in clerk.see()["findings"] if one["status"] == "fail"]
    assert len(keys) >= 3
    for several in (keys, "*", "all", ",".join(keys)):
        assert clerk.do("/decisions", finding=several, kind="accept").status_code == 422
    assert clerk.do("/decisions", finding=keys[0], kind="accept").status_code == 200
    assert [one["key"] for one in clerk.see()["findings"] if one["decision"]] == [keys[0]]
    assert code_of(clerk.event("request_correction"), 409) == "all_decided"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"kind": "dismiss"}, "reason_missing"),
        ({"kind": "dismiss", "reason": "other", "text": "短"}, "reason_too_short"),
        ({"kind": "dismiss", "reason": "special_case"}, "basis_missing"),
        ({"kind": "amend"}, "text_missing"),
        ({"kind": "accept", "reason": "ocr_misread"}, "reason_not_wanted"),
        ({"kind": "accept", "finding": "none"}, "no_such_finding"),
    ],
)
def test_a_decision_that_says_too_little_is_refused(app: FastAPI, said: dict[str, str], code: str):
    clerk = Officer(app, "clerk", reviewed(app, whole=False).id)
    key = next(one["key"] for one in clerk.see()["findings"] if one["status"] == "fail")
    before = clerk.see()["version"]
    assert code_of(clerk.do("/decisions", **{"finding": key, **said}), 422) == code
    assert clerk.see()["version"] == before


def test_what_officers_accept_reaches_the_applicant_as_a_notice(app: FastAPI):
    case = reviewed(app, whole=False)
    clerk = Officer(app, "clerk", case.id)
    clerk.decide_all("accept")
    assert clerk.event("request_correction").status_code == 200
    seen = case.see()
    assert seen["state"] == "correction_requested"
    assert [one["kind"] for one in seen["notices"]].count("correction_notice") == 1


# four eyes -----------------------------------------------------------------------------------------------------


def examined(app: FastAPI, login: str) -> Officer:
    """Reviewed first and proposed for granting, by one officer."""
    clerk = Officer(app, login, reviewed(app).id)
    clerk.decide_all()
    for event in ("draft_acceptance", "sign_acceptance", "start_examination"):
        answer = clerk.event(event)
        assert answer.status_code == 200, (event, answer.text)
    assert clerk.event("propose_grant").json()["state"] == "awaiting_final"
    return clerk


def test_a_case_goes_from_the_counter_to_granted_through_two_persons(app: FastAPI):
    clerk = examined(app, "clerk")
    senior = Officer(app, "senior", clerk.case_id)
    assert senior.event("grant").json()["state"] == "granted"
    assert clerk.event("close").json()["state"] == "closed"
    happened = [(one["event"], one["actor"]) for one in clerk.see()["events"]]
    assert ("propose_grant", "样本 clerk") in happened
    assert ("grant", "样本 senior") in happened


def test_one_person_with_both_roles_cannot_decide_alone(app: FastAPI):
    both = examined(app, "both")
    assert code_of(both.event("grant"), 409) == "four_eyes"
    grant = next(one for one in both.see()["may"] if one["event"] == "grant")
    assert (grant["allowed"], bool(grant["why_not"])) == (False, True)
    assert both.see()["state"] == "awaiting_final"
    assert Officer(app, "senior", both.case_id).event("grant").json()["state"] == "granted"


@pytest.mark.parametrize("event", ["finish_review", "deem_accepted", "start_review", "pass_gap_time", "requeue"])
def test_what_the_machine_does_no_officer_can_do(app: FastAPI, event: str):
    both = Officer(app, "both", reviewed(app).id)
    assert both.event(event).status_code == 409
    assert both.see()["state"] == "awaiting_clerk"


# what is shown -------------------------------------------------------------------------------------------------


def test_personal_values_are_masked_until_somebody_says_why(app: FastAPI):
    case = reviewed(app)
    clerk = Officer(app, "clerk", case.id)
    shown = json.dumps(clerk.see(), ensure_ascii=False)
    assert NUMBER not in shown
    assert "13900000000" not in shown
    seen = clerk.see()
    assert seen["applicant"]["name"] == "样*"
    field = next(one for one in seen["fields"] if one["name"] == "number")
    assert field["masked"] is True
    assert clerk.ask("POST", "/unmask", json={"what": field["id"]}).status_code == 422, "not without a reason"
    for what in (field["id"], "applicant.number"):
        answer = clerk.ask("POST", "/unmask", json={"what": what, "reason": "check_original"})
        assert answer.json()["value"] == NUMBER
    entries = app.state.cases.keeping.ledger.entries(case.id)
    told = [json.loads(one.details) for one in entries if one.action == "unmask"]
    assert [one["what"] for one in told] == ["applicant.number", field["id"]]
    assert {one["reason"] for one in told} == {"check_original"}
    assert NUMBER not in str(entries)
    assert NAME not in str(entries)


def test_a_corrected_field_is_judged_again_without_reading_anything_again(app: FastAPI):
    case = reviewed(app)
    clerk = Officer(app, "clerk", case.id)
    seen = clerk.see()
    name = next(one for one in seen["fields"] if one["name"] == "number")
    before = {one["key"] for one in seen["findings"]}
    readings = [one for one in app.state.cases.keeping.ledger.entries(case.id) if one.action == "save_reading"]
    answer = clerk.do("/fields", field=name["id"], value=NUMBER[:-1] + "9")
    assert answer.status_code == 200, answer.text
    new = {one["key"]: one["status"] for one in answer.json()["findings"] if one["key"] not in before}
    assert "fail" in new.values(), new
    assert next(one for one in answer.json()["fields"] if one["id"] == name["id"])["corrected"] is True
    again = [one for one in app.state.cases.keeping.ledger.entries(case.id) if one.action == "save_reading"]
    assert len(again) == len(readings)
    back = clerk.do("/fields", field=name["id"], value=NUMBER)
    assert {one["key"] for one in back.json()["findings"]} == before


def test_in_the_blind_sample_findings_wait_for_the_officers_own_list(blind_app: FastAPI):
    case = reviewed(blind_app, whole=False)
    clerk = Officer(blind_app, "clerk", case.id)
    seen = clerk.see()
    assert seen["blind"] is True
    for hidden in ("findings", "checks_passed", "checks_not_applicable", "verdict", "changes"):
        assert not seen[hidden], hidden
    queue = clerk.browser.send("GET", "/v1/desk/cases").json()["cases"]
    row = next(one for one in queue if one["id"] == case.id)
    assert (row["verdict"], row["findings"]) == (None, None)
    key = case.see()["verdict"]["findings"][0]["key"]
    assert clerk.open(key).json()["code"] == "blind_hidden"
    assert clerk.do("/decisions", finding=key, kind="accept").json()["code"] == "blind_hidden"
    for event in ("request_correction", "draft_acceptance"):
        assert clerk.event(event).json()["code"] in ("blind_list_entered", "all_decided", "something_to_correct")
    titles = [one["title"] for one in case.see()["verdict"]["findings"]]
    draft = clerk.ask("GET", "/notices/draft?kind=correction_notice")
    assert not any(title in draft.text for title in titles)
    late = clerk.ask("POST", "/blind", json={"version": 0, "findings": []}).json()
    assert (late["code"], late["case"]["findings"], late["case"]["verdict"]) == ("stale_version", [], None)
    assert clerk.do("/blind", findings=[OWN]).json()["blind"] is False
    shown = clerk.see()
    assert len(shown["findings"]) >= 3
    assert [one["blind"] for one in shown["added"]] == [True]
    assert code_of(clerk.do("/blind", findings=[]), 422) == "not_blind"


def test_the_queue_lists_the_own_hall_and_finds_by_number(app: FastAPI):
    case = reviewed(app)
    clerk = Officer(app, "clerk", case.id)
    number = clerk.see()["number"]
    found = clerk.browser.send("GET", f"/v1/desk/cases?q={number}").json()["cases"]
    assert [one["id"] for one in found] == [case.id]
    clerk.ask("POST", "/claim")
    mine = clerk.browser.send("GET", "/v1/desk/cases?mine=true").json()["cases"]
    assert case.id in [one["id"] for one in mine]
    assert clerk.browser.send("GET", "/v1/desk/cases?state=nonsense").status_code == 422
    assert HALL in app.state.product.live.current().library.hall.name
