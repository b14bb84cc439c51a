"""What a caller gets who asks wrongly: always {code, message, request_id}, never a page of the program."""

from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from channels.app import create_app

JSON = {"content-type": "application/json"}


def body_of(response: Any, status: int, code: str) -> dict[str, Any]:
    assert response.status_code == status, response.text
    body = response.json()
    assert body.keys() == {"code", "message", "request_id"}
    assert body["code"] == code
    assert body["message"]
    assert body["request_id"] == response.headers["x-request-id"]
    assert response.headers["x-content-type-options"] == "nosniff"
    return body


@pytest.mark.parametrize("path", ["/nothing", "/v1/nothing", "/static/nothing.js", "/docs", "/.env"])
def test_an_address_that_is_not_there(client: TestClient, path: str):
    body_of(client.get(path), 404, "not_found")


def test_an_item_that_is_not_there_is_named(client: TestClient):
    for path in ("/v1/items/moon-visa", "/v1/items/moon-visa/checklist", "/v1/items/moon-visa/checklist.html"):
        assert "moon-visa" in body_of(client.get(path), 404, "no_item")["message"]


@pytest.mark.parametrize(("method", "path"), [("GET", "/v1/ask"), ("POST", "/v1/items"), ("PUT", "/healthz")])
def test_a_method_that_an_address_does_not_take(client: TestClient, method: str, path: str):
    response = client.request(method, path)
    body_of(response, 405, "method_not_allowed")
    assert response.headers["allow"]


@pytest.mark.parametrize(
    "content",
    [
        b"", b"not json", b"{", b"[]", b"null", b'"question"', b"5", b"{}", b'{"question": null}', b'{"question": 5}',
        b'{"question": ["a"]}', b'{"question": {"a": 1}}', b'{"quest": "a"}', b'{"question": "a", "extra": 1}',
        b'{"question": "a", "language": "fr"}', b'{"question": "a", "profile": "child"}',
        b'{"question": "a", "conversation_id": "../../etc"}', b'{"question": "a", "conversation_id": ""}',
        b'{"question": "a", "terminal": "a b"}', b'{"question": "\\ud800"}', b'{"\\ud800": "a", "question": "a"}',
        b'{"question": "a", "region": "\\udfff"}', b"\xff\xfe", b'{"question": "\xff"}', b"[" * 50_000,
        b'{"question": "' + b"a" * 20_001 + b'"}', b'{"question": "a", "conversation_id": "a\\n"}', b"NaN",
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/v1/ask", "/v1/ask/stream"])
def test_a_body_that_is_no_question(client: TestClient, path: str, content: bytes):
    response = client.post(path, content=content, headers=JSON)
    assert response.status_code in (400, 422)
    body_of(response, response.status_code, "bad_request")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_a_body_that_is_not_json_by_its_type(client: TestClient, kind: str):
    response = client.post("/v1/ask", content=b'{"question": "a"}', headers={"content-type": kind})
    body_of(response, 422, "bad_request")


def test_the_field_that_is_wrong_is_named(client: TestClient):
    body = body_of(client.post("/v1/ask", json={"question": 5}), 422, "bad_request")
    assert "question" in body["message"]


def test_a_body_that_is_too_large_is_refused_by_its_length(client: TestClient):
    body_of(client.post("/v1/ask", json={"question": "a" * 100_000}), 413, "too_large")


def test_a_body_that_is_too_large_is_refused_while_it_comes(server: str):
    """Without a length, in pieces that never end the body."""

    def pieces():
        yield b'{"question": "'
        for _ in range(100):
            yield b"a" * 4096

    with httpx.Client(trust_env=False) as wire:
        body_of(wire.post(f"{server}/v1/ask", content=pieces(), headers=JSON), 413, "too_large")
        assert wire.get(f"{server}/healthz").is_success


def test_the_server_outlives_a_header_that_is_too_large(server: str):
    with httpx.Client(trust_env=False) as wire:
        try:
            status = wire.get(f"{server}/healthz", headers={"x-large": "a" * 200_000}).status_code
        except httpx.TransportError:  # the server may close while the header is still being sent
            status = 431
        assert status in (200, 400, 431)
    with httpx.Client(trust_env=False) as wire:
        assert wire.get(f"{server}/healthz").is_success


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/static/....//app.py",
        "/static//etc/passwd", "/static/%2e%2e%2f%2e%2e%2fsettings.py", "/static/..%5capp.py", "/static/%00",
        "/static/" + "a" * 300, "/v1/items/..%2f..%2fapp/checklist", "/v1/items/%00", "/v1/items/%ff",
    ],
)  # fmt: skip
def test_no_file_beside_the_pages_is_given_out(client: TestClient, server: str, path: str):
    with httpx.Client(trust_env=False) as wire:
        for response in (client.get(path), wire.get(server + path)):
            assert response.status_code in (404, 422)
            assert "import" not in response.text
            assert response.json().keys() == {"code", "message", "request_id"}


@pytest.mark.parametrize("wish", ["abc-123", "0f8fad5bd9cb469fa16570867728950e"])
def test_the_callers_request_id_comes_back(client: TestClient, wish: str):
    headers = {"x-request-id": wish}
    assert client.get("/healthz", headers=headers).headers["x-request-id"] == wish
    assert client.get("/nothing", headers=headers).json()["request_id"] == wish


@pytest.mark.parametrize("wish", ["", "a" * 65, "a b", "<script>", "a\tb"])
def test_a_request_id_that_could_do_harm_is_replaced(client: TestClient, wish: str):
    given = client.get("/healthz", headers={"x-request-id": wish}).headers["x-request-id"]
    assert given != wish
    assert len(given) == 32


def test_each_request_has_an_id_of_its_own(client: TestClient):
    assert len({client.get("/healthz").headers["x-request-id"] for _ in range(5)}) == 5


def test_pages_and_answers_carry_the_security_headers(client: TestClient):
    for path in ("/mobile", "/v1/items", "/healthz", "/nothing", "/v1/items/dog-registration/checklist.html"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-frame-options"] == "DENY"
        assert "default-src 'self'" in headers["content-security-policy"]
        assert "unsafe-inline" not in headers["content-security-policy"]
        assert "unsafe-eval" not in headers["content-security-policy"]


def test_a_mistake_inside_is_an_error_body_too(settings, hall, caplog):
    """The tables vanish under a running server."""
    given = settings()
    with TestClient(create_app(given), raise_server_exceptions=False) as opened:
        product = opened.app.state.product  # type: ignore[attr-defined]
        with product.knowledge.engine.begin() as connection:
            connection.execute(sa.text("DROP TABLE handbook_version"))
            connection.execute(sa.text("DROP TABLE conversation_turn"))
        body = body_of(opened.delete("/v1/conversations/x"), 500, "internal")
        assert "conversation_turn" not in body["message"]
        assert body["request_id"] in caplog.text
