"""Headless Chromium for tests of pages: launched once for all of them, each in contexts of its own.

Playwright keeps an event loop in the thread that started it, in which no other loop can run. `CHROMIUM` is closed
before the first test that is not one of a page, and launched again when the next one asks.
"""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

PATIENCE_MS = 20_000
"""How long something may take to show on a page, on a machine that has other work to do."""
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")


def installed() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Chromium:
    """Playwright, and one browser for each set of flags."""

    def __init__(self) -> None:
        self._open = ExitStack()
        self._playwright: Playwright | None = None
        self._browsers: dict[tuple[str, ...], Browser] = {}

    @property
    def playwright(self) -> Playwright:
        if self._playwright is None:
            from playwright.sync_api import expect, sync_playwright

            expect.set_options(timeout=PATIENCE_MS)
            self._playwright = self._open.enter_context(sync_playwright())
        return self._playwright

    def browser(self, *flags: str) -> Browser:
        """The one with these flags beside the usual; what opened a context in it closes it."""
        found = self._browsers.get(flags)
        if found is None or not found.is_connected():
            found = self.playwright.chromium.launch(executable_path=installed(), args=[*QUIET, *flags])
            self._browsers[flags] = found
        return found

    def close(self) -> None:
        for browser in self._browsers.values():
            browser.close()
        self._browsers.clear()
        self._playwright = None
        self._open.close()


CHROMIUM = Chromium()
