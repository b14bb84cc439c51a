"""The kiosk's page in a real browser: real answers, a scripted voice, a sound file for a microphone."""

import math
import socket
import struct
import threading
import time
import wave
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import httpx
import pytest
import uvicorn
from case_server import until
from chromium import CHROMIUM, PATIENCE_MS
from playwright.sync_api import BrowserContext, Locator, Page, expect
from voice_peer import VoicePeer

from channels.settings import Settings
from channels.wiring import build_knowledge
from knowledge.ingest import gather

FAULTS = (Path(__file__).parent / "page_faults.js").read_text("utf-8").strip().rstrip(";")
HANDBOOK = Path(__file__).parents[1] / "handbook"
pytestmark = pytest.mark.browser

PORTRAIT = {"width": 1080, "height": 1920}
LANDSCAPE = {"width": 1920, "height": 1080}
CARD = "#turn .card:not([aria-busy])"
ORDINARY = {"text": "养犬登记多少钱", "raw": "养犬登记多少钱"}
NUMBER = "900100199001011234"
"""No citizen number: its district does not exist and its last digit is wrong."""

PACE = """() => {
  const caption = document.querySelector("#caption");
  let [began, first] = [0, 0];
  const look = () => {
    const count = caption.dataset.of === "avatar" ? caption.querySelector(".spoken").textContent.length : 0;
    if (!began && count) [began, first] = [performance.now(), count];
    if (began && count >= first + 8) window.pace = performance.now() - began;
    else requestAnimationFrame(look);
  };
  look();
}"""
"""Leaves in `pace` how many milliseconds eight letters took; measured in the page, so that no wait counts in."""


@pytest.fixture(scope="module")
def peer(tmp_path_factory: pytest.TempPathFactory) -> VoicePeer:
    data = tmp_path_factory.mktemp("kiosk")
    embedded = {"embedder": "hashing", "vector_store": "memory", "speech": False}
    given = Settings(data_dir=data, **embedded, _env_file=None)  # pyright: ignore[reportCallIssue, reportArgumentType]
    knowledge = build_knowledge(given)
    knowledge.ingester.ingest(gather(HANDBOOK))
    knowledge.index.close()
    knowledge.engine.dispose()
    return VoicePeer(given)


@pytest.fixture(scope="module")
def server(peer: VoicePeer) -> Iterator[str]:
    listening = socket.create_server(("127.0.0.1", 0))
    running = uvicorn.Server(uvicorn.Config(peer.app(), log_level="warning", ws="websockets-sansio"))
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not running.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.02)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    running.should_exit = True
    thread.join()
    listening.close()


@pytest.fixture(scope="module")
def voice_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Somebody hums at 44.1 kHz, with pauses."""
    path = tmp_path_factory.mktemp("sound") / "voice.wav"
    with wave.open(str(path), "wb") as out:
        out.setparams((1, 2, 44100, 0, "NONE", ""))
        loud = (9000 * math.sin(n / 44100 * math.tau * 400) * ((n // 8820) % 4 > 0) for n in range(44100 * 8))
        out.writeframes(b"".join(struct.pack("<h", round(one)) for one in loud))
    return path


@dataclass
class Visit:
    """A visitor at a kiosk. `complaints` collects what the browser's console complained of."""

    server: str
    peer: VoicePeer
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)

    def open(self, query: str = "") -> None:
        self.page.goto(f"{self.server}/kiosk{query}")
        self.page.wait_for_selector("html[data-ready]")

    def begin(self, query: str = "") -> None:
        self.open(query)
        self.page.click("#start")

    def ask(self, question: str) -> None:
        self.page.click("#type")
        self.page.fill("#question", question)
        self.page.click("#ask .primary")

    def state(self, *names: str) -> None:
        self.page.wait_for_function("names => names.includes(document.body.dataset.state)", arg=list(names))

    def card(self) -> Locator:
        return self.page.locator(CARD)


Open = Callable[..., Visit]


@pytest.fixture
def kiosk(server: str, peer: VoicePeer, voice_file: Path) -> Iterator[Open]:
    """Opens a visit; `microphone=False` refuses it."""
    opened: list[Visit] = []
    peer.refuse, peer.hears, peer.answers, peer.letter_ms = None, {}, True, 60
    peer.events.clear()
    peer.frames.clear()

    def open_one(microphone: bool = True, viewport: dict[str, int] = LANDSCAPE) -> Visit:
        sound = ["--use-fake-device-for-media-stream"]
        allowed = [f"--use-file-for-fake-audio-capture={voice_file}", "--use-fake-ui-for-media-stream"]
        browser = CHROMIUM.browser(*sound, *(allowed if microphone else []))
        context = browser.new_context(viewport=viewport, locale="zh-CN", reduced_motion="reduce")  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE_MS)
        one = Visit(server, peer, context, context.new_page())
        one.page.on("console", lambda m: one.complaints.append(m.text) if m.type in ("error", "warning") else None)
        one.page.on("pageerror", lambda error: one.complaints.append(str(error)))
        opened.append(one)
        return one

    yield open_one
    for one in opened:
        one.context.close()
    assert [complaint for one in opened for complaint in one.complaints] == []


def test_a_spoken_question_is_heard_shown_and_answered_in_time(kiosk: Open, peer: VoicePeer) -> None:
    visit = kiosk()
    visit.begin()
    visit.state("ready")
    peer.letter_ms = 1000
    peer.hears = ORDINARY
    visit.state("hearing")
    expect(visit.page.locator("#caption")).to_contain_text("您说：养")
    expect(visit.card().locator("h3")).to_have_text("养犬登记")
    expect(visit.page.locator(".k-asked")).to_contain_text("养犬登记多少钱")
    visit.state("speaking")
    assert {len(frame) for frame in peer.frames} == {1280}
    assert any(30 <= crossings(frame) <= 34 for frame in peer.frames)
    expect(visit.page.locator("#label")).to_be_visible()


def crossings(frame: bytes) -> int:
    """How often a frame of sound changes its sign: 32 times where 40 ms hold 400 Hz."""
    samples = struct.unpack(f"<{len(frame) // 2}h", frame)
    return sum((one < 0) != (other < 0) for one, other in pairwise(samples))


def test_captions_go_with_the_sound(kiosk: Open, peer: VoicePeer) -> None:
    visit = kiosk()
    visit.begin()
    peer.letter_ms = 200
    visit.ask("导盲犬怎么备案")
    visit.page.evaluate(PACE)
    assert 1200 <= visit.page.wait_for_function("() => window.pace").json_value() <= 3200
    assert visit.page.locator("#caption .unspoken").inner_text() != ""
    visit.page.click("#talk")
    visit.state("ready")
    until(lambda: peer.sent("cancel"))


def test_what_was_misheard_is_shown_and_can_be_taken_back(kiosk: Open, peer: VoicePeer) -> None:
    visit = kiosk()
    visit.begin()
    peer.hears = {
        "text": "养犬登记多少钱",
        "raw": "杨犬登记多少钱",
        "corrections": [{"heard": "杨犬", "taken_for": "养犬"}],
    }
    expect(visit.page.locator(".k-asked")).to_have_text("您是要问：养犬登记多少钱？")
    expect(visit.page.locator(".k-raw")).to_contain_text("杨犬登记多少钱")
    visit.page.click(".k-as-heard")
    expect(visit.page.locator(".k-asked")).to_contain_text("杨犬登记多少钱")
    until(lambda: peer.sent("text"))
    assert peer.sent("text") == [{"type": "text", "text": "杨犬登记多少钱"}]


def test_a_personal_number_is_not_shown(kiosk: Open, peer: VoicePeer) -> None:
    visit = kiosk()
    visit.begin()
    visit.ask(f"我的身份证是{NUMBER}，手机13900000000，养犬登记多少钱")
    expect(visit.card()).to_be_visible()
    assert NUMBER not in visit.page.inner_text("body")
    assert "13900000000" not in visit.page.inner_text("body")
    expect(visit.page.locator(".k-asked")).to_contain_text("（号码已隐藏）")


@pytest.mark.parametrize("refuse", ["microphone", "voice_off"])
def test_it_works_by_touch_alone(kiosk: Open, peer: VoicePeer, refuse: str) -> None:
    visit = kiosk(microphone=refuse != "microphone")
    peer.refuse = "voice_off" if refuse == "voice_off" else None
    visit.begin()
    told = visit.page.locator("#caption" if refuse == "microphone" else "#banner")
    expect(told).to_contain_text("请点屏幕或打字提问")
    visit.page.click(".k-tile:has-text('生活')")
    visit.page.click(".k-services:visible >> text=养犬登记")
    expect(visit.card().locator("h3")).to_have_text("养犬登记")
    expect(visit.page.locator("#talk")).to_contain_text("不可用" if refuse == "voice_off" else "")


def test_a_broken_socket_comes_back_and_touch_works_meanwhile(kiosk: Open, peer: VoicePeer) -> None:
    visit = kiosk()
    visit.begin()
    visit.state("ready")
    peer.answers = False
    visit.ask("养犬登记多少钱")
    visit.state("thinking")
    peer.drop()
    expect(visit.card().locator("li")).to_contain_text("30元/只")
    visit.state("ready")
    conversations = {event["conversation_id"] for event in peer.sent("start")}
    assert len(conversations - {None}) <= 2
    assert peer.sent("start")[-1]["conversation_id"] == peer.sent("start")[-2]["conversation_id"]


def test_without_a_network_it_says_so_and_recovers(kiosk: Open, peer: VoicePeer) -> None:
    visit = kiosk()
    visit.begin()
    visit.state("ready")
    peer.refuse = "restarting"
    visit.context.set_offline(True)
    peer.drop()
    expect(visit.page.locator("#banner")).to_contain_text("网络断开")
    visit.ask("养犬登记多少钱")
    expect(visit.card()).to_contain_text("网络好像断了")
    peer.refuse = None
    visit.context.set_offline(False)
    visit.page.click(".retry")
    expect(visit.card().locator("li")).to_contain_text("30元/只")
    expect(visit.page.locator("#banner")).to_have_text("")
    assert {"ERR_INTERNET_DISCONNECTED" in complaint for complaint in visit.complaints} == {True}
    visit.complaints.clear()


def test_who_walks_away_leaves_nothing(kiosk: Open, peer: VoicePeer) -> None:
    visit = kiosk()
    visit.begin("?idle=2&countdown=6")
    peer.letter_ms = 20
    visit.ask("养犬登记多少钱")
    expect(visit.card()).to_be_visible()
    before = peer.sent("start")[-1]["conversation_id"]
    expect(visit.page.locator("#still")).to_be_visible()
    visit.page.click("#stay")
    expect(visit.card()).to_be_visible()
    expect(visit.page.locator("#still-text")).to_contain_text("秒后将清除")
    expect(visit.page.locator("#start")).to_be_visible()
    assert visit.page.locator("#turn").inner_text() == ""
    until(lambda: peer.sent("leave"))
    visit.page.click("#start")
    until(lambda: peer.sent("start")[-1]["conversation_id"] != before)
    body = {"question": "在哪里办", "conversation_id": before}
    assert httpx.post(f"{visit.server}/v1/ask", json=body).json()["item"] is None


def test_in_a_crowd_only_what_is_said_while_the_button_is_held_is_sent(kiosk: Open, peer: VoicePeer) -> None:
    visit = kiosk()
    visit.begin("?profile=crowd")
    expect(visit.page.locator("#talk")).to_contain_text("按住说话")
    peer.hears = ORDINARY
    assert peer.frames == []
    visit.page.locator("#talk").hover()
    visit.page.mouse.down()
    visit.state("hearing")
    visit.page.wait_for_timeout(900)
    visit.page.mouse.up()
    expect(visit.card().locator("h3")).to_have_text("养犬登记")
    assert peer.sent("end")


def test_options_lead_to_the_checklist_and_its_code(kiosk: Open) -> None:
    visit = kiosk(viewport=PORTRAIT)
    visit.begin()
    visit.ask("养犬登记要带什么材料")
    visit.page.click(f"{CARD} .options >> text=自有住房")
    visit.page.click(f"{CARD} .options >> text=大型犬")
    expect(visit.page.locator(".k-take img")).to_have_attribute(
        "src", "/v1/items/dog-registration/checklist.svg?home=own&breed=big"
    )
    visit.page.click(f"{CARD} .to-checklist")
    expect(visit.page.locator(".sheet-of-paper .ticks .tick strong").first).to_have_text("居民身份证")
    expect(visit.page.locator(".sheet-of-paper h2")).to_be_focused()
    visit.page.click(".back:visible")
    expect(visit.card()).to_be_visible()


def test_the_language_changes_page_and_answers_and_ends_with_the_visit(kiosk: Open, peer: VoicePeer) -> None:
    visit = kiosk()
    visit.open()
    visit.page.click("[data-language-choice=de]:visible")
    expect(visit.page.locator("#go-home")).to_have_text("Start")
    until(lambda: [event.get("language") for event in peer.sent("start")][-1:] == ["de"])
    visit.page.click("#leave")
    expect(visit.page.locator("#start")).to_contain_text("轻触屏幕开始")


SIZES = """() => [...document.querySelectorAll("body *")].filter(node =>
  node.checkVisibility({checkOpacity: true}) && !node.closest(".visually-hidden, svg, .avatar, noscript") &&
  [...node.childNodes].some(child => child.nodeType === 3 && child.data.trim()) &&
  parseFloat(getComputedStyle(node).fontSize) < 24).map(node => node.outerHTML.slice(0, 90))"""
TARGETS = """() => [...document.querySelectorAll("button, .button, textarea, .tick")].filter(node =>
  node.checkVisibility()).filter(node => Math.min(node.offsetHeight, node.offsetWidth) < 60)
  .map(node => node.outerHTML.slice(0, 90))"""


@pytest.mark.parametrize("viewport", [PORTRAIT, LANDSCAPE, {"width": 1366, "height": 768}])
@pytest.mark.parametrize("profile", ["standard", "elder"])
def test_everything_fits_can_be_touched_and_read(kiosk: Open, viewport: dict[str, int], profile: str) -> None:
    visit = kiosk(viewport=viewport)
    page = visit.page
    visit.open(f"?profile={profile}")
    faults = look(page, profile)
    page.click("#start")
    faults += look(page, profile)
    visit.ask("养犬登记要带什么材料")
    expect(visit.card()).to_be_visible()
    faults += look(page, profile)
    page.click(".source-chip >> nth=0")
    faults += look(page, profile)
    page.keyboard.press("Escape")
    visit.ask("养犬登记多少钱")
    page.click(f"{CARD} .to-checklist")
    expect(page.locator(".sheet-of-paper")).to_be_visible()
    faults += look(page, profile)
    page.click("#go-home")
    page.click(".k-tile:has-text('生活')")
    faults += look(page, profile)
    for opens in ("#type", "#language"):
        page.click(opens)
        faults += look(page, profile)
        page.keyboard.press("Escape")
    assert faults == []


def look(page: Page, profile: str) -> list[str]:
    faults = page.evaluate(FAULTS)
    if profile == "elder":
        faults += [f"small: {one}" for one in page.evaluate(SIZES)]
        faults += [f"narrow: {one}" for one in page.evaluate(TARGETS)]
    sideways = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return faults + (["scrolls sideways"] if sideways else [])
