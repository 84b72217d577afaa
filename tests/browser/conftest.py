"""Pages as a reader sees them: in Chromium, as wide as a desk and as a phone."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from playwright.sync_api import (
        Browser,
        BrowserContext,
        ConsoleMessage,
        Dialog,
        Page,
        Request,
    )

WIDTHS: Final = (1280, 400)
"""Of a desk's window and of a phone's, in CSS pixels."""
HEIGHT: Final = 900
NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "chrome")
CROPPED: Final = (Path(__file__).parent / "cropped.js").read_text("utf-8")
SIDEWAYS: Final = "document.scrollingElement.scrollWidth - innerWidth"

OpenPage = Callable[[Path | str, int], "Opened"]
"""Opens a file or an address at a width; the page is closed when the test ends."""


@dataclass  # not frozen: Playwright notes on an object which of its methods listen
class Opened:
    """A page that was opened, and what the browser complained about since."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    """Errors of the console, exceptions, dialogs, and requests to other machines."""

    def faults(self) -> list[str]:
        """Return what a reader would stumble over: complaints, and what is cropped."""
        wide: int = self.page.evaluate(SIDEWAYS)
        sideways = [f"the page scrolls sideways by {wide} px"] if wide > 0 else []
        return [*self.complaints, *sideways, *self.page.evaluate(CROPPED)]

    def hear_console(self, message: ConsoleMessage) -> None:
        """Keep an error or a warning of the console."""
        if message.type in ("error", "warning"):
            self.complaints.append(f"console: {message.text}")

    def hear_request(self, request: Request) -> None:
        """Keep a request that leaves this machine."""
        address = urlsplit(request.url)
        if address.scheme.startswith("http") and address.hostname != "127.0.0.1":
            self.complaints.append(f"request to {request.url}")

    def hear_dialog(self, dialog: Dialog) -> None:
        """Keep a dialog, and close it."""
        self.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what stands here: ``make browser`` runs it."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)


def chromium() -> str:
    """Return the path of Chromium; fail, naming the command that installs it."""
    names = (os.environ.get("CHROMIUM", ""), *NAMES)
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        pytest.fail(
            "no Chromium: apt-get install chromium, or CHROMIUM=/path/to/it; "
            "then make browser",
            pytrace=False,
        )
    return path


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return one browser for all tests of a process."""
    path = chromium()
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path)
        yield running
        running.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Return what opens a page at a width."""
    contexts: list[BrowserContext] = []

    def open_at(address: Path | str, width: int) -> Opened:
        context = browser.new_context(viewport={"width": width, "height": HEIGHT})
        contexts.append(context)
        opened = Opened(context.new_page())
        opened.page.on("console", opened.hear_console)
        opened.page.on("pageerror", lambda e: opened.complaints.append(str(e)))
        opened.page.on("request", opened.hear_request)
        opened.page.on("dialog", opened.hear_dialog)
        is_file = isinstance(address, Path)
        opened.page.goto(address.resolve().as_uri() if is_file else address)
        return opened

    yield open_at
    for context in contexts:
        context.close()
