"""The desk in a real browser: officers go through a case by keyboard, sign it, and do not get into each other's way."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from case_pages import UNPROVEN, id_back, id_front, lease, photo
from desk_page import Hall, Officer, frame, officer_at, open_browser, running_hall
from playwright.sync_api import Browser, Route, expect

pytestmark = pytest.mark.browser
FAULTS = (Path(__file__).parent / "page_faults.js").read_text("utf-8").strip().rstrip(";")
Sit = Callable[..., Officer]


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    with running_hall(tmp_path_factory.mktemp("desk")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as started:
        yield started


@pytest.fixture
def sit(hall: Hall, browser: Browser) -> Iterator[Sit]:
    """Opens desks, each in a browser of its own."""
    with ExitStack() as desks:
        yield lambda **more: desks.enter_context(officer_at(hall, browser, **more))


@pytest.fixture
def lacking(hall: Hall) -> str:
    """A case with half of its materials, one of them unreadable."""
    return hall.begun((id_front(number=UNPROVEN), "id-card"), (lease(tenant="样本丁"), "lease"), (b"", "dog-photo"))


@pytest.fixture
def complete(hall: Hall) -> str:
    """A case with all materials, of which a person looks at some."""
    return hall.begun(
        (id_front(number=UNPROVEN), "id-card"), (id_back(), "id-card"), (lease(), "lease"), (photo(), "dog-photo"),
        (photo() + b" ", "vaccination-proof"),
    )  # fmt: skip


def test_findings_are_gone_through_by_keyboard_alone(sit: Sit, lacking: str):
    desk = sit().at_work("li", lacking)
    first = desk.page.locator(".finding.chosen .finding-title").inner_text()
    desk.press("j")
    assert desk.page.locator(".finding.chosen .finding-title").inner_text() != first
    expect(desk.page.locator(".finding.chosen .finding-head")).to_be_focused()
    desk.press("k")
    expect(desk.page.locator(".finding.chosen .finding-title")).to_have_text(first)
    answer = desk.saved("/decisions", lambda: desk.press("1"))
    assert answer.request.post_data_json["kind"] == "accept"
    expect(desk.page.locator(".finding.chosen .said")).to_contain_text("采纳 · 样本 li")


def test_a_dismissal_asks_for_its_reason_and_keeps_what_was_typed(sit: Sit, lacking: str):
    desk = sit().at_work("li", lacking)
    desk.press("2")
    expect(desk.page.locator(".decision-form select")).to_be_focused()
    desk.page.select_option(".decision-form select", "other")
    desk.page.fill(".decision-form textarea", "太短")
    desk.page.click(".decision-form button[type=submit]")
    expect(desk.page.locator(".decision-form .problem")).to_contain_text("不少于10个字")
    desk.press("Escape")
    desk.press("j", "k")
    desk.press("2")
    desk.page.select_option(".decision-form select", "material_is_right")
    answer = desk.saved("/decisions", lambda: desk.page.click(".decision-form button[type=submit]"))
    assert answer.request.post_data_json["reason"] == "material_is_right"
    expect(desk.page.locator(".finding.chosen")).to_contain_text("驳回：材料实际合格")


def test_what_could_not_be_judged_is_looked_at_before_it_is_decided(sit: Sit, complete: str):
    desk = sit().at_work("li", complete)
    desk.choose("居民身份证的身份号码正确")
    expect(desk.page.locator("[data-decide=accept]")).to_be_disabled()
    desk.press("1")
    expect(desk.page.locator("#toast")).to_have_text("须先打开核对")
    desk.saved("/open", lambda: desk.press("o"))
    desk.saved("/decisions", lambda: desk.press("1"))
    expect(desk.page.locator(".finding.chosen .said")).to_be_visible()


def test_a_finding_shows_its_page_and_its_box(sit: Sit, complete: str):
    desk = sit().at_work("li", complete)
    desk.choose("房屋租赁合同有签名")
    expect(desk.page.locator(".page-title")).to_have_text("样本3.png")
    desk.choose("居民身份证的身份号码正确")
    expect(desk.page.locator(".page-title")).to_have_text("样本1.png")
    box = desk.page.locator(".stage .box.chosen")
    expect(box).to_have_count(1)
    stage, seen = frame(desk.page.locator(".stage")), frame(box)
    assert stage["x"] <= seen["x"] < seen["x"] + seen["width"] <= stage["x"] + stage["width"]


def test_a_pointer_that_rests_turns_no_page(sit: Sit, hall: Hall):
    files = (id_front(number=UNPROVEN), "id-card"), (id_back("2021.01.01"), "id-card"), (lease("样本丁"), "lease")
    desk = sit().at_work("li", hall.begun(*files))
    desk.choose("居民身份证的身份号码正确")
    desk.choose("狂犬病免疫证明已提交")
    expect(desk.page.locator(".finding.chosen")).to_contain_text("没有具体位置")
    desk.page.wait_for_timeout(600)
    expect(desk.page.locator(".page-title")).to_have_text("样本1.png")
    desk.page.locator(".finding", has_text="居民身份证在有效期内").hover()
    expect(desk.page.locator(".page-title")).to_have_text("样本2.png")


def test_pages_are_turned_over_moved_and_enlarged(sit: Sit, complete: str):
    desk = sit().at_work("li", complete)
    image = desk.page.locator(".sheet img")
    before = frame(image)
    desk.press("+", "+")
    larger = frame(image)
    assert larger["width"] > 1.5 * before["width"]
    desk.page.focus(".stage")
    desk.press("ArrowRight")
    assert frame(image)["x"] < larger["x"]
    desk.press("0", "r")
    assert frame(image)["height"] > frame(image)["width"]
    desk.press("]")
    expect(desk.page.locator(".page-title")).to_have_text("样本2.png")


def test_a_finding_of_ones_own_is_written_down(sit: Sit, complete: str):
    desk = sit().at_work("li", complete)
    desk.press("n")
    inputs = desk.page.locator(".add form")
    inputs.locator("input").nth(0).fill("合同缺页")
    inputs.locator("textarea").fill("租赁合同缺第2页，请补交。")
    inputs.locator("input").nth(1).fill("补充提交")
    desk.saved("/added", lambda: inputs.locator("button[type=submit]").click())
    desk.choose("合同缺页")
    expect(desk.page.locator(".finding.chosen")).to_contain_text("租赁合同缺第2页")


def test_a_step_that_is_closed_says_why_and_opens_when_all_is_decided(sit: Sit, lacking: str):
    desk = sit().at_work("li", lacking)
    step = desk.page.locator("[data-event=request_correction]")
    expect(step).to_have_attribute("aria-disabled", "true")
    step.focus()
    expect(desk.page.locator(".why")).to_contain_text("还有预审发现没有逐条处理")
    desk.press("Enter")
    expect(desk.page.locator("dialog")).to_have_count(0)
    desk.decide_all()
    expect(step).not_to_have_attribute("aria-disabled", "true")


def test_signing_shows_the_paper_and_what_follows_in_law(sit: Sit, lacking: str):
    desk = sit().at_work("li", lacking)
    desk.decide_all()
    desk.page.click("[data-event=request_correction]")
    dialog = desk.page.locator("dialog")
    expect(dialog).to_contain_text("行政许可法第三十二条")
    expect(dialog.frame_locator("iframe").locator("body")).to_contain_text("申请材料一次性补正告知书")
    desk.saved("/events", lambda: dialog.locator("button[type=submit]").click())
    expect(desk.page.locator(".tag.state")).to_have_text("待补正")
    desk.press("h")
    expect(desk.page.locator(".notices")).to_contain_text("申请材料一次性补正告知书")
    expect(desk.page.locator(".events li").first).to_contain_text("样本 li")


def test_what_another_changed_meanwhile_is_told_and_nothing_typed_is_lost(sit: Sit, lacking: str):
    mine, other = sit().at_work("li", lacking), sit().at_work("wang", lacking)
    title = mine.page.locator(".finding.chosen .finding-title").inner_text()
    mine.press("3")
    mine.page.fill(".decision-form textarea", "请改成我写的这一句。")
    other.saved("/decisions", lambda: other.press("1"))
    answer = mine.saved("/decisions", lambda: mine.page.click(".decision-form button[type=submit]"))
    assert answer.status == 409
    expect(mine.page.locator(".news")).to_contain_text(f"“{title}”：采纳")
    expect(mine.page.locator(".decision-form textarea")).to_have_value("请改成我写的这一句。")
    mine.saved("/decisions", lambda: mine.page.click(".decision-form button[type=submit]"))
    expect(mine.page.locator(".finding.chosen .said")).to_contain_text("修改")


def test_a_case_that_another_holds_is_read_only_until_it_is_taken_over(sit: Sit, lacking: str):
    holder, other = sit().at_work("li", lacking), sit().at_work("wang")
    holder.saved("/claim", lambda: holder.page.click("#lease"))
    expect(holder.page.locator(".lease")).to_contain_text("由我处理")
    other.open(lacking)
    expect(other.page.locator(".lease")).to_contain_text("样本 li正在处理")
    expect(other.page.locator("[data-decide]")).to_have_count(0)
    other.page.click("#lease")
    other.saved("/claim", lambda: other.page.click("dialog button[type=submit]"))
    expect(other.page.locator("[data-decide=accept]")).to_be_visible()
    holder.page.reload()
    expect(holder.page.locator(".lease")).to_contain_text("样本 wang正在处理")


def test_who_lost_a_case_to_another_is_told_without_asking(sit: Sit, lacking: str):
    holder, other = sit(), sit().at_work("wang")
    holder.page.clock.install()
    holder.at_work("li", lacking)
    holder.saved("/claim", lambda: holder.page.click("#lease"))
    expect(holder.page.locator(".lease")).to_contain_text("由我处理")
    holder.press("3")
    holder.page.fill(".decision-form textarea", "写到一半的话。")
    other.open(lacking)
    other.page.click("#lease")
    other.saved("/claim", lambda: other.page.click("dialog button[type=submit]"))
    holder.page.clock.run_for("00:35")
    expect(holder.page.locator(".news")).to_contain_text("这件已由样本 wang接手")
    expect(holder.page.locator("[data-event=request_correction]")).to_have_attribute("aria-disabled", "true")
    holder.page.click("#lease")
    holder.saved("/claim", lambda: holder.page.click("dialog button[type=submit]"))
    expect(holder.page.locator(".decision-form textarea")).to_have_value("写到一半的话。")


def test_ones_own_change_is_not_told_as_anothers(sit: Sit, lacking: str):
    desk = sit()
    desk.page.clock.install()
    desk.at_work("li", lacking)

    def look_meanwhile(route: Route) -> None:
        saved = route.fetch()
        with desk.page.expect_response(lambda answer: answer.url.endswith(f"/cases/{lacking}")):
            desk.page.clock.run_for("00:31")
        route.fulfill(response=saved)

    desk.page.route("**/decisions", look_meanwhile)
    desk.press("1")
    expect(desk.page.locator(".finding.chosen .said")).to_contain_text("采纳")
    expect(desk.page.locator(".news")).to_be_hidden()


def test_a_masked_value_is_shown_for_a_reason_only(sit: Sit, complete: str):
    desk = sit().at_work("li", complete)
    given = desk.page.locator(".who .given", has_text="证件号码")
    expect(given).to_contain_text("320411********7537")
    given.locator("button").click()
    desk.page.click("dialog button[type=submit]")
    expect(desk.page.locator("dialog .problem")).to_be_visible()
    desk.page.select_option("dialog select", "check_original")
    desk.saved("/unmask", lambda: desk.page.click("dialog button[type=submit]"))
    expect(given).to_contain_text("320411199003077537")


def test_a_corrected_value_is_judged_again(sit: Sit, hall: Hall):
    desk = sit()
    desk.at_work("li", hall.begun((id_front(), "id-card"), (id_back("2021.01.01"), "id-card"), (lease(), "lease")))
    expired = desk.page.locator(".finding-title", has_text="居民身份证在有效期内")
    expect(expired).to_have_count(1)
    desk.press("v")
    line = desk.page.locator(".fields > div", has_text="有效期至")
    line.locator("[data-correct]").click()
    desk.page.fill(".correct-form input", "2040-01-01")
    desk.saved("/fields", lambda: desk.press("Enter"))
    expect(line).to_contain_text("已更正")
    desk.press("f")
    expect(expired).to_have_count(0)


def test_who_reviewed_first_is_told_that_another_signs(sit: Sit, complete: str):
    first = sit().at_work("both", complete)
    first.page.click("[data-event=draft_refusal]")
    first.page.fill("dialog textarea", "样本事项不属于本中心办理。")
    first.saved("/events", lambda: first.page.click("dialog button[type=submit]"))
    sign = first.page.locator("[data-event=sign_refusal]")
    expect(sign).to_have_attribute("aria-disabled", "true")
    expect(first.page.locator(".why")).to_contain_text("终审人员不得与初审人员为同一人")
    senior = sit().at_work("zhao", complete)
    expect(senior.page.locator("[data-event=sign_refusal]")).not_to_have_attribute("aria-disabled", "true")


def test_an_auditor_sees_all_and_can_do_nothing(sit: Sit, complete: str):
    desk = sit().at_work("shen", complete)
    expect(desk.page.locator(".finding").first).to_be_visible()
    for selector in ("[data-event]", "[data-decide]", "#lease", "#add", ".who .small"):
        expect(desk.page.locator(selector)).to_have_count(0)


@pytest.mark.parametrize("size", [{"width": 1366, "height": 768}, {"width": 1920, "height": 1080}])
def test_nothing_is_cut_off_or_pale_on_the_screens_of_a_hall(sit: Sit, lacking: str, size: dict[str, int]):
    desk = sit(viewport=size).at_work("li", lacking)
    for tab in "fvmh":
        desk.press(tab)
        faults = desk.page.evaluate(FAULTS)
        # A clerk's desk is worked with a mouse: controls are smaller than on a visitor's screen.
        assert [fault for fault in faults if fault.startswith(("cut off", "contrast"))] == []
    foot = frame(desk.page.locator(".actions"))
    assert foot["y"] + foot["height"] <= size["height"]
    # All at once, since the list may be drawn anew between two of them.
    heights = "buttons => buttons.map((one) => one.getBoundingClientRect().height).filter((height) => height > 0)"
    assert min(desk.page.eval_on_selector_all("button", heights)) >= 24


def test_the_queue_finds_a_case_by_its_number(sit: Sit, complete: str):
    desk = sit().at_work("li", complete)
    number = desk.page.locator(".case-head .number").inner_text()
    desk.press("/")
    desk.page.keyboard.type(number)
    expect(desk.page.locator("#cases button")).to_have_count(1)
    expect(desk.page.locator("#cases button")).to_contain_text(number)


def test_a_blind_case_hides_its_findings_until_the_officers_own_list(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
):
    with running_hall(tmp_path_factory.mktemp("blind"), blind_sample=1.0) as hall, officer_at(hall, browser) as desk:
        desk.at_work("li", hall.begun((id_front(), "id-card"), (lease(), "lease")))
        expect(desk.page.locator(".blind")).to_contain_text("盲审抽样")
        expect(desk.page.locator(".finding, .verdict")).to_have_count(0)
        desk.page.click(".blind >> text=再加一条")
        entry = desk.page.locator(".blind .entry")
        entry.locator("input").nth(0).fill("缺免疫证明")
        entry.locator("textarea").fill("请补交免疫证明。")
        entry.locator("input").nth(1).fill("补充提交")
        desk.saved("/blind", lambda: desk.page.click(".blind button[type=submit]"))
        expect(desk.page.locator(".finding-title", has_text="狂犬病免疫证明")).to_have_count(1)
        desk.choose("缺免疫证明")
        missing = desk.page.locator(".finding.chosen option", has_text="狂犬病免疫证明").get_attribute("value")
        desk.saved("/match", lambda: desk.page.select_option(".finding.chosen select", missing))
