"""The targets: what the rows give, held against a scenario like with like."""

import csv
import importlib
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from sim.ladder import Act
from sim.outcomes import outcomes_for
from sim.record.targets import fitted_targets, read_targets, targets_for
from sim.scenario.form import read_scenario
from sim.scenario.load import load as load_file
from sim.scenario.scenario import Scenario
from sim.sources import shipped_sources

ROOT = Path(__file__).resolve().parents[3]
SEEDS = ROOT / "seeds"
FILE = SEEDS / "targets" / "iraq_2019_2020.yaml"
TARGETS: dict[str, Any] = yaml.safe_load(FILE.read_text("utf-8"))
SCRIPTS = ("attacks", "harm", "over_time", "strikes", "before_after", "custody")
FIGURES = ("value", "standard_error", "low", "high", "n")
WITH_RECORD = ("iraq_2019_2020", "iraq_endogenous_2019_2020")
FITTED = (
    "n_rocket_attacks", "share_green_zone", "share_attacks_with_casualties",
    "share_attacks_with_deaths", "share_attacks_harming_coalition", "n_wounded_all",
    "salvo_median", "salvo_mean", "n_air_strikes_after_death", "n_raids", "n_claims",
)  # fmt: skip


@cache
def load(name: str) -> Scenario:
    """Load a shipped scenario, once."""
    return load_file(name)


class Scripts(NamedTuple):
    """The derive scripts as modules, and the rows that stand."""

    record: Any
    modules: dict[str, Any]
    rows: list[dict[str, str]]


@pytest.fixture(scope="module")
def scripts() -> Iterator[Scripts]:
    """Import the derive scripts, and leave no compiled files beside them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "dont_write_bytecode", True)
        patch.syspath_prepend(str(SEEDS / "derive"))
        record = importlib.import_module("record")
        modules = {name: importlib.import_module(name) for name in SCRIPTS}
        yield Scripts(record, modules, record.read_rows())


def figures(told: Any) -> list[float]:
    """Return the numbers of a statistic, a target or a part of the file."""
    if isinstance(told, dict):
        return [float(told[name]) for name in FIGURES]
    return [float(getattr(told, name)) for name in FIGURES]


def test_targets_equal_a_fresh_derivation(scripts: Scripts) -> None:
    """Each target is, to 1e-9, what its script derives from the rows today."""
    fresh = {
        name: (f"{script}.py", statistic)
        for script, module in scripts.modules.items()
        for name, statistic in module.derive(scripts.rows).items()
    }
    targets = TARGETS["targets"]
    assert TARGETS["schema"] == 1
    assert targets.keys() == fresh.keys()
    for name, (script, statistic) in fresh.items():
        target = targets[name]
        assert (target["derive"], target["method"]) == (script, statistic.method)
        assert figures(target) == pytest.approx(figures(statistic), rel=0, abs=1e-9)


@pytest.mark.parametrize("script", ["strikes", "before_after"])
def test_figures_without_rows_equal_a_fresh_derivation(
    scripts: Scripts, script: str
) -> None:
    """What a target is without some rows is what its script derives without them."""
    fresh = scripts.record.variants(scripts.modules[script].derive, scripts.rows)
    for name, variants in fresh.items():
        parts = TARGETS["targets"][name].get("without", [])
        assert [tuple(part["rows"]) for part in parts] == list(variants)
        for part, statistic in zip(parts, variants.values(), strict=True):
            assert figures(part) == pytest.approx(figures(statistic), rel=0, abs=1e-9)


@pytest.mark.parametrize("name", WITH_RECORD)
def test_like_is_held_against_like(scripts: Scripts, name: str) -> None:
    """A target counts no row that the scenario puts in: it is derived without them.

    The rows are found here in the scenario's own file: those of acts that it lists as
    exogenous. Whoever puts in another act and forgets its target fails here.
    """
    told: Any = read_scenario(ROOT / "scenarios" / f"{name}.yaml").data
    put_in = [r["id"] for r in scripts.rows if r["act"] in told["exogenous"]]
    assert put_in
    rows = scripts.record.without(scripts.rows, put_in)
    fresh = {
        name: statistic
        for module in scripts.modules.values()
        for name, statistic in module.derive(rows).items()
    }
    targets = {target.name: target for target in targets_for(load(name))}
    assert targets.keys() == fresh.keys()
    for key, statistic in fresh.items():
        expected = pytest.approx(figures(statistic), rel=0, abs=1e-9)
        assert figures(targets[key]) == expected, key


def test_every_development_that_is_an_act_is_exogenous() -> None:
    """What the shipped scenarios put in is listed, so that the test above sees it."""
    for name in WITH_RECORD:
        scenario = load(name)
        assert {entry.act for entry in scenario.given} <= set(scenario.exogenous)


def test_the_killing_counts_only_where_the_model_may_make_it() -> None:
    """One strike of the three in the record is put in by one of the scenarios."""
    values: dict[str, dict[str, float]] = {}
    for name in WITH_RECORD:
        values[name] = {t.name: t.value for t in targets_for(load(name))}
    given, free = (values[name] for name in WITH_RECORD)
    assert (given["n_strikes"], free["n_strikes"]) == (2.0, 3.0)
    assert given["n_accusations_after_strikes"] == 2.0
    assert free["n_accusations_after_strikes"] == 3.0
    assert given["reply_delay_days"] == pytest.approx((0 + 33 / 24) / 2)
    assert free["reply_delay_days"] == pytest.approx((0 + 1 + 33 / 24) / 3, abs=1e-6)


def without_exogenous(scenario: Scenario) -> Scenario:
    """Return a scenario whose model may make every act."""
    return replace(scenario, exogenous=())


def test_a_row_is_left_out_when_a_development_is_it() -> None:
    """The same act, actor and day is the row; another day, or none, is another one."""
    scenario = without_exogenous(load("iraq_2019_2020"))

    def strikes(scenario: Scenario) -> tuple[float, tuple[str, ...]]:
        found = {target.name: target for target in targets_for(scenario)}["n_strikes"]
        return found.value, found.without

    assert strikes(scenario) == (2.0, ("iq-2020-01-03-01",))
    later = tuple(
        replace(entry, time=entry.time + 1.0)
        if entry.act == Act.LEADER_KILLING
        else entry
        for entry in scenario.given
    )
    assert strikes(replace(scenario, given=later)) == (3.0, ())
    assert strikes(replace(scenario, given=())) == (3.0, ())
    cancelled = replace(load("iraq_2019_2020"), given=())  # its model makes no killing
    assert strikes(cancelled) == (2.0, ("iq-2020-01-03-01",))


def test_what_is_left_out_is_said() -> None:
    """The table shows which incident a statistic does not count."""
    targets = {t.name: t for t in targets_for(load("iraq_2019_2020"))}
    assert targets["n_strikes"].meaning.endswith(
        ", without what is put in (leader killing of 2020-01-03)"
    )
    assert targets["n_accusations_after_strikes"].without == (
        "iq-2020-01-03-01",
        "iq-2020-01-05-01",
    )
    assert "put in" not in targets["n_raids"].meaning


def test_the_record_speaks_of_its_own_period() -> None:
    """A scenario with the same record but another length or start has no targets."""
    scenario = load("iraq_endogenous_2019_2020")
    assert len(targets_for(scenario)) == len(TARGETS["targets"])
    assert targets_for(replace(scenario, horizon=251.0)) == ()
    assert targets_for(replace(scenario, start=date(2019, 10, 29))) == ()
    assert targets_for(replace(scenario, record="")) == ()


def test_what_is_fitted_stays_what_it_was() -> None:
    """The split was written down before the first fit: nothing moves into it."""
    targets = targets_for(load("iraq_2019_2020"))
    assert tuple(target.name for target in fitted_targets(targets)) == FITTED
    assert all(not target.without for target in fitted_targets(targets))


@pytest.mark.parametrize("name", TARGETS["targets"])
def test_targets_are_described(name: str) -> None:
    """A target says what it means, is uncertain, and cites a source that exists."""
    target = TARGETS["targets"][name]
    assert target["meaning"]
    assert target["unit"]
    assert target["role_note"]
    assert target["standard_error"] > 0
    assert target["low"] <= target["high"]
    assert target["source"] in shipped_sources()
    table = outcomes_for(load("iraq_2019_2020"))
    assert table[target["outcome"]].is_reported


def test_attacks_before_and_after_are_those_of_the_press(scripts: Scripts) -> None:
    """5, 4 and 3 attacks before the uses of force, and 7, 7 and 5 after (A13)."""
    module, rows = scripts.modules["before_after"], scripts.rows
    attacks = scripts.record.core_attacks(rows)
    counts: list[tuple[int, int]] = []
    for strike in scripts.modules["strikes"].us_strikes(rows):
        weights, _ = module.weights_of([strike], attacks)
        counts.append((sum(w < 0 for w in weights), sum(w > 0 for w in weights)))
    assert counts == [(5, 7), (4, 7), (3, 5)]
    whole = TARGETS["targets"]["attack_change_after_strikes"]["value"]
    assert whole == pytest.approx((19 - 12) / (3 * 28) * 7, abs=1e-6)


def test_what_the_record_gives_is_counted_by_hand(scripts: Scripts) -> None:
    """Sides, halves and strikes of the rows, as one counts them with a pencil."""
    core = scripts.record.core_attacks(scripts.rows)
    hurt = {
        side: [
            row["id"][3:13]
            for row in core
            if int(row[f"killed_{side}"]) + int(row[f"wounded_{side}"])
        ]
        for side in ("host", "civilian")
    }
    assert hurt["host"] == [
        "2019-10-30", "2019-12-09", "2019-12-27", "2020-01-12", "2020-03-14",
    ]  # fmt: skip
    assert hurt["civilian"] == ["2020-01-04", "2020-01-05", "2020-07-04"]
    told = {name: target["value"] for name, target in TARGETS["targets"].items()}
    assert told["share_attacks_harming_host"] == pytest.approx(5 / 36, abs=1e-6)
    assert told["share_attacks_harming_civilians"] == pytest.approx(3 / 36, abs=1e-6)
    late = [row["site"] for row in core if row["id"][3:13] >= "2020-03-02"]
    early = [row["site"] for row in core if row["id"][3:13] < "2020-03-02"]
    assert (len(set(early)), len(set(late))) == (7, 5)
    assert told["n_sites_attacked_first_half"] == 7
    assert told["n_sites_attacked_second_half"] == 5
    assert told["share_on_most_attacked_first_half"] == 9 / 20
    assert told["share_on_most_attacked_second_half"] == 7 / 16
    mix = sum(
        abs(early.count(site) / 20 - late.count(site) / 16)
        for site in {*early, *late}
    )  # fmt: skip
    assert told["site_mix_change"] == pytest.approx(mix / 2, abs=1e-6)
    assert told["n_strikes_without_death"] == 0
    assert told["attack_change_after_raids"] == pytest.approx(7 * (1 / 10 - 6 / 28))


def test_every_named_row_is_in_the_table() -> None:
    """Rows that targets are without exist, and their targets are whole otherwise."""
    with (SEEDS / "incidents" / "iraq_2019_2020.csv").open(encoding="utf-8") as stream:
        known = {row["id"] for row in csv.DictReader(stream)}
    for entry in read_targets(FILE).targets.values():
        assert {row for part in entry.without for row in part.rows} <= known
