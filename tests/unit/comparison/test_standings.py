"""All policies against all others: signs, symmetry, ties, and what cannot be told."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.comparison.better import FROM_STRIKES, LESS, MORE, STRIKES, better_when
from sim.comparison.standings import Standings, standings_of
from sim.ensemble.ensemble import run_ensemble
from sim.outcomes import OUTCOMES
from sim.scenario.load import load

N = 200
ATTACKS, AUTHORITY, RAIDS = (
    OUTCOMES[name]
    for name in ("n_rocket_attacks_true", "authority_end_true", "n_raids_true")
)


def made(shifts: dict[str, float], noise: float = 0.0) -> Standings:
    """Return policies that differ by shifts, world by world."""
    rng = np.random.default_rng(5)
    world = rng.poisson(20.0, N).astype(float)
    columns = {
        outcome.name: {
            policy: scale * (world + shift + noise * rng.standard_normal(N))
            for policy, shift in shifts.items()
        }
        for outcome, scale in ((ATTACKS, 1.0), (AUTHORITY, 0.01), (RAIDS, 1.0))
    }
    table = {one.name: one for one in (ATTACKS, AUTHORITY, RAIDS)}
    return standings_of(columns, table, 7)


def test_fewer_attacks_and_more_authority_are_better() -> None:
    """The sign of a verdict follows what the outcome is; conduct has none."""
    attacks, authority, raids = made({"a": 0.0, "b": -3.0}).outcomes
    assert attacks.verdict("b", "a") == 1
    assert authority.verdict("b", "a") == -1
    assert raids.verdict("b", "a") == 0
    assert raids.is_clear("b", "a")
    assert raids.change("b", "a")[0] == pytest.approx(-3.0)


@settings(max_examples=20)
@given(st.lists(st.sampled_from([-4.0, 0.0, 2.0]), min_size=2, max_size=5))
def test_who_is_better_than_whom_is_antisymmetric(shifts: list[float]) -> None:
    """What one gains against another, that one loses; the tallies add up."""
    standings = made({f"p{k}": shift for k, shift in enumerate(shifts)})
    for one in standings.outcomes:
        for a in standings.policies:
            for b in standings.policies:
                if a != b:
                    assert one.verdict(a, b) == -one.verdict(b, a)
    table = standings.table()
    assert sum(t.better for t in table) == sum(t.worse for t in table)
    of_each = len(standings.ranked) * (len(shifts) - 1)
    assert all(t.better + t.worse + t.not_told == of_each for t in table)


def test_order_is_by_how_much_oftener_better_than_worse() -> None:
    """A policy that is first in two outcomes of three leads one that is in one."""
    world = np.arange(N, dtype=float) % 7.0
    names = ("n_rocket_attacks_true", "n_coalition_deaths_true", "n_strikes_true")
    columns = {
        name: {"worse": world + 1.0, "better": world + (3.0 if k == 2 else 0.0)}
        for k, name in enumerate(names)
    }
    standings = standings_of(columns, {name: OUTCOMES[name] for name in names}, 1)
    assert [one.policy for one in standings.table()] == ["better", "worse"]


def test_noise_is_no_verdict() -> None:
    """Equal policies under independent noise are not told apart."""
    (attacks, *_) = made({"a": 0.0, "b": 0.0}, noise=2.0).outcomes
    assert attacks.verdict("a", "b") == 0


def test_too_few_replications_give_no_verdict() -> None:
    """Below 30 pairs there is no interval, and nobody is better."""
    columns = {RAIDS.name: {"a": np.zeros(9), "b": np.ones(9)}}
    (one,) = standings_of(columns, {RAIDS.name: RAIDS}, 1).outcomes
    assert one.differences == {}
    assert one.verdict("a", "b") == 0


def test_what_counts_as_better_names_outcomes_that_exist() -> None:
    """Every name of the two lists is an outcome, and none is in both."""
    stems = {name.removesuffix("_true") for name in OUTCOMES}
    assert stems >= LESS | MORE
    assert not LESS & MORE
    assert {better_when(one) for one in OUTCOMES.values()} == {"less", "more", ""}


def test_without_strikes_there_is_none_of_what_follows_from_them() -> None:
    """In worlds of the model: what the table says that only strikes bring about."""
    names = [f"{stem}_true" for stem in FROM_STRIKES if not stem.startswith("time")]
    never = {"actors.united_states.tolerance": 1000.0}
    some, none = (
        run_ensemble(
            load("iraq_endogenous_2019_2020", changes), replications=30, engine="simpy"
        ).outcomes
        for changes in ({}, never)
    )
    assert len(names) == 4
    for name in ("n_strikes_true", *names):
        assert none[name].to_numpy(float).sum() == 0.0, name
    assert none["n_rocket_attacks_true"].to_numpy(float).sum() > 0.0
    assert some["n_killed_militia_true"].to_numpy(float).sum() > 0.0


def test_only_a_policy_that_is_not_to_strike_has_things_by_construction() -> None:
    """Where strikes are nobody's own act, none of them is a finding like any other."""
    dead, strikes = "n_killed_militia_true", "n_strikes_true"
    world = np.arange(N, dtype=float) % 5.0
    columns = {name: {"a": world, "b": 0.0 * world} for name in (dead, strikes)}
    table = {name: OUTCOMES[name] for name in columns}
    found = standings_of(columns, table, 1).outcomes[0]
    built = standings_of(columns, table, 1, own=STRIKES).outcomes[0]
    assert (found.verdict("b", "a"), found.by_construction) == (1, frozenset())
    assert (built.verdict("b", "a"), built.by_construction) == (0, frozenset({"b"}))
    assert not built.is_finding("a", "b")
    columns[strikes]["b"] = np.eye(1, N).ravel()  # one strike in one world
    struck = standings_of(columns, table, 1, own=STRIKES).outcomes[0]
    assert struck.verdict("b", "a") == 1
