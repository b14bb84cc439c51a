"""A case over HTTP, from the applicant's side: begin, fill in, hand in, be reviewed, correct. Nobody else sees it."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from case_pages import NAME, NUMBER, id_back, id_front, lease, photo
from fastapi.testclient import TestClient
from hall_settings import door_settings

from channels.app import create_app

HALL = Path(__file__).parent.parent / "handbook"
ITEM = {"item": "dog-registration", "choices": {"home": "rent", "breed": "small"}}
MINE = {"name": NAME, "number": NUMBER, "phone": "13900000000"}


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory, ingest: Any) -> Iterator[TestClient]:
    given = door_settings(tmp_path_factory.mktemp("cases"))
    ingest(given, HALL)
    with TestClient(create_app(given), raise_server_exceptions=False) as opened:
        yield opened


class Visitor:
    """One applicant with the private link of one case."""

    def __init__(self, door: TestClient, **form: Any) -> None:
        self.door = door
        begun = door.post("/v1/cases", json={**ITEM, "applicant": MINE, **form})
        assert begun.status_code == 201, begun.text
        self.id, self.key = begun.json()["id"], begun.json()["key"]
        self.link = begun.json()["link"]

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}

    def ask(self, method: str, path: str = "", **more: Any) -> Any:
        return self.door.request(method, f"/v1/cases/{self.id}{path}", headers=self.headers, **more)

    def see(self) -> dict[str, Any]:
        return self.ask("GET").json()

    def hand_in(self, data: bytes, name: str = "照片.png", slot: str | None = None) -> Any:
        return self.ask("POST", "/materials", files={"file": (name, data)}, data={"slot": slot} if slot else None)

    def submit(self) -> dict[str, Any]:
        answer = self.ask("POST", "/submit", json={"version": self.see()["version"]})
        assert answer.status_code == 202, answer.text
        return self.reviewed()

    def reviewed(self) -> dict[str, Any]:
        for _ in range(400):
            seen = self.see()
            if seen["state"] not in ("submitted", "reviewing"):
                return seen
            time.sleep(0.05)
        raise AssertionError("the pre-review does not end")


def papers(visitor: Visitor) -> None:
    for data, slot in ((id_front(), "id-card"), (id_back(), "id-card"), (lease(), "lease"), (photo(), "dog-photo")):
        assert visitor.hand_in(data, slot=slot).status_code == 201
    assert visitor.hand_in(photo() + b" ", "免疫证明.png", "vaccination-proof").status_code == 201


def test_a_draft_lists_what_to_hand_in_and_what_may_be_done(door: TestClient):
    seen = Visitor(door).see()
    assert seen["state_label"] == "草稿"
    assert {slot["key"] for slot in seen["slots"]} >= {"id-card", "lease", "vaccination-proof"}
    assert seen["can"] == ["edit", "add_file", "remove_file", "withdraw"]


def test_what_was_typed_in_comes_back_in_part_only(door: TestClient):
    seen = Visitor(door).see()
    assert NUMBER not in str(seen)
    assert seen["applicant"]["number"] == "320411********7537"


def test_the_whole_way_to_a_verdict(door: TestClient):
    visitor = Visitor(door)
    papers(visitor)
    seen = visitor.submit()
    assert seen["state"] == "awaiting_clerk"
    assert seen["number"]
    must = [one for one in seen["verdict"]["findings"] if (one["status"], one["severity"]) == ("fail", "must")]
    assert must == []
    assert seen["verdict"]["verdict"] == "ask_a_person", "a vaccination certificate is looked at by a person"


def test_what_is_missing_is_told_all_at_once(door: TestClient):
    visitor = Visitor(door)
    visitor.hand_in(id_front(), slot="id-card")
    seen = visitor.submit()
    assert seen["verdict"]["verdict"] == "correct_first"
    missing = {one["slot"] for one in seen["verdict"]["findings"] if one["rule"] == "present"}
    assert missing == {"vaccination-proof", "dog-photo", "lease"}


def test_a_page_is_shown_upright_to_its_owner_only(door: TestClient):
    visitor = Visitor(door)
    visitor.hand_in(id_front(), slot="id-card")
    seen = visitor.submit()
    place = seen["files"][0]
    shown = visitor.ask("GET", f"/pages/{place['id']}/1/0.jpg")
    assert shown.status_code == 200
    assert shown.content.startswith(b"\xff\xd8")
    stranger = Visitor(door)
    other = door.get(f"/v1/cases/{visitor.id}/pages/{place['id']}/1/0.jpg", headers=stranger.headers)
    assert (other.status_code, other.json()["code"]) == (404, "no_case")


def test_nobody_sees_a_case_without_its_key(door: TestClient):
    visitor = Visitor(door)
    door.cookies.clear()
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Bearer {Visitor(door).key}"}):
        answer = door.get(f"/v1/cases/{visitor.id}", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (404, "no_case")
    assert door.get("/v1/cases/none", headers=visitor.headers).json()["code"] == "no_case"


def test_the_private_link_keeps_its_key_from_servers_and_proxies(door: TestClient):
    visitor = Visitor(door)
    assert visitor.link.endswith(f"/case#{visitor.id}.{visitor.key}")


def test_the_same_file_twice_is_kept_once(door: TestClient):
    visitor = Visitor(door)
    assert visitor.hand_in(lease(), slot="lease").json()["duplicate"] is False
    again = visitor.hand_in(lease(), "又一次.png").json()
    assert again["duplicate"] is True
    assert len(again["case"]["files"]) == 1


def test_a_file_can_be_taken_back(door: TestClient):
    visitor = Visitor(door)
    file = visitor.hand_in(lease(), slot="lease").json()["file"]["id"]
    assert visitor.ask("DELETE", f"/materials/{file}").json()["files"] == []
    assert visitor.ask("DELETE", f"/materials/{file}").status_code == 404


def test_too_large_a_file_is_refused_before_it_is_kept(door: TestClient):
    visitor = Visitor(door)
    answer = visitor.hand_in(b"\x89PNG" + b"0" * (20_971_520 + 100))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert visitor.see()["files"] == []


def test_an_upload_cut_in_the_middle_leaves_nothing(door: TestClient):
    visitor = Visitor(door)
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\nhalf'
    headers = {**visitor.headers, "Content-Type": "multipart/form-data; boundary=x"}
    answer = door.post(f"/v1/cases/{visitor.id}/materials", content=head, headers=headers)
    assert (answer.status_code, answer.json()["code"]) in ((400, "cut_upload"), (422, "no_upload"))
    assert visitor.see()["files"] == []


def test_an_empty_case_cannot_be_handed_in(door: TestClient):
    visitor = Visitor(door)
    answer = visitor.ask("POST", "/submit", json={"version": visitor.see()["version"]})
    assert (answer.status_code, answer.json()["code"]) == (409, "has_files")


def test_handing_in_twice_is_handing_in_once(door: TestClient):
    visitor = Visitor(door)
    visitor.hand_in(lease(), slot="lease")
    version = visitor.see()["version"]
    first = visitor.ask("POST", "/submit", json={"version": version}).json()
    again = door.post(
        f"/v1/cases/{visitor.id}/submit", json={"version": version},
        headers={**visitor.headers, "Idempotency-Key": f"{visitor.id}:draft:{version}"},
    )  # fmt: skip
    assert again.status_code == 202
    assert again.json()["number"] == first["number"]


def test_an_old_version_is_refused_and_nothing_is_lost(door: TestClient):
    visitor = Visitor(door)
    version = visitor.see()["version"]
    assert visitor.ask("PATCH", json={"version": version, "applicant": {"name": "样本丙"}}).status_code == 200
    late = visitor.ask("PATCH", json={"version": version, "applicant": {"name": "样本丁"}})
    assert (late.status_code, late.json()["code"]) == (409, "stale_version")
    assert visitor.see()["applicant"]["name"] == "样*"
    assert late.json()["case"] == visitor.see(), "the next try needs no further question"
    assert set(late.json()) == {"code", "message", "request_id", "case"}
    again = visitor.ask("PATCH", json={"version": late.json()["case"]["version"], "applicant": {"name": "样本丁"}})
    assert again.status_code == 200


def test_an_item_or_an_answer_that_does_not_exist_is_named(door: TestClient):
    assert door.post("/v1/cases", json={"item": "no-such-item"}).json()["code"] == "no_item"
    answer = door.post("/v1/cases", json={"item": "dog-registration", "choices": {"home": "castle"}})
    assert (answer.status_code, answer.json()["code"]) == (422, "no_choice")


def test_a_damaged_file_is_told_and_the_others_are_reviewed(door: TestClient):
    visitor = Visitor(door)
    visitor.hand_in(id_front(), slot="id-card")
    visitor.hand_in(lease()[:200], "截断.png", "lease")
    visitor.hand_in(b"", "空.jpg")
    seen = visitor.submit()
    told = {one["citizen_text"] for one in seen["verdict"]["findings"] if one["rule"] == "readable"}
    assert any("截断.png" in text for text in told)
    assert any("空.jpg" in text for text in told)
    assert "居民身份证已提交" in {one["title"] for one in seen["verdict"]["passed"]}


def test_a_withdrawn_case_takes_nothing_more(door: TestClient):
    visitor = Visitor(door)
    visitor.hand_in(lease(), slot="lease")
    seen = visitor.ask("POST", "/withdraw", json={"version": visitor.see()["version"]}).json()
    assert seen["state"] == "withdrawn"
    assert visitor.hand_in(photo()).json()["code"] == "files_locked"


def test_what_is_handed_in_lies_sealed(door: TestClient):
    visitor = Visitor(door)
    visitor.hand_in(id_front(), slot="id-card")
    visitor.submit()
    data = door.app.state.settings.data_dir  # type: ignore[attr-defined]
    for path in data.rglob("*"):
        if path.is_file() and "handbook" not in path.name:
            content = path.read_bytes()
            assert NUMBER.encode() not in content, path
            assert "公民身份号码".encode() not in content or path.suffix == ".db", path


def test_a_case_left_in_the_middle_is_reviewed_after_a_restart(tmp_path: Path, ingest: Any):
    given = door_settings(tmp_path)
    ingest(given, HALL)
    with TestClient(create_app(given)) as first:
        visitor = Visitor(first)
        visitor.hand_in(lease(shade=253), slot="lease")
        first.app.state.cases.jobs.close()  # type: ignore[attr-defined]
        time.sleep(0.1)
        visitor.ask("POST", "/submit", json={"version": visitor.see()["version"]})
    with TestClient(create_app(given)) as second:
        visitor.door = second
        assert visitor.reviewed()["state"] == "awaiting_clerk"


def test_an_applicant_mends_alone_what_the_pre_review_showed(door: TestClient):
    visitor = Visitor(door)
    for data, slot in ((id_front(), "id-card"), (lease(tenant="样本戊"), "lease"), (photo(), "dog-photo")):
        visitor.hand_in(data, slot=slot)
    seen = visitor.submit()
    assert seen["can"] == ["edit", "add_file", "remove_file", "withdraw"], "nothing changed yet, so nothing to submit"
    visitor.hand_in(photo() + b" ", "免疫证明.png", "vaccination-proof")
    assert "submit" in visitor.see()["can"]
    again = visitor.submit()
    assert (again["round"], again["state"]) == (2, "awaiting_clerk")
    assert "vaccination-proof" not in {one["slot"] for one in again["verdict"]["findings"] if one["rule"] == "present"}
    assert len(again["files"]) == 4, "the files of the first round are still there"


def test_a_name_typed_wrong_is_put_right_and_judged_again(door: TestClient):
    visitor = Visitor(door, applicant={**MINE, "name": "样本庚"})
    papers(visitor)
    seen = visitor.submit()
    visitor.ask("PATCH", json={"version": seen["version"], "applicant": {"name": NAME}})
    assert visitor.submit()["round"] == 2
