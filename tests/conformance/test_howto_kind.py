"""The how-to is run: its parts make a kind that passes, runs, and runs compiled."""

from __future__ import annotations

import importlib
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from sim.engine.cast import Cast
from sim.engine.choice import choose_driver
from sim.engine.driver import SimpyDriver
from sim.errors import ScenarioError, StudyError
from sim.experiment.load import load_experiment
from sim.experiment.parameter_draw import ranged_factors
from sim.scenario.plugins import known_kinds
from sim.scenario.scenario import Actor
from sim.sweeps.sweep import run_sweep
from sim.testing import check_kind
from tests import builders

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.rules.behaviour import Kind
    from sim.scenario.scenario import Scenario

PAGE = Path(__file__).parents[2] / "docs" / "howto-kind.md"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Make the current folder one that holds the module of the page."""
    parts = re.findall(r"^```python\n(.*?)^```", PAGE.read_text("utf-8"), re.M | re.S)
    (tmp_path / "smugglers.py").write_text("\n\n".join(parts), "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    importlib.invalidate_caches()
    yield tmp_path
    for name in ("smugglers", "crooked", "nothing_here"):
        sys.modules.pop(name, None)


def coast(kind: Kind) -> Scenario:
    """Return the standard scenario with one band of smugglers."""
    params = kind.params(0.5, 1.0, 20.0, 0.5)
    band = Actor("night_fleet", "Night fleet", kind, params, {"coasts": ("iraq",)})
    scenario = builders.scenario(horizon=60.0)
    return replace(scenario, actors=(*scenario.actors, band))


@pytest.mark.usefixtures("folder")
def test_the_page_makes_a_kind_that_runs() -> None:
    """The parts of the page, one after another, are a kind that passes and acts."""
    kind = known_kinds(["smugglers"])["smugglers"]
    check_kind(kind, n_points=30)
    driver, sentence = choose_driver(Cast(coast(kind)), 3)
    assert sentence.startswith("SimPy engine: ")
    acts = {r.operation for n in range(3) for r in driver.log(1, n).incidents()}
    names = [operation.name for operation in driver.cast.operations]
    assert names.index("landing") in acts


@pytest.mark.numba
@pytest.mark.verify
@pytest.mark.usefixtures("folder")
def test_the_kind_of_the_page_compiles() -> None:
    """Compiled, the kind of the page writes the log that SimPy writes."""
    pytest.importorskip("numba")
    cast = Cast(coast(known_kinds(["smugglers"])["smugglers"]))
    driver, _ = choose_driver(cast, 1, "compiled")
    for number in range(20):
        expected = SimpyDriver(cast).rows(1, number).tobytes()
        assert driver.rows(1, number).tobytes() == expected


CROOKED = """
from smugglers import KIND as HONEST


def landing_rate(params, view):
    table = {name: value for name, value in zip(params._fields, params)}
    return table["trips"]


KIND = HONEST._replace(
    name="crooked", options=(HONEST.options[0]._replace(hazard=landing_rate),)
)
"""


@pytest.mark.numba
@pytest.mark.verify
def test_a_kind_that_does_not_compile_is_named(folder: Path) -> None:
    """Auto runs it on SimPy and names kind and rule; compiled refuses with the same."""
    pytest.importorskip("numba")
    (folder / "crooked.py").write_text(CROOKED, "utf-8")
    cast = Cast(coast(known_kinds(["crooked"])["crooked"]))
    driver, sentence = choose_driver(cast, 10**6)
    assert driver.name == "simpy"
    assert "crooked" in sentence
    assert "landing.hazard" in sentence
    with pytest.raises(StudyError, match=r"crooked.*landing\.hazard"):
        choose_driver(cast, 1, "compiled")


def without_numba(_: str) -> Any:
    """Find no module of any name."""
    return None


def test_without_numba_everything_runs_on_simpy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without numba auto says so and runs on SimPy; compiled refuses and says how."""
    monkeypatch.setattr("sim.engine.choice.find_spec", without_numba)
    cast = Cast(builders.calm())
    driver, sentence = choose_driver(cast, 10**6)
    assert driver.name == "simpy"
    assert "numba is not installed" in sentence
    with pytest.raises(StudyError, match="pip install"):
        choose_driver(cast, 1, "compiled")
    with pytest.raises(StudyError, match="did you mean 'simpy'"):
        choose_driver(cast, 1, "simply")


def test_a_plugin_that_is_none_is_refused(folder: Path) -> None:
    """A module that is missing, broken, or offers no kind is refused by its name."""
    (folder / "nothing_here.py").write_text("KIND = 3\n", "utf-8")
    with pytest.raises(StudyError, match="plugin no_such_module: it cannot be"):
        known_kinds(["no_such_module"])
    with pytest.raises(StudyError, match="plugin nothing_here: it offers no kind"):
        known_kinds(["nothing_here"])


FLEET = """\
actors:
  night_fleet:
    kind: smugglers
    roles: {coasts: [host]}
    trips: {value: 0.5, unit: 1/week, basis: assumed, range: [0.1, 2.0]}
    caution: 1.0
    fear_days: 20 days
    protest_share: 20 %
"""

FEAR = """\
schema: 1
id: fear
question: Do more trips mean more landings?
scenario: coast.yaml
root_seed: 3
replications: 2
until: 10
outcomes: [n_raids_true]
arms: {as_it_was: {label: as it was}}
factors:
  trips: {path: actors.night_fleet.trips, levels: [0.1/week, 0.7/week]}
design: {kind: grid}
"""


def test_an_experiment_may_use_the_kind(folder: Path) -> None:
    """A sweep over a foreign kind's parameter: refused unless the kind was named."""
    text = (PAGE.parents[1] / "tests/data/valid/two_actors.yaml").read_text("utf-8")
    text = text.replace("id: two_actors", "id: coast").replace("actors:\n", FLEET, 1)
    (folder / "coast.yaml").write_text(text, "utf-8")
    (folder / "fear.yaml").write_text(FEAR, "utf-8")
    with pytest.raises(ScenarioError, match="'smugglers' is not a kind"):
        load_experiment("fear.yaml")
    experiment = load_experiment("fear.yaml", known_kinds(["smugglers"]))
    arm, path = experiment.arms[0], "actors.night_fleet.trips"
    for value in (0.05, 0.1):
        (fleet,) = (
            actor
            for actor in experiment.scenario_at(arm, (value,)).actors
            if actor.name == "night_fleet"
        )
        assert fleet.params.trips == pytest.approx(value)
    (factor,) = ranged_factors(experiment.document, experiment.scenario, [path])
    assert (factor.low, factor.high) == pytest.approx((0.1 / 7.0, 2.0 / 7.0))
    assert run_sweep(experiment, keep=False, engine="simpy").replications == 2
