"""A posterior as an input: the same draws in run, sweep and compare, and resumed."""

import json
import shlex
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.comparison import range_draws as ranges
from sim.comparison.under_draws import (
    DrawnArms,
    manifest_of,
    run_drawn_arms,
    study_digest,
)
from sim.engine.run import run_replication
from sim.ensemble.draw_set import ArmSource, draws_from, refuse_set_twice, refuse_unfit
from sim.ensemble.draw_summary import level_row
from sim.ensemble.ensemble import digest_of, run_draws
from sim.ensemble.rerun import read_run
from sim.ensemble.study_folder import StudyFolder, read_manifest
from sim.errors import ScenarioError, StudyError
from sim.experiment.load import COLUMNS, load_experiment
from sim.experiment.parameter_draw import ranged_factors
from sim.experiment.posterior import Posterior, read_posterior
from sim.experiment.variant import Variant, variant_of
from sim.outcomes import outcomes_for, outcomes_of
from sim.reports.report import write_report
from sim.scenario.form import read_scenario
from sim.scenario.load import find, load
from sim.scenario.renumber import illegal_numbers, with_numbers
from sim.scenario.scenario import Scenario
from sim.sweeps.sweep import run_sweep
from sim.verbs.watch import Watch

FIT = Path(__file__).parents[3] / "experiments" / "c01_iraq_2019_2020"
RATE = "actors.kataib_hezbollah.base_rate"
COUNT = "n_rocket_attacks_true"

SWEEP = """
schema: 1
id: red
question: What does the red line do?
scenario: iraq_2019_2020
root_seed: 5
replications: 100
until: 4
outcomes: [n_rocket_attacks_true, direct_exchange_happened_true]
factors:
  red_line:
    path: PATH
    levels: [LEVELS]
design:
  kind: grid
"""


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    """Return the scenario that the posterior was fitted with."""
    return load("iraq_2019_2020")


@pytest.fixture(scope="module")
def posterior() -> Posterior:
    """Return the shipped posterior."""
    return read_posterior(FIT)


def some(scenario: Scenario, posterior: Posterior, **changed: Any) -> Any:
    """Run a small study of draws."""
    asked: dict[str, Any] = {"draws": 60, "until": 3.0, "engine": "simpy"}
    return run_draws(scenario, posterior, **asked | changed)


def kept(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every part, of the draws and of the table."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.suffix in (".parquet", ".csv", ".yaml")
    }


def test_both_ways_of_changing_numbers_agree(
    scenario: Scenario, posterior: Posterior
) -> None:
    """Numbers put into a resolved scenario are those that its file would give."""
    draws = draws_from(posterior, 40, 2)
    document = read_scenario(find("iraq_2019_2020"))
    for draw in (0, 39):
        fast = draws.scenario_of(scenario, draw)
        slow = variant_of(document, Variant(draws.written(draw)))
        assert fast.actors == slow.actors
        assert fast.sites == slow.sites
        assert fast.observations == slow.observations
        assert fast.actors != scenario.actors


def test_draws_are_extended_by_asking_for_more(
    scenario: Scenario, posterior: Posterior, tmp_path: Path
) -> None:
    """Draw k does not depend on K: a folder is extended, with the bytes of one run."""
    few = some(scenario, posterior, draws=30, out=tmp_path / "one")
    more = some(scenario, posterior, out=tmp_path / "one")
    some(scenario, posterior, out=tmp_path / "other")
    assert kept(tmp_path / "one") == kept(tmp_path / "other")
    assert more.outcomes.loc[:29].equals(few.outcomes)
    assert more.outcomes.index.names == ["draw", "replication"]
    assert [*more.outcomes.index[58:62]] == [(29, 58), (29, 59), (30, 60), (30, 61)]
    again = some(scenario, posterior, draws=30, out=tmp_path / "one")
    assert again.outcomes.equals(few.outcomes)
    assert kept(tmp_path / "one") == kept(tmp_path / "other")


def test_a_study_that_broke_off_goes_on_with_fewer_draws_too(
    scenario: Scenario, posterior: Posterior, tmp_path: Path
) -> None:
    """Whoever works, and wherever it broke off, the bytes are the same."""

    def break_off(done: int, asked: int) -> None:
        assert asked == 210
        if done == 100:
            raise KeyboardInterrupt

    more: dict[str, Any] = {"draws": 30, "replications": 7}
    with pytest.raises(KeyboardInterrupt):
        some(scenario, posterior, **more, out=tmp_path / "a", progress=break_off)
    manifest = read_manifest(tmp_path / "a")
    assert manifest is not None
    assert manifest["state"] == "broken off"
    part = tmp_path / "a" / "outcomes" / "part-00001.parquet"
    some(scenario, posterior, **more, out=tmp_path / "a")
    some(scenario, posterior, **more, out=tmp_path / "b")
    assert kept(tmp_path / "a") == kept(tmp_path / "b")
    for damaged in (part, part.with_name("part-00002.parquet")):
        damaged.write_bytes(damaged.read_bytes()[:-9])  # is run again
        with ThreadPoolExecutor(3) as threads:
            some(
                scenario,
                posterior,
                **(more | {"draws": 15}),
                out=tmp_path / "a",
                workers=threads,
            )
        assert kept(tmp_path / "a") == kept(tmp_path / "b")


def test_a_folder_tells_scenario_and_posterior(
    scenario: Scenario, posterior: Posterior, tmp_path: Path
) -> None:
    """The manifest has both digests; other draws are another run."""
    some(scenario, posterior, draws=2, out=tmp_path / "run")
    manifest = read_manifest(tmp_path / "run")
    assert manifest is not None
    told = manifest["draws"]
    assert told["posterior_digest"] == posterior.digest
    assert told["count"], told["replications_per_draw"] == (2, 2)
    assert manifest["scenario"]["digest"] != told["posterior_digest"]
    lines = (tmp_path / "run" / "draws.csv").read_text("utf-8").splitlines()
    assert len(lines) == 3
    place = lines[0].split(",").index(RATE)
    assert float(lines[2].split(",")[place]) == posterior.point(1)[RATE]
    with pytest.raises(StudyError, match="holds another run"):
        some(scenario, posterior, draws=2, replications=3, out=tmp_path / "run")
    names = list(posterior.values)
    other = replace(
        posterior, values=posterior.values | {names[0]: posterior.values[names[0]] / 2}
    )
    with pytest.raises(StudyError, match="holds another run"):
        some(scenario, other, draws=2, out=tmp_path / "run")
    with pytest.raises(StudyError, match="holds draws of a posterior; give its own"):
        read_run(tmp_path / "run")
    with pytest.raises(StudyError, match="is not complete; give its own command"):
        write_report(tmp_path / "run")


def test_a_replication_is_repeated_by_its_command(
    scenario: Scenario, posterior: Posterior
) -> None:
    """The command of a failed replication sets what its draw set."""
    from sim.cli.present import parse_changes
    from sim.ensemble.archive import RunDirectory
    from sim.ensemble.part import Task, repeat_command

    draws = draws_from(posterior, 30, 2)
    drawn = some(scenario, posterior, draws=30)
    task = Task(scenario, 1, 3.0, RunDirectory(Path("x"), ""), False, draws=draws)
    words = shlex.split(repeat_command(task, 43))
    assert words[:3] == ["escalade", "replay", "iraq_2019_2020.yaml"]
    changes = [words[n + 1] for n, word in enumerate(words) if word == "--set"]
    changed = load("iraq_2019_2020", parse_changes(changes))
    values = outcomes_of(run_replication(changed, 1, 43, 3.0), changed)
    row = drawn.outcomes.loc[(21, 43)]
    assert {name: values[name] for name in (COUNT, "n_rounds_true") if name in values}
    for name, value in values.items():
        assert row[name] == value or (np.isnan(row[name]) and np.isnan(value)), name


def test_draws_beyond_the_limits_are_refused(
    scenario: Scenario, posterior: Posterior
) -> None:
    """A number that is illegal at the start, or made so by a development, is told."""
    path = "developments.front_claims.set.to"
    assert illegal_numbers(scenario, {path: 1.0}) == []
    assert illegal_numbers(scenario, {path: 1.5}) == [
        f"{path} is 1.5, above the range [0, 1]"
    ]
    assert illegal_numbers(scenario, {path: float("nan")})
    assert illegal_numbers(scenario, {"sites.taji.exposed_host": -1.0})
    assert illegal_numbers(scenario, {"observations.raid.reported": 1.1})
    scaled = scenario.changes[0]
    moved = f"actors.{scaled.actor}.{scaled.parameter}"
    doubled = tuple(
        replace(c, how="scale", value=1e9) if c is scaled else c
        for c in scenario.changes
    )
    said = illegal_numbers(replace(scenario, changes=doubled), {moved: 0.5})
    assert f"after {scaled.identity}" in said[0]
    added = (replace(scaled, how="add", value=-1e9),)
    said = illegal_numbers(replace(scenario, changes=added), {moved: 0.5})
    assert "below the range" in said[0]
    assert illegal_numbers(scenario, {moved: 0.5}) == []  # later set to another value
    assert illegal_numbers(scenario, {"actors.kataib_hezbollah.reach.taji": 101.0})
    for nowhere in (
        "actors.iraq.nothing",
        "sites.taji.nothing",
        "limits.exchange_window",
    ):
        with pytest.raises(ScenarioError, match=nowhere):
            illegal_numbers(scenario, {nowhere: 1.0})
    name = next(p["name"] for p in posterior.parameters if path in p["paths"])
    shares = np.where(np.arange(len(posterior.values[name])) % 2, 1.25, 0.5)
    wild = replace(posterior, values=posterior.values | {name: shares})
    draws = draws_from(wild, 40, 2)
    n = sum(values[path] == 1.25 for values in draws.values)
    assert 10 < n < 30
    with pytest.raises(StudyError, match=f"{n} of 40 draws of the posterior make no"):
        refuse_unfit(wild, draws, scenario)


def test_a_draw_leaves_out_what_nobody_knew_on_the_origin(
    posterior: Posterior, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a later development sets is left out, and said, in run, sweep and forecast;
    all other numbers are drawn, and a path that never was is refused as before.
    """
    path = "developments.front_claims.set.to"
    scenario = load("iraq_2019_2020", free_from=date(2020, 2, 1))
    draws = draws_from(posterior, 30, 2)
    drawn = draws.scenario_of(scenario, 7)
    others = {name: x for name, x in posterior.point(7).items() if name != path}
    assert path in draws.values[7]
    assert drawn == with_numbers(scenario, others) != scenario
    said = refuse_unfit(posterior, draws, scenario)
    assert said.startswith(f"draws of the posterior leave out {path}: ")
    assert said.endswith("is not just what the posterior was fitted with")
    told: list[str] = []
    ended = some(scenario, posterior, draws=30, until=97.0, tell=told.append)
    assert not ended.failed
    assert told.count(said) == 1
    with pytest.raises(ScenarioError, match="developments"):
        with_numbers(scenario, {"developments.never.set.to": 1.0})
    monkeypatch.setattr("sim.sweeps.sweep.refuse_runaways", lambda *_: None)
    text = SWEEP.replace("PATH", "actors.iraq.ability").replace("LEVELS", "0.3, 0.4")
    file = tmp_path / "red.yaml"
    file.write_text(text.replace("until: 4", "until: 97\nfrom: 2020-02-01"), "utf-8")
    told = []
    run_sweep(
        load_experiment(file), keep=False, posterior=posterior, draws=30,
        engine="simpy", tell=told.append,
    )  # fmt: skip
    assert told.count(posterior.left_out(scenario)) == 1
    early = replace(posterior, metadata=posterior.metadata | {"until_days": 90.0})
    monkeypatch.setattr("sim.experiment.posterior.read_posterior", lambda _: early)
    told = []

    class Listener(Watch):
        def say(self, sentence: str) -> None:
            told.append(sentence)

    sim.forecast(
        "iraq_2019_2020", free_from="2020-02-01", days=2, posterior="early", draws=2,
        question="n_rocket_attacks", watch=Listener(),
    )  # fmt: skip
    assert told.count(posterior.left_out(scenario)) == 1


def test_what_the_posterior_sets_nothing_else_may(
    scenario: Scenario, posterior: Posterior
) -> None:
    """Neither an option, nor a later development."""
    with pytest.raises(StudyError, match="and set by --set: the draw would undo it"):
        refuse_set_twice(posterior, {"--set": [RATE]})
    refuse_set_twice(posterior, {"--set": ["actors.iraq.will"]})
    change = replace(
        scenario.changes[0],
        actor="kataib_hezbollah",
        parameter="base_rate",
        how="set",
        value=0.1,
    )
    later = replace(scenario, changes=(*scenario.changes, change))
    with pytest.raises(StudyError, match="sets it, which would undo the draw"):
        refuse_unfit(posterior, draws_from(posterior, 2, 2), later)


def test_a_level_tells_parameters_from_chance() -> None:
    """What the parameters make is told; dealt to other draws (planted), it is not."""
    outcome = outcomes_for(load("iraq_2019_2020"))[COUNT]
    random = np.random.default_rng(7)
    rates = random.gamma(9.0, 1.0, size=(200, 1))
    values = random.poisson(rates, size=(200, 4)).astype(float)
    row = level_row(values, outcome, 1)
    assert row["is_told"]
    # Poisson with a gamma rate: the rate's variance 9 between, its mean 9 within.
    assert row["parameter_share"] == pytest.approx(0.5, abs=0.12)
    error = (9.0 / 200 + 9.0 / 800) ** 0.5
    assert abs(row["mean"] - 9.0) < 4.0 * error
    assert row["high"] - row["low"] == pytest.approx(3.92 * error, rel=0.25)
    assert row["parameter_low"] == pytest.approx(9.0 - 1.96 * 3.0, abs=1.5)
    assert row["parameter_high"] == pytest.approx(9.0 + 1.96 * 3.0, abs=1.5)
    dealt = random.permutation(values.ravel()).reshape(values.shape)
    assert not level_row(dealt, outcome, 1)["is_told"]
    values[:171] = np.nan
    assert np.isnan(level_row(values, outcome, 1)["mean"])
    happened = outcomes_for(load("iraq_2019_2020"))["direct_exchange_happened_true"]
    never = level_row(np.zeros((100, 2)), happened, 1)
    assert (never["low"], never["mean"], never["is_told"]) == (0.0, 0.0, False)
    assert never["high"] == pytest.approx(0.037, abs=0.001)


def experiment(
    folder: Path,
    path: str = "actors.united_states.sponsor_belief",
    levels: str = "0.2, 0.3",
) -> Any:
    """Return a small experiment."""
    folder.mkdir(exist_ok=True)
    file = folder / "red.yaml"
    file.write_text(SWEEP.replace("PATH", path).replace("LEVELS", levels), "utf-8")
    return load_experiment(file)


def test_a_sweep_has_the_same_draws_at_every_point(
    posterior: Posterior, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A point is what run_draws makes of its scenario; the study is resumed."""
    monkeypatch.setattr("sim.sweeps.sweep.refuse_runaways", lambda *_: None)
    plan = experiment(tmp_path / "e")
    asked: dict[str, Any] = {"posterior": posterior, "draws": 30, "engine": "simpy"}
    asked["replications"] = 4
    swept = run_sweep(plan, out=tmp_path / "a", **asked)
    base = load("iraq_2019_2020", {"actors.united_states.sponsor_belief": 0.3})
    alone = some(base, posterior, draws=30, replications=4, root_seed=5, until=4.0)
    np.testing.assert_array_equal(
        swept.values[COUNT][1], alone.outcomes[COUNT].to_numpy()
    )
    frame: Any = swept.table()
    assert {*frame} - {"red_line"} == {*COLUMNS}  # no factor may be called so
    row = frame[(frame["point"] == 1) & (frame["outcome"] == COUNT)].iloc[0]
    expected: Any = alone.summary().loc[COUNT]
    for name in ("mean", "parameter_share", "n_draws"):
        assert row[name] == expected[name] or expected[name] != expected[name]
    assert (row["n"], row["n_undefined"]) == (120, 0)

    def break_off(done: int, asked: int) -> None:
        del asked
        if done >= 100:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_sweep(plan, out=tmp_path / "b", progress=break_off, **asked)
    run_sweep(plan, out=tmp_path / "b", **asked)
    ours, theirs = kept(tmp_path / "a"), kept(tmp_path / "b")
    assert ours == theirs
    manifest = read_manifest(tmp_path / "a")
    assert manifest is not None
    assert manifest["draws"]["posterior_digest"] == posterior.digest
    page = write_report(tmp_path / "a").read_text("utf-8")
    assert "over parameters" in page
    assert "30 draws × 4 replications" in page


def test_a_sweep_refuses_a_factor_that_the_posterior_sets(
    posterior: Posterior, tmp_path: Path
) -> None:
    """The reason names the factor."""
    plan = experiment(tmp_path, "actors.united_states.tolerance", "1, 2")
    with pytest.raises(StudyError, match="set by the factor red_line: the draw would"):
        run_sweep(plan, keep=False, posterior=posterior, draws=30)


def test_arms_share_draws_and_go_on(
    scenario: Scenario, posterior: Posterior, tmp_path: Path
) -> None:
    """Arms without difference agree; a folder of other arms is refused."""
    draws = draws_from(posterior, 30, 2)
    arms = DrawnArms({"a": scenario, "b": scenario}, draws, 1, 3.0)
    folder = StudyFolder(tmp_path / "x", study_digest(arms.cells()))
    folder.take()
    with folder.held(), folder.sealed(manifest_of(arms, folder.digest)):
        drawn = run_drawn_arms(arms, [COUNT], folder=folder.path)
    values = drawn.values[COUNT]
    np.testing.assert_array_equal(values["a"], values["b"])
    assert values["a"].shape == (30, 2)
    memory = run_drawn_arms(arms, [COUNT]).values[COUNT]
    np.testing.assert_array_equal(values["a"], memory["a"])
    manifest = read_manifest(tmp_path / "x")
    assert manifest is not None
    assert manifest["draws"]["posterior_digest"] == posterior.digest
    assert len(manifest["parts"]) == 2
    with pytest.raises(StudyError, match=r"is not complete; give its own command"):
        write_report(tmp_path / "x")
    other = DrawnArms({"a": scenario}, draws, 1, 3.0)
    with pytest.raises(StudyError, match="holds another study"):
        StudyFolder(tmp_path / "x", study_digest(other.cells())).take()


def test_draws_from_ranges_are_kept_as_they_are_found(
    scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was found is read, what is of other ranges is not; refusals are counted."""
    looked: list[Scenario] = []

    def look(changed: Scenario, **_: object) -> None:
        looked.append(changed)
        if len(looked) == 2:
            message = "runs away"
            raise StudyError(message)

    monkeypatch.setattr(ranges, "refuse_runaway", look)
    document = read_scenario(find("iraq_2019_2020"))
    factors = ranged_factors(document, scenario, [RATE])
    task = ranges.RangeTask({"a": ArmSource(document, Variant())}, factors, 1)
    digest = task.digest(["x"])
    assert digest != replace(task, root_seed=2).digest(["x"])
    first, refused = ranges.range_draws(task, 3, 2, digest, folder=tmp_path)
    assert (len(looked), refused) == (4, 1)
    more, refused = ranges.range_draws(task, 4, 2, digest, folder=tmp_path)
    assert (len(looked), refused) == (5, 1)
    assert more.values[:3] == first.values
    assert len({json.dumps(values) for values in more.values}) == 4
    ranges.range_draws(task, 4, 2, "of other ranges", folder=tmp_path)
    assert len(looked) == 9


def test_unsound_requests_are_refused(scenario: Scenario, posterior: Posterior) -> None:
    """One replication of a draw tells nothing apart."""
    with pytest.raises(StudyError, match="2 replications of each"):
        some(scenario, posterior, replications=1)
    draws = draws_from(posterior, 2, 2)
    more = draws_from(posterior, 5, 2)
    one, other = (digest_of(scenario, d, 1, 3.0) for d in (draws, more))
    assert one == other
    assert one != digest_of(scenario, draws_from(posterior, 2, 3), 1, 3.0)
