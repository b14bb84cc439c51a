"""The page of a case in a real browser: begin, hand in, see what is wrong and where, replace it, hand in again."""

import base64
import io
from collections.abc import Iterator
from typing import Any

import pytest
from case_pages import id_back
from case_visit import (
    ARRIVED,
    NUMBER,
    PAPERS,
    PHONE,
    SOON_OVER,
    Visit,
    certificate,
    front,
    running_browser,
    running_hall,
    visiting,
)
from PIL import Image
from playwright.sync_api import Browser, Route, expect

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


# begin -----------------------------------------------------------------------------------------------------------


def test_the_situation_is_asked_one_question_at_a_time(visit: Visit) -> None:
    visit.open()
    visit.page.fill("#find-item", "狗证")
    expect(visit.page.locator("[data-item]:visible")).to_have_text(["养犬登记"])
    visit.page.click("[data-item=dog-registration]")
    expect(visit.page.locator(".c-option")).to_have_text(["自有住房", "租赁住房"])
    visit.page.click("text=租赁住房")
    expect(visit.page.locator("#case h2")).to_have_text("您的狗是哪一类？")
    visit.page.click("text=上一步")
    visit.page.click("text=租赁住房")
    visit.page.click("text=小型犬")
    expect(visit.page.locator("#case h2")).to_have_text("您要交 4 样材料")
    expect(visit.page.locator(".c-bring")).to_contain_text("房屋租赁合同")
    expect(visit.page.locator(".c-privacy")).to_contain_text("没有提交的，30 天后自动删除")


def test_a_situation_that_is_another_item_leads_there(visit: Visit) -> None:
    visit.open("?item=dog-registration&home=own&breed=banned")
    expect(visit.page.locator("#case h2")).to_have_text("您的情形要办另一件事")
    visit.page.click("text=去办那件事")
    expect(visit.page.locator(".c-item")).to_have_text("犬只移交收容")


def test_a_wrong_number_is_told_while_it_is_typed_and_does_not_get_further(visit: Visit) -> None:
    visit.open("?item=guide-dog")
    visit.page.click("text=同意，开始办")
    visit.fill_in(number=NUMBER[:17] + "8")
    expect(visit.page.locator("#number-wrong")).to_have_text("身份证号有一位写错了，请对照身份证再看一遍。")
    visit.page.click("text=下一步，交材料")
    expect(visit.page.locator("#f-number")).to_be_focused()
    visit.page.fill("#f-number", " 320411 19900307 7537")
    expect(visit.page.locator("#number-wrong")).to_be_empty()
    visit.page.click("text=下一步，交材料")
    expect(visit.page.locator(".c-facts").first).to_contain_text("320411********7537")


@pytest.mark.parametrize(
    ("number", "told"),
    [
        ("32041119900307753", "身份证号是 18 位，现在是 17 位。"),
        ("320411199002317537", "身份证号里的出生日期不对，请对照身份证再看一遍。"),
        ("3204111990030775A7", "身份证号前 17 位是数字，最后一位是数字或 X。"),
    ],
)
def test_what_is_wrong_with_a_number_is_said(visit: Visit, number: str, told: str) -> None:
    visit.open("?item=guide-dog")
    visit.page.click("text=同意，开始办")
    visit.page.fill("#f-number", number)
    visit.page.locator("#f-number").blur()
    expect(visit.page.locator("#number-wrong")).to_have_text(told)


def test_a_passport_number_needs_no_check_digit(visit: Visit) -> None:
    visit.open("?item=guide-dog")
    visit.page.click("text=同意，开始办")
    visit.fill_in(number="E12345678")
    visit.page.check("#other-paper")
    visit.page.click("text=下一步，交材料")
    expect(visit.page.locator(".c-slot")).not_to_have_count(0)


def test_what_was_typed_survives_a_reload(visit: Visit) -> None:
    visit.open("?item=guide-dog")
    visit.page.click("text=同意，开始办")
    visit.fill_in(phone="1390000")
    visit.page.reload()
    expect(visit.page.locator("#f-number")).to_have_value(NUMBER)
    expect(visit.page.locator("#f-phone")).to_have_value("1390000")


# hand in, correct ------------------------------------------------------------------------------------------------


def test_what_is_wrong_is_shown_in_the_picture_and_mended_there(visit: Visit) -> None:
    visit.begin()
    visit.hand_in(until=SOON_OVER)
    expect(visit.page.locator(".c-verdict")).to_contain_text("先改这 1 处")
    finding = visit.page.locator("[data-group=must] .c-finding")
    expect(finding).to_contain_text("已经过期")
    expect(finding.locator("svg polygon.c-box")).to_be_visible()
    shown = finding.locator("svg image").get_attribute("href")
    kind = "async (href) => { const got = await fetch(href); return [got.status, got.headers.get('content-type')]; }"
    assert visit.page.evaluate(kind, shown) == [200, "image/jpeg"]
    finding.locator(".c-evidence").click()
    expect(visit.page.locator("#whole-page .c-page")).to_be_visible()
    visit.page.keyboard.press("Escape")
    again = {"name": "重拍.png", "mimeType": "image/png", "buffer": id_back()}
    finding.get_by_label("重拍：居民身份证").set_input_files([again])  # type: ignore[list-item]
    expect(finding.locator(".c-mended")).to_be_visible()
    expect(visit.page.locator(ARRIVED)).to_have_count(3)
    visit.page.locator("[data-key=submit]").click()
    expect(visit.page.locator(".c-verdict[data-verdict=ready]")).to_be_visible(timeout=30_000)
    expect(visit.page.locator(".c-verdict")).to_contain_text("材料齐全")


def test_what_is_missing_can_be_supplied_where_it_is_told(visit: Visit) -> None:
    visit.begin()
    visit.choose(PAPERS[0], ("正面.png", front()), ("反面.png", id_back()))
    expect(visit.page.locator("#dock-note")).to_contain_text("还没有交：残疾人证")
    expect(visit.page.locator(ARRIVED)).to_have_count(2)
    visit.submit()
    finding = visit.page.locator(".c-finding[data-rule=present]")
    expect(finding).to_contain_text("残疾人证")
    handed = {"name": "残疾人证.png", "mimeType": "image/png", "buffer": certificate()}
    finding.get_by_label("补交：残疾人证").set_input_files([handed])  # type: ignore[list-item]
    expect(finding.locator(".c-mended")).to_be_visible()
    visit.page.locator("[data-key=submit]").click()
    expect(visit.page.locator(".c-verdict[data-verdict=ready]")).to_be_visible(timeout=30_000)


def test_the_case_is_there_again_after_a_reload(visit: Visit) -> None:
    visit.begin()
    visit.choose(PAPERS[0], ("正面.png", front()))
    expect(visit.page.locator(ARRIVED)).to_have_count(1)
    visit.page.reload()
    expect(visit.page.locator(ARRIVED)).to_contain_text("正面.png")
    assert NUMBER not in str(visit.stored()), "what the server has is not kept here"


def test_a_file_can_be_removed_and_the_same_file_is_kept_once(visit: Visit) -> None:
    visit.begin()
    visit.choose(PAPERS[0], ("正面.png", front()))
    expect(visit.page.locator(ARRIVED)).to_have_count(1)
    visit.choose(PAPERS[0], ("又一次.png", front()))
    expect(visit.page.locator("#toast")).to_contain_text("是同一个文件")
    expect(visit.page.locator(ARRIVED)).to_have_count(1)
    visit.page.get_by_label("删掉 正面.png").click()
    expect(visit.page.locator(ARRIVED)).to_have_count(0)
    expect(visit.page.locator("[data-key=submit]")).to_be_disabled()


def test_an_application_can_be_taken_back(visit: Visit) -> None:
    visit.begin()
    visit.hand_in()
    visit.page.click("[data-key=withdraw]")
    visit.page.click("#ask-first .c-danger")
    expect(visit.page.locator(".c-state")).to_have_text("您已经撤回")
    expect(visit.page.locator(".c-pick")).to_have_count(0)


# cut lines -------------------------------------------------------------------------------------------------------


def test_a_file_chosen_without_network_goes_out_when_it_is_back(visit: Visit) -> None:
    visit.begin()
    visit.context.set_offline(True)
    visit.choose(PAPERS[0], ("正面.png", front()))
    expect(visit.page.locator(".c-upload")).to_contain_text("连上就接着传")
    expect(visit.page.locator("#offline")).to_be_visible()
    visit.context.set_offline(False)
    expect(visit.page.locator(ARRIVED)).to_have_count(1)
    expect(visit.page.locator("#offline")).to_be_hidden()
    visit.complaints.clear()


def test_an_upload_that_is_cut_is_sent_again_by_itself(visit: Visit) -> None:
    visit.begin()
    cuts = []

    def cut_once(route: Route) -> None:
        cuts.append(route)
        route.abort("connectionreset") if len(cuts) == 1 else route.continue_()

    visit.page.route("**/materials", cut_once)
    visit.choose(PAPERS[0], ("正面.png", front()))
    expect(visit.page.locator(ARRIVED)).to_have_count(1)
    assert len(cuts) == 2
    visit.complaints.clear()


def test_too_large_a_file_is_refused_before_it_is_sent(visit: Visit) -> None:
    visit.begin()
    heavy = {"name": "合同.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7" + b"0" * 500_000}
    visit.page.locator("[data-slot=id-card] .c-choose input").set_input_files([heavy])  # type: ignore[list-item]
    expect(visit.page.locator(".c-upload[data-state=failed]")).to_contain_text("请拍成照片，或者分成几个文件再传")
    visit.page.get_by_label("删掉 合同.pdf").click()
    expect(visit.page.locator(".c-upload")).to_have_count(0)


def test_a_large_photograph_is_sent_small_and_upright(visit: Visit) -> None:
    visit.open()
    photo = Image.new("RGB", (3600, 2400), (255, 255, 255))
    photo.paste((255, 0, 0), (0, 0, 400, 400))
    held = Image.Exif()
    held[0x0112] = 6
    out = io.BytesIO()
    photo.save(out, "JPEG", exif=held)
    sent = visit.page.evaluate(
        """async (given) => {
            const { prepare } = await import("/static/case_picture.js");
            const bytes = Uint8Array.from(atob(given), (letter) => letter.charCodeAt(0));
            const { blob, name } = await prepare(new File([bytes], "IMG_1.JPG", { type: "image/jpeg" }));
            const data = new Uint8Array(await blob.arrayBuffer());
            return { name, data: btoa(data.reduce((text, byte) => text + String.fromCharCode(byte), "")) };
        }""",
        base64.b64encode(out.getvalue()).decode(),
    )
    small = Image.open(io.BytesIO(base64.b64decode(sent["data"])))
    assert (sent["name"], small.format, small.size) == ("IMG_1.jpg", "JPEG", (1733, 2600))
    red, green, _ = small.getpixel((small.width - 50, 50))  # type: ignore[misc]
    assert red > 200 > 60 > green, "what was left of the top stands right of it, as it was seen"
