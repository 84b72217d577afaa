"""Every page of the site shows whole on a desk and on a phone, and can be searched."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import WIDTHS

if TYPE_CHECKING:
    from tests.browser.conftest import OpenPage

SITE = Path(__file__).resolve().parents[2] / "docs" / "_build" / "html"


@pytest.fixture(scope="module")
def pages() -> list[Path]:
    """Return the pages of the site."""
    files = sorted(SITE.rglob("*.html"))
    assert files, "the site is not built: make docs"
    return files


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_shows_whole(
    open_page: OpenPage, pages: list[Path], width: int
) -> None:
    """No page scrolls sideways, crops a text, loads from afar or logs an error."""
    faults = {
        str(page.relative_to(SITE)): said
        for page in pages
        if (said := open_page(page, width).faults())
    }
    assert faults == {}
