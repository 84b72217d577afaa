"""Every page of the site shows whole on a desk and on a phone, and can be searched."""

from __future__ import annotations

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import WIDTHS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.browser.conftest import OpenPage

SITE = Path(__file__).resolve().parents[2] / "docs" / "_build" / "html"


class Silent(SimpleHTTPRequestHandler):
    """Serves files, and says nothing of it."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Return where the site is served: a browser lets no page of a disk search."""
    assert (SITE / "index.html").is_file(), "the site is not built: make docs"
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Silent, directory=SITE))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_shows_whole(open_page: OpenPage, address: str, width: int) -> None:
    """No page scrolls sideways, crops a text, loads from afar or logs an error."""
    pages = [page.relative_to(SITE).as_posix() for page in SITE.rglob("*.html")]
    faults = {
        page: found
        for page in sorted(pages)
        if (found := open_page(f"{address}/{page}", width).faults())
    }
    assert faults == {}


@pytest.mark.parametrize("width", WIDTHS)
def test_search_leads_to_the_reference(
    open_page: OpenPage, address: str, width: int
) -> None:
    """A word that is typed into the box leads to the pages that explain it."""
    opened = open_page(address, width)
    page = opened.page
    if width < WIDTHS[0]:
        page.locator(".mobile-header label[for=__navigation]").click()
    page.locator(".sidebar-search").fill("loss_tolerance")
    page.locator(".sidebar-search").press("Enter")
    # The page adds one result after another, and says so when it has all.
    page.get_by_text("Search finished", exact=False).wait_for()
    page.wait_for_load_state("networkidle")
    results = page.locator("ul.search li a")
    assert "Reference" in results.all_inner_texts()
    assert opened.faults() == []
