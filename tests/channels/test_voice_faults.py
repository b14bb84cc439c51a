"""What the voice socket makes of engines that fail, a database that is away, and visitors who change their mind."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import websockets
from fastapi.testclient import TestClient
from voice_terminal import SAMPLES, START, Terminal

from channels.app import create_app
from channels.voice_echo import OwnVoice, same_words
from channels.wiring import Product, build
from knowledge.misheard import Mended
from speech.audio import decode
from speech.endpoint import PROFILES
from speech.listen import Listener
from speech.recognizer import Heard
from speech.vad import VoiceActivity

Talk = Callable[..., Any]


def test_an_answer_on_its_way_is_forgotten_too_when_the_visitor_leaves(talk: Talk, hall: Product) -> None:
    with talk() as client:
        client.send(**START)
        conversation = client.until("ready")["conversation_id"]
        for _ in range(5):
            client.send(type="text", text="养犬登记多少钱", speak=False)
        client.send(type="leave")
        assert client.until("ready")["conversation_id"] != conversation
        assert hall.conversations.history(conversation) == ()


def test_a_recording_is_forgotten_when_the_visitor_leaves_before_its_end(talk: Talk) -> None:
    for way_out in ("cancel", "leave"):
        with talk("养犬登记多少钱") as client:
            client.send(**START, format="ogg")
            client.socket.send_bytes((SAMPLES / "question.ogg").read_bytes())
            client.send(type=way_out)
            client.send(type="end")
            assert client.until("failed")["code"] == "empty_audio"
            assert "heard" not in client.kinds()


def test_another_conversation_at_the_same_socket_knows_nothing_of_the_first(talk: Talk) -> None:
    with talk("第二个") as client:
        client.send(**START, conversation_id="first")
        client.send(type="text", text="养犬登记要带什么材料", speak=False)
        assert client.until("answer")["options"]
        client.send(**START, conversation_id="second")
        client.until("ready", conversation_id="second")
        client.speak("stop")
        assert client.until("heard")["text"] == "第二个"


def test_who_came_back_with_a_conversation_and_is_silent_is_forgotten(talk: Talk, hall: Product) -> None:
    with talk() as client:
        client.send(**START, conversation_id="came-back")
        client.send(type="text", text="养犬登记多少钱", speak=False)
        client.until("answer")
    with talk(idle_s=0.2) as client:
        client.send(**START, conversation_id="came-back")
        client.until("idle", stage="goodbye")
        client.until("ready")
        assert hall.conversations.history("came-back") == ()


def test_two_wishes_in_a_row_still_say_the_answer_again(talk: Talk) -> None:
    with talk() as client:
        client.send(**START)
        for text in ("养犬登记多少钱", "说慢一点", "大声点"):
            client.send(type="text", text=text)
            client.until("answer")
        said = client.until("caption")["sentence"]
        while "养犬" not in said and "元" not in said:
            said = client.until("caption")["sentence"]
        client.send(type="cancel")


def test_one_syllable_said_into_her_words_silences_her_and_is_no_question(talk: Talk) -> None:
    with talk("养犬登记多少钱", "天！") as client:
        client.send(**START)
        client.speak("question")
        client.until_sound()
        client.speak("stop")
        client.until("speech_end", reason="cancelled")
        heard = client.until("heard")
        assert (heard["text"], heard["reason"]) == ("", "unclear")
        client.until("listening")
        assert client.kinds().count("answer") == 1


def test_her_own_words_heard_back_do_not_interrupt(talk: Talk) -> None:
    with talk("养犬登记多少钱", "我的声音由人工智能合城") as client:
        client.send(**START)
        client.speak("question")
        client.until_sound()
        client.speak("stop")
        assert client.until("heard")["reason"] == "backchannel"
        assert "speech_end" not in client.kinds()


def test_words_are_hers_by_their_sound() -> None:
    saying = "您好，我是数字人小新，我的声音由人工智能合成。到公安派出所户籍窗口办理。"
    assert same_words("你好我是数字人小心", saying)
    assert not same_words("户籍窗口在哪里", saying)
    assert not same_words("居住证多少钱", saying)


@pytest.mark.parametrize("loudness", [0.1, 0.5])
@pytest.mark.parametrize("late_s", [0.0, 0.3, 1.2])
def test_her_voice_is_known_though_it_comes_back_softly_and_late(loudness: float, late_s: float) -> None:
    story, visitor = voice("story"), voice("story_man")
    noise = np.random.default_rng(1).normal(0, 0.001, len(story)).astype(np.float32)
    delayed = np.concatenate([np.zeros(int(late_s * 16_000), np.float32), story])[: len(story)]
    for seconds, heard, hers in (
        (2.5, delayed * loudness + noise, True),
        (2.5, delayed * 0.1 + visitor[: len(delayed)] + noise[: len(visitor)], False),
    ):
        own = OwnVoice()
        own.play(story, 16_000, at=100.0)
        own.hear(heard[: int(seconds * 16_000)], at=100.0 + seconds)
        assert own.heard_back(1.2) is hers


def voice(name: str) -> Any:
    return decode((SAMPLES / f"{name}.ogg").read_bytes())[:64_000]


class Broken:
    """A recognizer whose engine fails."""

    name = "broken"

    def stream(self) -> "Broken":
        return self

    def accept(self, samples: Any) -> None:
        """Any sound."""

    def partial(self) -> str:
        raise RuntimeError("the engine failed")

    def finish(self) -> Heard:
        raise RuntimeError("the engine failed")

    def recognize(self, samples: Any) -> Heard:
        raise RuntimeError("the engine failed")

    def close(self) -> None:
        """Nothing is held."""


def test_a_listener_whose_engine_failed_tells_it_and_hears_the_next_sentence() -> None:
    with ThreadPoolExecutor(1) as pool:
        listener = Listener(Broken(), VoiceActivity(), PROFILES["standard"], Mended, pool)

        def say() -> None:
            for piece in np.array_split(np.concatenate([voice("question"), np.zeros(16_000, np.float32)]), 80):
                listener.accept(piece)
                time.sleep(0.005)

        for _ in range(2):
            with pytest.raises(RuntimeError):
                say()
            listener.reset()
            assert not listener.speaking


def test_a_database_that_is_away_is_no_end_of_the_conversation(hall: Product, data: Path) -> None:
    given = {"speech": True, "recognizer": "scripted:/dev/null", "voice": "tone", "prepare_speech": False}
    settings = hall.settings.model_copy(update={**given, "data_dir": data})
    product = build(settings)
    with TestClient(create_app(settings, product)) as client, client.websocket_connect("/v1/voice") as opened:
        terminal = Terminal(opened)
        terminal.send(**START)
        first = terminal.until("ready")["conversation_id"]
        with product.knowledge.engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE conversation_turn RENAME TO away")
        terminal.send(type="text", text="养犬登记多少钱", speak=False)
        assert terminal.until("answer")["status"] in ("answered", "error")
        terminal.send(type="leave")
        assert terminal.until("ready")["conversation_id"] != first
        with product.knowledge.engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE away RENAME TO conversation_turn")
        terminal.send(type="text", text="养犬登记多少钱", speak=False)
        assert terminal.until("answer")["status"] == "answered"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def served(data: Path, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """`xiaoxin serve` as it is started in a hall, with a script for ears and tones for a voice."""
    script, port = tmp_path / "script.txt", free_port()
    script.write_text("养犬登记多少钱", "utf-8")
    given = {
        "data_dir": data, "embedder": "hashing", "vector_store": "memory", "voice": "tone", "prepare_speech": "false",
        "recognizer": f"scripted:{script}",
    }  # fmt: skip
    env = {**os.environ, **{f"XIAOXIN_{name.upper()}": str(value) for name, value in given.items()}}
    command = [sys.executable, "-m", "channels.cli", "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=env, stderr=subprocess.DEVNULL)
    while process.poll() is None:
        with contextlib.suppress(OSError):
            urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"http://127.0.0.1:{port}/healthz")
            break
        time.sleep(0.1)
    yield process, f"ws://127.0.0.1:{port}/v1/voice"
    process.kill()
    process.wait()


async def told(client: websockets.ClientConnection, kind: str) -> dict[str, Any]:
    async with asyncio.timeout(60):
        while True:
            message = await client.recv()
            if isinstance(message, str) and json.loads(message)["type"] == kind:
                return json.loads(message)


def test_a_server_stands_a_rough_day_and_stops_at_once(served: tuple[subprocess.Popen[bytes], str]) -> None:
    process, address = served
    asyncio.run(_rough_day(process, address))
    assert process.wait(20) in (0, -signal.SIGTERM)


async def _rough_day(process: subprocess.Popen[bytes], address: str) -> None:
    """A frame of 64 MiB, a hundred terminals that vanish, and the end while she speaks."""

    def terminal() -> Any:
        return websockets.connect(address, proxy=None, max_size=None)

    async with terminal() as client:
        with contextlib.suppress(websockets.ConnectionClosed):
            await client.send(bytes(64 * 2**20))
            while True:
                await client.recv()
        assert client.close_code in (1009, 1006)  # 1006 where the end came before the frame was sent whole
    crowd = [await terminal() for _ in range(100)]
    try:
        last = await told(crowd[-1], "failed")
        assert last["code"] == "too_many_conversations"
    finally:
        for one in crowd:
            one.transport.abort()
            await one.wait_closed()
    async with asyncio.timeout(60):
        while True:
            async with terminal() as client:
                await client.send(json.dumps(START))
                first = json.loads(await client.recv())
                if first["type"] == "ready":
                    await client.send(json.dumps({"type": "text", "text": "养犬登记要带什么材料"}))
                    await told(client, "speech_start")
                    process.send_signal(signal.SIGTERM)
                    begun = time.monotonic()
                    with contextlib.suppress(websockets.ConnectionClosed):
                        while True:
                            await client.recv()
                    assert time.monotonic() - begun < 10
                    return
