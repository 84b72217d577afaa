"""What is wrong with a page is seen: each fault is planted, and named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import chromium

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser.conftest import OpenPage

NUMBERS = "<td>1234567890123456789</td>" * 8
TABLE = f"<table><tr>{NUMBERS}</tr></table>"
FAULTS = {
    "console": ("<script>console.error('lost')</script>", "console: lost"),
    "exception": ("<script>nothing.here</script>", "nothing is not defined"),
    "dialog": ("<script>alert('hello')</script>", "dialog: hello"),
    "request": ("<img src='http://127.0.0.2:9/a.png'>", "request to http://127.0.0.2"),
    "missing file": ("<img src='none.png'>", "console: Failed to load"),
    "sideways": (TABLE, "scrolls sideways"),
    "outside": (TABLE, "cropped by body: 1234567890123456789"),
    "clipped": (
        f"<div id='box' style='overflow:hidden'>{TABLE}</div>",
        "cropped by div#box: 1234567890123456789",
    ),
    "ellipsis": (
        "<p style='width:40px;overflow:hidden;white-space:nowrap;"
        "text-overflow:ellipsis'>12345678</p>",
        "cropped by p: 12345678",
    ),
    "low": ("<p style='height:9px;overflow:hidden'>98</p>", "cropped by p: 98"),
    "chart": (
        "<svg width='100' height='40'><text x='80' y='20'>12345</text></svg>",
        "cropped by svg: 12345",
    ),
}
RIGHT = {
    "plain": "<p>12345</p>",
    "scrolls inside itself": f"<div style='overflow-x:auto'>{TABLE}</div>",
    "shut drawer": "<nav style='position:fixed;left:-300px;width:300px'>123</nav>",
    "hidden": f"<div style='display:none'>{TABLE}</div><details>{TABLE}</details>",
}


def written(body: str, room: Path) -> Path:
    """Write a page with a body."""
    file = room / "page.html"
    head = '<!DOCTYPE html><html lang="en"><link rel="icon" href="data:,">'
    file.write_text(f"{head}<title>page</title><body>{body}", "utf-8")
    return file


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_is_named(open_page: OpenPage, tmp_path: Path, fault: str) -> None:
    """Each fault that a reader would stumble over is among a page's faults."""
    body, words = FAULTS[fault]
    faults = open_page(written(body, tmp_path), 400).faults()
    assert any(words in one for one in faults), faults


@pytest.mark.parametrize("case", RIGHT)
def test_what_a_reader_can_see_is_no_fault(
    open_page: OpenPage, tmp_path: Path, case: str
) -> None:
    """What shows whole, scrolls inside itself or is put away is not called cropped."""
    assert open_page(written(RIGHT[case], tmp_path), 400).faults() == []


def test_missing_browser_fails_and_names_the_command(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Without a browser a test fails and does not skip."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    with pytest.raises(pytest.fail.Exception, match="apt-get install chromium"):
        chromium()
