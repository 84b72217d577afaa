"""Write into ``docs/validation.md`` how much data would name the rhythm's structure.

::

    python generators/power.py                         200 truths of each structure
    python generators/power.py --truths 40

Worlds of the engine whose attacks come at a constant rate or in campaigns, and those of
a self-exciting (Hawkes) process, are each judged as if nothing were known but the dates
of attacks: by the marginal likelihood of the three structures. Then the record is.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from rhythm import ROOT_SEED, SCENARIO, renew, worlds_of

import sim
from sim.analytic.dates import (
    RATE_SPREAD,
    SWINGS,
    Judged,
    attack_days,
    averaged,
    evidence,
    judged,
    ladders,
    prior_about,
)
from sim.digits import markdown_table
from sim.ladder import Act
from sim.record.summary import record_rows
from sim.statistics.bootstrap import generator
from sim.statistics.modulated import filtered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.random import Generator
    from numpy.typing import NDArray

    from sim.scenario.scenario import Scenario

    Floats = NDArray[np.float64]

DAYS: Final = 252.0
"""Length of a window: that of the record."""
WINDOWS: Final = (1, 2, 4, 8, 16)
RATE: Final = 36.0 / DAYS
"""The record's rate, 1/day, the median of a window's."""
BUSIER: Final = (0.5, 1.5)
"""Rates of busier theatres, 1/day, of which one window is judged."""
USUAL: Final = 30.0
"""Persistence of the campaigns that are simulated, days."""
RECORD_SWINGS: Final = (0.3, 0.5, 0.6, 0.7, 0.9, 1.1, 1.6)
ENOUGH: Final = 0.8

PURE: Final = {
    "preparation_days": 0.01,
    "emplacement_days": 0.001,
    "max_parallel": 0.0,
    "coordination_share": 0.0,
}
"""Numbers that let an attack follow at once on its decision, alone, without a limit."""


def evidence_apart(windows: Sequence[Judged]) -> tuple[float, float, float]:
    """Return the same where each window may have its own swing and persistence."""
    each = np.array([evidence([window]) for window in windows])
    return tuple(each.sum(axis=0))


def pure_worlds(scenario: Scenario, swing: float, rates: Floats) -> list[Floats]:
    """Return attacks of worlds in which one militia attacks and nobody answers."""
    null = sim.null_of(scenario)
    first, *others = (a.name for a in null.actors if a.kind.name == "militia")
    silent = {f"actors.{name}.base_rate": 0.0 for name in others}
    # The dates are those of rockets: no attack is by another means.
    silent |= {
        f"actors.{first}.means.{means.name}": 0.0
        for means in null.means
        if means.act != Act.ROCKET_ATTACK
    }
    numbers = {**PURE, "swing": swing, "persistence": USUAL}
    pure = {f"actors.{first}.{name}": value for name, value in numbers.items()}
    seen = {"observations.rocket_attack.reported": 1.0}
    return list(
        worlds_of(
            scenario=null,
            points=[
                {**silent, **pure, **seen, f"actors.{first}.base_rate": rate}
                for rate in rates.tolist()
            ],
        )
    )


def exciting_worlds(
    branching: float, echo: float, rates: Floats, random: Generator
) -> list[Floats]:
    """Return families: each attack has a Poisson number of children."""
    worlds: list[Floats] = []
    for rate in rates.tolist():
        n = random.poisson(rate * (1.0 - branching) * DAYS)
        parents = random.uniform(0.0, DAYS, n)
        times = [parents]
        while len(parents):
            born = np.repeat(parents, random.poisson(branching, len(parents)))
            born = born + random.exponential(echo, len(born))
            parents = born[born < DAYS]
            times.append(parents)
        worlds.append(np.sort(np.concatenate(times)))
    return worlds


class Truth(NamedTuple):
    """Worlds of one structure."""

    structure: int
    """Its place in what `evidence` returns."""
    worlds: list[Floats]
    """Days of attacks by world."""


def truths(scenario: Scenario, rate: float, n: int) -> dict[str, Truth]:
    """Return n worlds of each truth, with rates of their own about this one."""
    random = generator(ROOT_SEED, "power", f"{rate:g}")
    rates = rate * np.exp(RATE_SPREAD * random.standard_normal(n))
    return {
        "constant rate": Truth(0, pure_worlds(scenario, 0.0, rates)),
        **{
            f"swing {swing}": Truth(1, pure_worlds(scenario, swing, rates))
            for swing in SWINGS
        },
        "self-exciting": Truth(2, exciting_worlds(0.3, 7.0, rates, random)),
    }


def named(
    scenario: Scenario, rate: float, n: int, windows: Sequence[int]
) -> dict[str, Floats]:
    """Return how often the true structure has the highest evidence.

    Returns
    -------
    dict
        By truth, shape (windows, 2): with the same numbers in all windows, and with
        numbers of each window's own.
    """
    prior, most = prior_about(rate), max(windows)
    shares: dict[str, Floats] = {}
    for label, truth in truths(scenario, rate, n * most).items():
        each = [judged(times, DAYS, prior) for times in truth.worlds]
        histories = [each[k : k + most] for k in range(0, len(each), most)]
        shares[label] = np.array(
            [
                [
                    np.mean(
                        [np.argmax(of(h[:k])) == truth.structure for h in histories]
                    )
                    for of in (evidence, evidence_apart)
                ]
                for k in windows
            ]
        )
    return shares


def power_table(scenario: Scenario, n: int) -> str:
    """Return how often the true structure is named, in words too."""
    shares = named(scenario, RATE, n, WINDOWS)
    rows = [
        (
            f"{k} ({9 * k} months, {36 * k} attacks)",
            *(" / ".join(f"{100 * x:.0f}" for x in s[row]) for s in shares.values()),
        )
        for row, k in enumerate(WINDOWS)
    ]
    for rate in BUSIER:
        once = named(scenario, rate, n, (1,))
        cells = [f"{100 * share[0, 0]:.0f}" for share in once.values()]
        rows.append((f"1 (9 months, {rate * DAYS:.0f} attacks)", *cells))
    enough = "; ".join(
        f"{label}: {' / '.join(first_enough(share) for share in both.T)}"
        for label, both in shares.items()
    )
    table = markdown_table(
        ("Windows of 252 days", *(f"{label}, %" for label in shares)),
        rows,
        numbers=range(1, len(shares) + 1),
    )
    return (
        f"{table}\n"
        f"{n} truths each: the standard error is {50 / np.sqrt(n):.1f} points at most. "
        "Before the stroke swing and persistence, or branching ratio and echo, are "
        "taken for the same in all windows; behind it each window may have its own. "
        f"Windows until the truth is named in {100 * ENOUGH:.0f} of 100: {enough}.\n"
    )


def first_enough(shares: Floats) -> str:
    """Return the number of windows from which on the truth is named often enough."""
    for k, share in zip(WINDOWS, shares, strict=True):
        if share >= ENOUGH:
            return f"{k}"
    return f"more than {max(WINDOWS)}"


def record_table(scenario: Scenario) -> str:
    """Return what the record's own dates say of each structure."""
    times = attack_days(record_rows(scenario, DAYS))
    prior = prior_about(RATE)
    constant, campaigns, exciting = evidence([judged(times, DAYS, prior)])
    rates = [a.params.base_rate for a in scenario.actors if a.kind.name == "militia"]
    shares = [rate / sum(rates) for rate in rates]

    def cells(shares: Sequence[float]) -> list[str]:
        each = [ladders(g, USUAL, prior.rates, shares) for g in RECORD_SWINGS]
        values = [filtered(model, times, DAYS).log_likelihood for model in each]
        return [signed(averaged(value)[0] - constant) for value in values]

    split = " and ".join(f"{share:.1f}" for share in shares)
    table = markdown_table(
        ("Swing", *(f"{swing}" for swing in RECORD_SWINGS)),
        [
            ("one ladder", *cells((1.0,))),
            (f"{len(shares)} ladders, {split} of the rate, as shipped", *cells(shares)),
        ],
        numbers=range(1, len(RECORD_SWINGS) + 1),
    )
    return (
        f"{table}\n"
        f"Log Bayes factors against a constant rate on the {len(times)} dates of the "
        f"record, at a persistence of {USUAL:.0f} days. Over the whole prior: "
        f"campaigns {signed(campaigns - constant)}, self-exciting "
        f"{signed(exciting - constant)}.\n"
    )


def signed(value: float) -> str:
    """Write a log Bayes factor with its sign."""
    return f"{value:+.2f}".replace("-", "−")


def block(n: int) -> str:
    """Return both tables."""
    scenario = sim.load(SCENARIO)
    return f"{record_table(scenario)}\n{power_table(scenario, n)}"


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line asks; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--truths", type=int, default=400)
    asked = parser.parse_args(arguments)
    renew("power", block(asked.truths))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
