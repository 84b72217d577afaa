"""The explorer as somebody uses it: moved, looked at, asked why, kept, and repeated."""

from __future__ import annotations

import json
import re
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from typer.testing import CliRunner

from sim.cli.app import app
from sim.explorer.server import bound, explorer
from sim.explorer.session import Session
from sim.scenario.load import find

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.conftest import Opened, OpenPage

SECONDS = 30_000.0
"""Longest wait for one thing, ms: the machine may be busy."""


@pytest.fixture
def serve() -> Iterator[Callable[[str, Path], str]]:
    """Return what serves a scenario's page and gives its address."""
    servers = []

    def serving(file: str, folder: Path) -> str:
        session = Session(file)
        session.compile(lambda _: None)
        server, address = bound(explorer(session, folder), port=None)
        servers.append(server)
        Thread(target=server.serve_forever, daemon=True).start()
        return address

    yield serving
    for server in servers:
        server.shutdown()
        server.server_close()


def waits_for_change(page: Page, selector: str, before: str) -> str:
    """Wait until an element says something else, and return it."""
    expect(page.locator(selector)).not_to_have_text(before, timeout=SECONDS)
    return page.inner_text(selector)


def waits_for_all_worlds(page: Page) -> None:
    """Wait until the answer is refined to the end."""
    expect(page.locator("#worlds")).to_have_text("2,000 worlds", timeout=SECONDS)


def opened(open_page: OpenPage, address: str, width: int) -> Opened:
    """Open a page, wait for all that it shows first, and skip the tour."""
    shown = open_page(address, width)
    shown.page.set_default_timeout(SECONDS)
    shown.page.wait_for_selector("#distribution .bars path")
    shown.page.wait_for_selector("#ladder .points path")
    shown.page.click("#tour-skip")
    return shown


def move_first_slider(page: Page) -> None:
    """Move the first slider by the keyboard."""
    handle = page.locator("#levers [role=slider]").first
    handle.focus()
    for _ in range(4):
        handle.press("PageUp")


def test_number_is_moved_history_is_asked_and_answer_is_kept(
    open_page: OpenPage, serve: Callable[[str, Path], str], tmp_path: Path
) -> None:
    """What is seen is kept, and the command line gives the same numbers again."""
    shown = opened(open_page, serve("iraq_2019_2020", tmp_path), 1280)
    page = shown.page
    before = page.inner_text("#sentence")
    expect(page.locator("#distribution .bars")).to_have_count(1)
    move_first_slider(page)
    waits_for_change(page, "#sentence", before)
    expect(page.locator("#distribution .bars")).to_have_count(2)
    waits_for_all_worlds(page)
    assert "95 % interval" in page.inner_text("#sentence")
    assert "higher in" in page.inner_text("#shares")

    page.locator("#ladder .points path").last.click(force=True)
    page.wait_for_selector("#story h3")
    assert "Without it" in page.inner_text("#story")
    assert "record" in page.inner_text("#story")

    page.click("#keep")
    page.wait_for_selector("#kept-numbers")
    seen = json.loads(page.inner_text("#kept-numbers"))
    file = tmp_path / "explored" / "experiment.yaml"
    result = CliRunner().invoke(app, ["compare", str(file), "--json"])
    assert result.exit_code == 0, result.output
    data = json.loads(result.stdout)
    (row,) = data["comparisons"][0]["outcomes"]
    assert seen["difference"] == row["mean_difference"]
    assert seen["low"] == row["mean_difference_low"]
    assert seen["high"] == row["mean_difference_high"]

    page.locator("#levers input[type=checkbox]").first.check()
    sentence = page.locator("#sentence")
    expect(sentence).to_contain_text("over the range", timeout=SECONDS)
    waits_for_all_worlds(page)
    assert shown.faults() == []


@pytest.mark.parametrize("width", [1280, 400])
def test_move_is_played_and_taken_back(
    open_page: OpenPage,
    serve: Callable[[str, Path], str],
    tmp_path: Path,
    width: int,
) -> None:
    """A move changes the worlds; what is no legal move is told as check does."""
    shown = opened(open_page, serve("iraq_2019_2020", tmp_path), width)
    page = shown.page
    page.fill("#move-date", "2021-01-01")
    page.click("#play-move")
    assert "outside the scenario" in waits_for_change(page, "#move-problem", "")
    before = page.inner_text("#sentence")
    page.fill("#move-date", "2020-02-01T12:00")
    page.click("#play-move")
    waits_for_change(page, "#sentence", before)
    waits_for_all_worlds(page)
    page.click("#branch")
    assert "futures of replication" in waits_for_change(page, "#futures", "")
    page.click("#moves button")
    expect(page.locator("#shares")).to_have_text("Nothing is changed.", timeout=SECONDS)
    expect(page.locator("#moves li")).to_have_count(0)
    assert shown.faults() == []


def test_wrong_value_is_told_beside_its_slider(
    open_page: OpenPage, serve: Callable[[str, Path], str], tmp_path: Path
) -> None:
    """The words are those of check, and nothing else changes."""
    shown = opened(open_page, serve("iraq_2019_2020", tmp_path), 1280)
    page = shown.page
    page.fill("#search", "accuracy rockets")
    expect(page.locator(".lever")).to_have_count(1, timeout=SECONDS)
    box = page.locator(".lever input[type=text]")
    box.fill("1.5")
    box.press("Enter")
    said = waits_for_change(page, ".lever .error", "")
    assert "1.5 is above the range [0, 1]" in said
    assert page.inner_text("#shares") == "Nothing is changed."
    assert shown.faults() == []


@pytest.mark.parametrize("width", [1280, 400])
def test_whoever_types_finds_it(
    open_page: OpenPage, serve: Callable[[str, Path], str], tmp_path: Path, width: int
) -> None:
    """A list takes letters at once, a box a unit, the past says where it ends."""
    shown = opened(open_page, serve("iraq_from_july_2020", tmp_path), width)
    page = shown.page
    said = "Until 2020-07-06 the recorded past is put in"
    expect(page.locator("header")).to_contain_text(said, timeout=SECONDS)
    page.click("#outcome")
    expect(page.locator(".dash-dropdown-search")).to_be_focused(timeout=SECONDS)
    page.keyboard.type("militia dead")
    first = page.locator(".dash-dropdown-option").first
    expect(first).to_have_text("militia dead", timeout=SECONDS)
    page.keyboard.press("Escape")
    page.fill("#search", "Washington time to decide")
    expect(page.locator(".lever")).to_have_count(1, timeout=SECONDS)
    box = page.locator(".lever input[type=text]")
    box.fill("2 weeks")
    box.press("Enter")
    value = page.locator(".lever output")
    expect(value).to_contain_text("14 days", timeout=SECONDS)
    expect(value).to_contain_text("outside the range", timeout=SECONDS)
    page.fill("#move-date", "2020-02-01")
    page.click("#play-move")
    said = waits_for_change(page, "#move-problem", "")
    assert "before 2020-07-06" in said
    assert shown.faults() == []


def test_page_left_alone_asks_for_nothing(
    open_page: OpenPage, serve: Callable[[str, Path], str], tmp_path: Path
) -> None:
    """An hour goes by on the page's clock, and no request is made."""
    shown = open_page(serve("iraq_2019_2020", tmp_path), 1280)
    page = shown.page
    page.set_default_timeout(SECONDS)
    page.clock.install()
    page.reload()
    page.wait_for_selector("#ladder .points path")
    page.click("#tour-skip")
    waits_for_all_worlds(page)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.clock.run_for("01:00:00")
    assert requests == []
    assert shown.faults() == []


def test_hostile_names_are_inert(
    open_page: OpenPage, serve: Callable[[str, Path], str], tmp_path: Path
) -> None:
    """What a scenario calls its actors and sites is text, wherever it is shown."""
    hostile = "<img src=x onerror=alert(1)><b>x</b>"
    text = find("iraq_2019_2020").read_text("utf-8")
    for label in ("Kata'ib Hezbollah", "the Green Zone, Baghdad"):
        text, n = re.subn(
            rf"(label: ).?{label}.?$", rf"\1'{hostile}'", text, flags=re.M
        )
        assert n == 1
    text, n = re.subn("^title: .*$", f"title: '{hostile}'", text, flags=re.M)
    assert n == 1
    file = tmp_path / "iraq_2019_2020.yaml"
    file.write_text(text, "utf-8")
    shown = opened(open_page, serve(str(file), tmp_path), 1280)
    page = shown.page
    assert page.inner_text("h1") == hostile
    page.locator("#ladder .points path").first.hover(force=True)
    page.wait_for_selector("#ladder .hovertext")
    page.locator("#ladder .points path").first.click(force=True)
    page.wait_for_selector("#story h3")
    assert page.locator("img[src=x]").count() == 0
    assert shown.faults() == []
