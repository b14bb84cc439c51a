"""Sampled answers in a real browser: editors judge by keyboard, learn of each other, and read what follows from it."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from desk_door import account
from desk_page import Hall, Officer, frame, officer_at, open_browser, running_hall
from playwright.sync_api import Browser, expect

from assistant.answer_sample import gone, labels, samples

pytestmark = pytest.mark.browser
FAULTS = (Path(__file__).parent / "page_faults.js").read_text("utf-8").strip().rstrip(";")
ASKED = ("养犬登记要多久", "养犬登记多少钱", "导盲犬怎么备案")
Sit = Callable[[str], Officer]


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    with running_hall(tmp_path_factory.mktemp("desk-answers"), staff=("zhao", "li"), answer_sample=1.0) as running:
        organisation = running.app.state.product.live.current().library.hall.name
        for login in ("bian", "jiao"):
            account(running.app, login, "editor", organisation=organisation)
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as started:
        yield started


@pytest.fixture
def engine(hall: Hall) -> Iterator[sa.Engine]:
    """With three answers that wait, each for one person."""
    engine: sa.Engine = hall.app.state.product.knowledge.engine
    with httpx.Client(base_url=hall.address, trust_env=False, timeout=30) as http:
        for text in ASKED:
            assert http.post("/v1/ask", json={"question": text}).is_success
    with engine.begin() as connection:
        connection.execute(sa.update(samples).values(second=False))
    yield engine
    with engine.begin() as connection:
        for table in (labels, samples, gone):
            connection.execute(sa.delete(table))


@pytest.fixture
def sit(hall: Hall, browser: Browser, engine: sa.Engine) -> Iterator[Sit]:
    """Opens the page of sampled answers."""
    with ExitStack() as desks:

        def open_page(login: str) -> Officer:
            desk = desks.enter_context(officer_at(hall, browser)).at_work(login)
            desk.page.click("#views [data-view=answers]")
            desk.page.wait_for_selector(".answers-list .asked, .answers-table")
            return desk

        yield open_page


def pale_or_cut_off(desk: Officer) -> list[str]:
    """Sizes are for fingers; a desk has a mouse."""
    return [one for one in desk.page.evaluate(FAULTS) if not re.match(r"[\d.]+x[\d.]+:", one)]


def said(engine: sa.Engine) -> list[tuple[str, str | None, str, str]]:
    """Label, right item, what should have been said, and note of every row."""
    columns = (labels.c.label, labels.c.right_item, labels.c.should_say, labels.c.note)
    with engine.connect() as connection:
        return sorted(tuple(row) for row in connection.execute(sa.select(*columns)))


def test_an_editor_judges_by_keyboard_alone(sit: Sit, engine: sa.Engine):
    desk = sit("bian")
    rows = desk.page.locator(".answers-list button")
    expect(rows).to_have_count(3)
    expect(desk.page.locator("#answers-left")).to_have_text("还有 3 条等您标注")
    first = desk.page.locator(".answers-one h3").inner_text().split()[-1]
    assert desk.saved("/label", lambda: desk.press("1")).ok
    expect(rows.nth(0).locator(".tag")).to_have_text("对")
    expect(desk.page.locator(".answers-one h3")).to_contain_text(first)
    desk.press("j")
    expect(rows.nth(1)).to_have_attribute("aria-current", "true")
    assert desk.saved("/label", lambda: desk.press("4")).ok
    expect(desk.page.locator("#answers-left")).to_have_text("还有 1 条等您标注")
    desk.press("k")
    assert desk.saved("/label", lambda: desk.press("2")).ok
    expect(rows.nth(0).locator(".tag")).to_have_text("部分对")
    assert [label for label, *_ in said(engine)] == ["partly", "should_have_refused"]


def test_of_a_wrong_answer_the_right_item_and_words_are_kept(sit: Sit, engine: sa.Engine):
    desk = sit("bian")
    desk.page.locator(".answers-list button").first.click()
    assert desk.saved("/label", lambda: desk.press("3")).ok
    desk.page.get_by_label("应当是哪个事项").fill("没有这个事项")
    desk.page.get_by_role("button", name="保存补充").click()
    expect(desk.page.locator("#toast")).to_contain_text("请从列表里选一个")
    desk.page.get_by_label("应当是哪个事项").fill("导盲犬备案")
    desk.page.get_by_label("应当怎样回答").fill("样本：先问是不是导盲犬")
    desk.page.get_by_label("备注").fill("样本备注 1 2 3")
    assert desk.saved("/label", lambda: desk.press("Control+Enter")).ok
    expect(desk.page.locator("#toast")).to_contain_text("已标为“错”")
    assert said(engine) == [("wrong", "guide-dog", "样本：先问是不是导盲犬", "样本备注 1 2 3")]
    desk.page.click("[data-tab=judged]")
    expect(desk.page.get_by_label("应当是哪个事项")).to_have_value("导盲犬备案")


def test_what_was_typed_outlives_looking_at_another_answer(sit: Sit):
    desk = sit("bian")
    desk.press("n")
    expect(desk.page.get_by_label("备注")).to_be_focused()
    desk.page.keyboard.type("1 还没写完")
    desk.press("Escape", "j", "k")
    expect(desk.page.get_by_label("备注")).to_have_value("1 还没写完")
    answer = desk.saved("/label", lambda: desk.press("2"))
    assert answer.request.post_data_json["note"] == "1 还没写完"


def test_the_second_editor_is_told_what_the_first_said(sit: Sit, engine: sa.Engine):
    one, other = sit("bian"), sit("jiao")
    expect(other.page.locator(".answers-list button")).to_have_count(3)
    assert one.saved("/label", lambda: one.press("3")).ok
    assert other.saved("/label", lambda: other.press("1")).status == 409
    expect(other.page.locator("#toast")).to_have_text("样本 bian已经把这条标为“错”，您的标注没有保存。")
    expect(other.page.locator(".answers-others")).to_contain_text("样本 bian：错")
    expect(other.page.locator("#answers-left")).to_have_text("还有 2 条等您标注")
    assert [label for label, *_ in said(engine)] == ["wrong"]


def test_a_label_after_a_refused_one_is_saved_although_the_answer_could_not_be_read_again(sit: Sit, engine: sa.Engine):
    one, other = sit("bian"), sit("jiao")
    assert one.saved("/label", lambda: one.press("3")).ok
    other.page.route(re.compile(r"/answers/[^/]+$"), lambda route: route.abort())
    with other.page.expect_event("requestfailed"):
        assert other.saved("/label", lambda: other.press("1")).status == 409
    other.press("j")
    assert other.saved("/label", lambda: other.press("1")).ok
    assert [label for label, *_ in said(engine)] == ["right", "wrong"]


def test_an_answer_that_its_visitor_deleted_leaves_the_list(sit: Sit, hall: Hall, engine: sa.Engine):
    desk = sit("bian")
    shown = desk.page.locator(".answers-one h3").inner_text().split()[-1]
    with engine.connect() as connection:
        conversations = connection.execute(sa.select(samples.c.conversation_id, samples.c.shown)).all()
    for conversation, text in conversations:
        if shown in text:
            hall.app.state.product.conversations.wipe(conversation)
    assert desk.saved("/label", lambda: desk.press("1")).status == 404
    expect(desk.page.locator(".answers-list button")).to_have_count(2)
    expect(desk.page.locator("#toast")).to_contain_text("可能已经随对话一起删除")


def test_what_was_not_answered_has_no_fourth_label(hall: Hall, sit: Sit, engine: sa.Engine):
    with engine.begin() as connection:
        connection.execute(sa.update(samples).values(status="no_basis"))
    desk = sit("bian")
    expect(desk.page.locator("[data-label=should_have_refused]")).to_be_disabled()
    desk.press("4")
    expect(desk.page.locator("#toast")).to_contain_text("看不作答对不对")
    assert said(engine) == []


def test_what_tells_who_asked_is_deleted_after_a_question(sit: Sit, engine: sa.Engine):
    desk = sit("bian")
    desk.page.get_by_role("button", name="含个人信息，删除").click()
    desk.press("1", "Escape")
    expect(desk.page.locator("dialog")).to_have_count(0)
    assert said(engine) == [], "keys are not for the page behind a dialog"
    desk.page.get_by_role("button", name="含个人信息，删除").click()
    desk.page.locator("dialog .danger").click()
    expect(desk.page.locator(".answers-list button")).to_have_count(2)
    expect(desk.page.locator("#answers-left")).to_have_text("还有 2 条等您标注")


def test_a_senior_reads_figures_and_no_texts(sit: Sit):
    editor = sit("bian")
    for label in ("1", "3"):
        assert editor.saved("/label", lambda label=label: editor.press(label)).ok
        editor.press("j")
    senior = sit("zhao")
    overall = senior.page.locator("[data-of=overall] tbody tr")
    expect(overall.locator("[data-label=right]")).to_contain_text("%")
    expect(senior.page.locator("[data-of=by_terminal] th[scope=row]")).to_have_text("网页")
    expect(senior.page.locator("[data-of=by_item] [data-key=dog-registration] th")).to_have_text("养犬登记")
    assert "养犬登记多少钱" not in senior.page.locator("#answers").inner_text()
    expect(senior.page.locator("#answers [data-tab]")).to_have_count(0)


def test_everything_stands_on_one_screen_of_an_office(sit: Sit):
    desk = sit("bian")
    assert desk.saved("/label", lambda: desk.press("3")).ok
    expect(desk.page.get_by_label("应当怎样回答")).to_be_visible()
    for part in (".answers-one h3", ".answered", ".judging-labels", ".answers-more [type=submit]", ".answers-keys"):
        box = frame(desk.page.locator(part))
        assert box["y"] >= 44
        assert box["y"] + box["height"] <= 768, part
        assert box["x"] + box["width"] <= 1366, part
    assert desk.page.evaluate("document.documentElement.scrollWidth") <= 1366
    assert pale_or_cut_off(desk) == []
    desk.page.click("[data-tab=figures]")
    expect(desk.page.locator("[data-of=overall]")).to_be_visible()
    assert pale_or_cut_off(desk) == []
