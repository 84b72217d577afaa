"""A report is one page that loads nothing, runs nothing foreign, and tells it all."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from sim.cli.app import app
from sim.ensemble.ensemble import run_ensemble
from sim.ensemble.rerun import read_run
from sim.errors import StudyError
from sim.explanation.paths import paths_to
from sim.reports.page import FORM, json_block
from sim.reports.report import write_report
from sim.reports.why import path_cells, ramp_cells
from sim.scenario.load import load

ATTACK = "</title></script><script>alert(1)</script><img src=x onerror=alert(2)>"
VOID = {"meta", "link", "img", "input", "br", "wbr", "hr", "source"}

EXPERIMENT = """\
schema: 1
id: small
question: Does <b>the red line</b> matter?
scenario: iraq_2019_2020
root_seed: 3
replications: 4
until: 30
outcomes: [n_rocket_attacks_true, n_strikes_true]
factors:
  red_line:
    label: own deaths that draw a strike
    path: actors.united_states.tolerance
    levels: [1, 3]
design:
  kind: grid
"""


@dataclass
class Read(HTMLParser):
    """What is in a page: its elements, the text of each cell, whether tags match."""

    elements: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    stack: list[str] = field(default_factory=list)
    text: str = ""

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep an element."""
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.stack.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Check that it closes what was opened last."""
        if not self.stack or self.stack.pop() != tag:
            self.faults.append(f"</{tag}> at line {self.getpos()[0]}")

    def handle_data(self, data: str) -> None:
        """Keep what a reader sees, and the data of the charts not."""
        if not self.stack or self.stack[-1] not in ("script", "style"):
            self.text += data


def read(file: Path) -> Read:
    """Read a page to its end."""
    page = Read()
    page.feed(file.read_text("utf-8"))
    page.close()
    assert page.faults == []
    assert page.stack == []
    page.text = page.text.replace("\u00a0", " ")
    return page


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a small run of a scenario with a hostile title."""
    room = tmp_path_factory.mktemp("report")
    text = Path(load("iraq_2019_2020").path).read_text("utf-8")
    hostile = re.sub("(?m)^title: .*$", f"title: '{ATTACK}'", text)
    hostile = re.sub("(?m)^status: .*$", "status: provisional", hostile)
    assert hostile != text
    file = room / "iraq_2019_2020.yaml"
    file.write_text(hostile, "utf-8")
    run_ensemble(load(str(file)), replications=8, out=room / "run")
    return room / "run"


@pytest.fixture(scope="module")
def page(folder: Path) -> Path:
    """Return the report of that run."""
    return write_report(folder)


@pytest.fixture(scope="module")
def comparison(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the report of a comparison."""
    out = tmp_path_factory.mktemp("report") / "compared"
    words = ["compare", "iraq_2019_2020", "--set", "actors.united_states.tolerance=3"]
    words += ["-n", "30", "--until", "20", "--out", str(out)]
    words += ["--outcomes", "n_rocket_attacks_true,n_strikes_true"]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    result = CliRunner().invoke(app, ["report", str(out)])
    assert result.exit_code == 0, result.output
    return out / "report.html"


@pytest.fixture(scope="module")
def sweep(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the report of a sweep."""
    room = tmp_path_factory.mktemp("report")
    file = room / "small" / "experiment.yaml"
    file.parent.mkdir()
    file.write_text(EXPERIMENT, "utf-8")
    out = room / "swept"
    words = ["sweep", str(file), "--workers", "1", "--out", str(out)]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    return write_report(out)


def pages(request: pytest.FixtureRequest) -> list[Path]:
    """Return every kind of report."""
    return [request.getfixturevalue(n) for n in ("page", "comparison", "sweep")]


@pytest.mark.slow
def test_page_loads_nothing(request: pytest.FixtureRequest) -> None:
    """No element names an address but links of the bibliography, which are plain."""
    for file in pages(request):
        for tag, attributes in read(file).elements:
            for name in ("src", "href", "srcset", "action", "data", "poster"):
                address = attributes.get(name) or ""
                if (tag, name) == ("a", "href"):
                    assert re.match(r"#|https?://", address), address
                elif address:
                    assert address.startswith("data:"), (tag, address[:80])
            assert not any(name.startswith("on") for name in attributes), attributes
        text = file.read_text("utf-8")
        assert "@import" not in text
        assert not re.search(r"url\(|fetch\(|XMLHttpRequest|import\(", text)


@pytest.mark.slow
def test_title_that_is_an_attack_is_text(page: Path) -> None:
    """A title with tags is shown as it is written, and nothing of it is an element."""
    told = read(page)
    assert ATTACK in told.text
    assert sum(tag == "script" for tag, _ in told.elements) == 2
    assert not any(a.get("src") == "x" for _, a in told.elements)


def test_data_cannot_end_their_script() -> None:
    """The block of data holds no character with which a tag begins."""
    block = json_block({ATTACK: [ATTACK, float("inf"), 0.123456789]})
    assert not set("<>&") & set(block)
    assert json.loads(block) == {ATTACK: [ATTACK, None, 0.123457]}


@pytest.mark.slow
def test_every_number_of_the_scenario_and_run_is_there(
    page: Path, folder: Path
) -> None:
    """Parameters, developments, digests and the estimate of each outcome are told."""
    run, told = read_run(folder), read(page).text
    for cited in run.scenario.cited:
        assert cited.path in told
        assert f"{cited.value:.6g}" in told
        for source in filter(None, cited.source.split(", ")):
            assert source in told
    for one in (*run.scenario.changes, *run.scenario.given):
        assert one.identity in told
    assert run.manifest["run_digest"] in told
    assert run.manifest["command"] in told
    summary: Any = run.ensemble().summary()
    for name, row in summary.iterrows():
        if row["n"] and row["sd"] > 0.0:
            assert str(name) in told
    assert "not on single figures or probabilities" in told
    assert all(item in told for item in ("1.1", "2.5.4", "4.3", "6.1"))


@pytest.mark.slow
def test_why_it_happened_stands_in_the_open(page: Path) -> None:
    """Incident, chain and what would have prevented it precede what is folded."""
    text = page.read_text("utf-8")
    section = text.partition('id="typical"')[2].partition("</section>")[0]
    shown = section.partition("<details")[0]
    assert "Why incident" in shown
    assert "Chain: [" in shown or "was necessary" in shown or "Without " in shown


def test_a_run_tells_its_paths_to_a_strike(page: Path, tmp_path: Path) -> None:
    """Chains and off-ramps stand in the page as explain has them; of a few, none.

    The planted fault: a page of too few replications, which lacks them.
    """
    title = "Paths to a strike, and off-ramps"
    assert title not in read(page).text
    folder = tmp_path / "run"
    scenario = load("iraq_endogenous_2019_2020")
    run_ensemble(scenario, replications=30, until=60.0, out=folder, engine="simpy")
    text = " ".join(read(write_report(folder)).text.split())
    assert title in text
    found = paths_to(read_run(folder), "first strike", engine="simpy")
    assert f"comes in {found.n_reached} of all 30 replications" in text
    cells = text.replace(" ", "")
    for way, n, share, interval, _ in path_cells(found, 8):
        assert f"{way}{n}{share}{interval}".replace(" ", "") in cells
    for act, n, share, interval, _ in ramp_cells(found)[:12]:
        assert f"{act}{n}{share}{interval}".replace(" ", "") in cells


def test_bibliography_is_of_what_is_cited(page: Path, folder: Path) -> None:
    """Each source that is cited is listed once, and no other."""
    scenario = read_run(folder).scenario
    cited: list[Any] = [*scenario.cited, *scenario.changes, *scenario.given]
    wanted = {i for one in cited for i in one.source.split(", ") if i}
    ids = [a.get("id") or "" for tag, a in read(page).elements if tag == "li"]
    listed = [i.removeprefix("source-") for i in ids if i.startswith("source-")]
    assert sorted(listed) == sorted(wanted)


@pytest.mark.slow
def test_page_is_accessible(request: pytest.FixtureRequest) -> None:
    """It has a language, one h1, no id twice; tables have headings, pictures text."""
    for file in pages(request):
        elements = read(file).elements
        tags = [tag for tag, _ in elements]
        assert ("html", {"lang": "en"}) in elements
        assert tags.count("h1") == 1
        assert tags.count("table") == tags.count("caption") == tags.count("thead")
        assert all(a.get("scope") for tag, a in elements if tag == "th")
        assert all(a.get("alt") for tag, a in elements if tag == "img")
        ids = [a["id"] for _, a in elements if "id" in a]
        assert len(set(ids)) == len(ids)
        anchors = [a["href"] for tag, a in elements if tag == "a"]
        assert {i[1:] for i in anchors if i and i[0] == "#"} <= set(ids)


@pytest.mark.slow
def test_sweep_tells_its_question_and_factors(sweep: Path) -> None:
    """The experiment's question and the meaning of its factors stand on the page."""
    told = read(sweep).text
    assert "Does <b>the red line</b> matter?" in told
    assert "own deaths that draw a strike" in told


@pytest.mark.slow
def test_comparison_tells_every_outcome(comparison: Path) -> None:
    """Each sentence of the comparison, and what the arm differs in, are on the page."""
    told = read(comparison).text
    data = json.loads((comparison.parent / "comparison.json").read_text("utf-8"))
    for row in data["comparisons"][0]["outcomes"]:
        assert row["sentence"] in told
    assert "actors.united_states.tolerance" in told


def test_folder_without_a_run_is_refused(tmp_path: Path) -> None:
    """A folder that holds nothing of ours is named, and what would do is told."""
    with pytest.raises(StudyError, match="holds no run, comparison or sweep"):
        write_report(tmp_path)


def test_form_is_in_the_package() -> None:
    """Template, style and scripts lie in the package, and so in the wheel."""
    assert {file.name for file in FORM.iterdir()} == {
        "report.html.j2", "report.css", "axes.js", "charts.js", "report.js",
        "brief.html.j2", "cells.html.j2", "headline.html.j2",
    }  # fmt: skip


def test_what_moves_an_outcome_is_named() -> None:
    """A factor that an outcome follows is named with its sign, another is not."""
    import numpy as np
    import pandas as pd

    from sim.reports.sweep import outcomes_moved_by

    rng = np.random.default_rng(3)
    place = np.linspace(0.0, 1.0, 64)
    frame = pd.DataFrame(
        {
            "outcome": "n_raids", "arm": "base", "n": 200, "one": place,
            "other": rng.permutation(place),
            "mean": 3.0 - place + 0.1 * rng.standard_normal(64),
        }
    )  # fmt: skip
    said = outcomes_moved_by(frame, ("one", "other"), {"n_raids": ("raids", "")})
    assert said[0].startswith("Raids: goes with one (-0.")
    assert "other" not in said[0]
    shuffled = frame.assign(mean=rng.permutation(frame["mean"]))
    assert "no factor" in outcomes_moved_by(shuffled, ("one", "other"), {})[0]
    assert outcomes_moved_by(frame.head(8), ("one", "other"), {}) == []
