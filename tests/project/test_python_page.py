"""Every public name has its page, a docstring with units, and an example that runs."""

from __future__ import annotations

import doctest
import importlib
import inspect
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

import sim
from sim.verbs.columns import is_known

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from tests.conftest import Generator

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "python.md").read_text("utf-8")
UNITS = re.compile(
    r"\b(days?|dates?|rates?|shares?|units?|MB|whole number|probabilit\w+|counts?)\b"
)
LONG = {"calibrate"}
"""Examples that take minutes: `tests/unit/verbs` runs them among the slow tests."""
NOTEBOOKS = sorted((ROOT / "docs" / "notebooks").glob("*.ipynb"))


def faults_of(name: str, public: Any, page: str) -> list[str]:
    """Return what a public name lacks."""
    text = inspect.getdoc(public) or ""
    examples = doctest.DocTestParser().get_examples(text)
    runs = [one for one in examples if not one.options.get(doctest.SKIP)]
    faults = [] if f"### `sim.{name}`\n" in page else ["has no place in docs/python.md"]
    if not any("sim." in one.source for one in (examples if name in LONG else runs)):
        faults.append("has no example that runs")
    if not UNITS.search(text):
        faults.append("names no unit")
    sections = () if isinstance(public, type) else ("Returns", "Raises")
    faults += [f"has no section {s}" for s in sections if f"\n{s}\n---" not in text]
    if not isinstance(public, type):
        described = text.partition("\nParameters\n")[2].partition("\nReturns\n")[0]
        named = set(re.findall(r"^(\w[\w, ]*)$", described, re.MULTILINE))
        words = {word for line in named for word in line.split(", ")}
        missing = set(inspect.signature(public).parameters) - words
        faults += [f"does not say what {one} is" for one in sorted(missing)]
    return faults


@pytest.mark.parametrize("name", [n for n in sim.__all__ if n != "__version__"])
def test_every_public_name_is_documented(name: str) -> None:
    """It stands on the page, with its arguments, units, refusals and an example."""
    assert faults_of(name, getattr(sim, name), PAGE) == []


def test_what_is_not_documented_is_seen() -> None:
    """A name without page, example, unit, sections or an argument lacks all of them."""

    def bare(scenario: str) -> None:
        """Do something."""

    assert len(faults_of("bare", bare, PAGE)) == 6

    def skipped() -> None:
        """Do something for days.

        >>> sim.skipped()  # doctest: +SKIP
        """

    assert "has no example that runs" in faults_of("skipped", skipped, PAGE)


def test_a_name_in_no_group_of_the_page_is_refused(
    generator: Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new verb cannot be left out of the page."""
    python_page = generator("python_page")
    monkeypatch.setitem(python_page.GROUPS, "Look", ("load", "check"))
    with pytest.raises(ValueError, match="list_scenarios"):
        python_page.page()


VALLEY = str(ROOT / "docs" / "examples" / "valley.yaml")
SWEEP = str(ROOT / "docs" / "examples" / "valley_sweep.yaml")
LINE = "actors.foreign_power.tolerance"
IRAQ = "iraq_2019_2020"
FIT = str(ROOT / "experiments" / "c01_iraq_2019_2020")
FEW: dict[str, Any] = {"replications": 30, "until": 40, "watch": False}
SEVERAL: dict[str, Any] = {"changes": {LINE: 1}, **FEW}
DRAWN: dict[str, Any] = FEW | {"replications": 2, "draws": 30, "posterior": FIT}
TABLES: dict[str, Callable[[Any], Any]] = {
    "run": lambda run: run.table(),
    "run under draws": lambda _: sim.run(IRAQ, **DRAWN).table(),
    "replay": lambda _: sim.replay(VALLEY, 1, until=20).table(),
    "check": lambda _: sim.check(VALLEY).table(),
    "check of an experiment": lambda _: sim.check(SWEEP).table(),
    "explain": lambda run: sim.explain(run).table(),
    "explain without": lambda run: sim.explain(run, without="first=strike").table(),
    "explain one without": lambda run: sim.explain(
        run, replication=1, without="first=rocket_attack"
    ).table(),
    "explain paths": lambda run: sim.explain(run, paths_to="strike").table(),
    "branch": lambda run: sim.branch(run, 1, at=9, futures=3, watch=False).table(),
    "compare": lambda _: sim.compare(VALLEY, **SEVERAL).table(),
    "compare independent": lambda _: sim.compare(
        VALLEY, independent=True, **SEVERAL
    ).table(),
    "compare under draws": lambda _: sim.compare(
        IRAQ, changes={"actors.iraq.ability": 0.9}, **DRAWN
    ).table(),
    "sweep": lambda _: sim.sweep(SWEEP, replications=2, watch=False).table(),
    "ablate": lambda _: sim.ablate(VALLEY, **FEW).table(),
    "forecast": lambda _: sim.forecast(
        IRAQ, free_from="2020-03-01", days=7, replications=4, watch=False
    ).table(),
    **{
        file: lambda _, file=file: pd.read_csv(ROOT / "experiments" / file)
        for file in (
            "c01_iraq_2019_2020/parameters.csv",
            "e02_screening/summary.csv",
            "f01_monthly_origins/summary.csv",
            "r01_rival_theories/policy.csv",
        )
    },
}
"""Tables of the verbs, of a run or of none; of those that take minutes, as shipped."""


@pytest.fixture(scope="module")
def small_run(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return a run that has a strike, and records."""
    folder = tmp_path_factory.mktemp("columns") / "run"
    return sim.run(IRAQ, replications=20, until=90, out=folder, watch=False)


@pytest.mark.parametrize("name", TABLES)
def test_every_column_is_documented(name: str, small_run: Any) -> None:
    """The page says what each column of a table means, and factors by themselves."""
    frame = TABLES[name](small_run)
    named = [*frame.columns, *(one for one in frame.index.names if one)]
    factors = {"red_line", "calm_rate"} if name == "sweep" else set[str]()
    assert len(frame)
    assert [one for one in named if not is_known(one) and one not in factors] == []


def test_escalade_is_another_name_of_sim() -> None:
    """`import escalade` gives the same names."""
    escalade: Any = importlib.import_module("escalade")
    assert escalade.run is sim.run
    assert escalade.__all__ == sim.__all__


@pytest.fixture
def notebooks(generator: Generator) -> ModuleType:
    """Return ``generators/notebooks.py`` as a module."""
    return generator("notebooks")


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_notebooks_run_and_show_what_they_say(
    notebooks: ModuleType, file: Path
) -> None:
    """Each cell runs, and tables and lines are those that are committed."""
    assert not notebooks.renew(file, is_check=True), (
        "python generators/notebooks.py renews them"
    )


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_notebooks_hold_pictures_and_no_path_of_a_machine(file: Path) -> None:
    """Some cell shows a picture, and nothing of where they were run."""
    text = file.read_text("utf-8")
    cells = json.loads(text)["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    assert any("image/png" in output.get("data", {}) for output in outputs)
    assert not re.search(r"(?<![\w.])/(tmp|home|root|Users|work|var)/", text)


def test_a_notebook_that_shows_something_else_is_seen(
    notebooks: ModuleType, tmp_path: Path
) -> None:
    """Another result, a picture that is gone, and an error are all found."""
    cell = {"cell_type": "code", "source": ["1 + 1"], "metadata": {}, "id": "a"}
    file = tmp_path / "sum.ipynb"
    notebook = {"cells": [cell | {"execution_count": None, "outputs": []}]}
    file.write_text(json.dumps(notebook), "utf-8")
    assert notebooks.renew(file, is_check=False)
    assert not notebooks.renew(file, is_check=True)
    text = file.read_text("utf-8")
    file.write_text(text.replace('"2"', '"3"'), "utf-8")
    assert notebooks.renew(file, is_check=True)
    file.write_text(text.replace("1 + 1", "1 / 0"), "utf-8")
    with pytest.raises(ZeroDivisionError):
        notebooks.renew(file, is_check=True)
