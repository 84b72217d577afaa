"""The fitted scenario that ships, how it is written, and what refuses a wrong one."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from typer.testing import CliRunner

from sim.calibration.fitted_scenario import fitted_scenario, write_fitted
from sim.cli.app import app
from sim.engine.choice import has_numba
from sim.ensemble.point_run import PointTask, run_points
from sim.errors import ScenarioError, StudyError
from sim.experiment.load import load_experiment
from sim.experiment.posterior import Posterior, read_posterior
from sim.record.table import mid_rank
from sim.record.targets import fitted_targets, targets_for
from sim.scenario.calibrated import SUFFIX, calibrated_paths, check_calibrated
from sim.scenario.edit import value_at
from sim.scenario.form import read_scenario
from sim.scenario.load import find, load

ENGINE = "compiled" if has_numba() else "simpy"
ROOT = Path(__file__).parents[3]
FIT = ROOT / "experiments" / "c01_iraq_2019_2020"
N_FITTED = 14
"""Numbers that the shipped fit has set."""

BASE, SHIPPED = "iraq_2019_2020", "iraq_calibrated_2019_2020"
RATE = "actors.kataib_hezbollah.base_rate"
RENEW = (
    f"the shipped scenario is stale; renew it: escalade new scenario {SHIPPED} "
    f"--posterior {FIT.relative_to(ROOT)} --in scenarios --renew"
)
AGAIN = f"""
schema: 1
id: again
question: Which rate, once more?
scenario: {SHIPPED}
root_seed: 3
outcomes: [n_rocket_attacks]
calibrate: {{particles: 60, generations: 2}}
factors:
"""


@pytest.fixture(scope="module")
def posterior() -> Posterior:
    """Return the fit that is committed."""
    return read_posterior(FIT)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """Return a copy of the fitted scenario, with its manifest, by another name."""
    for name in (f"{SHIPPED}.yaml", f"{SHIPPED}{SUFFIX}"):
        text = find(SHIPPED).with_name(name).read_text("utf-8")
        new = tmp_path / name.replace(SHIPPED, "mine")
        new.write_text(text.replace(SHIPPED, "mine"), "utf-8")
    return tmp_path / "mine.yaml"


def test_the_shipped_scenario_is_what_the_command_writes(posterior: Posterior) -> None:
    """Scenario and manifest are those of the committed posterior, byte for byte."""
    file = find(SHIPPED)
    fitted = fitted_scenario(posterior, find(BASE), file)
    assert file.read_text("utf-8") == fitted.text, RENEW
    beside = file.with_name(f"{SHIPPED}{SUFFIX}")
    assert beside.read_text("utf-8") == fitted.manifest, RENEW
    assert posterior.digest[:16] in fitted.text.split("\nschema:")[0]
    assert f"\nbased_on: {BASE}\n" in fitted.text


def test_fitted_numbers_are_calibrated_and_all_others_as_they_were(
    posterior: Posterior,
) -> None:
    """Only what was fitted differs, by basis, source, range and note too."""
    here, there = (
        {cited.path: cited for cited in load(name).cited} for name in (SHIPPED, BASE)
    )
    assert list(here) == list(there)
    assert set(calibrated_paths(load(SHIPPED))) == set(posterior.paths)
    for path, cited in here.items():
        if path not in posterior.paths:
            assert cited == there[path]
            continue
        assert cited.basis == "calibrated"
        assert cited.source == "record-derived"
        assert cited.low <= cited.value <= cited.high
        assert "Prior median" in cited.note
        assert cited.manifest.endswith(posterior.digest[:16])
    told = {p["paths"][0]: p["name"] for p in posterior.parameters}
    low, high = posterior.quantiles(told[RATE], (0.05, 0.95))
    assert here[RATE].low == pytest.approx(low, rel=0.005)
    assert here[RATE].high == pytest.approx(high, rel=0.005)


def test_check_accepts_the_shipped_scenario() -> None:
    """Its numbers are those of its manifest; so are those of a resolved copy."""
    check_calibrated(read_scenario(find(SHIPPED)))
    done = CliRunner().invoke(app, ["check", SHIPPED])
    assert done.exit_code == 0
    assert f"{N_FITTED} calibrated" in done.stdout


def spoil(file: Path, what: str) -> None:
    """Plant one fault in a scenario or in its manifest."""
    beside = file.with_name(f"{file.stem}{SUFFIX}")
    data = json.loads(beside.read_text("utf-8"))
    if what == "missing":
        beside.unlink()
        return
    if what == "no json":
        beside.write_text("{", "utf-8")
        return
    if what in ("deep", "huge"):
        beside.write_text("[" * 100_000 if what == "deep" else " " * 2_000_001, "utf-8")
        return
    if what == "no manifest":
        beside.write_text("[1]", "utf-8")
        return
    if what == "another posterior":
        data["posterior_digest"] = "0" * 64
    elif what == "lacks a number":
        del data["numbers"][RATE]
    elif what == "another number":
        data["numbers"][RATE]["value"] *= 1.001
    elif what == "lacks its fields":
        del data["numbers"]
    beside.write_text(json.dumps(data), "utf-8")


@pytest.mark.parametrize(
    ("what", "n_faults", "said"),
    [
        ("missing", N_FITTED, "there is no mine.calibration.json beside"),
        ("no json", N_FITTED, "is no JSON"),
        ("no manifest", N_FITTED, "mine.calibration.json is damaged"),
        ("lacks its fields", N_FITTED, "is damaged: numbers: Field required"),
        ("deep", N_FITTED, "is nested too deeply"),
        ("huge", N_FITTED, "is larger than 2,000,000 bytes"),
        ("another posterior", N_FITTED, "the number is of another fit"),
        ("lacks a number", 1, "does not have this number"),
        ("another number", 1, "a number that was changed is assumed"),
    ],
)
def test_check_refuses_a_number_without_its_manifest(
    copied: Path, what: str, n_faults: int, said: str
) -> None:
    """Each fault names the number and its line; a file as written has none."""
    check_calibrated(read_scenario(copied))
    spoil(copied, what)
    with pytest.raises(ScenarioError, match=re.escape(said)) as caught:
        check_calibrated(read_scenario(copied))
    assert len(caught.value.faults) == n_faults
    assert all(fault.line > 1 for fault in caught.value.faults)


def test_the_command_refuses_a_number_without_its_manifest(copied: Path) -> None:
    """`check` ends with 2 and the faults; as JSON too."""
    spoil(copied, "another posterior")
    done = CliRunner().invoke(app, ["check", str(copied), "--json"])
    assert done.exit_code == 2
    assert len(json.loads(done.stdout)["faults"]) == N_FITTED
    assert "the number is of another fit" in done.stderr


def test_a_number_that_names_no_posterior_is_refused(copied: Path) -> None:
    """A manifest without the posterior's digest vouches for nothing."""
    text = copied.read_text("utf-8")
    copied.write_text(re.sub(r"(calibration\.json)#\w+", r"\1", text, count=1), "utf-8")
    with pytest.raises(ScenarioError, match="names no posterior"):
        check_calibrated(read_scenario(copied))


@pytest.mark.parametrize("name", ["../x/", "/etc/", "y" * 300, "", "sub/"])
def test_a_manifest_lies_beside_the_scenario_only(copied: Path, name: str) -> None:
    """Neither a path nor a name that no file can have is looked for."""
    text = copied.read_text("utf-8")
    text = re.sub(r"mine(\.calibration\.json#)", rf"{name}\1", text, count=1)
    if "/" in name:
        text = text.replace(f"{name}.calibration", f"{name}mine.calibration")
        (copied.parent / "sub").mkdir()
        beside = copied.with_name(f"mine{SUFFIX}")
        (copied.parent / "sub" / beside.name).write_bytes(beside.read_bytes())
    copied.write_text(text, "utf-8")
    with pytest.raises(ScenarioError, match="is no name of a manifest") as caught:
        check_calibrated(read_scenario(copied))
    assert len(caught.value.faults) == 1


def test_the_record_calls_no_fitted_statistic_a_test() -> None:
    """Every statistic that may be fitted has set the fitted numbers; no other has."""
    fitted = calibrated_paths(load(SHIPPED))
    here = {target.name: target for target in targets_for(load(SHIPPED))}
    there = {target.name: target for target in targets_for(load(BASE))}
    assert list(here) == list(there)
    for name, target in here.items():
        own = there[name].used_to_set
        assert target.role == there[name].role
        expected = {*own, *fitted} if target.role == "fitted" else set(own)
        assert set(target.used_to_set) == expected


def percentiles(changes: dict[str, float]) -> dict[str, float]:
    """Return where the record's fitted statistics lie in histories of the scenario."""
    scenario = load(SHIPPED)
    task = PointTask(scenario, 11, scenario.horizon, ENGINE)
    targets = fitted_targets(targets_for(scenario))
    names = [target.outcome for target in targets]
    drawn = run_points(task, [changes] * 200, range(200), names)
    return {
        target.name: mid_rank(column[np.isfinite(column)], target.value)
        for target, column in zip(targets, drawn.T, strict=True)
    }


@pytest.mark.slow
def test_the_point_brings_the_record_about() -> None:
    """Every fitted statistic lies within 1 to 99 % of 200 histories of the point.

    Of eleven statistics one is outside 5 to 95 % now and then (in 3 of the 19 particles
    that were tried). Were the rate of one militia twenty times as high, its teams all
    busy, the number of attacks would be outside 1 to 99 %.
    """
    assert all(1.0 < rank < 99.0 for rank in percentiles({}).values())
    rate = value_at(load(SHIPPED), RATE)
    assert percentiles({RATE: 20.0 * rate})["n_rocket_attacks"] < 1.0


def again(folder: Path, factors: str) -> Path:
    """Write a calibration of the scenario that was fitted already."""
    file = folder / "again.yaml"
    file.write_text(AGAIN + factors, "utf-8")
    return file


@pytest.mark.parametrize(
    ("factors", "said"),
    [
        (f"  rate: {{path: {RATE}}}\n", "neither its range nor"),
        (
            f"  rate: {{path: {RATE}, distribution: {{shape: uniform, low: 0.01/day, "
            "high: 0.2/day, basis: calibrated, source: linke-2012}}\n",
            "neither its range nor",
        ),
        ("  rate: {path: means.rocket.malfunction_share}\n", f"has {N_FITTED} numb"),
    ],
)
def test_a_fitted_scenario_is_not_fitted_again(
    tmp_path: Path, factors: str, said: str
) -> None:
    """What was fitted is no prior, and what stays fitted would count data twice."""
    with pytest.raises(ScenarioError, match=said):
        load_experiment(again(tmp_path, factors))


def test_a_fitted_scenario_with_priors_of_its_own_may_be_fitted(tmp_path: Path) -> None:
    """When every fitted number has a prior that no data set, all is as in the base."""
    text = (FIT / "experiment.yaml").read_text("utf-8")
    text = text.replace(f"scenario: {BASE}", f"scenario: {SHIPPED}")
    file = tmp_path / "again.yaml"
    file.write_text(text.replace(f"id: {FIT.name}", "id: again"), "utf-8")
    assert load_experiment(file).scenario.name == SHIPPED


def test_writing_refuses_what_it_should(posterior: Posterior, tmp_path: Path) -> None:
    """No file is written over unasked, no other scenario taken for the fitted one."""
    file = tmp_path / "mine.yaml"
    beside = write_fitted(posterior, find(BASE), file)
    assert beside.is_file()
    check_calibrated(read_scenario(file))
    with pytest.raises(StudyError, match="is there already"):
        write_fitted(posterior, find(BASE), file)
    write_fitted(posterior, find(BASE), file, is_renewed=True)
    with pytest.raises(StudyError, match="was not fitted with"):
        write_fitted(posterior, find("iraq_endogenous_2019_2020"), tmp_path / "x.yaml")
    with pytest.raises(StudyError, match="is the scenario that was fitted"):
        write_fitted(posterior, find(BASE), find(BASE), is_renewed=True)
    with pytest.raises(StudyError, match="is not a name"):
        write_fitted(posterior, find(BASE), tmp_path / "No-name.yaml")
    assert sorted(f.name for f in tmp_path.iterdir()) == [beside.name, file.name]


def test_the_command_writes_and_refuses(tmp_path: Path) -> None:
    """`new scenario --posterior` writes both files; its options go with it only."""
    words = ["new", "scenario", "mine", "--in", str(tmp_path)]
    done = CliRunner().invoke(app, [*words, "--posterior", str(FIT)])
    assert done.exit_code == 0
    assert {f.name for f in tmp_path.iterdir()} == {"mine.yaml", f"mine{SUFFIX}"}
    done = CliRunner().invoke(app, [*words, "--posterior", str(FIT)])
    assert done.exit_code == 2
    done = CliRunner().invoke(app, ["new", "scenario", "other", "--renew"])
    assert done.exit_code == 2
    assert "goes with --posterior" in done.stderr


def invented(base: Path, units: dict[str, str]) -> Posterior:
    """Return a posterior of some numbers of a scenario, each around its value."""
    scenario = load(base)
    values = {cited.path: cited.value for cited in scenario.cited}
    shares = np.linspace(0.5, 1.5, 21)
    made = {
        "experiment": "invented",
        "scenario": scenario.name,
        "scenario_digest": scenario.digest,
        "root_seed": 1,
        "until_days": 1.0,
        "adjustment": "none",
        "targets": [{"name": "n_claims", "value": 1.0}],
        "generations": [],
        "parameters": [
            {
                "name": path.rpartition(".")[2],
                "label": f"{path}: any #label",
                "paths": [path],
                "unit": unit,
                "prior": {"shape": "uniform", "numbers": [0.0, 2.0 * values[path]]},
            }
            for path, unit in units.items()
        ],
    }
    columns = {p.rpartition(".")[2]: values[p] * shares for p in units}
    return Posterior(
        columns, np.full(21, 1 / 21), np.zeros(21), np.zeros((21, len(units))), made
    )


def test_short_forms_and_defaults_become_full_numbers(tmp_path: Path) -> None:
    """A number keeps the unit of its file; one that was left out is put there."""
    text = (ROOT / "tests" / "data" / "valid" / "short_forms.yaml").read_text("utf-8")
    base = tmp_path / "short_forms.yaml"
    base.write_text(text, "utf-8")
    there = {cited.path: cited for cited in load(base).cited}
    own = next(
        path
        for path, cited in there.items()
        if cited.note == "default of the kind" and cited.value > 0.0
    )
    units = {
        "actors.power.planning_days": "day",
        "actors.power.strike_killed": "1",
        "actors.power.sponsor_belief": "1",
        own: there[own].unit,
    }
    posterior = invented(base, units)
    file = tmp_path / "fitted.yaml"
    write_fitted(posterior, base, file)
    check_calibrated(read_scenario(file))
    here = {cited.path: cited for cited in load(file).cited}
    assert set(calibrated_paths(load(file))) == set(units)
    for path in units:
        assert here[path].value == pytest.approx(there[path].value, rel=0.26)
    content: Any = yaml.safe_load(file.read_text("utf-8"))
    changes = content["changes"]
    assert changes["actors.power.planning_days"]["unit"] == "hours"
    assert changes["actors.power.sponsor_belief"]["unit"] == "%"
    note = changes["actors.power.planning_days"]["note"]
    assert "Before the fit: 36 hours, assumed." in note
    assert list(content)[:5] == ["schema", "id", "based_on", "title", "status"]


def test_a_fitted_scenario_lies_beside_its_base(tmp_path: Path) -> None:
    """Elsewhere its base would not be found; a base that ships is found anywhere."""
    base = ROOT / "tests" / "data" / "valid" / "short_forms.yaml"
    posterior = invented(base, {"actors.power.strike_killed": "1"})
    with pytest.raises(StudyError, match="lies beside"):
        write_fitted(posterior, base, tmp_path / "fitted.yaml")
    assert not list(tmp_path.iterdir())


def test_a_fit_of_a_sibling_is_based_on_its_base(tmp_path: Path) -> None:
    """Its changes are repeated, but for the numbers that were fitted."""
    base = tmp_path / "short_forms.yaml"
    there = ROOT / "tests" / "data" / "valid" / base.name
    base.write_text(there.read_text("utf-8"), "utf-8")
    sibling = tmp_path / "sibling.yaml"
    sibling.write_text(
        "schema: 2\nid: sibling\nbased_on: short_forms\ntitle: A sibling\n"
        "end: 2020-01-03\nchanges:\n  actors.power.strike_killed: 4\n"
        "  actors.power.strike_launchers: 0.5\n",
        "utf-8",
    )
    posterior = invented(sibling, {"actors.power.strike_killed": "1"})
    file = tmp_path / "fitted.yaml"
    write_fitted(posterior, sibling, file)
    content: Any = yaml.safe_load(file.read_text("utf-8"))
    assert content["based_on"] == "short_forms"
    assert content["changes"]["actors.power.strike_launchers"] == 0.5
    assert content["changes"]["actors.power.strike_killed"]["basis"] == "calibrated"
    here, before = load(file), load(sibling)
    assert here.horizon == before.horizon
    assert value_at(here, "actors.power.strike_launchers") == 0.5
