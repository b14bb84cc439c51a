"""A hall whose rules are written and approved, for tests: the app, its people, one rule and its way to publication."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from desk_door import Browser, account
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hall_settings import door_settings

from channels.app import create_app
from channels.staff_tables import failures, links, sessions, staff
from preapproval.ruleset_store import versions

HALL = Path(__file__).parent.parent / "handbook"
ITEM = "dog-registration"
RULESETS = "/v1/desk/rulesets"


def open_rules(folder: Path, ingest: Any) -> Iterator[FastAPI]:
    """The app on the test handbook, with a reader that reads at once."""
    given = door_settings(folder)
    ingest(given, HALL)
    app = create_app(given)
    with TestClient(app):
        yield app


def without_rules(app: FastAPI) -> Iterator[sa.Engine]:
    """The database, without versions of rules and without anybody after a test."""
    engine: sa.Engine = app.state.product.knowledge.engine
    yield engine
    with engine.begin() as connection:
        for table in (versions, failures, links, sessions, staff):
            connection.execute(sa.delete(table))


def people_of(app: FastAPI) -> Callable[..., Browser]:
    """Somebody at a desk of their own."""

    def signed_in(login: str, *roles: str) -> Browser:
        account(app, login, *roles)
        browser = Browser(app, f"10.9.0.{len(login)}")
        assert browser.sign_in(login).is_success
        return browser

    return signed_in


def rules(least: int, day: date | None = None, **changes: Any) -> dict[str, Any]:
    """One rule: the rent is at least so much. The lease of the tests says 1800."""
    rule = {
        "id": "rent-enough", "title": "租金不低于下限", "check": "compare",
        "with": {"left": "lease.rent", "op": ">=", "value": least}, "citizen_text": "租金低于下限。",
        "action": "核对租金",
        "examples": {"passes": [{"lease.rent": least + 1}], "fails": [{"lease.rent": least - 1}]},
    }  # fmt: skip
    return {"item": ITEM, "effective_from": str(day or date.today()), "rules": [rule | changes]}


def draft(browser: Browser, content: dict[str, Any]) -> dict[str, Any]:
    answer = browser.send("POST", RULESETS, json=content)
    assert answer.status_code == 201, answer.text
    return answer.json()["version"]


def step(browser: Browser, version: dict[str, Any], event: str, **given: Any) -> Any:
    body = {"test": {"cases": 1}, "approve": {"sha256": version["sha256"]}}.get(event)
    return browser.send("POST", f"{RULESETS}/{version['id']}/{event}", json=given or body)


def publish(editor: Browser, senior: Browser, content: dict[str, Any]) -> dict[str, Any]:
    version = draft(editor, content)
    for browser, event in ((editor, "test"), (senior, "approve"), (editor, "publish")):
        answer = step(browser, version, event)
        assert answer.is_success, answer.text
    return version
