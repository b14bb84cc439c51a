"""What the voice socket makes of broken frames, sound that is none, and halls that are full or silent."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from starlette.websockets import WebSocketDisconnect
from voice_terminal import SILENCE, START, Terminal

from channels.app import create_app
from channels.wiring import Product

Talk = Callable[..., Any]


@pytest.mark.parametrize(
    "data", [b"", b"\x1aE\xdf\xa3 only the beginning", b"\x00" * 4000], ids=["none", "cut", "zeros"]
)
def test_a_recording_that_cannot_be_read_is_told_and_the_socket_goes_on(talk: Talk, data: bytes) -> None:
    with talk() as client:
        client.send(**START, format="webm")
        if data:
            client.socket.send_bytes(data)
        client.send(type="end")
        assert client.until("failed")["code"] in ("empty_audio", "unreadable_audio")
        client.send(type="text", text="你好", speak=False)
        assert client.until("answer")["status"] == "small_talk"


@pytest.mark.parametrize(
    "frame", ["not json", "[]", "{}", '{"type": "dance"}', '{"type": "start", "rate": 1}', '"x"', "{" * 5000]
)
def test_a_frame_that_is_none_is_told_and_the_socket_goes_on(talk: Talk, frame: str) -> None:
    with talk() as client:
        client.socket.send_text(frame)
        failed = client.until("failed")
        assert failed["code"] == "bad_frame"
        assert failed["message"]
        client.send(**START)
        client.until("ready")


def test_sound_before_the_start_is_refused_and_does_no_harm(talk: Talk) -> None:
    with talk() as client:
        client.socket.send_bytes(SILENCE)
        assert client.until("failed")["code"] == "not_started"
        client.send(type="cancel")
        assert client.until("failed")["code"] == "not_started"
        client.send(**START)
        client.until("ready")


def test_odd_empty_and_loud_pieces_of_sound_do_no_harm(talk: Talk) -> None:
    with talk() as client:
        client.send(**START)
        for piece in (b"", b"\x01", b"\xff\x7f" * 641, b"\x00\x80" * 9999):
            client.socket.send_bytes(piece)
        client.send(type="text", text="你好", speak=False)
        client.until("answer")


def test_one_conversation_too_many_is_asked_to_come_back(hall: Product) -> None:
    settings = hall.settings.model_copy(update={"speech": True, "voice": "tone", "voice_sockets": 1})
    with TestClient(create_app(settings)) as client, client.websocket_connect("/v1/voice") as first:
        Terminal(first).send(**START)
        with client.websocket_connect("/v1/voice") as second:
            assert Terminal(second).until("failed")["code"] == "too_many_conversations"
            with pytest.raises(WebSocketDisconnect):
                Terminal(second).next()
    with TestClient(create_app(settings)) as client, client.websocket_connect("/v1/voice") as again:
        Terminal(again).send(**START)
        Terminal(again).until("ready")


def test_a_hall_without_speech_says_so(talk: Talk) -> None:
    with talk(speech=False) as client:
        assert client.until("failed")["code"] == "voice_off"
        with pytest.raises(WebSocketDisconnect):
            client.next()


def test_a_hall_whose_engine_is_missing_says_so(talk: Talk, tmp_path: Path) -> None:
    with talk(recognizer=f"vosk:{tmp_path / 'nowhere'}") as client:
        assert client.until("failed")["code"] == "voice_off"


def test_stages_of_a_voice_turn_are_measured(talk: Talk, hall: Product, tmp_path: Path) -> None:
    script = tmp_path / "words.txt"
    script.write_text("养犬登记多少钱", "utf-8")
    settings = hall.settings.model_copy(
        update={"speech": True, "recognizer": f"scripted:{script}", "voice": "tone", "prepare_speech": False}
    )
    with TestClient(create_app(settings)) as client, client.websocket_connect("/v1/voice") as socket:
        terminal = Terminal(socket)
        terminal.send(**START)
        terminal.speak("question")
        terminal.until_sound()
        terminal.send(type="cancel")
        terminal.until("listening")
        text = client.get("/metrics").text
    for stage in ("decode", "heard", "first_sound", "hush"):
        assert f'xiaoxin_voice_seconds_count{{stage="{stage}"}}' in text
    assert "xiaoxin_voice_sockets 1.0" in text
