"""Rules and engine know no theatre: every shipped scenario is only a file to them."""

import csv
import importlib.util
import re
from datetime import date
from pathlib import Path

import pytest
import yaml

from sim.analytic.branching import refuse_runaway
from sim.engine.cast import Cast
from sim.engine.driver import SimpyDriver
from sim.ladder import Act
from sim.scenario.dump import dump_yaml
from sim.scenario.load import load, shipped_scenarios
from sim.sources import Basis, shipped_sources

ROOT = Path(__file__).resolve().parents[3]
SOURCES = sorted(
    file for room in ("rules", "engine") for file in (ROOT / "sim" / room).rglob("*.py")
)
LEBANON = "lebanon_withdrawal_1999_2000"
RECORD = ROOT / "seeds" / "incidents" / "lebanon_1999_2000.csv"
ROOT_SEED = 7
N_REPLICATIONS = 3
DAYS = 90.0
HOMONYMS = {"k1"}
"""The base K-1 (its label is searched for); also the second word of a Philox key."""


def pattern(names: set[str]) -> re.Pattern[str]:
    """Match any of the names as whole words, however it is written."""
    forms = {re.escape(name).replace("_", "[ _-]?") for name in names if name}
    return re.compile(rf"(?<![a-z0-9])({'|'.join(sorted(forms))})(?![a-z0-9])", re.I)


def names_of(name: str) -> set[str]:
    """Return the names and labels of a scenario's actors and sites."""
    scenario = load(name)
    both = (*scenario.actors, *scenario.sites)
    return {text for x in both for text in (x.name, x.label)} - HOMONYMS


def found(names: set[str], text: str) -> set[str]:
    """Return which of the names occur in a text, in small letters."""
    return {match.lower() for match in pattern(names).findall(text)}


@pytest.mark.parametrize("name", shipped_scenarios())
def test_no_rule_and_no_driver_names_an_actor_or_a_site(name):
    """No name of an actor or a site stands in the source of sim.rules or sim.engine."""
    names = names_of(name)
    assert len(names) > 5
    hits = {
        f"{file.relative_to(ROOT)}: {hit}"
        for file in SOURCES
        for hit in found(names, file.read_text("utf-8"))
    }
    assert len(SOURCES) > 40
    assert not hits


def test_a_name_in_a_rule_would_be_found():
    """The search finds a name in code, in prose, and as part of an identifier."""
    text = "if actor == 'k1': # like the Green Zone\n    iran_first = 1\n"
    assert found({"k1", "green_zone", "iran", "mosul"}, text) == {
        "k1", "green zone", "iran",
    }  # fmt: skip


@pytest.mark.parametrize("name", shipped_scenarios())
def test_shipped_scenario_resolves_to_itself(name, tmp_path):
    """The resolved file of a shipped scenario is the same scenario, and stays it."""
    scenario = load(name)
    file = tmp_path / f"{name}.yaml"
    file.write_text(dump_yaml(scenario), "utf-8")
    again = load(file)
    assert again.digest == scenario.digest
    assert dump_yaml(again) == dump_yaml(scenario)


def test_the_second_theatre_does_not_run_away():
    """Its branching ratio is below 1, at the start and after all changes."""
    assert 0.05 < refuse_runaway(load(LEBANON)).ratio < 0.8


@pytest.mark.parametrize("name", shipped_scenarios())
def test_shipped_scenario_runs(name):
    """Three replications run on the reference driver, and something happens."""
    driver = SimpyDriver(Cast(load(name)))
    for number in range(N_REPLICATIONS):
        assert len(driver.rows(ROOT_SEED, number, DAYS).records) > 0


@pytest.mark.numba
@pytest.mark.slow
@pytest.mark.skipif(
    importlib.util.find_spec("numba") is None, reason="numba is not installed"
)
@pytest.mark.parametrize("name", shipped_scenarios())
def test_both_drivers_give_the_same_logs(name):
    """Three replications are the same on both drivers, bit by bit."""
    from sim.engine.compiled.driver import CompiledDriver

    cast = Cast(load(name))
    one, two = SimpyDriver(cast), CompiledDriver(cast)
    for number in range(N_REPLICATIONS):
        rows = one.rows(ROOT_SEED, number, DAYS).tobytes()
        assert two.rows(ROOT_SEED, number, DAYS).tobytes() == rows


def test_the_second_theatre_is_another_one():
    """Lebanon shares no site with Iraq, and has two sponsors and its own militias."""
    iraq, lebanon = load("iraq_2019_2020"), load(LEBANON)
    assert not {s.name for s in iraq.sites} & {s.name for s in lebanon.sites}
    kinds = [actor.kind.name for actor in lebanon.actors]
    assert kinds.count("sponsor") == 2
    shared = {a.name for a in iraq.actors} & {a.name for a in lebanon.actors}
    assert shared == {"iran"}


def test_the_second_theatre_rests_on_what_was_read():
    """Each of its coded or measured numbers cites pages whose content was read."""
    raw = yaml.safe_load((ROOT / "seeds" / "sources.yaml").read_text("utf-8"))
    for cited in load(LEBANON).cited:
        if cited.basis != Basis.ASSUMED:
            ids = cited.source.split(", ")
            assert ids
            assert {raw["sources"][source]["basis"] for source in ids} == {"found"}


def test_the_second_record_has_the_first_ones_columns():
    """Both tables have the same header, and every row is whole."""
    header, *_ = (RECORD.parent / "iraq_2019_2020.csv").read_text("utf-8").split("\n")
    with RECORD.open(encoding="utf-8", newline="") as file:
        table = csv.DictReader(file, strict=True)
        rows = list(table)
    assert list(table.fieldnames or ()) == header.split(",")
    assert len(rows) >= 15
    assert len({row["id"] for row in rows}) == len(rows)
    for row in rows:
        assert None not in row
        assert None not in row.values()


def test_the_second_record_is_of_the_period_and_cites_what_exists():
    """Its rows lie in the scenario, in order, with known acts, actors and sources."""
    scenario, sources = load(LEBANON), shipped_sources()
    actors = {actor.name for actor in scenario.actors} | {"unknown_militia"}
    acts = {act.name.lower() for act in Act} | {"other"}
    with RECORD.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    ids = [row["id"] for row in rows]
    assert ids == sorted(ids)
    for row in rows:
        day = date.fromisoformat(row["date_start"])
        assert 0 <= (day - scenario.start).days < scenario.horizon
        assert row["id"].startswith(f"lb-{day}-")
        assert row["act"] in acts
        assert set(row["source"].split(";")) <= set(sources)
        for column in ("actor", "target"):
            assert row[column] in actors or row[column].startswith("other:")
        if row["cause"]:
            assert row["cause"] in ids[: ids.index(row["id"])]
            assert row["cause_basis"] in {"stated", "inferred"}
