"""Pre-reviews behind a case: two servers on one database never do the same one, and failures are not hurried."""

from pathlib import Path
from typing import Any

from case_pages import picture
from fastapi.testclient import TestClient
from test_cases import HALL, Visitor, door_settings

from channels.app import create_app
from channels.case_reviews import CaseReviews


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
