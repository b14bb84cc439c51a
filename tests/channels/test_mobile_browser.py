"""The chat page in a real browser, against a real server on the invented district's handbook."""

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
import uvicorn
from chromium import CHROMIUM, PATIENCE_MS
from playwright.sync_api import Browser, BrowserContext, Page, expect

from channels.app import create_app
from channels.settings import Settings
from channels.wiring import build_knowledge
from knowledge.ingest import gather

FAULTS = (Path(__file__).parent / "page_faults.js").read_text("utf-8").strip().rstrip(";")
HANDBOOK = Path(__file__).parents[1] / "handbook"
pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
CARD = ".turn:last-child .card:not([aria-busy])"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running hall."""
    data = tmp_path_factory.mktemp("mobile")
    given = Settings(data_dir=data, embedder="hashing", vector_store="memory", speech=False, _env_file=None)  # type: ignore[call-arg]
    knowledge = build_knowledge(given)
    knowledge.ingester.ingest(gather(HANDBOOK))
    knowledge.index.close()
    knowledge.engine.dispose()
    listening = socket.create_server(("127.0.0.1", 0))
    running = uvicorn.Server(uvicorn.Config(create_app(given), log_level="warning", ws="none"))
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
def browser() -> Browser:
    return CHROMIUM.browser()


@dataclass
class Visit:
    """A visitor's phone. `complaints` collects what the browser's console complained of."""

    server: str
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)

    def open(self, query: str = "") -> None:
        self.page.goto(f"{self.server}/mobile{query}")
        self.page.wait_for_selector("html[data-ready]")

    def ask(self, question: str) -> None:
        self.page.fill("#question", question)
        self.page.press("#question", "Enter")
        self.page.wait_for_selector(CARD)

    def sent(self, question: str) -> dict[str, str]:
        """What goes to the server with `question`."""
        with self.page.expect_request("**/v1/ask/stream") as asked:
            self.ask(question)
        return asked.value.post_data_json or {}

    def conversation(self) -> str:
        return self.page.evaluate("sessionStorage.getItem('xiaoxin.conversation')")


@pytest.fixture
def visit(server: str, browser: Browser) -> Iterator[Visit]:
    context = browser.new_context(viewport=PHONE, locale="zh-CN", reduced_motion="reduce")  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE_MS)
    one = Visit(server, context, context.new_page())
    one.page.on("console", lambda m: one.complaints.append(m.text) if m.type in ("error", "warning") else None)
    one.page.on("pageerror", lambda error: one.complaints.append(str(error)))
    one.open()
    yield one
    context.close()
    assert one.complaints == []


def test_an_answer_streams_in_and_shows_the_field_it_stands_in(visit: Visit) -> None:
    visit.ask("养犬登记多少钱")
    expect(visit.page.locator(f"{CARD} h3")).to_have_text("养犬登记")
    expect(visit.page.locator(f"{CARD} li")).to_contain_text("30元/只")
    visit.page.click(f"{CARD} .source-chip")
    sheet = visit.page.locator("#source")
    expect(sheet.locator("blockquote")).to_contain_text("登记费：30元/只")
    expect(sheet.locator("ul li")).to_have_text("《样本区养犬管理办法》第8条")
    expect(sheet).to_contain_text("items/life/dog-registration.yaml")
    expect(sheet).to_contain_text("收费标准")
    visit.page.keyboard.press("Escape")
    expect(sheet).not_to_be_visible()
    expect(visit.page.locator(f"{CARD} .source-chip")).to_be_focused()


def test_options_lead_to_the_exact_checklist(visit: Visit) -> None:
    visit.ask("养犬登记要带什么材料")
    visit.page.click(f"{CARD} .options >> text=自有住房")
    visit.page.click(f"{CARD} .options >> text=大型犬")
    visit.page.click(f"{CARD} .to-checklist")
    paper = visit.page.locator(".sheet-of-paper")
    expect(paper.locator(".ticks .tick strong")).to_have_text(
        ["居民身份证", "狂犬病免疫证明", "犬只照片", "邻居同意书", "不动产权证书", "购房合同"]
    )
    expect(paper.locator(".tick .count").nth(0)).to_have_text("原件 1 份、复印件 1 份")
    expect(paper.locator(".one-of legend")).to_have_text("住房证明（任选一种）")
    expect(paper.locator(".notices")).to_contain_text("大型犬出门须戴嘴套")
    expect(paper).to_contain_text("居民户口簿")
    expect(paper.locator(".refine")).to_have_count(0)
    expect(visit.page.locator(".actions a[download]")).to_have_attribute(
        "href", "/v1/items/dog-registration/checklist.docx?home=own&breed=big"
    )


def test_questions_inside_the_checklist_make_it_exact_and_ticks_stay(visit: Visit) -> None:
    visit.open("#checklist/dog-registration")
    page = visit.page
    expect(page.locator(".progress")).to_have_text("已备好 0 / 3")
    page.check(".tick:has-text('犬只照片') input")
    page.click(".refine >> text=租赁住房")
    expect(page.locator(".your-case")).to_contain_text("租赁住房")
    expect(page.locator(".tick:has-text('房屋租赁合同')")).to_be_visible()
    expect(page.locator(".tick:has-text('犬只照片') input")).to_be_checked()
    expect(page.locator(".progress")).to_have_text("已备好 1 / 4")
    page.click(".your-case >> text=改选")
    expect(page.locator(".refine")).to_contain_text("您住的房子是哪一种？")
    page.click("text=返回对话")
    expect(page.locator("#question")).to_be_visible()


def test_an_answer_that_leads_to_another_item_offers_its_checklist(visit: Visit) -> None:
    visit.open("#checklist/dog-registration?breed=banned")
    visit.page.click("text=看那件事的清单")
    expect(visit.page.locator(".sheet-of-paper h2")).to_contain_text("犬只移交")


def test_the_phones_back_button_leads_from_the_checklist_to_the_conversation(visit: Visit) -> None:
    visit.ask("养犬登记多少钱")
    visit.page.click(f"{CARD} .to-checklist")
    expect(visit.page.locator(".sheet-of-paper")).to_be_visible()
    visit.page.go_back()
    expect(visit.page.locator(".sheet-of-paper")).not_to_be_visible()
    expect(visit.page.locator(f"{CARD} h3")).to_have_text("养犬登记")


def test_a_new_conversation_leaves_nothing_here_and_on_the_server(visit: Visit) -> None:
    visit.ask("养犬登记多少钱")
    before = visit.conversation()
    with visit.page.expect_response(lambda reply: reply.request.method == "DELETE") as wiped:
        visit.page.click("#new-conversation")
    assert wiped.value.url.endswith(f"/v1/conversations/{before}")
    assert wiped.value.status == 204
    expect(visit.page.locator(".turn")).to_have_count(0)
    visit.page.reload()
    expect(visit.page.locator(".turn")).to_have_count(0)
    visit.ask("在哪里办")
    assert visit.conversation() != before
    expect(visit.page.locator(CARD)).not_to_have_attribute("data-status", "answered")
    body = {"question": "在哪里办", "conversation_id": before}
    assert httpx.post(f"{visit.server}/v1/ask", json=body).json()["item"] is None


def test_a_reloaded_page_still_shows_the_conversation(visit: Visit) -> None:
    visit.ask("养犬登记多少钱")
    same = visit.conversation()
    visit.page.reload()
    expect(visit.page.locator(f"{CARD} li")).to_contain_text("30元/只")
    assert visit.conversation() == same


def test_markup_in_a_question_is_text(visit: Visit) -> None:
    alerts: list[str] = []
    visit.page.on("dialog", lambda dialog: alerts.append(dialog.message))
    visit.ask("<img src=x onerror=alert(1)>")
    expect(visit.page.locator(".question")).to_contain_text("<img src=x onerror=alert(1)>")
    assert visit.page.locator("#log img").count() == 0
    assert alerts == []


def test_without_a_network_the_question_is_kept_and_can_be_tried_again(visit: Visit) -> None:
    visit.context.set_offline(True)
    visit.ask("养犬登记多少钱")
    expect(visit.page.locator(CARD)).to_contain_text("网络好像断了")
    expect(visit.page.locator("#question")).to_have_value("养犬登记多少钱")
    visit.context.set_offline(False)
    visit.page.click(".retry")
    expect(visit.page.locator(f"{CARD} li")).to_contain_text("30元/只")
    expect(visit.page.locator("#question")).to_have_value("")
    expect(visit.page.locator(".turn")).to_have_count(1)
    assert all("ERR_INTERNET_DISCONNECTED" in complaint for complaint in visit.complaints)
    visit.complaints.clear()


def test_a_refusal_of_the_server_is_shown_as_its_sentence(visit: Visit) -> None:
    visit.open("?region=月球")
    visit.ask("养犬登记多少钱")
    expect(visit.page.locator(CARD)).to_contain_text("手册里没有叫“月球”的地区。")
    expect(visit.page.locator(CARD)).to_contain_text("编号：")
    assert len(visit.complaints) == 1
    assert "422" in visit.complaints.pop()


def test_the_page_works_by_keyboard_alone(visit: Visit) -> None:
    keys = visit.page.keyboard
    keys.press("Tab")
    expect(visit.page.locator(".skip")).to_be_focused()
    keys.press("Enter")
    expect(visit.page.locator("#question")).to_be_focused()
    keys.type("养犬登记要带什么材料")
    keys.press("Enter")
    visit.page.wait_for_selector(f"{CARD} .options")
    expect(visit.page.locator("#question")).to_be_focused()
    visit.page.locator(f"{CARD} .options button").first.focus()
    keys.press("Enter")
    visit.page.wait_for_selector(".turn:nth-child(2) .card:not([aria-busy])")
    expect(visit.page.locator(CARD)).to_be_focused()
    keys.press("Tab")
    expect(visit.page.locator(f"{CARD} .options button").first).to_be_focused()


def test_enter_that_ends_a_composition_does_not_send(visit: Visit) -> None:
    visit.page.fill("#question", "养犬")
    visit.page.evaluate(
        """() => document.getElementById("question").dispatchEvent(
            new KeyboardEvent("keydown", {key: "Enter", isComposing: true, bubbles: true, cancelable: true}))"""
    )
    expect(visit.page.locator(".turn")).to_have_count(0)
    expect(visit.page.locator("#question")).to_have_value("养犬")


def test_two_presses_ask_once(visit: Visit) -> None:
    visit.page.fill("#question", "养犬登记多少钱")
    visit.page.evaluate("() => { const f = document.getElementById('ask'); f.requestSubmit(); f.requestSubmit(); }")
    visit.page.wait_for_selector(CARD)
    expect(visit.page.locator(".turn")).to_have_count(1)


def test_more_than_1000_characters_are_not_sent(visit: Visit) -> None:
    visit.page.fill("#question", "狗" * 1001)
    visit.page.press("#question", "Enter")
    expect(visit.page.locator("#limit")).to_have_text("超出 1 个字，请写短一些。")
    expect(visit.page.locator(".turn")).to_have_count(0)


def test_large_letters_stay_large_on_the_next_visit(visit: Visit) -> None:
    small = visit.page.evaluate("getComputedStyle(document.body).fontSize")
    visit.page.click("#open-settings")
    visit.page.check("input[value=xlarge]")
    visit.page.reload()
    assert (small, visit.page.evaluate("getComputedStyle(document.body).fontSize")) == ("18px", "25px")


def test_the_pages_words_follow_the_language_menu(visit: Visit) -> None:
    visit.page.click("#open-settings")
    visit.page.check("input[value=de]")
    visit.page.keyboard.press("Escape")
    expect(visit.page.locator("#send")).to_have_text("Senden")
    assert visit.sent("Hallo")["language"] == "de"


def test_a_kiosk_sends_its_profile_and_has_larger_letters(visit: Visit) -> None:
    visit.open("?profile=elder")
    assert visit.page.evaluate("getComputedStyle(document.body).fontSize") == "24px"
    assert visit.sent("养犬登记多少钱")["profile"] == "elder"


def test_items_not_in_force_are_not_offered(visit: Visit) -> None:
    visit.page.click(".tile:has-text('生活')")
    offered = visit.page.locator(".panel:not([hidden]) .chip").all_inner_texts()
    assert "养犬登记" in offered
    assert "共享菜园认领" not in offered


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(320, 568), (390, 844), (1080, 1920), (1920, 1080)])
def test_everything_fits_can_be_touched_and_read(visit: Visit, scheme: str, width: int, height: int) -> None:
    page = visit.page
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": height})
    inspect(visit)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_high_contrast_with_the_largest_letters_fits_a_small_phone(visit: Visit, scheme: str) -> None:
    visit.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    visit.page.set_viewport_size({"width": 320, "height": 568})
    visit.page.click("#open-settings")
    visit.page.check("input[value=high]")
    visit.page.check("input[value=xlarge]")
    visit.page.keyboard.press("Escape")
    inspect(visit)


def inspect(visit: Visit) -> None:
    """Look at topics, an answer with options, its source and a checklist for what is cut off, too small or too pale."""
    page = visit.page
    page.click(".tile")
    faults = look(page)
    visit.ask("养犬登记要带什么材料")
    faults += look(page)
    page.click(f"{CARD} .source-chip")
    faults += look(page)
    page.keyboard.press("Escape")
    page.evaluate("location.hash = '#checklist/dog-registration?breed=big'")
    page.wait_for_selector(".sheet-of-paper")
    assert faults + look(page) == []


def look(page: Page) -> list[str]:
    return page.evaluate(FAULTS)


def test_on_paper_the_checklist_stands_alone(visit: Visit) -> None:
    visit.open("#checklist/dog-registration?home=own&breed=big")
    visit.page.wait_for_selector(".sheet-of-paper")
    visit.page.emulate_media(media="print")
    for shown in (".sheet-of-paper", ".tick input >> nth=0", ".code-top img"):
        expect(visit.page.locator(shown)).to_be_visible()
    for hidden in (".bar", ".composer", ".view-top", ".actions", ".your-case .chip >> nth=0", ".code-end"):
        expect(visit.page.locator(hidden)).to_be_hidden()


def test_the_printed_checklist_page_has_its_boxes_source_and_code(visit: Visit) -> None:
    visit.page.goto(f"{visit.server}/v1/items/dog-registration/checklist.html?home=own&breed=big")
    page = visit.page
    expect(page.locator(".tick strong")).to_have_text(
        ["居民身份证", "狂犬病免疫证明", "犬只照片", "邻居同意书", "不动产权证书", "购房合同"]
    )
    expect(page.locator("footer")).to_contain_text("请拨打 000-12345 确认")
    assert page.evaluate("document.querySelector('.code-end img').naturalWidth > 0")
    expect(page.locator("#print")).to_be_visible()


def test_the_checklist_page_asks_what_is_open(visit: Visit) -> None:
    visit.page.goto(f"{visit.server}/v1/items/dog-registration/checklist.html?home=own")
    visit.page.click("text=大型犬")
    expect(visit.page.locator(".your-case")).to_contain_text("大型犬")
    assert httpx.URL(visit.page.url).params["home"] == "own"
