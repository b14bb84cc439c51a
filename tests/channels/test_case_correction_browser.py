"""An officer asks for a correction; the applicant reads the paper, mends, hands in again and sees what is fixed."""

from collections.abc import Iterator

import pytest
from case_pages import NAME, id_back
from case_visit import ARRIVED, NUMBER, PAPERS, PHONE, SOON_OVER, Visit, running_browser, visiting
from desk_page import Hall, running_hall
from playwright.sync_api import Browser, expect
from test_desk import Officer

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def hall_with_staff(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    with running_hall(tmp_path_factory.mktemp("correction")) as hall:
        yield hall


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with running_browser() as started:
        yield started


@pytest.fixture
def visit(hall_with_staff: Hall, chromium: Browser) -> Iterator[Visit]:
    with visiting(hall_with_staff.address, chromium, PHONE, touch=True) as phone:
        yield phone


def test_a_correction_is_read_mended_and_told_as_fixed(visit: Visit, hall_with_staff: Hall) -> None:
    page = visit.page
    visit.begin()
    visit.hand_in(until=SOON_OVER)
    officer = Officer(hall_with_staff.app, "li", page.evaluate("JSON.parse(sessionStorage.getItem('xiaoxin.case')).id"))
    assert officer.ask("POST", "/claim").status_code == 200
    officer.decide_all("accept")
    assert officer.event("request_correction").status_code == 200
    page.reload()
    expect(page.locator(".c-state")).to_have_text("工作人员请您改好再交")
    expect(page.locator(".c-papers")).to_contain_text("申请材料一次性补正告知书")
    href = page.locator(".c-papers a:has-text('打开看')").first.get_attribute("href")
    assert page.evaluate("async (href) => (await fetch(href)).status", href) == 200
    again = {"name": "重拍.png", "mimeType": "image/png", "buffer": id_back()}
    page.get_by_label("重拍：居民身份证").first.set_input_files([again])  # type: ignore[list-item]
    expect(page.locator(".c-mended").first).to_be_visible()
    expect(page.locator(f"[data-slot={PAPERS[0]}] {ARRIVED}")).to_have_count(2)
    page.locator("[data-key=submit]").click()
    expect(page.locator(".c-changes [data-change=fixed]")).to_contain_text("有效期", timeout=30_000)
    assert (NAME in page.content(), NUMBER in page.content()) == (False, False)
