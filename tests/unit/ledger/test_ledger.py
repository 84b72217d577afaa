"""The ledger: what is switched off, what is measured, what a row says."""

from __future__ import annotations

import json
from dataclasses import replace
from math import sqrt
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

import sim
from sim.cli.app import app
from sim.engine.log import RecordType
from sim.engine.run import run_replication
from sim.ensemble.ensemble import run_ensemble
from sim.errors import StudyError
from sim.ledger.ablation import ablate
from sim.ledger.ledger import (
    Contrast,
    Measure,
    Moved,
    Row,
    is_own_entry,
    row_from,
    verdict,
)
from sim.ledger.switches import blank_rows, null_of, switches_of
from sim.ledger.table import ledger_data, ledger_table
from tests.builders import ticking

if TYPE_CHECKING:
    from pathlib import Path

    from sim.scenario.scenario import Scenario

N = 48
FEW: dict[str, Any] = {"replications": N, "until": 60.0, "engine": "simpy"}
TWO = ["militia.claims", "foreign_power.talks"]


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    """Return the scenario in which rules make most of what happens."""
    return sim.load("iraq_endogenous_2019_2020")


@pytest.fixture(scope="module")
def ledger(scenario: Scenario) -> Any:
    """Return a ledger of two mechanisms."""
    return ablate(scenario, mechanisms=TWO, **FEW)


def test_off_ends_what_a_development_would_do(scenario: Scenario) -> None:
    """A mechanism that is off stays off: the day that changes it does not come."""
    switch = next(
        s for s in switches_of(scenario) if s.name == "host_government.limited_will"
    )
    assert switch.off is not None
    off = switch.off.applied(scenario)
    names = [change.parameter for change in scenario.changes]
    assert names == ["claim_share", "will"]
    assert [change.parameter for change in off.changes] == ["claim_share"]
    assert switch.low is not None
    low = switch.low.applied(scenario)
    cited = {row.path: row for row in scenario.cited}
    assert low.changes[1].value == cited["developments.tolerance_falls.set.to"].low


def test_null_differs_in_its_numbers_only(scenario: Scenario) -> None:
    """The calm rate and the harm of attacks stay; what answers is off."""
    null = null_of(scenario)
    for before, after in zip(scenario.actors, null.actors, strict=True):
        if before.kind.name == "militia":
            assert after.params.base_rate == before.params.base_rate
            assert after.params.blow_shift == after.params.retaliation_share == 0.0
    assert null.given == scenario.given
    assert null.means == scenario.means


def test_pairs_are_the_same_worlds(scenario: Scenario, ledger: Any) -> None:
    """What a row says is what two runs of the scenario, on and off, differ by."""
    switch = next(s for s in switches_of(scenario) if s.name == "foreign_power.talks")
    assert switch.off is not None
    off = switch.off.applied(scenario)
    names = ["n_rocket_attacks_true", "n_raids_true"]
    on_runs, off_runs = (
        run_ensemble(one, replications=N, until=60.0, engine="simpy").outcomes
        for one in (scenario, off)
    )
    contrast = ledger.row("foreign_power.talks").contrasts[0]
    for name in names:
        expected = (on_runs[name] - off_runs[name]).mean()
        assert contrast.moved[name].value == pytest.approx(expected, abs=1e-12)


def test_who_does_something_else_is_read_off_the_logs(
    scenario: Scenario, ledger: Any
) -> None:
    """The share of worlds in which another kind acts otherwise, counted by hand."""
    switch = next(s for s in switches_of(scenario) if s.name == "foreign_power.talks")
    assert switch.off is not None
    off = switch.off.applied(scenario)
    mine = {n for n, a in enumerate(scenario.actors) if a.kind.name == "foreign_power"}

    def doings(one: Scenario, number: int) -> list[Any]:
        log = run_replication(one, root_seed=1, number=number, until=60.0)
        return [
            (r.time, r.act, r.actor, r.target, r.site, r.effect)
            for r in log.records
            if r.record_type == RecordType.INCIDENT and r.actor not in mine
        ]

    differ = [doings(scenario, n) != doings(off, n) for n in range(N)]
    contrast = ledger.row("foreign_power.talks").contrasts[0]
    assert contrast.share_others == pytest.approx(sum(differ) / N)
    assert contrast.share_others > 0.0


@pytest.mark.numba
def test_claims_are_heeded(scenario: Scenario) -> None:
    """Who blames by claims acts otherwise in some worlds; high up in more.

    In one of a hundred and in five: a thousand tell them apart by five errors.
    """
    many: dict[str, Any] = {**FEW, "replications": 1000, "engine": "compiled"}
    ledger = ablate(scenario, mechanisms=["militia.claims"], **many)
    row = ledger.row("militia.claims")
    shares = {contrast.at: contrast.share_others for contrast in row.contrasts}
    few, more = shares["default"], shares["high end"]
    error = sqrt((few * (1.0 - few) + more * (1.0 - more)) / 1000)
    assert few > 0.0
    assert more - few > 4.0 * error
    assert verdict(row, ledger.measures) != "narrative"
    assert ledger.rows[-1].name == "null"


def test_command_and_python_agree(tmp_path: Path, ledger: Any) -> None:
    """The verb's JSON is the ledger's data; its files are there."""
    words = ["ablate", "iraq_endogenous_2019_2020", "-n", str(N), "--until", "60"]
    words += [w for name in TWO for w in ("--mechanism", name)]
    words += ["--engine", "simpy", "--workers", "1", "--out", str(tmp_path / "a")]
    done = CliRunner().invoke(app, [*words, "--json"])
    assert done.exit_code == 0, done.output
    content = json.loads(done.stdout)
    expected = json.loads(json.dumps(ledger_data(ledger)))
    assert content["rows"] == expected["rows"]
    assert content["outcomes"] == expected["outcomes"]
    names = {file.name for file in (tmp_path / "a").iterdir()}
    assert {"ledger.csv", "ledger.json", "ledger.md", "ledger.png"} <= names


def test_finished_rows_are_kept(
    tmp_path: Path, scenario: Scenario, ledger: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A ledger that is broken off goes on with the same result; a bad row is rerun."""
    from sim.ledger import ablation

    row_of, calls = ablation._row, list[str]()

    def breaking(plan: Any, *others: Any) -> Any:
        calls.append(plan.name)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return row_of(plan, *others)

    monkeypatch.setattr(ablation, "_row", breaking)
    out = tmp_path / "kept"
    with pytest.raises(KeyboardInterrupt):
        ablate(scenario, mechanisms=TWO, out=out, **FEW)
    assert len(list((out / "rows").glob("*.json"))) == 1
    again = ablate(scenario, mechanisms=TWO, out=out, **FEW)
    assert calls[2:] == calls[1:2] + [name for name in ("null",) if name != calls[1]]
    assert again.rows == ledger.rows
    (out / "rows" / "null.json").write_text("{}", "utf-8")
    assert ablate(scenario, mechanisms=TWO, out=out, **FEW).rows == ledger.rows


def test_folder_of_another_study_is_refused(tmp_path: Path, scenario: Scenario) -> None:
    """Rows of other numbers are never taken for these."""
    other: dict[str, Any] = {**FEW, "until": 20.0}
    ablate(scenario, mechanisms=TWO[:1], out=tmp_path, **FEW)
    with pytest.raises(StudyError, match="another study"):
        ablate(scenario, mechanisms=TWO[:1], out=tmp_path, **other)


def test_kind_of_a_users_own_has_a_blank_row() -> None:
    """A kind that declares nothing runs, and its row says that it cannot be off."""
    own = ticking(horizon=20.0)
    assert "ticker.undeclared" in blank_rows(own)
    found = ablate(own, replications=30, engine="simpy")
    row = found.row("ticker.undeclared")
    assert verdict(row, found.measures) == "blank"
    assert row.contrasts == ()
    assert "ticker.undeclared" in set(ledger_table(found)["mechanism"])


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"mechanisms": ["militia.claim"]}, "militia.claims"),
        ({"outcomes": ["n_raids"]}, "n_raids_true"),
        ({"replications": 5}, "at least 30"),
        ({"until": 1e6}, "allowed"),
    ],
)
def test_unsound_requests_are_refused(
    scenario: Scenario, asked: dict[str, Any], message: str
) -> None:
    """What cannot be asked is told with what can."""
    with pytest.raises(StudyError, match=message):
        ablate(scenario, **asked)


RAIDS = Measure("n_raids_true", "raids", "incidents", 0.05, 1.0, ("raid",))
SURE, LITTLE = Moved(0.2, 0.1, 0.3), Moved(0.01, -0.01, 0.03)
WIDE = Moved(0.04, -0.1, 0.2)


def row(moved: Moved, others: float, acts: tuple[str, ...] = ()) -> Row:
    """Return a row with one contrast."""
    contrast = Contrast("default", {"n_raids_true": moved}, others, others, 100, 0)
    return Row("a.b", "b", "does", {"x": 0.0}, acts, (contrast,))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (row(SURE, 0.5), "moves"),
        (row(LITTLE, 0.5), "small"),
        (row(WIDE, 0.5), "unresolved"),
        (row(SURE, 0.0), "narrative"),
        (row(SURE, 0.5, ("raid",)), "small"),
        (replace(row(SURE, 0.5), contrasts=()), "not in use"),
        (replace(row(SURE, 0.5), off={}, contrasts=()), "blank"),
    ],
)
def test_verdict_is_by_size_and_by_interval(given: Row, expected: str) -> None:
    """By size, by interval, and never by its own entries."""
    assert verdict(given, {"n_raids_true": RAIDS}) == expected
    assert is_own_entry(given, RAIDS) == (given.acts == ("raid",))


def test_row_survives_its_file() -> None:
    """A row read back from its file is the same row."""
    from dataclasses import asdict

    before = row(SURE, 0.5, ("raid",))
    assert row_from(json.loads(json.dumps(asdict(before)))) == before
