"""The private link of a case, shared screens, and how the page looks: in a real browser."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from case_visit import (
    ARRIVED,
    PAPERS,
    PHONE,
    SOON_OVER,
    Visit,
    front,
    running_browser,
    running_hall,
    visiting,
)
from playwright.sync_api import Browser, expect

FAULTS = (Path(__file__).parent / "page_faults.js").read_text("utf-8").strip().rstrip(";")
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def hall_address(tmp_path_factory: pytest.TempPathFactory, ingest: Any) -> Iterator[str]:
    with running_hall(tmp_path_factory.mktemp("case"), ingest) as address:
        yield address


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with running_browser() as started:
        yield started


@pytest.fixture
def visit(hall_address: str, chromium: Browser) -> Iterator[Visit]:
    with visiting(hall_address, chromium, PHONE, touch=True) as phone:
        yield phone


@pytest.fixture
def terminal(hall_address: str, chromium: Browser) -> Iterator[Visit]:
    with visiting(hall_address, chromium, {"width": 1080, "height": 1920}) as screen:
        yield screen


# the private link ------------------------------------------------------------------------------------------------


def test_the_link_opens_the_case_elsewhere_and_stays_out_of_the_address(visit: Visit, chromium: Browser) -> None:
    visit.begin()
    link = visit.link()
    assert "#" not in visit.page.url
    other = chromium.new_context(viewport=PHONE, locale="zh-CN")  # type: ignore[arg-type]
    phone = other.new_page()
    phone.goto(link)
    expect(phone.locator("h2").first).to_have_text("导盲犬备案")
    assert phone.url == f"{visit.server}/case"
    other.close()


def test_another_key_opens_nothing_and_says_what_to_do(visit: Visit) -> None:
    visit.begin()
    link = visit.link()
    wrong = link.partition("#")[2][:-6] + "AAAAAA"
    visit.page.evaluate("sessionStorage.clear()")
    visit.page.goto("about:blank")
    visit.open(f"#{wrong}")
    expect(visit.page.locator("[role=alert]")).to_contain_text("打不开这件")
    expect(visit.page.locator("body")).not_to_contain_text("导盲犬备案")
    visit.page.click("text=重新办一件")
    expect(visit.page.locator("#find-item")).to_be_visible()
    visit.page.click("text=我有专用链接，继续办")
    visit.page.fill("#pasted", link[:40])
    visit.page.click("text=打开这件")
    expect(visit.page.locator("#paste-wrong")).to_contain_text("这不是完整的专用链接")
    visit.page.fill("#pasted", link)
    visit.page.click("text=打开这件")
    expect(visit.page.locator(".c-slot")).not_to_have_count(0)
    visit.complaints.clear()


def test_an_own_device_remembers_only_when_asked(visit: Visit) -> None:
    visit.begin()
    assert "xiaoxin.case.mine" not in visit.stored()
    visit.page.click("#open-link")
    visit.page.click("text=记在这台设备上")
    expect(visit.page.locator("#link [role=status]")).to_contain_text("已记在这台设备上")
    visit.page.keyboard.press("Escape")
    visit.page.evaluate("sessionStorage.clear()")
    visit.open()
    visit.page.click(".c-mine .row-button")
    expect(visit.page.locator(".c-slot")).not_to_have_count(0)


def test_a_case_that_is_open_is_found_by_its_name_and_keeps_what_is_typed_to_itself(visit: Visit) -> None:
    visit.begin()
    link = visit.link()
    visit.open("?item=dog-registration")
    visit.page.click("text=换一件事")
    expect(visit.page.locator(".c-mine .row-button")).to_have_text("导盲犬备案")
    visit.page.click("[data-item=guide-dog]")
    visit.page.click("text=同意，开始办")
    visit.fill_in(name="样本丙")
    visit.page.goto(link)
    visit.page.click("[data-key=edit-form]")
    expect(visit.page.locator("#f-name")).to_be_empty()


def test_who_leaves_a_terminal_leaves_nothing_behind(terminal: Visit) -> None:
    terminal.begin("?item=guide-dog&terminal=hall-3")
    expect(terminal.page.locator(".c-keep img")).to_be_visible()
    terminal.hand_in(until=SOON_OVER)
    seen = terminal.page.locator("svg image").first.get_attribute("href")
    terminal.page.click("#leave")
    with terminal.page.expect_response("**/leave"):
        terminal.page.click("text=清除，离开")
    expect(terminal.page.locator("#find-item")).to_be_visible()
    assert "xiaoxin.case" not in terminal.stored()
    assert terminal.context.cookies(f"{terminal.server}{seen}") == []
    terminal.page.reload()
    expect(terminal.page.locator("#find-item")).to_be_visible()
    expect(terminal.page.locator("body")).not_to_contain_text("样*")


def test_an_answer_that_comes_after_leaving_shows_the_next_visitor_nothing(terminal: Visit) -> None:
    page, held = terminal.page, []
    terminal.begin("?item=guide-dog&terminal=hall-3")
    terminal.choose(PAPERS[0], ("正面.png", front()))
    expect(page.locator(ARRIVED)).to_have_count(1)
    page.route("**/submit", lambda route: held.append(route))
    with page.expect_request("**/submit"):
        page.click("[data-key=submit]")
    page.click("#leave")
    page.click("text=清除，离开")
    page.click("[data-item=guide-dog]")
    page.click("text=同意，开始办")
    terminal.fill_in()
    with page.expect_response("**/submit"):
        held[0].continue_()
    page.click("text=下一步，交材料")
    expect(page.locator("#dock-note")).to_have_text("先至少交一样材料。")
    expect(page.locator(ARRIVED)).to_have_count(0)


def test_what_comes_from_the_phone_appears_on_the_terminal(terminal: Visit, chromium: Browser) -> None:
    terminal.begin("?item=guide-dog&terminal=hall-3")
    kept = terminal.page.evaluate("JSON.parse(sessionStorage.getItem('xiaoxin.case'))")
    with visiting(terminal.server, chromium, PHONE, touch=True) as phone:
        phone.open(f"#{kept['id']}.{kept['key']}")
        phone.choose(PAPERS[0], ("正面.png", front()))
        expect(phone.page.locator(ARRIVED)).to_have_count(1)
    expect(terminal.page.locator(ARRIVED)).to_have_count(1)


def test_the_checklist_leads_here_with_its_answers(visit: Visit) -> None:
    for address in (
        "/v1/items/dog-registration/checklist.html?home=rent&breed=small",
        "/mobile#checklist/dog-registration?home=rent&breed=small",
    ):
        visit.page.goto(f"{visit.server}{address}")
        visit.page.click("text=在线交材料")
        expect(visit.page.locator("#case h2")).to_have_text("您要交 4 样材料")
        expect(visit.page.locator("#case")).to_contain_text("租赁住房、小型犬")


def test_who_came_from_the_kiosk_is_led_back_there(terminal: Visit) -> None:
    terminal.begin("?item=guide-dog&terminal=kiosk&from=kiosk")
    terminal.page.click("#leave")
    terminal.page.click("text=清除，离开")
    terminal.page.wait_for_url("**/kiosk")
    terminal.page.goto("about:blank")
    terminal.complaints.clear()  # that page talks over sockets, which this hall does not open


# how it looks ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height", "query"), [(360, 640, ""), (390, 844, "&profile=elder"), (1080, 1920, "")])
def test_every_screen_fits_can_be_touched_and_read(
    visit: Visit, scheme: str, width: int, height: int, query: str
) -> None:
    page, faults = visit.page, []
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": height})
    for address in ("?", "?item=dog-registration", "?item=guide-dog"):
        visit.open(address + query)
        page.wait_for_selector("#case h2")
        faults += page.evaluate(FAULTS)
    page.click("text=同意，开始办")
    visit.fill_in(number="1")
    page.click("text=下一步，交材料")
    faults += page.evaluate(FAULTS)
    visit.fill_in()
    page.click("text=下一步，交材料")
    page.wait_for_selector(".c-slot")
    faults += page.evaluate(FAULTS)
    visit.hand_in(until=SOON_OVER)
    for details in page.locator("#case details").all():
        details.locator("summary").click()
    faults += page.evaluate(FAULTS)
    assert [one for one in faults if "<image" not in one] == [], "a cut-out leaves part of the page's picture outside"
