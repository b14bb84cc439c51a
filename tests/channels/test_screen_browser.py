"""The wall in a real browser: what stands on it, and how it goes on when figures, speech and connection change."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn
from chromium import CHROMIUM
from playwright.sync_api import Browser, Page, expect

from channels.app import create_app
from channels.server import HallServer
from channels.settings import Settings
from channels.stage import Stage
from channels.wiring import build_knowledge
from knowledge.ingest import gather

HANDBOOK = Path(__file__).parents[1] / "handbook"
FAULTS = (Path(__file__).parent / "page_faults.js").read_text("utf-8").strip().rstrip(";")
WALL = {"width": 1920, "height": 1080}
LONG = "父母是现役军人的，可以由祖父母或者外祖父母代为申请，申请时带上居民身份证、居民户口簿和部队出具的证明。"
pytestmark = pytest.mark.browser


@contextmanager
def serving(settings: Settings, port: int = 0) -> Iterator[tuple[str, Stage]]:
    app = create_app(settings)
    listening = socket.create_server(("127.0.0.1", port))
    server = HallServer(uvicorn.Config(app, log_level="warning", ws="none"), app.state.stage.close)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.02)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}", app.state.stage
    server.should_exit = True
    thread.join(15)
    listening.close()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    given = Settings(data_dir=tmp_path, embedder="hashing", vector_store="memory", speech=False, _env_file=None)  # type: ignore[call-arg]
    knowledge = build_knowledge(given)
    knowledge.ingester.ingest(gather(HANDBOOK))
    knowledge.index.close()
    knowledge.engine.dispose()
    return given


@pytest.fixture(scope="module")
def browser() -> Browser:
    return CHROMIUM.browser()


@pytest.fixture
def wall(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=WALL, reduced_motion="reduce")  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


def open_wall(wall: Page, address: str) -> list[str]:
    """What the console complains of, from here on."""
    complaints: list[str] = []
    wall.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    wall.on("pageerror", lambda error: complaints.append(str(error)))
    wall.goto(f"{address}/screen")
    wall.wait_for_selector("html[data-ready]")
    expect(wall.locator("#link")).to_have_attribute("data-link", "live")
    return complaints


def ask(address: str, question: str, conversation: str) -> None:
    body = {"question": question, "conversation_id": conversation}
    httpx.post(f"{address}/v1/ask", json=body, timeout=30, trust_env=False).raise_for_status()


def caption(stage: Stage, sentence: str, terminal: str = "kiosk-1", epoch: int = 1, ms: int = 4000) -> None:
    told = {"terminal": terminal, "epoch": epoch}
    stage.say({"type": "caption", **told, "sentence": sentence, "start_ms": 0, "end_ms": ms})
    stage.say({"type": "visemes", **told, "at_ms": [[0, "aa"], [ms, "sil"]]})


def test_the_wall_shows_todays_figures_and_goes_on_with_each_question(wall: Page, settings: Settings):
    with serving(settings) as (address, _):
        complaints = open_wall(wall, address)
        expect(wall.locator("#hot-empty")).to_be_visible()
        expect(wall.locator("#share")).to_have_text("–")
        for visitor in ("a", "b"):
            ask(address, "养犬登记多少钱", visitor)
        ask(address, "火星移民怎么办理", "c")
        expect(wall.locator("#questions")).to_have_text("3")
        expect(wall.locator("#conversations")).to_have_text("3")
        expect(wall.locator("#share")).to_have_text("66")
        expect(wall.locator("#referred")).to_have_text("1")
        expect(wall.locator("#hot .name")).to_have_text(["养犬登记"])
        expect(wall.locator("#last .question")).to_have_text(["养犬登记多少钱"])
        expect(wall.locator("#hourly .bar")).to_have_count(1)
        expect(wall.locator("#face > *:not(.stand-in)")).to_have_count(1)
        assert complaints == []


@pytest.mark.parametrize("size", [WALL, {"width": 3840, "height": 2160}, {"width": 1080, "height": 1920}])
def test_nothing_on_the_wall_is_cut_off_or_pale(wall: Page, settings: Settings, size: dict[str, int]):
    wall.set_viewport_size(size)  # type: ignore[arg-type]
    with serving(settings) as (address, stage):
        open_wall(wall, address)
        ask(address, "养犬登记多少钱", "a")
        caption(stage, LONG, ms=60000)
        expect(wall.locator("#caption")).to_have_attribute("data-speaking", "")
        outer = wall.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
        assert outer == [size["width"], size["height"]]
        full = "(node) => node.scrollHeight <= node.clientHeight + 1 && node.scrollWidth <= node.clientWidth + 1"
        texts = f"nodes => nodes.filter((node) => !({full})(node)).map((node) => node.innerText)"
        assert wall.eval_on_selector_all(".caption, .figures > div, .ai-label, .card", texts) == []
        pale = [fault for fault in wall.evaluate(f"({FAULTS})()") if fault.startswith("contrast")]
        assert pale == []


def test_what_xiaoxin_says_stands_below_her_face_piece_by_piece(wall: Page, settings: Settings):
    with serving(settings) as (address, stage):
        open_wall(wall, address)
        expect(wall.get_by_text("您好，我是小新。")).to_be_visible()
        caption(stage, LONG, ms=8000)
        sentence = wall.locator("#sentence")
        expect(sentence).to_have_text("父母是现役军人的，可以由祖父母或者外祖父母代为申请，")
        caption(stage, "另一台终端在说话。", terminal="kiosk-2")
        expect(sentence).to_have_text("申请时带上居民身份证、居民户口簿和部队出具的证明。")
        expect(wall.locator("#caption[data-speaking]")).to_have_count(0)


def test_an_interrupted_answer_leaves_the_wall_at_once(wall: Page, settings: Settings):
    with serving(settings) as (address, stage):
        open_wall(wall, address)
        caption(stage, "工本费30元。", ms=60000)
        expect(wall.locator("#caption[data-speaking]")).to_have_count(1)
        stage.say({"type": "speech_end", "terminal": "kiosk-1", "epoch": 1, "reason": "cancelled"})
        expect(wall.locator("#caption[data-speaking]")).to_have_count(0, timeout=5000)


def test_the_wall_says_that_it_lost_the_server_and_finds_it_again(wall: Page, settings: Settings):
    with serving(settings) as (address, _):
        open_wall(wall, address)
        ask(address, "养犬登记多少钱", "a")
        expect(wall.locator("#questions")).to_have_text("1")
    expect(wall.locator("#link")).to_have_attribute("data-link", "lost")
    expect(wall.locator("#questions")).to_have_text("1")
    with serving(settings, port=int(address.rpartition(":")[2])):
        expect(wall.locator("#link")).to_have_attribute("data-link", "live")
