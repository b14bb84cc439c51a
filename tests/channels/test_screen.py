"""The wall's stream on the wire: figures that equal the database, captions, heartbeats, walls that leave."""

import asyncio
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
import uvicorn
from fastapi import FastAPI
from kept_turns import Kept, keep, local
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from assistant.turn import AnswerStatus
from channels import screen
from channels.app import create_app
from channels.day_figures import DayFigures, figures, is_public
from channels.screen import Wall
from channels.server import HallServer
from channels.stage import BACKLOG, Stage
from channels.wiring import Product

Stream = Iterator[tuple[str, Any]]


class Hall:
    """A running server with its parts at hand."""

    def __init__(self, app: FastAPI, product: Product, server: HallServer, address: str) -> None:
        self.app, self.product, self.server, self.address = app, product, server, address
        self.stage: Stage = app.state.stage

    def ask(self, question: str, **given: Any) -> Any:
        with httpx.Client(trust_env=False, base_url=self.address) as client:
            return client.post("/v1/ask", json={"question": question, **given}).json()

    @contextmanager
    def watch(self) -> Iterator[Stream]:
        with (
            httpx.Client(trust_env=False, timeout=20) as client,
            client.stream("GET", f"{self.address}/v1/screen/events") as response,
        ):
            assert response.headers["content-type"].startswith("text/event-stream")
            assert response.headers["cache-control"] == "no-store"
            yield events(response.iter_lines())

    def nobody_watches(self) -> bool:
        return eventually(lambda: self.stage.seats == 0)


def events(lines: Iterator[str]) -> Stream:
    name = ""
    for line in lines:
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


def eventually(true: Callable[[], bool], within_s: float = 5) -> bool:
    until = time.monotonic() + within_s
    while not true() and time.monotonic() < until:
        time.sleep(0.02)
    return true()


def until(stream: Stream, wanted: Callable[[Any], bool]) -> Any:
    """The first figures that are as wanted."""
    return next(data for name, data in stream if name == "figures" and wanted(data))


@contextmanager
def running(product: Product) -> Iterator[Hall]:
    app = create_app(product.settings.model_copy(update={"speech": False}), product)
    listening = socket.create_server(("127.0.0.1", 0))
    server = HallServer(uvicorn.Config(app, log_level="warning", ws="none"), app.state.stage.close)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    assert eventually(lambda: server.started, 20)
    try:
        yield Hall(app, product, server, f"http://127.0.0.1:{listening.getsockname()[1]}")
    finally:
        server.should_exit = True
        thread.join(15)
        listening.close()
    assert not thread.is_alive(), "the server did not stop"


@pytest.fixture
def wall(product: Product) -> Iterator[Hall]:
    with running(product) as hall:
        yield hall


def counted(product: Product, statement: str) -> int:
    with product.knowledge.engine.connect() as connection:
        return connection.execute(sa.text(statement)).scalar_one()


def day_figures(product: Product, day: date = date(2026, 3, 2)) -> Any:
    library = product.live.current().library
    return figures(day, product.conversations.day(day), library)


# the stream ----------------------------------------------------------------------------------------------------


def test_a_wall_gets_the_figures_at_once_and_they_equal_the_database_as_visitors_ask(wall: Hall):
    with wall.watch() as stream:
        name, first = next(stream)
        assert (name, first["questions"], first["conversations"], first["hot"]) == ("figures", 0, 0, [])
        for number in range(3):
            wall.ask("养犬登记多少钱", conversation_id=f"visitor-{number}")
        wall.ask("养犬登记在哪里办", conversation_id="visitor-0")
        wall.ask("火星移民怎么办理", conversation_id="visitor-3")
        wall.ask("你好", conversation_id="visitor-4")
        shown = until(stream, lambda data: data["questions"] == 5 and data["conversations"] == 5)
    turned, tallied = "FROM conversation_turn", "FROM turn_tally WHERE"
    asked = counted(wall.product, f"SELECT count(*) {turned} WHERE status <> 'small_talk'")
    assert shown["questions"] == asked == counted(wall.product, f"SELECT sum(turns) {tallied} status <> 'small_talk'")
    visitors = counted(wall.product, f"SELECT count(DISTINCT conversation_id) {turned}")
    assert shown["conversations"] == visitors == counted(wall.product, f"SELECT sum(conversations) {tallied} turns > 0")
    assert shown["answered"] == counted(wall.product, f"SELECT sum(turns) {tallied} status = 'answered'") == 4
    assert sum(shown["by_hour"]) == 5
    assert shown["hot"] == [{"item": "dog-registration", "name": "养犬登记", "questions": 4}]
    assert [one["question"] for one in shown["last"]] == ["养犬登记在哪里办", "养犬登记多少钱"]


def test_what_a_visitor_asked_leaves_the_wall_with_the_visitor_and_stays_counted(wall: Hall):
    with wall.watch() as stream:
        wall.ask("养犬登记多少钱", conversation_id="soon-gone")
        wall.ask("养犬登记在哪里办", conversation_id="soon-gone")
        before = until(stream, lambda data: data["questions"] == 2)
        assert [one["question"] for one in before["last"]] == ["养犬登记在哪里办", "养犬登记多少钱"]
        httpx.delete(f"{wall.address}/v1/conversations/soon-gone", trust_env=False)
        after = until(stream, lambda data: data["last"] == [])
    assert counted(wall.product, "SELECT count(*) FROM conversation_turn") == 0
    assert after == {**before, "last": []}
    assert (after["conversations"], after["questions"], after["answered"]) == (1, 2, 2)
    assert after["hot"] == [{"item": "dog-registration", "name": "养犬登记", "questions": 2}]


def test_fifty_walls_share_one_reading_of_the_database(wall: Hall):
    asked: list[str] = []
    heard = event.listens_for(wall.product.knowledge.engine, "before_cursor_execute")
    heard(lambda connection, cursor, statement, *rest: asked.append(statement))

    def first_figures(_: int) -> int:
        with wall.watch() as stream:
            until(stream, lambda data: data["questions"] == 0)
            return until(stream, lambda data: data["questions"] == 1)["questions"]

    begun = time.monotonic()
    with ThreadPoolExecutor(50) as walls:
        waiting = [walls.submit(first_figures, number) for number in range(50)]
        assert eventually(lambda: wall.stage.seats == 50, 15)
        wall.ask("养犬登记多少钱")
        assert [one.result(15) for one in waiting] == [1] * 50
    readings = [one for one in asked if "max(conversation_turn.at)" in one]
    assert 1 <= len(readings) <= time.monotonic() - begun + 2
    assert wall.nobody_watches()


def test_a_wall_that_goes_away_frees_its_seat_and_the_reading_ends(wall: Hall):
    with wall.watch() as stream:
        next(stream)
        assert wall.stage.seats == 1
    assert wall.nobody_watches()
    hall_wall: Wall = wall.app.state.wall
    assert eventually(lambda: hall_wall.reads is False)


def test_the_server_stops_at_once_though_walls_are_watching(product: Product):
    with running(product) as hall, hall.watch() as stream:
        next(stream)
        begun = time.monotonic()
        hall.server.should_exit = True
        assert list(stream) == []
        assert time.monotonic() - begun < 3


def test_a_wall_hears_what_xiaoxin_says_at_a_terminal_and_nothing_of_the_visitor(wall: Hall):
    caption = {
        "type": "caption",
        "terminal": "kiosk-1",
        "epoch": 1,
        "sentence": "工本费30元。",
        "start_ms": 0,
        "end_ms": 900,
    }
    with wall.watch() as stream:
        next(stream)
        wall.stage.say({"type": "heard", "text": "我叫张三", "terminal": "kiosk-1"})
        wall.stage.say({**caption, "chars": [[0, 150]], "conversation_id": "secret"})
        wall.stage.say({"type": "visemes", "terminal": "kiosk-1", "epoch": 1, "at_ms": [[0, "aa"], [900, "sil"]]})
        wall.stage.say({"type": "expression", "terminal": "kiosk-1", "name": "explain"})
        told = [next(stream) for _ in range(3)]
    assert told == [
        ("caption", {name: value for name, value in caption.items() if name != "type"}),
        ("visemes", {"terminal": "kiosk-1", "epoch": 1, "at_ms": [[0, "aa"], [900, "sil"]]}),
        ("expression", {"terminal": "kiosk-1", "name": "explain"}),
    ]


def test_the_page_names_hall_hours_and_hotline_and_says_that_an_ai_speaks(wall: Hall):
    text = httpx.get(f"{wall.address}/screen", trust_env=False).text
    for shown in ("样本区政务服务中心", "工作日9:00至17:00", "000-12345", "人工智能生成"):
        assert shown in text


# a stage without a server ----------------------------------------------------------------------------------------


def test_a_slow_wall_loses_the_oldest_captions_and_keeps_the_newest_figures():
    async def slow() -> list[tuple[str, dict[str, Any]]]:
        stage = Stage()
        with stage.seat() as seat:
            for number in range(BACKLOG + 10):
                stage.say({"type": "caption", "sentence": str(number)})
                stage.tell("figures", {"questions": number})
            await asyncio.sleep(0.01)
            return await seat.take(1)

    taken = asyncio.run(slow())
    assert taken[0] == ("figures", {"questions": BACKLOG + 9})
    assert [data["sentence"] for _, data in taken[1:]] == [str(number) for number in range(10, BACKLOG + 10)]


def test_a_silent_hall_sends_a_heartbeat_that_is_a_comment_too():
    async def heard() -> list[str]:
        stream = Wall(Stage(), dict, heartbeat_s=0.5).events()
        found = [await anext(stream) for _ in range(3)]
        await stream.aclose()
        return found

    retry, figures_, beat = asyncio.run(heard())
    assert retry == "retry: 2000\n\n"
    assert figures_ == "event: figures\ndata: {}\n\n"
    assert beat.startswith(": ")
    assert screen.HEARTBEAT_S == 15


def test_a_database_that_is_away_leaves_the_last_figures_standing():
    answers: Iterator[Any] = iter([{"questions": 1}, None, {"questions": 2}])

    def read() -> Any:
        found = next(answers, {"questions": 2})
        if found is None:
            raise OperationalError("SELECT", {}, Exception("away"))
        return found

    async def heard() -> list[str]:
        stream = Wall(Stage(), read, poll_s=0.02).events()
        found = [await anext(stream) for _ in range(3)]
        await stream.aclose()
        return found[1:]

    assert asyncio.run(heard()) == [f'event: figures\ndata: {{"questions": {number}}}\n\n' for number in (1, 2)]


# the day ---------------------------------------------------------------------------------------------------------


def test_the_day_is_the_halls_local_day_hour_by_hour(product: Product):
    today = (local(0), local(9), local(9, 59), local(23, 59))
    others = (local(23, 59, date(2026, 3, 1)), local(0, 0, date(2026, 3, 3)))
    keep(product.knowledge.engine, *(Kept(at, item="dog-registration") for at in (*today, *others)))
    shown = day_figures(product)
    assert shown["day"] == "2026-03-02"
    assert shown["by_hour"] == [1] + [0] * 8 + [2] + [0] * 13 + [1]
    assert shown["questions"] == 4
    assert [one["at"] for one in shown["last"]] == ["23:59"]


def test_at_midnight_the_wall_begins_again_at_nought(product: Product):
    days = [date(2026, 3, 2)]
    read = DayFigures(product.conversations, lambda: product.live.current().library, lambda: days[0])
    keep(product.knowledge.engine, Kept(local(23, 59), item="dog-registration"))
    assert read()["questions"] == 1
    days[0] += timedelta(days=1)
    assert (read()["questions"], read()["day"], read()["last"]) == (0, "2026-03-03", [])


def test_who_asks_again_the_next_day_is_a_visitor_of_that_day_too(product: Product):
    instants = (local(23, 50), local(23, 55), local(0, 5, date(2026, 3, 3)), local(0, 6, date(2026, 3, 3)))
    keep(product.knowledge.engine, *(Kept(at, conversation="night-owl") for at in instants))
    days = [day_figures(product, date(2026, 3, number)) for number in (2, 3)]
    assert [(shown["conversations"], shown["questions"]) for shown in days] == [(1, 2), (1, 2)]


def test_the_share_counts_questions_that_came_to_an_end(product: Product):
    ends: list[AnswerStatus] = [
        "answered", "answered", "answered", "no_basis", "handoff", "clarify", "guide", "small_talk",
    ]  # fmt: skip
    keep(product.knowledge.engine, *(Kept(local(9, number), status) for number, status in enumerate(ends)))
    shown = day_figures(product)
    assert (shown["questions"], shown["answered"], shown["concluded"], shown["referred"]) == (7, 3, 5, 2)
    assert shown["conversations"] == 8


@pytest.mark.parametrize("terminal", ["cli", "batch"])
def test_questions_of_testers_are_no_visit(product: Product, terminal: str):
    keep(product.knowledge.engine, Kept(local(9), item="dog-registration", terminal=terminal))
    shown = day_figures(product)
    assert (shown["questions"], shown["conversations"], shown["last"]) == (0, 0, [])
    assert counted(product, "SELECT count(*) FROM turn_tally") == 0


def test_the_most_asked_item_stands_first_and_one_that_left_the_handbook_is_left_out(product: Product):
    asked = ["guide-dog"] * 2 + ["dog-registration"] * 3 + ["no-longer-there"] * 4
    keep(product.knowledge.engine, *(Kept(local(9, number), item=item) for number, item in enumerate(asked)))
    hot = [(one["item"], one["questions"]) for one in day_figures(product)["hot"]]
    assert hot == [("dog-registration", 3), ("guide-dog", 2)]


@pytest.mark.parametrize(
    "question",
    [
        "我的身份证号[身份证号]能办居住证吗", "我叫张三怎么办居住证", "张伟的居住证怎么办", "我是王小明，怎么办居住证",
        "手机13800138000能收到通知吗", "我住样本路12号，去哪里办", "李女士要办居住证",
        "my name is Li, how do I register", "养犬登记" * 10,
    ],
)  # fmt: skip
def test_a_question_that_may_tell_who_asked_stays_off_the_wall(question: str, product: Product):
    assert not is_public(question)
    keep(product.knowledge.engine, Kept(local(9), item="dog-registration", question=question))
    assert day_figures(product)["last"] == []


@pytest.mark.parametrize(
    "question", ["办居住证要带什么材料", "高龄津贴怎么领", "孩子改名字要什么", "How do I register a dog?"]
)
def test_an_everyday_question_stands_on_the_wall(question: str):
    assert is_public(question)


def test_only_questions_that_the_handbook_answered_stand_on_the_wall(product: Product):
    keep(
        product.knowledge.engine,
        Kept(local(9), "no_basis", question="火星移民怎么办"),
        Kept(local(10), item="dog-registration", question="狗证多少钱"),
    )
    last = day_figures(product)["last"]
    assert last == [{"at": "10:00", "question": "狗证多少钱", "item": "养犬登记"}]
