"""How staff come to the desk in a browser: the first link, their own link, sign-in, the lock, and away again."""

from collections.abc import Iterator

import pytest
from case_pages import id_front
from case_server import until
from desk_door import OTHER, PASSWORD
from desk_page import Hall, Officer, officer_at, open_browser, running_hall
from playwright.sync_api import APIResponse, Browser, Route, expect

from channels.access_failures import utc_now
from channels.staff_links import make_first
from preapproval.ledger import Ledger
from preapproval.sign_off_guards import SYSTEM

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    with running_hall(tmp_path_factory.mktemp("door")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as started:
        yield started


@pytest.fixture
def desk(hall: Hall, browser: Browser) -> Iterator[Officer]:
    with officer_at(hall, browser) as one:
        yield one


def fill_password(desk: Officer, password: str, again: str | None = None) -> None:
    boxes = desk.page.locator("#door input[type=password]")
    boxes.nth(0).fill(password)
    boxes.nth(1).fill(again or password)
    desk.page.click("#door button[type=submit]")


def test_a_wrong_password_is_told_and_the_login_stays(desk: Officer):
    desk.sign_in("li", "not the password")
    expect(desk.page.locator("#door .problem")).to_have_text("账号或密码不对。")
    expect(desk.page.locator("#door input[autocomplete=username]")).to_have_value("li")
    expect(desk.page.locator("#door input[type=password]")).to_be_focused()
    desk.page.keyboard.type(PASSWORD)
    desk.press("Enter")
    expect(desk.page.locator("#queue-title")).to_be_visible()


def test_a_reloaded_page_is_still_signed_in_until_one_signs_out(desk: Officer):
    desk.at_work("li")
    desk.page.reload()
    expect(desk.page.locator("#queue-title")).to_be_visible()
    desk.page.click("#me")
    desk.page.click("dialog >> text='退出'")
    expect(desk.page.locator("#door input[autocomplete=username]")).to_be_visible()
    desk.page.reload()
    expect(desk.page.locator("#door input[autocomplete=username]")).to_be_visible()


def test_the_whole_way_from_the_first_link_to_a_clerk_at_work(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
):
    with running_hall(tmp_path_factory.mktemp("first"), staff=()) as hall, officer_at(hall, browser) as admin:
        with Ledger(hall.app.state.product.knowledge.engine).entry(SYSTEM, "test.link") as write:
            token = make_first(write.connection, utc_now())
        admin.page.goto(f"{hall.address}/desk/setup#{token}")
        admin.page.fill("#door input[autocomplete=username]", "guan")
        assert token not in admin.page.url, "a link that works once does not stay in the history"
        admin.page.fill("#door input[autocomplete=name]", "样本管")
        fill_password(admin, PASSWORD)
        expect(admin.page.locator("#door")).to_contain_text("账号 guan 已设好")
        admin.page.fill("#door input[autocomplete=username]", "guan")
        admin.page.fill("#door input[type=password]", PASSWORD)
        admin.press("Enter")
        admin.page.click("text=新增账号")
        admin.page.locator("dialog input[type=text]").nth(0).fill("xin")
        admin.page.locator("dialog input[type=text]").nth(1).fill("样本新")
        admin.page.click("dialog button[type=submit]")
        link = admin.page.locator(".link-box").inner_text()
        assert link.startswith(f"{hall.address}/desk/setup#reset.")
        with officer_at(hall, browser) as clerk:
            clerk.page.goto(link)
            fill_password(clerk, OTHER)
            expect(clerk.page.locator("#door")).to_contain_text("账号 xin 已设好")
            clerk.sign_in("xin", OTHER)
            expect(clerk.page.locator("#queue-title")).to_be_visible()


def test_two_passwords_that_differ_and_a_broken_link_are_told(desk: Officer, hall: Hall):
    desk.page.goto(f"{hall.address}/desk/setup#reset.wrong")
    fill_password(desk, OTHER, "another 样本口令 33")
    expect(desk.page.locator("#door .problem")).to_contain_text("两次输入的密码不一样")
    fill_password(desk, OTHER)
    expect(desk.page.locator("#door .problem")).to_contain_text("已经用过、过期或无效")
    desk.page.goto("about:blank")
    desk.page.goto(f"{hall.address}/desk/setup")
    expect(desk.page.locator("#door .problem")).to_contain_text("链接不完整")


def test_a_desk_that_is_left_alone_locks_and_keeps_what_was_typed(hall: Hall, browser: Browser):
    case = hall.begun((id_front(), "id-card"))
    with officer_at(hall, browser) as desk:
        desk.page.clock.install()
        desk.at_work("wang", case)
        desk.press("3")
        desk.page.fill(".decision-form textarea", "写到一半的话。")
        late: list[tuple[Route, APIResponse]] = []

        def hold(route: Route) -> None:
            if route.request.method == "DELETE":
                late.append((route, route.fetch()))
            else:
                route.continue_()

        desk.page.route("**/desk/session", hold)
        desk.page.clock.fast_forward("11:00")
        lock = desk.page.locator("dialog.lock")
        expect(lock).to_contain_text("样本 wang")
        desk.press("Escape", "Escape")
        expect(lock).to_be_visible()
        until(lambda: desk.page.wait_for_timeout(50) or late)
        lock.locator("input[type=password]").fill(PASSWORD)
        desk.press("Enter")
        desk.page.wait_for_timeout(500)  # a session that began before the old one has ended would end with it
        route, left = late[0]
        route.fulfill(response=left)
        expect(lock).to_have_count(0)
        expect(desk.page.locator(".decision-form textarea")).to_have_value("写到一半的话。")
        assert desk.saved("/decisions", lambda: desk.page.click(".decision-form button[type=submit]")).ok


def test_a_session_that_ended_elsewhere_is_asked_for_and_the_act_goes_on(hall: Hall, browser: Browser):
    case = hall.begun((id_front(), "id-card"))
    with officer_at(hall, browser) as desk:
        desk.at_work("li", case)
        desk.context.clear_cookies()
        desk.press("1")
        desk.page.fill("dialog.lock input[type=password]", PASSWORD)
        desk.press("Enter")
        expect(desk.page.locator(".finding.chosen .said")).to_contain_text("采纳")
