"""What operators and other programs see of a running server."""

import re
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from assistant.conversations import turns
from channels.app import create_app
from channels.errors import CODE_OF_STATUS, SENTENCES
from channels.pages import FOLDER
from channels.wiring import Product

METHODS = {"get", "post", "put", "delete", "patch"}


def test_a_living_server_says_so(client: TestClient):
    assert client.get("/healthz").json() == {"status": "ok"}


def test_a_server_with_a_handbook_is_ready(client: TestClient):
    assert client.get("/readyz").json() == {"status": "ok", "handbook_version": 1, "items": 8}


def test_a_server_without_a_handbook_is_not_ready_and_still_polite(settings):
    with TestClient(create_app(settings())) as opened:
        response = opened.get("/readyz")
        assert (response.status_code, response.json()["code"]) == (503, "no_handbook")
        answer = opened.post("/v1/ask", json={"question": "养犬登记多少钱"}).json()
        assert answer["reason"] == "no_basis.nothing_close"
        assert opened.get("/v1/items").json() == []
        assert opened.get("/mobile").status_code == 200


def test_a_server_that_lost_its_database_is_not_ready(settings, handbook, ingest):
    ingest(settings(), handbook)
    with TestClient(create_app(settings()), raise_server_exceptions=False) as opened:
        engine = opened.app.state.product.knowledge.engine  # type: ignore[attr-defined]
        with engine.begin() as connection:
            connection.execute(sa.text("ALTER TABLE handbook_version RENAME TO elsewhere"))
        response = opened.get("/readyz")
        assert (response.status_code, response.json()["code"]) == (503, "database_unavailable")


def test_an_ingest_while_serving_is_answered_without_a_restart(settings, handbook: Path, ingest):
    ingest(settings(), handbook)
    with TestClient(create_app(settings())) as opened:
        file = handbook / "items/life/dog-registration.yaml"
        file.write_text(file.read_text("utf-8").replace("yuan: 30", "yuan: 38"), "utf-8")
        ingest(settings(), handbook)
        end = time.monotonic() + 20
        text = ""
        while "38元" not in text and time.monotonic() < end:
            text = opened.post("/v1/ask", json={"question": "养犬登记多少钱"}).json()["text"]
            time.sleep(0.05)
        assert "38元" in text
        assert opened.get("/readyz").json()["handbook_version"] == 2


def test_a_new_hotline_is_told_without_a_restart(settings, handbook: Path, ingest):
    ingest(settings(), handbook)
    with TestClient(create_app(settings())) as opened:
        regions = handbook / "regions.yaml"
        regions.write_text(regions.read_text("utf-8").replace("000-12345", "000-77777"), "utf-8")
        ingest(settings(), handbook)
        end = time.monotonic() + 20
        text = ""
        while "000-77777" not in text and time.monotonic() < end:
            text = opened.post("/v1/ask", json={"question": "火星签证怎么办"}).json()["text"]
            time.sleep(0.05)
        assert "000-77777" in text


def test_a_starting_server_deletes_the_turns_that_it_may_no_longer_keep(settings, handbook: Path, ingest):
    ingest(settings(), handbook)
    body = {"question": "养犬登记多少钱", "conversation_id": "old"}
    with TestClient(create_app(settings())) as opened:
        opened.post("/v1/ask", json=body)
        opened.post("/v1/ask", json={**body, "conversation_id": "new"})
        product: Product = opened.app.state.product  # type: ignore[attr-defined]
        long_ago = datetime.now(UTC).replace(tzinfo=None) - timedelta(days=8)
        with product.knowledge.engine.begin() as connection:
            connection.execute(sa.update(turns).where(turns.c.conversation_id == "old").values(at=long_ago))
    with TestClient(create_app(settings(retention_days=7))) as opened:
        product = opened.app.state.product  # type: ignore[attr-defined]
        end = time.monotonic() + 20
        while product.conversations.history("old") and time.monotonic() < end:
            time.sleep(0.02)
        assert product.conversations.history("old") == ()
        assert len(product.conversations.history("new")) == 1


def test_questions_and_requests_are_counted(hall):
    with TestClient(create_app(hall.settings)) as opened:
        for question in ("养犬登记多少钱", "你好"):
            opened.post("/v1/ask", json={"question": question, "terminal": "kiosk-7"})
        opened.post("/v1/ask", json={"question": "养犬登记多少钱", "terminal": "invented-by-a-client"})
        opened.get("/v1/items/nobody")
        opened.get("/nowhere")
        text = opened.get("/metrics").text
    assert 'xiaoxin_turns_total{reason="facts",status="answered",terminal="kiosk"} 1.0' in text
    assert 'xiaoxin_turns_total{reason="facts",status="answered",terminal="other"} 1.0' in text
    assert 'xiaoxin_turns_total{reason="greeting",status="small_talk",terminal="kiosk"} 1.0' in text
    assert 'xiaoxin_http_requests_total{route="/v1/ask",status="200"} 3.0' in text
    assert 'xiaoxin_http_requests_total{route="/v1/items/{item_id}",status="404"} 1.0' in text
    assert 'xiaoxin_http_requests_total{route="unmatched",status="404"} 1.0' in text
    assert 'xiaoxin_step_seconds_count{step="ground"} 2.0' in text
    assert "xiaoxin_handbook_version 1.0" in text
    assert "nobody" not in text


@pytest.fixture(scope="module")
def description(client: TestClient) -> dict[str, Any]:
    return client.get("/openapi.json").json()


def operations(description: dict[str, Any]):
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            if method in METHODS:
                yield f"{method.upper()} {path}", operation


def test_every_address_of_the_interface_is_described(description: dict[str, Any]):
    assert set(description["paths"]) >= {
        "/v1/ask", "/v1/ask/stream", "/v1/conversations/{conversation_id}", "/v1/items", "/v1/items/{item_id}",
        "/v1/items/{item_id}/checklist", "/v1/items/{item_id}/checklist.html", "/v1/items/{item_id}/checklist.docx",
        "/v1/items/{item_id}/checklist.svg", "/healthz", "/readyz", "/metrics",
    }  # fmt: skip
    for name, operation in operations(description):
        assert operation.get("description"), name


def test_every_error_is_described_as_an_error_body(description: dict[str, Any]):
    schema = description["components"]["schemas"]["ErrorBody"]
    assert set(schema["required"]) == {"code", "message", "request_id"}
    for name, operation in operations(description):
        errors = {status: told for status, told in operation["responses"].items() if status >= "400"}
        assert {"400", "404", "405", "413", "422", "500"} <= errors.keys(), name
        for status, told in errors.items():
            assert list(told["content"]) == ["application/json"], (name, status)
            schema = told["content"]["application/json"]["schema"]
            reference = schema.get("allOf", [schema])[0]["$ref"]  # a 409 may carry the case beside it
            assert reference == "#/components/schemas/ErrorBody", (name, status)


def test_every_success_says_what_it_is(description: dict[str, Any]):
    kinds = {name: list(op["responses"].get("200", {}).get("content", {})) for name, op in operations(description)}
    assert kinds["POST /v1/ask"] == ["application/json"]
    assert kinds["POST /v1/ask/stream"] == ["text/event-stream"]
    assert kinds["GET /v1/items/{item_id}/checklist.html"] == ["text/html"]
    assert kinds["GET /v1/items/{item_id}/checklist.svg"] == ["image/svg+xml"]
    assert kinds["GET /metrics"] == ["text/plain"]
    assert "officedocument" in kinds["GET /v1/items/{item_id}/checklist.docx"][0]


def test_every_error_code_has_its_sentence():
    """Codes in the program and sentences in errors.yaml are the same."""
    sources = [path.read_text("utf-8") for path in FOLDER.parent.glob("*.py")]
    made = re.compile(r'(?:Problem|error_response)\([^)]*?\d{3}, "(\w+)"')
    raised = {code for text in sources for code in made.findall(text)}
    assert raised >= {"no_item", "no_choice", "no_region", "too_large", "no_handbook", "internal"}
    assert {*raised, *CODE_OF_STATUS.values()} <= SENTENCES.keys()
    assert all(sentence.strip() for sentence in SENTENCES.values())


def test_pages_refer_to_nothing_outside(client: TestClient):
    for path in ("/mobile", "/v1/items/dog-registration/checklist.html"):
        page = client.get(path).text
        links = re.findall(r'(?:src|href)="([^"]+)"', page)
        assert not [link for link in links if link.startswith(("http:", "https:", "//"))]
        for link in links:
            if link.startswith("/static/"):
                assert client.get(link).status_code == 200, link


def test_the_front_door_leads_to_the_chat_page(client: TestClient):
    assert client.get("/").url.path == "/mobile"
    assert "样本区政务服务中心" in client.get("/mobile").text
