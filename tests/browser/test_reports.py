"""Report and brief show whole on a desk and on a phone, and the console is silent."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from sim.cli.app import app
from sim.scenario.load import load
from tests.browser.conftest import WIDTHS

if TYPE_CHECKING:
    from tests.browser.conftest import OpenPage

ATTACK = "</title></script><script>alert(1)</script><img src=x onerror=alert(2)>"
TOLERANCE = "actors.united_states.tolerance"
EXPERIMENT = f"""\
schema: 1
id: small
question: Does the red line matter, and how large would a strike have to be?
scenario: iraq_2019_2020
root_seed: 3
replications: 4
until: 30
outcomes: [n_rocket_attacks_true, n_strikes_true]
factors:
  red_line:
    label: own deaths that draw a strike
    path: {TOLERANCE}
    levels: [1, 3]
design:
  kind: grid
"""


STUDIES = ("run", "compare", "draws", "sweep")


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with report and brief of studies; one title is hostile."""
    room = tmp_path_factory.mktemp("reports")
    text = Path(load("iraq_2019_2020").path).read_text("utf-8")
    scenario = room / "iraq_2019_2020.yaml"
    scenario.write_text(re.sub("(?m)^title: .*$", f"title: '{ATTACK}'", text), "utf-8")
    (room / "small").mkdir()
    experiment = room / "small" / "experiment.yaml"
    experiment.write_text(EXPERIMENT, "utf-8")
    policies = ("compare", "iraq_2019_2020", "--set", f"{TOLERANCE}=3", "-n", "30")
    fitted = ("--posterior", "c01_iraq_2019_2020", "--draws", "30", "-n", "2")
    studies = {
        "run": ("run", str(scenario), "-n", "20"),
        "compare": (*policies, "--until", "40"),
        "draws": ("compare", "e06_commander_authority", *fitted, "--until", "20"),
        "sweep": ("sweep", str(experiment)),
    }
    for name in STUDIES:
        out = str(room / name)
        made = (*studies[name], "--workers", "1", "--out", out)
        for line in (made, ("report", out), ("brief", out)):
            done = CliRunner().invoke(app, [*line])
            assert done.exit_code == 0, done.output
    return room


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("study", STUDIES)
def test_report_shows_whole_and_draws_its_charts(
    open_page: OpenPage, folders: Path, study: str, width: int
) -> None:
    """Nothing is cropped, charts are drawn, rows counted, and all of it is ours."""
    opened = open_page(folders / study / "report.html", width)
    page = opened.page
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert opened.faults() == []
    n_drawn = int(page.locator("[data-ready]").get_attribute("data-ready") or 0)
    if study != "draws":  # whose answer is a table
        assert n_drawn >= 1
        assert page.locator(".bar").count() >= 1
    counts = page.locator("output", has_text=re.compile(r"^\d+ of \d+$"))
    assert counts.count() >= 1
    for text in counts.all_inner_texts():
        assert re.fullmatch(r"(\d+) of \1", text)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("study", STUDIES)
def test_brief_shows_whole(
    open_page: OpenPage, folders: Path, study: str, width: int
) -> None:
    """The page that is sent on shows whole wherever it is opened."""
    assert open_page(folders / study / "brief.html", width).faults() == []


def test_foreign_script_is_refused(
    open_page: OpenPage, folders: Path, tmp_path: Path
) -> None:
    """A script that was written into a report does not run, and the console says so."""
    bad = tmp_path / "bad.html"
    text = (folders / "sweep" / "report.html").read_text("utf-8")
    bad.write_text(text.replace("</body>", "<script>alert(3)</script></body>"), "utf-8")
    faults = open_page(bad, WIDTHS[0]).faults()
    assert any("Content Security Policy" in fault for fault in faults)
    assert not any(fault.startswith("dialog") for fault in faults)
