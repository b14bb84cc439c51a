"""The kiosk's page on the real voice socket: a recorded microphone, a scripted ear, a voice of tones."""

import socket
import threading
import time
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import uvicorn
from chromium import CHROMIUM, QUIET, installed
from fastapi import FastAPI
from playwright.sync_api import Page, expect
from voice_terminal import SAMPLES

from channels.app import create_app
from channels.wiring import Product
from speech.audio import decode, to_pcm16

pytestmark = pytest.mark.browser

GREETING_S = 20.0
"""Silence of the microphone while she says hello, tone by tone."""

Kiosk = Callable[..., Any]


def microphone(path: Path, *names: str, apart_s: float) -> Path:
    """A WAV of silence, the samples, and silence again."""
    still = np.zeros(int(GREETING_S * 16_000), np.float32)
    rest = np.zeros(int(apart_s * 16_000), np.float32)
    sound = [still, *(piece for name in names for piece in (decode((SAMPLES / f"{name}.ogg").read_bytes()), rest))]
    with wave.open(str(path), "wb") as out:
        out.setparams((1, 2, 16_000, 0, "NONE", ""))
        out.writeframes(to_pcm16(np.concatenate([*sound, still])))
    return path


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The address of a real server."""
    listening = socket.create_server(("127.0.0.1", 0))
    running = uvicorn.Server(uvicorn.Config(app, log_level="warning", ws="websockets-sansio"))
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not running.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.02)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    running.should_exit = True
    thread.join(20)
    listening.close()


@pytest.fixture
def kiosk(hall: Product, tmp_path: Path) -> Kiosk:
    """A kiosk whose ear hears the lines, and whose microphone plays the samples."""

    @contextmanager
    def opened(lines: list[str], samples: list[str], apart_s: float = 1.5) -> Iterator[Page]:
        script = tmp_path / "script.txt"
        script.write_text("\n".join(lines), "utf-8")
        changed = {"speech": True, "recognizer": f"scripted:{script}", "voice": "tone", "prepare_speech": False}
        app = create_app(hall.settings.model_copy(update=changed))
        heard = microphone(tmp_path / "microphone.wav", *samples, apart_s=apart_s)
        complaints: list[str] = []
        with served(app) as address:
            browser = CHROMIUM.playwright.chromium.launch(
                executable_path=installed(),
                args=[
                    *QUIET,
                    "--use-fake-device-for-media-stream",
                    "--use-fake-ui-for-media-stream",
                    f"--use-file-for-fake-audio-capture={heard}%noloop",
                ],
            )
            page = browser.new_page(viewport={"width": 1080, "height": 1920}, locale="zh-CN", reduced_motion="reduce")
            page.on("console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None)
            page.goto(f"{address}/kiosk")
            page.wait_for_selector("html[data-ready]")
            page.set_default_timeout(60_000)
            yield page
            browser.close()
        assert complaints == []

    return opened


def state(page: Page, name: str) -> None:
    page.wait_for_function("name => document.body.dataset.state === name", arg=name)


def test_a_visitor_is_greeted_heard_answered_and_can_interrupt(kiosk: Kiosk) -> None:
    with kiosk(["养犬登记要多少钱", "养犬登记在哪里办"], ["question", "rest"], apart_s=5.0) as page:
        page.click("#start")
        expect(page.locator("#caption")).to_contain_text("人工智能", timeout=90_000)
        state(page, "speaking")
        state(page, "ready")
        state(page, "hearing")
        expect(page.locator(".k-asked")).to_contain_text("养犬登记要多少钱", timeout=30_000)
        expect(page.locator("#turn .card h3")).to_have_text("养犬登记")
        state(page, "speaking")
        expect(page.locator("#caption .spoken")).not_to_be_empty()
        expect(page.locator(".k-asked")).to_contain_text("养犬登记在哪里办", timeout=30_000)
        state(page, "speaking")


def test_her_mouth_moves_while_she_speaks_and_rests_when_she_is_stopped(kiosk: Kiosk) -> None:
    with kiosk(["无"], []) as page:
        page.click("#start")
        state(page, "speaking")
        mouth = "() => document.querySelector('.avatar').innerHTML"
        shapes = set()
        for _ in range(12):
            shapes.add(page.evaluate(mouth))
            page.wait_for_timeout(80)
        assert len(shapes) > 4
        page.click("#talk")
        state(page, "ready")
