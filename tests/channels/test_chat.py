"""POST /v1/ask and /v1/ask/stream as a page or another program uses them."""

import json
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from channels.answer_body import AnswerBody

ID_NUMBER = "110101199003070011"


def events(text: str) -> list[tuple[str, Any]]:
    """Server-sent events as (name, data)."""
    found = []
    for block in text.strip().split("\n\n"):
        name, data = block.split("\n")
        found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


def test_a_question_is_answered_with_its_source(client: TestClient):
    answer = client.post("/v1/ask", json={"question": "养犬登记多少钱"}).json()
    assert answer["status"] == "answered"
    assert "30元" in answer["text"]
    assert answer["citations"][0]["source"] == "items/life/dog-registration.yaml"
    assert answer.keys() == AnswerBody.model_fields.keys()


def test_a_conversation_goes_on_under_its_id(client: TestClient):
    first = client.post("/v1/ask", json={"question": "养犬登记多少钱"}).json()
    identity = first["conversation_id"]
    then = client.post("/v1/ask", json={"question": "在哪里办", "conversation_id": identity}).json()
    assert then["conversation_id"] == identity
    assert then["turn_id"] != first["turn_id"]
    assert "样本路1号" in then["text"]


def test_a_wiped_conversation_is_forgotten(client: TestClient):
    body = {"question": "养犬登记多少钱", "conversation_id": "to-be-wiped"}
    client.post("/v1/ask", json=body)
    assert client.delete("/v1/conversations/to-be-wiped").status_code == 204
    then = client.post("/v1/ask", json={**body, "question": "那在哪里办"}).json()
    assert then["item"] is None
    assert client.delete("/v1/conversations/to-be-wiped").status_code == 204


def test_a_stream_tells_the_steps_then_the_sentences_then_one_answer(client: TestClient):
    response = client.post("/v1/ask/stream", json={"question": "养犬登记要多久"})
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.headers["cache-control"] == "no-store"
    told = events(response.text)
    names = [name for name, _ in told]
    assert names == sorted(names, key=["step", "sentence", "answer"].index)
    assert [data["name"] for name, data in told if name == "step"] == [
        "screen", "understand", "ground", "guide", "compose", "verify", "persona",
    ]  # fmt: skip
    answer = told[-1][1]
    assert names.count("answer") == 1
    assert "".join(data["text"] for name, data in told if name == "sentence") == answer["text"]
    assert answer.keys() == AnswerBody.model_fields.keys()


def test_a_stream_and_a_plain_answer_say_the_same(client: TestClient):
    plain = client.post("/v1/ask", json={"question": "狗证怎么办"}).json()
    streamed = events(client.post("/v1/ask/stream", json={"question": "狗证怎么办"}).text)[-1][1]
    own = {"turn_id", "conversation_id", "took_ms", "steps"}
    assert {k: v for k, v in plain.items() if k not in own} == {k: v for k, v in streamed.items() if k not in own}


def test_a_region_may_be_named_or_coded(client: TestClient):
    for region in ("东柳镇", "东柳", "900100-east"):
        answer = client.post("/v1/ask", json={"question": "小渔船登记要多久", "region": region}).json()
        assert answer["item"]["id"] == "fishing-boat"
    refused = client.post("/v1/ask", json={"question": "小渔船登记要多久", "region": "海底镇"})
    assert (refused.status_code, refused.json()["code"]) == (422, "no_region")
    assert "海底镇" in refused.json()["message"]


def test_a_long_question_is_answered_with_a_request_to_shorten_it(client: TestClient):
    answer = client.post("/v1/ask", json={"question": "养犬登记多少钱？" * 1250}).json()
    assert answer["reason"] == "refused.too_long"


def test_a_number_of_a_person_is_not_in_the_answer_nor_in_the_log(client: TestClient, caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.DEBUG):
        answer = client.post("/v1/ask", json={"question": f"我是{ID_NUMBER}，养犬登记多少钱"})
    assert ID_NUMBER not in answer.text
    assert ID_NUMBER not in caplog.text


def test_twenty_visitors_at_once_get_their_own_answers(client: TestClient):
    def talk(number: int) -> list[str]:
        name = f"visitor-{number}"
        item = ("养犬登记", "导盲犬备案")[number % 2]
        asked = [f"{item}要多久", "那多少钱"]
        bodies = [{"question": question, "conversation_id": name} for question in asked]
        return [client.post("/v1/ask", json=body).json()["text"] for body in bodies]

    with ThreadPoolExecutor(20) as pool:
        told = list(pool.map(talk, range(40)))
    for number, (time, fee) in enumerate(told):
        assert ("当场办结" if number % 2 else "3个工作日") in time
        assert ("不收费" if number % 2 else "30元") in fee


@pytest.mark.parametrize(
    "question", ["养犬\x00登记多少钱", "养犬\u202e登记多少钱", "\ufeff养犬登记多少钱", "🐶\u200d🐕养犬登记多少钱𠮷"]
)
def test_odd_characters_do_no_harm(client: TestClient, question: str):
    response = client.post("/v1/ask", json={"question": question})
    assert response.status_code == 200
    assert "30元" in response.json()["text"]


def test_streams_come_over_the_wire_in_pieces(server: str):
    with (
        httpx.Client(trust_env=False) as wire,
        wire.stream("POST", f"{server}/v1/ask/stream", json={"question": "养犬登记多少钱"}) as response,
    ):
        assert response.headers["transfer-encoding"] == "chunked"
        told = events("".join(response.iter_text()))
    assert told[-1][0] == "answer"


def test_a_visitor_who_leaves_in_the_middle_breaks_nothing(server: str):
    with httpx.Client(trust_env=False) as wire:
        for _ in range(5):
            with wire.stream("POST", f"{server}/v1/ask/stream", json={"question": "养犬登记多少钱"}) as response:
                next(response.iter_raw())
        assert wire.get(f"{server}/healthz").json() == {"status": "ok"}
