"""An applicant's device: a real browser on the page of a case, against a real hall that reads by what pictures say."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from case_pages import NAME, id_back, id_front, picture
from chromium import CHROMIUM, PATIENCE_MS
from hall_settings import door_settings
from playwright.sync_api import Browser, BrowserContext, Page, expect

from channels.app import create_app

HALL = Path(__file__).parents[1] / "handbook"

NUMBER = "320411199003077537"
PHONE = {"width": 390, "height": 844}
PAPERS = "id-card", "disability-certificate"
ARRIVED = ".c-file[data-file]"
SOON_OVER = "2024.01.01"
"""An end of term that has passed."""


def certificate() -> bytes:
    return picture(
        "中华人民共和国残疾人证", f"姓名：{NAME}", "性别：男", f"证号：{NUMBER}11", "残疾类别：视力", "残疾等级：一级",
        "签发日期：2022年05月10日", "有效期至：2032年05月09日", marks=("face", "seal"), shade=240,
    )  # fmt: skip


def front() -> bytes:
    return id_front(number=NUMBER)


@contextmanager
def running_hall(folder: Path, ingest: Any) -> Iterator[str]:
    """The address of a running hall whose reader believes what pictures say of themselves."""
    given = door_settings(folder, max_file_bytes=400_000)
    ingest(given, HALL)
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


@contextmanager
def running_browser() -> Iterator[Browser]:
    """The one that all tests of pages share."""
    yield CHROMIUM.browser()


@dataclass
class Visit:
    """An applicant's device. `complaints` collects what the browser's console complained of."""

    server: str
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)

    def open(self, query: str = "") -> None:
        self.page.goto(f"{self.server}/case{query}")
        self.page.wait_for_selector("html[data-ready]")

    def fill_in(self, name: str = NAME, number: str = NUMBER, phone: str = "13900000000") -> None:
        for label, text in (("姓名", name), ("身份证号", number), ("手机号", phone)):
            self.page.get_by_label(label, exact=True).fill(text)

    def begin(self, query: str = "?item=guide-dog") -> None:
        """Up to the list of what to hand in."""
        self.open(query)
        self.page.click("text=同意，开始办")
        self.fill_in()
        self.page.click("text=下一步，交材料")
        self.page.wait_for_selector(".c-slot")

    def choose(self, slot: str, *files: tuple[str, bytes]) -> None:
        payload = [{"name": name, "mimeType": "image/png", "buffer": data} for name, data in files]
        self.page.locator(f"[data-slot='{slot}'] .c-choose input").set_input_files(payload)  # type: ignore[arg-type]

    def hand_in(self, until: str = "2040.01.01") -> None:
        """All papers, the back of the identity card with this end of term; then what was found."""
        self.choose(PAPERS[0], ("正面.png", front()), ("反面.png", id_back(until)))
        self.choose(PAPERS[1], ("残疾人证.png", certificate()))
        expect(self.page.locator(ARRIVED)).to_have_count(3)
        self.submit()

    def submit(self) -> None:
        self.page.locator("[data-key=submit]").click()
        self.page.wait_for_selector(".c-verdict", timeout=30_000)

    def stored(self) -> dict[str, str]:
        return self.page.evaluate("({...sessionStorage, ...localStorage})")

    def link(self) -> str:
        self.page.click("#open-link")
        link = self.page.locator(".c-link").input_value()
        self.page.keyboard.press("Escape")
        return link


@contextmanager
def visiting(server: str, browser: Browser, size: dict[str, int], touch: bool = False) -> Iterator[Visit]:
    """A device of this size; at its end the console must not have complained."""
    context = browser.new_context(viewport=size, locale="zh-CN", reduced_motion="reduce", has_touch=touch)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE_MS)
    one = Visit(server, context, context.new_page())
    one.page.on("console", lambda m: one.complaints.append(m.text) if m.type in ("error", "warning") else None)
    one.page.on("pageerror", lambda error: one.complaints.append(str(error)))
    yield one
    context.close()
    assert one.complaints == []
