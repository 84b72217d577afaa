"""A folder holds one study: another is refused, and no page outlives what it tells."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import sim
from sim.cli.app import app
from sim.ensemble.study_folder import PAGES

VALLEY = str(Path(__file__).resolve().parents[3] / "docs" / "examples" / "valley.yaml")
LINE = "actors.foreign_power.tolerance"
MORE: dict[str, Any] = {
    "replications": 30,
    "until": 9,
    "outcomes": "n_strikes_true",
    "watch": False,
}


def pages(folder: Path) -> list[str]:
    """Return the brief's and the report's files that a folder has."""
    return [name for name in PAGES if (folder / name).is_file()]


def test_another_comparison_is_refused_and_nothing_changed(tmp_path: Path) -> None:
    """By other arms, by another order and by the command; the old pages stay."""
    arms: dict[str, Any] = {"low": VALLEY, "high": {LINE: 1}}
    sim.compare(arms, out=tmp_path, **MORE)
    sim.brief(tmp_path)
    before = {file: file.read_bytes() for file in tmp_path.rglob("*.*")}
    others: list[dict[str, Any]] = [
        {"as it is": VALLEY, "high": {LINE: 1}},
        {"low": VALLEY, "high": {LINE: 1}, "higher": {LINE: 2}},
        {"high": sim.load(VALLEY, {LINE: 1}), "low": sim.load(VALLEY)},
        {"low": VALLEY, "high": {LINE: 2}},
    ]
    for other in others:
        with pytest.raises(sim.SimError, match=r"holds another .* name another folder"):
            sim.compare(other, out=tmp_path, **MORE)
    words = ["compare", VALLEY, "--set", f"{LINE}=1", "-n", "30", "--until", "9"]
    said = CliRunner().invoke(app, [*words, "--out", str(tmp_path)])
    assert said.exit_code == 2
    assert "its arms: low, high" in " ".join(said.output.split())
    assert before == {file: file.read_bytes() for file in tmp_path.rglob("*.*")}


def test_a_comparison_broken_off_is_known_by_its_arms(tmp_path: Path) -> None:
    """Before it has said anything, the folders of its arms tell which it is."""
    sim.run(VALLEY, replications=30, until=9, out=tmp_path / "low", watch=False)
    with pytest.raises(sim.SimError, match="its arms: low; asked: a, high"):
        sim.compare({"a": VALLEY, "high": {LINE: 1}}, out=tmp_path, **MORE)


def test_runs_sweeps_and_draws_are_no_place_for_a_comparison(tmp_path: Path) -> None:
    """Nor the other way round."""
    asked: dict[str, Any] = {"scenario": VALLEY, "replications": 2, "until": 9}
    asked["factors"] = {"line": {"path": LINE, "levels": [0.5, 2.0]}}
    sim.run(VALLEY, replications=2, until=9, out=tmp_path / "run", watch=False)
    sim.sweep(asked, out=tmp_path / "sweep", watch=False)
    ability = {"actors.iraq.ability": 0.9}
    arms: dict[str, Any] = {"low": "iraq_2019_2020", "high": ability}
    for name, noun in (("run", "a run"), ("sweep", "a study")):
        with pytest.raises(sim.SimError, match=f"holds {noun}"):
            sim.compare(arms, out=tmp_path / name, **MORE)
    draws: dict[str, Any] = MORE | {
        "draws": 30,
        "replications": 2,
        "out": tmp_path / "draws",
    }
    sim.compare(arms, **draws)
    with pytest.raises(sim.SimError, match="holds another study"):
        sim.compare({"other": "iraq_2019_2020", "high": ability}, **draws)
    with pytest.raises(sim.SimError, match="holds a study"):
        sim.compare(arms, out=tmp_path / "draws", **MORE)
    sim.compare(arms, out=tmp_path / "plain", **MORE)
    plain: dict[str, Any] = draws | {"out": tmp_path / "plain"}
    with pytest.raises(sim.SimError, match="holds no run but"):
        sim.compare(arms, **plain)


def test_no_page_outlives_what_it_tells(tmp_path: Path) -> None:
    """More replications remove brief and report; the same again leave a run's."""
    arms: dict[str, Any] = {"low": VALLEY, "high": {LINE: 1}}
    more: dict[str, Any] = MORE | {"replications": 31}
    sim.compare(arms, out=tmp_path / "both", **MORE)
    sim.run(VALLEY, replications=2, until=9, out=tmp_path / "run", watch=False)
    for name in ("both", "run"):
        sim.brief(tmp_path / name)
        sim.report(tmp_path / name)
        assert pages(tmp_path / name) == list(PAGES)
    sim.run(VALLEY, replications=2, until=9, out=tmp_path / "run", watch=False)
    assert pages(tmp_path / "run") == list(PAGES)
    sim.run(VALLEY, replications=3, until=9, out=tmp_path / "run", watch=False)
    sim.compare(arms, out=tmp_path / "both", **more)
    assert pages(tmp_path / "run") == pages(tmp_path / "both") == []
