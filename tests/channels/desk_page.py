"""A hall whose desk runs on a port: its staff, its cases, and officers who sit before the page in a browser."""

import re
import socket
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from case_pages import NAME, NUMBER
from chromium import CHROMIUM, PATIENCE_MS
from desk_door import PASSWORD, account
from fastapi import FastAPI
from hall_settings import door_settings
from playwright.sync_api import Browser, BrowserContext, FloatRect, Locator, Page, expect

from channels.app import create_app
from channels.wiring import build_knowledge
from knowledge.ingest import gather

HANDBOOK = Path(__file__).parents[1] / "handbook"
ITEM = {"item": "dog-registration", "choices": {"home": "rent", "breed": "small"}}
MINE = {"name": NAME, "number": NUMBER, "phone": "13900000000", "address": "江苏省常州市新北区样本路1号"}
WINDOW = {"width": 1366, "height": 768}
STAFF = {"li": ("clerk",), "wang": ("clerk",), "zhao": ("senior",), "both": ("clerk", "senior"), "shen": ("auditor",)}
REFUSED = "Failed to load resource"
"""What a browser's console says of every answer that is a refusal."""


@dataclass(frozen=True)
class Hall:
    """A running hall."""

    app: FastAPI
    address: str

    def begun(self, *files: tuple[bytes, str]) -> str:
        """Id of a case with these files, each for one line of the checklist, handed in and reviewed."""
        with httpx.Client(base_url=self.address, trust_env=False, timeout=30) as http:
            made = http.post("/v1/cases", json={**ITEM, "applicant": MINE}).json()
            path, headers = f"/v1/cases/{made['id']}", {"Authorization": f"Bearer {made['key']}"}
            for at, (data, slot) in enumerate(files):
                given: dict[str, Any] = {"files": {"file": (f"样本{at + 1}.png", data)}, "data": {"slot": slot}}
                assert http.post(f"{path}/materials", headers=headers, **given).status_code == 201
            version = http.get(path, headers=headers).json()["version"]
            assert http.post(f"{path}/submit", headers=headers, json={"version": version}).status_code == 202
            for _ in range(1200):
                if http.get(path, headers=headers).json()["state"] == "awaiting_clerk":
                    return made["id"]
                time.sleep(0.05)
        raise AssertionError("the pre-review does not end")


@contextmanager
def running_hall(folder: Path, staff: Collection[str] = tuple(STAFF), **more: Any) -> Iterator[Hall]:
    """The hall of the test handbook, with its staff and a reader that reads at once."""
    given = door_settings(folder, **more)
    knowledge = build_knowledge(given)
    knowledge.ingester.ingest(gather(HANDBOOK))
    knowledge.index.close()
    knowledge.engine.dispose()
    listening = socket.create_server(("127.0.0.1", 0))
    app = create_app(given)
    running = uvicorn.Server(uvicorn.Config(app, log_level="warning", ws="none"))
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not running.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.02)
    organisation = app.state.product.live.current().library.hall.name
    for login in staff:
        account(app, login, *STAFF[login], organisation=organisation)
    yield Hall(app, f"http://127.0.0.1:{listening.getsockname()[1]}")
    running.should_exit = True
    thread.join()
    listening.close()


@contextmanager
def open_browser() -> Iterator[Browser]:
    """The one that all tests of pages share."""
    yield CHROMIUM.browser()


def frame(node: Locator) -> FloatRect:
    """Where something stands on the screen."""
    box = node.bounding_box()
    assert box, "it is not shown"
    return box


@dataclass
class Officer:
    """Somebody at a desk. `complaints` collects what the browser's console complained of."""

    hall: Hall
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)

    def sign_in(self, login: str, password: str = PASSWORD) -> None:
        self.page.goto(f"{self.hall.address}/desk")
        self.page.fill("#door input[autocomplete=username]", login)
        self.page.fill("#door input[type=password]", password)
        self.page.keyboard.press("Enter")

    def at_work(self, login: str, case: str | None = None) -> "Officer":
        self.sign_in(login)
        self.page.wait_for_selector("html[data-ready]")
        if case:
            self.open(case)
        return self

    def open(self, case: str) -> None:
        self.page.click(f'#cases [data-id="{case}"]')
        self.page.wait_for_selector(".case-head h2")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def choose(self, title: str) -> None:
        """The finding of this title."""
        self.page.locator(".finding-head", has_text=title).first.click()

    def saved(self, path: str, act: Any) -> Any:
        """What the server answers to `act`, once the page has it."""
        with self.page.expect_response(lambda answer: path in answer.url and answer.request.method == "POST") as found:
            act()
        return found.value

    def decide_all(self) -> None:
        """采纳 one finding after the other, each looked at first."""
        findings = self.page.locator(".finding")
        for at in range(findings.count()):
            one = findings.nth(at)
            one.locator(".finding-head").click()
            expect(one).to_have_class(re.compile(r"\bchosen\b"))
            accept = one.locator("[data-decide=accept]")
            if accept.is_disabled():
                assert self.saved("/open", lambda: self.press("o")).ok
                expect(accept).to_be_enabled()
            assert self.saved("/decisions", lambda: self.press("1")).ok
            expect(one.locator(".said")).to_be_visible()

    def tidy(self) -> list[str]:
        return [one for one in self.complaints if REFUSED not in one]


@contextmanager
def officer_at(hall: Hall, browser: Browser, **more: Any) -> Iterator[Officer]:
    context = browser.new_context(**{"viewport": WINDOW, "locale": "zh-CN", "reduced_motion": "reduce", **more})
    context.set_default_timeout(PATIENCE_MS)
    one = Officer(hall, context, context.new_page())
    one.page.on("console", lambda m: one.complaints.append(m.text) if m.type in ("error", "warning") else None)
    one.page.on("pageerror", lambda error: one.complaints.append(str(error)))
    yield one
    context.close()
    assert one.tidy() == []
