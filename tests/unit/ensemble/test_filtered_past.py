"""Pasts that are filtered: the same whoever works, refused where they are poor."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from sim.comparison.arms import ArmRunner
from sim.engine.alteration import Alteration, Pasts, alteration_in, as_data
from sim.engine.log import Origin
from sim.ensemble import filtered_past
from sim.ensemble.ensemble import run_ensemble
from sim.ensemble.filtered_past import filter_past, pasts_for
from sim.ensemble.study_folder import read_manifest
from sim.errors import Exit, StudyError
from sim.scenario.dump import dump
from sim.scenario.history import with_past
from sim.scenario.load import load
from sim.scenario.scenario import FILTERED, INJECTED, Scenario
from tests.builders import by_somebody

if TYPE_CHECKING:
    from pathlib import Path

PARTICLES = 40


def case(particles: int = PARTICLES) -> Scenario:
    """Return twelve days of attacks by nobody knows whom, and two free ones."""
    scenario = by_somebody(12, first=0.4, second=0.2)
    history = scenario.history
    assert history is not None
    return replace(
        with_past(scenario, FILTERED, particles),
        horizon=history.since + 2.0,
        history=replace(history, past=FILTERED, particles=particles),
    )


def test_pasts_do_not_depend_on_who_works() -> None:
    """The same pasts in this process and in threads, and twice over."""
    one = filter_past(case(), engine="simpy", least_worth=0.0)
    with ThreadPoolExecutor(3) as executor:
        two = filter_past(case(), engine="simpy", executor=executor, least_worth=0.0)
    assert one == two
    assert len(one.pasts.drawn[-1]) == PARTICLES
    assert min(one.worth) >= 1.0
    assert str(PARTICLES) in one.sentence


def test_a_record_that_few_worlds_tell_is_refused() -> None:
    """Below the floor of their worth it says when, how little, and what to do."""
    most = filtered_past.MOST_TIMES * PARTICLES
    with pytest.raises(StudyError, match=r"worth \d+\.\d.*--particles \d+") as refusal:
        filter_past(case(), engine="simpy", least_worth=most + 1.0)
    assert "--past injected" in str(refusal.value)
    assert refusal.value.exit_code == Exit.BAD_INPUT


def test_particles_are_doubled_where_they_are_worth_too_little() -> None:
    """The floor that some particles miss, twice or four times as many reach."""
    few = filter_past(case(), engine="simpy", least_worth=0.0)
    more = filter_past(case(), engine="simpy", least_worth=1.01 * few.least_worth)
    assert len(few.pasts.drawn[-1]) == PARTICLES
    assert len(more.pasts.drawn[-1]) in (2 * PARTICLES, 4 * PARTICLES)
    assert more.least_worth > few.least_worth


def test_what_has_no_record_has_no_past_to_filter() -> None:
    """A scenario without history is refused; one of injected pasts gets none."""
    with pytest.raises(StudyError, match="no past to filter"):
        filter_past(replace(case(), history=None), engine="simpy")
    assert pasts_for(with_past(case(), INJECTED), 1, engine="simpy") is None


def test_a_member_has_the_past_of_a_particle_and_a_future_of_its_own() -> None:
    """Lineages lead back to the first particles, and end on the day."""
    pasts = Pasts(10, 30.0, (7.0, 20.0, 30.0), ((0, 0, 1), (2, 1, 1), (0, 2, 1)))
    number, altered = Alteration(pasts=pasts).member(3)
    assert (number, altered.lineage[-1][0]) == (11, 30.0)
    assert [day for day, _ in altered.lineage] == [7.0, 20.0, 30.0]
    assert altered.lineage[:-1] == pasts.world(0)[1]
    assert pasts.world(1)[1][0] == pasts.world(2)[1][0]
    data = as_data(Alteration(pasts=pasts), with_pasts=True)
    assert alteration_in(data) == Alteration(pasts=pasts)
    assert as_data(Alteration(pasts=pasts)) == {}
    with pytest.raises(StudyError, match="lineages of its own"):
        Alteration(lineage=((1.0, 2),), pasts=pasts)


def test_a_run_has_filtered_pasts_and_can_be_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every member has the record, and the folder knows its lineage."""
    monkeypatch.setattr(filtered_past, "LEAST_WORTH", 0.0)
    monkeypatch.setattr(filtered_past, "_REMEMBERED", {})
    scenario = case()
    folder = tmp_path / "run"
    told: list[str] = []
    run = run_ensemble(
        scenario, replications=6, engine="simpy", out=folder, tell=told.append
    )
    assert any("Past filtered" in sentence for sentence in told)
    assert run.alteration.pasts is not None
    records = run.records(["replication", "origin", "act"])
    origins = list(zip(records["replication"], records["origin"], strict=True))
    for number in range(6):
        assert origins.count((number, Origin.RECORD.name.lower())) == 12
    manifest = read_manifest(folder)
    assert manifest is not None
    assert alteration_in(manifest["alteration"]) == run.alteration


def test_arms_start_from_the_same_filtered_pasts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An arm that differs from the day on has the first arm's very pasts."""
    monkeypatch.setattr(filtered_past, "LEAST_WORTH", 0.0)
    first = case()
    runner = ArmRunner(
        {"a": first, "b": replace(first, max_incidents=first.max_incidents)},
        root_seed=1,
        until=first.horizon,
        engine="simpy",
    )
    pasts = runner.alteration_of("a").pasts
    assert pasts is not None
    assert runner.alteration_of("b").pasts == pasts


def test_a_file_says_how_its_record_is_put_in() -> None:
    """`past` and `particles` are read, dumped, and count in the digest if filtered."""
    day = date(2020, 1, 1)
    injected = load("iraq_2019_2020", free_from=day)
    filtered = load("iraq_2019_2020", free_from=day, past=FILTERED, particles=77)
    assert filtered.history is not None
    assert (filtered.history.past, filtered.history.particles) == (FILTERED, 77)
    assert filtered.digest != injected.digest
    assert with_past(filtered, INJECTED).digest == injected.digest
    data = dump(filtered)
    assert (data["past"], data["particles"]) == (FILTERED, 77)
    assert "past" not in dump(injected)
