"""Handing in where something is short: memory for uploads, room in a name, room in the database."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from case_pages import id_front, lease, photo
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hall_settings import door_settings
from sqlalchemy import event
from test_cases import HALL, Visitor

from channels.app import create_app
from channels.errors import Problem
from channels.upload import LONGEST_NAME, RETRY_AFTER_S, UploadRoom


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, ingest: Any) -> Iterator[FastAPI]:
    given = door_settings(tmp_path_factory.mktemp("uploads"), max_uploads_bytes=1_000_000)
    ingest(given, HALL)
    opened = create_app(given)
    with TestClient(opened):
        yield opened


@pytest.fixture
def door(app: FastAPI) -> TestClient:
    return TestClient(app, raise_server_exceptions=False)


def stored(app: FastAPI, visitor: Visitor) -> int:
    """Sealed files of the case."""
    return sum(case_id == visitor.id for case_id, _ in app.state.cases.file_vault.files())


# memory --------------------------------------------------------------------------------------------------------


def test_while_others_upload_too_much_an_upload_is_asked_to_come_again(app: FastAPI, door: TestClient):
    visitor = Visitor(door)
    with app.state.upload_room.hold(999_000):
        refused = visitor.hand_in(lease(), slot="lease")
    assert (refused.status_code, refused.json()["code"]) == (503, "uploads_full")
    assert refused.headers["Retry-After"] == str(RETRY_AFTER_S)
    assert refused.json()["message"] == "现在同时上传的人太多，请等半分钟再传，已经传好的都还在。"
    assert (visitor.see()["files"], stored(app, visitor)) == ([], 0)
    assert visitor.hand_in(lease(), slot="lease").status_code == 201


def test_what_was_held_is_given_back_however_an_upload_ends(app: FastAPI, door: TestClient):
    visitor = Visitor(door)
    visitor.hand_in(photo(), slot="dog-photo")
    visitor.hand_in(photo(), slot="no-such-slot")
    cut = {**visitor.headers, "Content-Type": "multipart/form-data; boundary=x"}
    assert door.post(f"/v1/cases/{visitor.id}/materials", content=b"--x\r\ncut", headers=cut).status_code == 422
    assert app.state.upload_room.held == 0


def test_the_room_lets_a_single_upload_in_however_large_and_never_two():
    room = UploadRoom(100)
    with room.hold(1000):
        with pytest.raises(Problem), room.hold(1):
            pass
        assert room.held == 1000
    with room.hold(60), room.hold(40):
        assert room.held == 100
        with pytest.raises(Problem), room.hold(1):
            pass
    assert room.held == 0


# names ---------------------------------------------------------------------------------------------------------


def test_a_long_name_is_kept_shorter_and_one_that_cannot_be_read_is_told_so(door: TestClient):
    visitor = Visitor(door)
    kept = visitor.hand_in(lease(shade=240), "长" * 300 + ".png", "lease")
    assert kept.status_code == 201
    assert len(kept.json()["file"]["name"]) == LONGEST_NAME
    refused = visitor.hand_in(lease(shade=241), "长" * 3000 + ".png", "lease")
    assert (refused.status_code, refused.json()["code"]) == (422, "name_too_long")
    assert refused.json()["message"].startswith("文件名太长")


# the database --------------------------------------------------------------------------------------------------


class FullDatabase:
    """SQLite that may not grow by another page, in every connection."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine, self.most = engine, 0

    def __enter__(self) -> "FullDatabase":
        with self.engine.connect() as connection:
            self.most = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        event.listen(self.engine, "checkout", self.limit)
        return self

    def __exit__(self, *_: object) -> None:
        self.most = 1_000_000_000
        with self.engine.connect():
            pass
        event.remove(self.engine, "checkout", self.limit)
        self.engine.dispose()

    def limit(self, connection: Any, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count={self.most}").close()


def test_a_full_database_is_told_and_nothing_that_was_accepted_is_lost(app: FastAPI, door: TestClient):
    visitor = Visitor(door)
    assert visitor.hand_in(id_front(), slot="id-card").status_code == 201
    before = visitor.see()
    with FullDatabase(app.state.product.knowledge.engine):
        answers = [visitor.hand_in(lease(shade=100 + n), f"{n}.png", "lease") for n in range(40)]
        seen = visitor.see()
    refused = [one for one in answers if one.status_code != 201]
    assert refused, "forty files fit where there was no room for a page"
    assert {(one.status_code, one.json()["code"]) for one in refused} == {(507, "storage_full")}
    assert "没有存上" in refused[0].json()["message"]
    accepted = {one["id"] for one in before["files"]} | {
        one.json()["file"]["id"] for one in answers if one.status_code == 201
    }
    assert {one["id"] for one in seen["files"]} == accepted
    assert stored(app, visitor) == len(accepted), "nothing is left of what was refused"
    assert visitor.hand_in(lease(), slot="lease").status_code == 201
    assert visitor.submit()["state"] == "awaiting_clerk"


def test_a_case_that_cannot_be_handed_in_for_want_of_room_stays_a_draft(app: FastAPI, door: TestClient):
    visitors = [Visitor(door) for _ in range(12)]
    versions = [one.hand_in(id_front(), slot="id-card").json()["case"]["version"] for one in visitors]
    answers = []
    with FullDatabase(app.state.product.knowledge.engine):
        for visitor, version in zip(visitors, versions, strict=True):
            answers.append(visitor.ask("POST", "/submit", json={"version": version}))
        seen = [one.see() for one in visitors]
    refused = [one for one, answer in zip(visitors, answers, strict=True) if answer.status_code != 202]
    assert refused, "twelve cases fit where there was no room for a page"
    for one, answer in zip(seen, answers, strict=True):
        if answer.status_code == 202:
            assert one["number"] == answer.json()["number"], "what was accepted is there"
        else:
            assert (answer.status_code, answer.json()["code"]) == (507, "storage_full")
            assert (one["state"], one["number"], len(one["files"])) == ("draft", None, 1)
    assert refused[0].submit()["state"] == "awaiting_clerk"
