"""Pre-reviews behind a case: two servers on one database never do the same one, and failures are not hurried."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from case_pages import picture
from case_server import until
from fastapi.testclient import TestClient
from hall_settings import door_settings
from test_cases import HALL, ITEM, Visitor

from channels.app import create_app
from channels.case_reviews import CaseReviews
from preapproval.case_rows import stored
from preapproval.case_tables import events as happened


def events(app: Any, case_id: str) -> list[str]:
    return [one.event for one in app.state.cases.moves.history(case_id)]


def test_a_second_server_leaves_a_review_that_is_going_on_alone(tmp_path: Path, ingest: Any):
    given = door_settings(tmp_path)
    ingest(given, HALL)
    with TestClient(create_app(given)) as first:
        visitor = Visitor(first)
        assert visitor.hand_in(picture("样本", seconds=6), slot="lease").status_code == 201
        visitor.ask("POST", "/submit", json={"version": visitor.see()["version"]})
        while visitor.see()["state"] == "submitted":
            pass
        assert visitor.see()["state"] == "reviewing"
        with TestClient(create_app(given)):
            assert visitor.reviewed()["state"] == "awaiting_clerk"
        assert events(first.app, visitor.id) == ["submit", "start_review", "finish_review"]


class Failing(CaseReviews):
    """The reader is away."""

    tried = 0

    def review(self, case_id: str) -> Any:
        self.tried += 1
        raise OSError("样本")


def test_a_review_that_fails_is_not_tried_again_before_its_pause_is_over(tmp_path: Path, ingest: Any):
    given = door_settings(tmp_path)
    ingest(given, HALL)
    app = create_app(given)
    with TestClient(app) as door:
        parts = app.state.cases
        reviews = Failing(app.state.product, parts.files, parts.runs, parts.file_vault, parts.reader, parts.reviewer)
        parts.jobs.reviews = reviews
        visitor = Visitor(door)
        visitor.hand_in(picture("样本"), slot="lease")
        visitor.ask("POST", "/submit", json={"version": visitor.see()["version"]})
        while visitor.see()["state"] != "review_failed" or not parts.jobs.turns.tries(visitor.id):
            pass
        assert parts.jobs.turns.waiting() == ()
        assert (reviews.tried, parts.jobs.turns.tries(visitor.id)) == (1, 1)


BROKEN = "rules: ["
OTHER = {"item": "guide-dog", "choices": {}}


def breaking_rules(given: Any) -> Path:
    """The rule file of the item that a Visitor asks for, as nobody can read it."""
    path = given.data_dir / "checklists" / f"{ITEM['item']}.yaml"
    path.parent.mkdir()
    path.write_text(BROKEN, "utf-8")
    return path


def handed_in(door: TestClient, **form: Any) -> Visitor:
    visitor = Visitor(door, **form)
    assert visitor.hand_in(picture("样本")).status_code == 201
    assert visitor.ask("POST", "/submit", json={"version": visitor.see()["version"]}).status_code == 202
    return visitor


def test_rules_that_cannot_be_read_hold_up_no_other_case_and_their_own_until_they_are_mended(
    tmp_path: Path, ingest: Any
):
    given = door_settings(tmp_path)
    ingest(given, HALL)
    with TestClient(app := create_app(given)) as first:
        app.state.cases.jobs.close()
        time.sleep(0.1)
        visitor, other = handed_in(first), handed_in(first, **OTHER)
    rules = breaking_rules(given)
    with TestClient(app := create_app(given)) as second:
        visitor.door = other.door = second
        assert other.reviewed()["state"] == "awaiting_clerk"
        rules.unlink()
        app.state.cases.jobs.wake()
        assert visitor.reviewed()["state"] == "awaiting_clerk"


def test_rules_that_cannot_be_read_stop_the_time_of_no_other_case(tmp_path: Path, ingest: Any):
    given = door_settings(tmp_path)
    ingest(given, HALL)
    with TestClient(app := create_app(given)) as first:
        handed_in(first).reviewed()
        other = handed_in(first, **OTHER)
        other.reviewed()
        with app.state.product.knowledge.engine.begin() as connection:
            connection.execute(sa.update(happened).values(at=stored(datetime(2026, 1, 5, tzinfo=UTC))))
    breaking_rules(given)
    with TestClient(app := create_app(given)):
        until(lambda: app.state.cases.store.get(other.id).state == "deemed_accepted", 20)
