"""Sweeps: one table, coupled points, the same bytes however they were interrupted."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.digits import figure
from sim.errors import StudyError
from sim.experiment.load import COLUMNS, load_experiment
from sim.sweeps.sweep import run_sweep
from sim.sweeps.words import grid_section

DATA = Path(__file__).parents[2] / "data"
TEXT = """\
schema: 1
id: small
question: Does the red line matter?
scenario: {scenario}
root_seed: 3
replications: {n}
until: 30
outcomes: [n_rocket_attacks_true, n_strikes_true]
arms:
  as_it_was: {{label: as it was}}
  twin: {{label: the same again}}
factors:
  rate: {{path: actors.brigade.base_rate, levels: [0.02, 0.06]}}
design: {{kind: grid}}
"""


@pytest.fixture
def experiment(tmp_path):
    """A small experiment: two points, two arms that do not differ."""
    return load_experiment(written(tmp_path))


def written(tmp_path, n=6):
    """Write the small experiment's file."""
    file = tmp_path / "small.yaml"
    scenario = DATA / "valid" / "two_actors.yaml"
    file.write_text(TEXT.format(scenario=scenario, n=n), "utf-8")
    return file


def contents(folder):
    """Return a study's files that hold results."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.name != "manifest.json"
    }


def test_table_is_tidy_and_agrees_with_the_replications(experiment):
    """Mean, standard error and n of the table are those of the replications."""
    sweep = run_sweep(experiment, keep=False)
    table = sweep.table()
    assert len(table) == 2 * 2 * 2
    assert {"point", "arm", "rate", "outcome", "mean", "standard_error"} <= {*table}
    assert {*table} - {"rate"} <= {*COLUMNS}  # no factor may be called so
    row = table.iloc[0]
    values = sweep.values["n_rocket_attacks_true"][0]
    assert row["mean"] == values.mean()
    assert row["standard_error"] == pytest.approx(values.std(ddof=1) / np.sqrt(6))
    assert row["n"] == 6


def test_points_and_arms_are_coupled(experiment):
    """Arms that do not differ agree in each replication, and a higher rate adds."""
    sweep = run_sweep(experiment, keep=False)
    values = sweep.values["n_rocket_attacks_true"]
    assert np.array_equal(values[0], values[1])
    assert (values[2] >= values[0]).all()


def test_points_are_compared_pair_by_pair_with_a_named_base(experiment):
    """The difference from the base is that of pairs, much surer than two means."""
    sweep = run_sweep(experiment, keep=False, replications=60)
    table = sweep.table()
    own = sweep.cells[sweep.base]
    assert (own.point, own.arm.name) == (0, "as_it_was")
    assert table.attrs["base"] == "design point 0, arm as_it_was (rate = 0.02 per day)"
    values = sweep.values["n_rocket_attacks_true"]
    rows: Any = table[table["outcome"] == "n_rocket_attacks_true"]
    for number, row in enumerate(rows.to_dict("records")):
        apart = values[number] - values[0]
        assert row["difference"] == pytest.approx(apart.mean(), abs=1e-12)
        width = row["difference_high"] - row["difference_low"]
        if number >= 2:  # the higher rate
            assert row["difference_low"] > 0.0
            both = np.hypot(
                *(2 * 1.96 * values[i].std() / 60**0.5 for i in (0, number))
            )
            assert width < both


def test_the_base_is_the_scenario_as_it_stands_where_a_point_is_that(tmp_path):
    """The point with the scenario's own rate is the base, wherever it lies."""
    file = written(tmp_path)
    text = file.read_text("utf-8")
    own = load_experiment(file).scenario
    rate = {row.path: row.value for row in own.cited}["actors.brigade.base_rate"]
    file.write_text(text.replace("[0.02, 0.06]", f"[0.02, {rate}, 0.06]"), "utf-8")
    sweep = run_sweep(load_experiment(file), keep=False)
    assert sweep.cells[sweep.base].values == (rate,)


@pytest.mark.parametrize(
    "values",
    [
        "range: [0.1, 0.7]",
        "distribution: {shape: beta, a: 2, b: 2, basis: assumed}",
        "levels: [0.6, 0.3]",
    ],
)
def test_points_of_a_list_are_run_as_they_are_written(tmp_path, values):
    """No value is rounded on the way, so the scenario's own is found as the base."""
    text = TEXT.replace("{scenario}", "iraq_2019_2020").partition("arms:")[0]
    file = tmp_path / "small.yaml"
    file.write_text(
        f"{text.format(n=2)}factors:\n  able: {{path: actors.iraq.ability, {values}}}\n"
        "design: {kind: list, points: [{able: 0.3}, {able: 0.6}]}\n",
        "utf-8",
    )
    sweep = run_sweep(load_experiment(file), keep=False, engine="simpy")
    table = sweep.table()
    assert table["able"].tolist() == [0.3, 0.3, 0.6, 0.6]
    assert sweep.base_text == "design point 1, arm base (able = 0.6)"
    assert set(table["difference"][2:]) == {0.0}


def test_resumed_study_ends_with_the_same_bytes(experiment, tmp_path):
    """A study with parts missing or damaged is completed to the same bytes."""
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    run_sweep(experiment, out=whole)
    run_sweep(experiment, out=broken)
    parts = sorted(broken.glob("cells/*/outcomes/*.parquet"))
    parts[0].unlink()
    parts[1].write_bytes(parts[1].read_bytes()[:100])
    (broken / "table.csv").unlink()
    kept = parts[2].stat().st_mtime_ns
    run_sweep(experiment, out=broken)
    assert contents(broken) == contents(whole)
    assert parts[2].stat().st_mtime_ns == kept


def test_study_asked_for_fewer_keeps_what_it_has(experiment, tmp_path):
    """Fewer replications are read of longer parts, and no part is written anew."""
    out = tmp_path / "study"
    many = run_sweep(experiment, out=out)
    before = {file: file.stat().st_mtime_ns for file in out.rglob("part-*.parquet")}
    few = run_sweep(experiment, out=out, replications=4)
    assert few.table().equals(run_sweep(experiment, keep=False, replications=4).table())
    for name, values in few.values.items():
        assert np.array_equal(values, many.values[name][:, :4], equal_nan=True)
    assert before == {file: file.stat().st_mtime_ns for file in before}


def test_killed_study_ends_with_the_same_bytes(tmp_path):
    """Kill -9 in mid-study, then a restart, gives an undisturbed study's contents."""
    file = written(tmp_path, n=150)
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    command = (
        "import sys; from sim.experiment.load import load_experiment; "
        "from sim.sweeps.sweep import run_sweep\n"
        "def tell(done, asked):\n"
        "    print(done, flush=True)\n"
        "run_sweep(load_experiment(sys.argv[1]), out=sys.argv[2], progress=tell)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", command, str(file), str(killed)], stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        for line in child.stdout:
            if int(line) >= 250:
                os.kill(child.pid, signal.SIGKILL)
                break
    assert json.loads((killed / "manifest.json").read_text())["state"] == "running"
    experiment = load_experiment(file)
    seen = []
    run_sweep(experiment, out=killed, progress=lambda done, asked: seen.append(done))
    assert seen[0] >= 250
    run_sweep(experiment, out=whole, workers=1)
    assert contents(killed) == contents(whole)


def test_folder_of_another_study_is_refused(experiment, tmp_path):
    """A folder that holds another study, or anything else, is not written into."""
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "letter.txt").write_text("dear")
    with pytest.raises(StudyError, match=r"holds no run but 'letter\.txt'"):
        run_sweep(experiment, out=tmp_path / "other")
    run_sweep(experiment, out=tmp_path / "own")
    text = Path(experiment.path).read_text().replace("root_seed: 3", "root_seed: 4")
    Path(experiment.path).write_text(text)
    with pytest.raises(StudyError, match="holds another study"):
        run_sweep(load_experiment(experiment.path), out=tmp_path / "own")


def test_replications_follow_the_asked_precision(tmp_path):
    """With a precision the study goes on until it is reached, or the limit."""
    file = written(tmp_path)
    words = (
        "precision: {outcome: n_rocket_attacks_true, half_width: 0.001, at_most: 130}"
    )
    file.write_text(file.read_text().replace("replications: 6", words))
    assert run_sweep(load_experiment(file), keep=False).replications == 130
    file.write_text(file.read_text().replace("0.001", "50"))
    assert run_sweep(load_experiment(file), keep=False).replications == 100


def test_unknown_outcome_and_arm_are_refused(experiment):
    """A study answers only for what it holds."""
    sweep = run_sweep(experiment, keep=False)
    with pytest.raises(StudyError, match="did you mean 'n_strikes_true'"):
        sweep.responses("n_strike_true", "twin")
    with pytest.raises(StudyError, match="did you mean 'twin'"):
        sweep.responses("n_strikes_true", "twinn")
    assert sweep.responses("n_strikes_true", "twin").shape == (2, 6)


def test_page_of_results_tells_each_factor_from_first_to_last_level(experiment):
    """The paired difference stands with its interval, and every point in the table."""
    sweep = run_sweep(experiment, keep=False)
    section = grid_section(sweep)
    assert "2 points × 6 coupled replications, root_seed 3, 30 days" in section
    assert "2 outcomes × 1 factors = 2 differences" in section
    values = sweep.responses("n_rocket_attacks_true", "as_it_was")
    change = values[1].mean() - values[0].mean()
    half = 1.96 * (values[1] - values[0]).std(ddof=1) / np.sqrt(6)
    assert f"{figure(change, half, signed=True)} (" in section
    assert sum(line.startswith("| 0.0") for line in section.splitlines()) == 2
